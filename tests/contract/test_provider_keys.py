"""A key is used and never seen; other people's clients are copied or refused."""

from __future__ import annotations

import copy
import io
import logging
import pickle
import pprint
import traceback
from typing import TYPE_CHECKING, Any

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.errors import InputError, PlaygroundError, RunError, SetupError
from playground_widget.provider import Connection, explain
from playground_widget.provider._secret import Secret, mask
from tests.contract.servers import BODY, WIRES, Answer, Scripted, plain, read, sse

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "sk-proj-Zq8vTn3LwB5yHd2RkMx7Qa"
GOOD = Answer([sse(*WIRES[0].text("a"), *WIRES[0].end())])
REFUSED = plain({"error": {"message": f"Incorrect API key provided: {KEY}"}})


def holds_key(text: str, key: str = KEY) -> bool:
    """Return whether a text holds eight characters of a key in a row."""
    return any(key[at : at + 8] in text for at in range(len(key) - 7))


def dumped(value: Any, depth: int = 6) -> Iterator[str]:
    """Yield all that can be seen of an object by its attributes, and theirs."""
    yield repr(value)
    yield str(value)
    if depth == 0:
        return
    slots = {name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())}
    inner = [getattr(value, name, None) for name in slots | set(getattr(value, "__dict__", {}))]
    if isinstance(value, dict):
        inner += [*value, *value.values()]
    elif isinstance(value, list | tuple | set):
        inner += value
    for item in inner:
        if not callable(item):
            yield from dumped(item, depth - 1)


# ------------------------------------------------------------------------------ unseen


async def test_no_dump_of_a_connection_shows_its_key() -> None:
    headers = {"Authorization": f"Bearer {KEY}", "api-key": KEY}
    connections = [
        Connection("openai", api_key=KEY),
        Connection("x", "http://localhost:1/v1", headers=headers),
        Connection("mine", client=openai.AsyncOpenAI(api_key=KEY)),
        Connection("x", "http://localhost:1/v1").with_key(KEY),
    ]
    for connection in connections:
        await connection.prepare()
        seen = [*dumped(connection), f"{connection}", pprint.pformat(connection)]
        assert len(seen) > 10
        assert not any(holds_key(text) for text in seen)
        await connection.aclose()


def test_a_connection_says_the_last_four_characters_and_no_more() -> None:
    connection = Connection("openai", api_key=KEY)
    assert (connection.key_tail, connection.key_source) == ("x7Qa", "argument")
    assert Connection("openai", api_key="short-key").key_tail is None


def test_a_connection_cannot_be_pickled_and_copies_are_itself() -> None:
    connection = Connection("openai", api_key=KEY)
    with pytest.raises(TypeError, match="memory only"):
        pickle.dumps(connection)
    with pytest.raises(TypeError, match="memory only"):
        pickle.dumps(Secret(KEY))
    assert copy.copy(connection) is connection
    assert copy.deepcopy([connection])[0] is connection
    assert copy.deepcopy(Secret(KEY)).reveal() == KEY


@pytest.mark.parametrize("as_function", [False, True])
async def test_no_log_at_any_level_shows_the_key(
    caplog: pytest.LogCaptureFixture, *, as_function: bool
) -> None:
    loggers = [logging.getLogger(name) for name in ("", "openai", "httpx2", "httpcore2")]
    for logger in loggers:
        caplog.set_level(logging.DEBUG, logger.name)
    async with Scripted(GOOD, Answer([REFUSED], 401)) as server:
        connection = Connection("test", server.url, (lambda: KEY) if as_function else KEY)
        await read(connection)
        with pytest.raises(RunError):
            await read(connection)
        assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
    seen = [record.getMessage() + repr(record.__dict__) for record in caplog.records]
    assert len(seen) > 10
    assert not any(holds_key(text) for text in seen)


def everything(error: BaseException) -> str:
    """Return a traceback with the variables of every frame, as `%xmode Verbose` shows them."""
    trace = error.__traceback__
    while trace and trace.tb_frame.f_code.co_filename == __file__:  # tests have it in variables
        trace = trace.tb_next
    shown = traceback.TracebackException(type(error), error, trace, capture_locals=True)
    return "".join(shown.format()) + repr(error) + repr(vars(error))


