"""Whatever goes wrong between here and a service is said, and costs nothing that had come."""

from __future__ import annotations

import gc
import logging
import shutil
from pathlib import Path

import certifi
import pytest

from playground_widget import Connection, Playground, RunError, UnreachableError
from playground_widget.engine import engine
from playground_widget.request import Api
from reliability import rows_of
from tests.conftest import ROOT
from tests.faults import streams
from tests.faults.faults import FAULTS, PROMPT, Fault
from tests.faults.holdings import holdings, until_none_is_left
from tests.faults.meeting import LIMIT, meet
from tests.faults.place import Place
from tests.faults.proxy import Exchange
from tests.faults.refusals import KEY, redirect

README = rows_of((ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.fixture(params=["chat", "responses"])
def api(request: pytest.FixtureRequest) -> Api:
    return "chat" if request.param == "chat" else "responses"


def test_the_readme_has_a_row_for_each_fault_and_no_other() -> None:
    assert list(README) == [fault.name for fault in FAULTS]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_said_and_costs_nothing_that_had_come(
    here: Place,
    fault: Fault,
    api: Api,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    engine()
    gc.collect()
    before = holdings()
    met = meet(fault, here, api)
    answer = met.answer

    # What the person sees, what is kept and what was sent again is what the README says.
    assert met.row == README[fault.name]
    assert (answer.error is None) == (answer.status == "complete") == (met.error is None)
    if met.error is not None:
        assert met.error.info == answer.error
        assert "kept" in met.error.info.detail
        assert all(wait.error.title == met.error.info.title for wait in met.waits)
        assert met.requests == len(met.waits) + 1
        assert "Traceback" not in str(met.error)

    # Not a character is lost, none is made up, and the question is there.
    assert answer.text == met.said
    assert "\ufffd" not in answer.text
    assert [m.role for m in met.thread.messages.values()] == ["user", "assistant"]
    assert next(iter(met.thread.messages.values())).text == fault.prompt

    # What the service has worked on is never asked for twice.
    assert met.reached <= 1

    # The next prompt works as if nothing had happened.
    assert (met.next_answer.text, met.next_answer.status) == ("And then? 😀 x", "complete")

    # No key and no traceback anywhere, and nothing left behind.
    for words in (met.shown, met.traced, caplog.text, *capsys.readouterr()):
        assert KEY not in words
    assert "Traceback" not in met.shown
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR or r.exc_info]
    until_none_is_left(before)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_nothing_is_sent_to_a_host_that_a_redirect_names(here: Place, api: Api, code: int) -> None:
    here.plain.do(redirect(code))
    here.elsewhere.do()
    # A key is in whatever header a service wants it in.
    headers = {"api-key": KEY, "x-api-key": KEY}
    pg = Playground(
        connection=Connection("c", here.plain.url(), KEY, api, headers=headers),
        model="demo-echo",
        store=":memory:",
    )
    with pytest.raises(UnreachableError, match="neither your message nor the key was sent"):
        pg.start(PROMPT).result(LIMIT)
    assert len(here.plain.exchanges) == 1
    assert here.elsewhere.connections == 0
    pg.close()


def test_a_redirect_on_the_same_host_is_followed_with_the_key(here: Place, api: Api) -> None:
    async def move(exchange: Exchange) -> None:
        if exchange.asked.path.startswith("/old/"):
            to = exchange.asked.path.removeprefix("/old")
            await exchange.whole(b"", 308, location=to)
        else:
            await streams.as_it_is(exchange)

    here.plain.do(move)
    url = here.plain.url().replace("/v1", "/old/v1")
    connection = Connection("c", url, KEY, api)
    pg = Playground(connection=connection, model="demo-echo", store=":memory:")
    assert pg.start(PROMPT).result(LIMIT).text == PROMPT
    keys = [exchange.asked.headers["authorization"] for exchange in here.plain.exchanges]
    assert keys == [f"Bearer {KEY}"] * 2
    pg.close()


def test_a_certificate_that_the_environment_names_is_trusted(
    here: Place, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(here.certificate))
    here.tls.do()
    connection = Connection("c", here.tls.url(), KEY, api)
    pg = Playground(connection=connection, model="demo-echo", store=":memory:")
    assert pg.start(PROMPT).result(LIMIT).text == PROMPT
    pg.close()


def test_a_file_of_certificates_that_was_mended_is_read_again(
    here: Place, api: Api, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trusted = tmp_path / "trusted.pem"
    shutil.copy(certifi.where(), trusted)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    here.tls.do()
    connection = Connection("c", here.tls.url(), KEY, api)
    pg = Playground(connection=connection, model="demo-echo", store=":memory:")
    with pytest.raises(UnreachableError):
        pg.start(PROMPT).result(LIMIT)
    shutil.copy(here.certificate, trusted)
    pg.connection = Connection("mended", here.tls.url(), KEY, api)
    assert pg.start(PROMPT).result(LIMIT).text == PROMPT
    pg.close()


def test_half_a_call_is_neither_made_nor_gone_on_from(here: Place, api: Api) -> None:
    def fish(name: str) -> str:
        """Say how heavy a fish is."""
        raise AssertionError(name)

    here.plain.do(streams.words_and_half_a_call)
    connection = Connection("c", here.plain.url(), KEY, api)
    pg = Playground(connection=connection, model="demo-echo", tools=[fish], store=":memory:")
    with pytest.raises(RunError) as caught:
        pg.start(PROMPT).result(LIMIT)
    partial = caught.value.message
    assert partial is not None
    assert (len(partial.tool_calls), caught.value.info.actions) == (1, ("regenerate",))
    here.plain.do()
    pg.tools = []
    whole = pg.continue_(partial)
    assert (whole.status, whole.tool_calls) == ("complete", ())
    assert whole.text.startswith(partial.text)
    assert "tool_calls" not in str(here.plain.exchanges[-1].asked.body)
    assert "function_call" not in str(here.plain.exchanges[-1].asked.body)
    pg.close()
