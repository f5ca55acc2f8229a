"""A connection goes to another process without its key, unless that was said."""

from __future__ import annotations

import pickle

import openai
import pytest

from playground_widget import Connection, SetupError
from playground_widget.provider import Carried

URL = "http://127.0.0.1:1/v1"
KEY = "sk-never-to-be-carried-0123456789"


def moved(carried: Carried) -> Carried:
    found = pickle.loads(pickle.dumps(carried))  # noqa: S301 - made here
    assert isinstance(found, Carried)
    return found


def test_no_pickle_has_the_key_and_its_variable_gives_it_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = Connection(
        "own", URL, KEY, "responses", label="Own", timeout=5, key_source="OWN_KEY", max_attempts=2
    )
    carried = given.carried()
    assert KEY.encode() not in pickle.dumps(carried)
    monkeypatch.setenv("OWN_KEY", KEY)
    made = Connection.of(moved(carried))
    assert (made.name, made.base_url, made.api, made.label, made.timeout) == (
        "own",
        URL,
        "responses",
        "Own",
        5.0,
    )
    assert (made.key_tail, made.key_source) == (KEY[-4:], "OWN_KEY")


def test_without_its_variable_it_says_which_is_missing_and_where(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OWN_KEY", raising=False)
    carried = Connection("own", URL, KEY, key_source="OWN_KEY").carried()
    with pytest.raises(SetupError, match="OWN_KEY is not set in the environment of the process"):
        Connection.of(moved(carried))


def test_a_key_of_openai_is_looked_for_where_it_always_is(monkeypatch: pytest.MonkeyPatch) -> None:
    carried = Connection("openai", "https://api.openai.com/v1", KEY).carried()
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert Connection.of(moved(carried)).key_tail == KEY[-4:]


def test_a_key_that_is_sent_is_seen_nowhere_else() -> None:
    carried = moved(Connection("own", URL, KEY, headers={"X-A": KEY}).carried(send_key=True))
    assert KEY not in repr(carried)
    assert Connection.of(carried).key_tail == KEY[-4:]


def test_a_service_without_a_key_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    made = Connection.of(moved(Connection("local", URL).carried()))
    assert made.key_tail is None


@pytest.mark.parametrize("send_key", [False, True])
def test_a_client_of_this_process_stays_here(*, send_key: bool) -> None:
    client = openai.OpenAI(base_url=URL, api_key=KEY)
    with pytest.raises(SetupError, match="an OpenAI client of this process"):
        Connection("client", client=client).carried(send_key=send_key)
    with pytest.raises(SetupError, match="given by a function"):
        Connection("own", URL, lambda: KEY).carried(send_key=send_key)