@pytest.mark.parametrize(
    "answer", [Answer([REFUSED], 401), Answer([], 500), Answer([], end="cut"), Answer([b"{"])]
)
async def test_no_traceback_of_a_failed_run_shows_the_key(answer: Answer) -> None:
    async with Scripted(answer) as server:
        with pytest.raises(RunError) as caught:
            await read(Connection("test", server.url, KEY))
    assert not holds_key(everything(caught.value))


@pytest.mark.parametrize("answer", [Answer([REFUSED], 500), Answer([], end="cut")])
async def test_even_the_error_behind_it_shows_no_key_in_its_variables(answer: Answer) -> None:
    async with Scripted(answer) as server:
        connection = Connection("test", server.url, KEY)
        with pytest.raises(Exception) as caught:  # noqa: PT011 (whatever the SDK raises)
            async for _ in connection.stream(BODY):
                pass
        await connection.aclose()
    assert not holds_key(everything(caught.value))


def refused(*arguments: Any, **options: Any) -> str:
    """Return the traceback of a connection that cannot be made."""
    with pytest.raises(PlaygroundError) as caught:
        Connection(*arguments, **options)
    return everything(caught.value)


@pytest.mark.parametrize("bad", [f"{KEY} x", f"{KEY}é", f"{KEY}\x01"])
def test_a_key_that_no_header_can_hold_is_refused_without_showing_it(bad: str) -> None:
    shown = refused("openai", api_key=bad)
    assert "characters that no key has" in shown
    assert not holds_key(shown)


@pytest.mark.parametrize(
    "options", [{"base_url": "ftp://x"}, {"api": "soap"}, {"timeout": 0}, {"client": 3}]
)
def test_no_refusal_of_other_arguments_shows_the_key(options: Any) -> None:
    assert not holds_key(refused("openai", api_key=KEY, **options))


def test_white_space_around_a_pasted_key_is_dropped() -> None:
    assert Connection("openai", api_key=f" {KEY}\n").key_tail == "x7Qa"


# -------------------------------------------------------------------------------- mask


@pytest.mark.parametrize(
    "text",
    [
        f"Incorrect API key provided: {KEY}.",
        f"Bearer {KEY}",
        f"{KEY[:12]} is no key",
        "Incorrect API key provided: sk-pr**********************x7Qa.",
        f"x{KEY}y{KEY}",
    ],
)
def test_keys_and_their_pieces_are_taken_out_of_texts(text: str) -> None:
    masked = mask(text, KEY)
    assert not holds_key(masked)
    assert not holds_key(masked, "sk-pr**********************x7Qa")
    assert "…" in masked


def test_keys_of_others_are_taken_out_too() -> None:
    assert mask("gsk_abcdefghijklmnop no") == "…mnop no"
    assert mask("risk-free tasks, a key-value store") == "risk-free tasks, a key-value store"


@given(
    st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=12), st.text(), st.text()
)
def test_a_masked_text_never_holds_the_key(key: str, before: str, after: str) -> None:
    assert key not in mask(before + key + after, key)
    assert not holds_key(mask(key[:-1], key), key)


async def test_a_key_in_quotes_leaves_the_error_around_it_whole() -> None:
    said = 'You sent "Bearer abcdefgh\\"", not a key'
    async with Scripted(Answer([plain({"error": {"message": said}})], 400)) as server:
        with pytest.raises(RunError) as caught:
            await read(Connection("test", server.url, KEY))
    assert caught.value.info.kind == "bad_request"
    assert "not a key" in caught.value.info.detail
    assert "abcdefgh" not in str(caught.value)


CORPORATE = "corp.Zq8vTn3LwB5yHd2RkMx7Qa"
"""A key that does not look like one."""


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), StopIteration("x")])
async def test_whatever_a_function_raises_that_gives_the_key_is_told(error: BaseException) -> None:
    def plain_key() -> str:
        raise error

    async def async_key() -> str:
        raise error

    async with Scripted(GOOD) as server:
        for key in (plain_key, async_key):
            with pytest.raises(RunError, match=type(error).__name__):
                await read(Connection("test", server.url, key))
        assert not server.asked


@pytest.mark.parametrize(
    "options",
    [
        {"headers": {"X-Api-Key": CORPORATE}},
        {"headers": {"Authorization": f"Bearer {CORPORATE}"}},
        {"headers": {"Cookie": f"language=en; session={CORPORATE}"}},
        {"api_key": lambda: CORPORATE},
    ],
)
async def test_keys_of_headers_and_functions_are_taken_out_of_what_a_service_says(
    options: Any,
) -> None:
    said = {"error": {"message": f"No user has {CORPORATE}, speaks en and sends text/plain"}}
    async with Scripted(Answer([plain(said)], 400)) as server:
        with pytest.raises(RunError) as caught:
            await read(Connection("test", server.url, **options))
    detail = caught.value.info.detail
    assert not holds_key(detail, CORPORATE)
    assert "speaks en and sends text/plain" in detail


def test_headers_that_are_no_secrets_are_left_in_texts() -> None:
    mine = Connection("x", "http://localhost:1/v1", headers={"Accept-Language": "en-GB-oxendict"})
    assert mine.mask("in en-GB-oxendict") == "in en-GB-oxendict"


def test_words_that_serve_as_a_key_are_left_alone() -> None:
    assert mask("an example", "x") == "an example"


# ------------------------------------------------------------------------- environment


def test_openai_is_the_default_and_needs_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SetupError, match="OPENAI_API_KEY"):
        Connection("openai")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    connection = Connection("openai")
    assert (connection.label, connection.key_source) == ("OpenAI", "OPENAI_API_KEY")
    assert (connection.key_tail, connection.openai) == ("x7Qa", True)
    assert connection.base_url == "https://api.openai.com/v1"


async def test_the_key_of_the_environment_goes_only_where_it_is_meant_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    async with Scripted(GOOD) as server:
        await read(Connection("other", server.url))
        assert "authorization" not in server.asked[0].headers
        monkeypatch.setenv("OPENAI_BASE_URL", server.url + "/")
        for connection in (Connection("mine"), Connection("mine", server.url)):
            await read(connection)
            assert server.asked[-1].headers["authorization"] == f"Bearer {KEY}"
            assert connection.key_source == "OPENAI_API_KEY"


async def test_a_key_that_was_typed_in_is_of_this_session() -> None:
    async with Scripted(GOOD, GOOD) as server:
        before = Connection("test", server.url, label="Mine", headers={"x-mine": "1"})
        after = before.with_key(KEY)
        await read(after)
        assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
        assert server.asked[0].headers["x-mine"] == "1"
    assert (after.name, after.label, after.key_source) == ("test", "Mine", "this session")
    assert before.key_tail is None


async def test_headers_are_not_sent_to_another_address_that_was_typed_in() -> None:
    async with Scripted(GOOD, GOOD) as server, Scripted(GOOD) as other:
        before = Connection("test", server.url, headers={"api-key": KEY})
        await read(before.with_key("typed-in-0123456789", other.url))
        assert other.asked[0].headers["authorization"] == "Bearer typed-in-0123456789"
        assert "api-key" not in other.asked[0].headers
        await read(before.with_key("typed-in-0123456789", f"{server.url}/other"))
        assert server.asked[0].headers["api-key"] == KEY
    with pytest.raises(SetupError):
        before.with_key(KEY, "http://localhost:none/v1")


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("http://localhost:11434/v1/", "localhost:11434"),
        ("https://openrouter.ai/api/v1", "openrouter.ai"),
        ("https://api.openai.com/v1", "OpenAI"),
    ],
)
def test_a_connection_is_called_by_its_host(url: str, label: str) -> None:
    connection = Connection("x", url, KEY)
    assert (connection.label, connection.base_url) == (label, url.rstrip("/"))


@pytest.mark.parametrize(
    "url",
    ["", "localhost:1", "ftp://x/v1", "http://", "http://[x", "http://u:p@h/v1", "http://h?k=1"],
)
def test_an_address_that_cannot_be_used_or_shown_is_refused(url: str) -> None:
    with pytest.raises(SetupError):
        Connection("x", url)


@pytest.mark.parametrize(
    "options",
    [
        {"name": ""},
        {"api": "soap"},
        {"timeout": 0},
        {"timeout": "1"},
        {"max_attempts": 0},
        {"base_url": 3},
        {"client": openai.OpenAI(api_key=KEY), "base_url": "http://x"},
    ],
)
def test_arguments_of_the_wrong_kind_are_refused(options: Any) -> None:
    with pytest.raises(InputError):
        Connection(**{"name": "x", "api_key": KEY, **options})


def test_the_demo_is_not_made_by_its_name_alone() -> None:
    with pytest.raises(SetupError, match="demo"):
        Connection("demo")
    assert Connection("demo", "http://127.0.0.1:1/v1").demo


# --------------------------------------------------------------------- other's clients


async def through(client: Any) -> Any:
    """Return the request that a connection through a client makes."""
    async with Scripted(GOOD) as server:
        client.base_url = server.url
        connection = Connection("mine", client=client)
        assert connection.key_source == "your client"
        await read(connection)
        return server.asked[0]


@pytest.mark.parametrize("kind", [openai.OpenAI, openai.AsyncOpenAI])
async def test_a_client_is_copied_with_all_its_settings(kind: Any) -> None:
    client = kind(
        api_key=KEY,
        organization="org-1",
        project="proj-1",
        default_headers={"x-mine": "1"},
        default_query={"version": "2"},
        max_retries=7,
    )
    asked = await through(client)
    assert asked.path == "/v1/chat/completions?version=2"
    headers = {name: asked.headers[name] for name in ("authorization", "x-mine")}
    assert headers == {"authorization": f"Bearer {KEY}", "x-mine": "1"}
    assert asked.headers["openai-organization"] == "org-1"
    assert asked.headers["openai-project"] == "proj-1"
    assert client.max_retries == 7
    assert not client.is_closed()


async def test_keys_from_functions_are_asked_for_with_each_request() -> None:
    def plain_key() -> str:
        return KEY

    async def async_key() -> str:
        return KEY

    for client in (openai.OpenAI(api_key=plain_key), openai.AsyncOpenAI(api_key=async_key)):
        assert (await through(client)).headers["authorization"] == f"Bearer {KEY}"
    for key in (plain_key, async_key):
        async with Scripted(GOOD) as server:
            await read(Connection("test", server.url, key))
            assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("kind", [openai.AzureOpenAI, openai.AsyncAzureOpenAI])
@pytest.mark.parametrize("by", ["api_key", "azure_ad_token", "azure_ad_token_provider"])
async def test_azure_clients_keep_their_endpoint_deployment_and_credentials(
    kind: Any, by: str
) -> None:
    given = {by: (lambda: KEY) if by.endswith("provider") else KEY}
    async with Scripted(GOOD) as server:
        client = kind(
            azure_endpoint=server.url.removesuffix("/v1"), api_version="2026-01-01", **given
        )
        connection = Connection("azure", client=client)
        assert connection.openai
        await read(connection, {**BODY, "model": "dep"})
        (asked,) = server.asked
    assert asked.path == "/openai/deployments/dep/chat/completions?api-version=2026-01-01"
    sent = asked.headers.get("api-key") or asked.headers["authorization"].removeprefix("Bearer ")
    assert sent == KEY


class OwnClient(openai.OpenAI):
    """A client that does more."""


@pytest.mark.parametrize(
    ("client", "reason"),
    [
        (openai.OpenAI(api_key=KEY, http_client=httpx2.Client()), "http_client of its own"),
        (openai.AsyncOpenAI(api_key=KEY, http_client=httpx2.AsyncClient()), "http_client"),
        (OwnClient(api_key=KEY), "OwnClient is a class of its own"),
        (io.StringIO(), "not _io.StringIO"),
    ],
)
def test_a_client_that_cannot_be_copied_is_refused_with_the_reason(
    client: object, reason: str
) -> None:
    with pytest.raises(SetupError, match=reason) as caught:
        Connection("mine", client=client)
    assert not holds_key(everything(caught.value))


async def test_an_error_through_a_client_names_its_key() -> None:
    async with Scripted(Answer([REFUSED], 401)) as server:
        client = openai.OpenAI(api_key=KEY, base_url=server.url)
        connection = Connection("mine", client=client)
        with pytest.raises(openai.AuthenticationError) as caught:
            async for _ in connection.stream(BODY):
                pass
        await connection.aclose()
    told = explain(caught.value, connection, model="m", had_text=False, tokens=0)
    assert told.info.detail.startswith("It ends in …x7Qa and came from your client.")
