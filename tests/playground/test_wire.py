"""What was sent for an answer and what came back, as it can be looked at."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from playground_widget import Connection, InputError, NotFoundError, Playground, RunError, Wire
from playground_widget.demo import DemoServer
from playground_widget.engine import _attempts, _wire
from playground_widget.request import Api
from playground_widget.store import Store
from tests.contract.servers import Answer, Scripted, plain, sse

Make = Callable[..., Playground]
KEY = "sk-proj-Zq8vTn3LwB5yHd2RkMx7Qa"


@contextmanager
def scripted(*answers: Answer) -> Iterator[Scripted]:
    """Run a server that answers as it is told, on a loop of its own."""
    server = Scripted(*answers)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result()
        yield server
        asyncio.run_coroutine_threadsafe(server.__aexit__(), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def store() -> Iterator[Store]:
    kept = Store(":memory:")
    yield kept
    kept.close()


def forget(pg: Playground) -> None:
    """Make the process forget all requests, as a new one would know of none."""
    pg._engine.call(pg._engine.wires._kept.clear)


def sent(server: DemoServer) -> dict[str, Any]:
    body: dict[str, Any] = server.requests[-1].body
    return body


def words(wire: Wire) -> str:
    return "".join(text for _, text in wire.chunks)


def test_it_is_what_the_server_got_and_what_it_said(
    playground: Make, server: DemoServer, api: Api
) -> None:
    pg = playground("Be brief.", temperature=0.5, max_tokens=40)
    answer = pg.send("Hello")
    wire = pg.wire(answer)
    path = "responses" if api == "responses" else "chat/completions"
    assert (wire.method, wire.url) == ("POST", f"{server.base_url}/{path}")
    assert wire.body == sent(server)
    assert (wire.rebuilt, wire.recorded, wire.omitted) == (False, True, 0)
    [attempt] = wire.attempts
    assert (attempt.status, attempt.wait, attempt.error) == (200, 0.0, None)
    assert attempt.request_id == answer.request_id
    assert abs(attempt.at - answer.created) < 60
    times = [at for at, _ in wire.chunks]
    assert times == sorted(times)
    assert all(0 <= at <= 60 for at in times)
    data = [json.loads(line[6:]) for line in words(wire).split("\n") if line.startswith("data: {")]
    deltas = [
        event["delta"]
        if api == "responses"
        else "".join(choice["delta"].get("content") or "" for choice in event["choices"])
        for event in data
        if api == "chat" or event["type"] == "response.output_text.delta"
    ]
    assert "".join(deltas) == answer.text


def test_it_cannot_be_changed(playground: Make) -> None:
    pg = playground()
    wire = pg.wire(pg.send("Hello"))
    with pytest.raises(FrozenInstanceError):
        wire.url = "http://elsewhere"  # type: ignore[misc]


def test_attempts_that_failed_are_told_with_their_waits(
    playground: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_attempts, "FIRST_WAIT", 0.01)
    pg = playground(model="demo-server-error")
    answer = pg.send("Hello")
    first, second, third = pg.wire(answer).attempts
    assert [each.status for each in (first, second, third)] == [500, 500, 200]
    assert first.error is not None
    assert "has a problem" in first.error
    assert (first.wait, third.error) == (0.0, None)
    assert second.wait > 0
    assert len({first.request_id, second.request_id, third.request_id}) == 3
    assert first.at <= second.at <= third.at
    assert third.request_id == answer.request_id


def test_a_request_that_was_refused_shows_what_the_service_said(playground: Make) -> None:
    pg = playground(model="demo-no-quota")
    with pytest.raises(RunError) as caught:
        pg.send("Hello")
    assert caught.value.message is not None
    wire = pg.wire(caught.value.message)
    assert [each.status for each in wire.attempts] == [429]
    assert json.loads(words(wire))["error"]["code"] == "insufficient_quota"


def test_a_request_that_reached_nobody_has_no_status(playground: Make) -> None:
    pg = playground()
    with DemoServer() as gone:
        url = gone.base_url
    pg.connection = Connection("gone", url, max_attempts=1)
    # Without a model the service is asked for one first, so that nothing is sent.
    for model, attempts in (("", 0), ("m", 1)):
        pg.model = model
        with pytest.raises(RunError):
            pg.send("Hello")
        wire = pg.wire()
        assert (wire.url.startswith(url), wire.chunks) == (True, ())
        assert [each.status for each in wire.attempts] == [None] * attempts
        assert all(each.error for each in wire.attempts)


def test_a_request_made_again_without_a_field_shows_both(api: Api) -> None:
    if api == "responses":
        return  # which has no such field
    refused = Answer([plain({"error": {"message": "stream_options is unknown"}})], 400)
    good = {"choices": [{"delta": {"content": "Hi"}, "finish_reason": "stop"}]}
    with scripted(refused, Answer([sse(good, "[DONE]")])) as server:
        pg = Playground(connection=Connection("test", server.url), model="m")
        wire = pg.wire(pg.send("Hello"))
        pg.close()
    assert [each.status for each in wire.attempts] == [400, 200]
    assert "stream_options" not in wire.body
    assert wire.body == server.asked[1].body


def test_the_last_twenty_are_kept_and_others_are_rebuilt(
    playground: Make, server: DemoServer
) -> None:
    pg = playground("Be brief.", model="demo-empty", seed=7)
    first = pg.send("One")
    body = sent(server)
    for _ in range(_wire.MOST - 1):
        pg.regenerate()
    assert pg.wire(first).rebuilt is False
    pg.system = "Be wordy."
    pg.params = {"seed": 8}
    pg.regenerate()
    wire = pg.wire(first)
    assert wire.rebuilt
    # With the system prompt and the parameters of then.
    assert wire.body == body
    assert (wire.recorded, wire.chunks) == (False, ())
    assert wire.attempts[0].request_id == first.request_id
    assert len(pg._engine.wires._kept) == _wire.MOST


def test_every_answer_of_a_thread_is_rebuilt_as_it_was_sent(
    playground: Make, server: DemoServer
) -> None:
    pg = playground("Be brief.", temperature=0.1)
    bodies: dict[str, Any] = {}

    def note(answer: Any) -> None:
        bodies[answer.id] = sent(server)

    note(pg.send("One"))
    note(pg.send("Two"))
    note(pg.regenerate())
    pg.system = ""
    note(pg.regenerate(temperature=0.9))
    note(pg.edit(0, "One, again", rerun=True))
    pg.params = {"temperature": None, "logprobs": 1}
    pg.model = "demo-cut"
    with pytest.raises(RunError):
        pg.send("Three")
    note(pg.messages[-1])
    note(pg.continue_())
    for kept in (True, False):
        for identity, body in bodies.items():
            wire = pg.wire(identity)
            assert (wire.rebuilt, wire.body) == (not kept, body)
        forget(pg)


def test_what_was_recorded_is_there_when_it_was_forgotten(playground: Make, store: Store) -> None:
    pg = playground(record=True, store=store)
    answer = pg.send("Hello")
    before = pg.wire(answer)
    forget(pg)
    after = pg.wire(answer)
    assert (after.rebuilt, after.recorded) == (True, True)
    assert words(after) == words(before)


def test_a_copy_on_another_path_has_the_request_of_its_original(playground: Make) -> None:
    pg = playground()
    wire = pg.wire(pg.send("Hello"))
    pg.edit(0, "Hello there")
    assert pg.messages[-1].copy_of
    assert pg.wire(pg.messages[-1]) == wire


def test_what_nobody_was_asked_for_has_no_request(playground: Make) -> None:
    pg = playground()
    pg.add("Hello")
    pg.add("Hi", role="assistant")
    for message in (0, 1):
        with pytest.raises(InputError, match="No model was asked"):
            pg.wire(message)
    with pytest.raises(NotFoundError):
        pg.wire("nothing")


def test_too_much_is_counted_and_not_kept(
    playground: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_wire, "LARGEST", 20_000)
    pg = playground(model="demo-long", max_tokens=5000)
    wire = pg.wire(pg.send("Hello"))
    assert wire.omitted > 0
    assert 10_000 < len(words(wire).encode()) <= 20_000
    monkeypatch.setattr(_wire, "LARGEST", 10)
    wire = pg.wire(pg.send("Hello, and not too short"))
    # Not even the request was kept, so that it is rebuilt.
    assert wire.rebuilt
    assert wire.body["model"] == "demo-long"


@pytest.mark.parametrize("cut", [None, 8, 20])
@pytest.mark.parametrize("status", [200, 400])
def test_a_key_that_a_server_repeats_is_never_in_it(cut: int | None, status: int) -> None:
    words = f"You sent {KEY}, {KEY[3:14]} and Bearer sk-other-key-of-somebody"
    good = {"choices": [{"delta": {"content": words}, "finish_reason": "stop"}]}
    data = sse(good, "[DONE]") if status == 200 else plain({"error": {"message": words}})
    at = len(data) if cut is None else data.index(KEY.encode()) + cut
    answer = Answer([data[:at], data[at:]], status, {"x-request-id": f"req-{KEY}"})
    with scripted(answer) as server:
        url = server.url
        pg = Playground(connection=Connection("test", url, KEY), model=f"m-{KEY}")
        with suppress(RunError):
            pg.send(f"My key is {KEY}")
        wire = pg.wire()
        forget(pg)
        rebuilt = pg.wire()
        pg.close()
    said = json.dumps([wire.to_dict(), rebuilt.to_dict()], ensure_ascii=False) + repr(wire)
    for piece in (KEY, KEY[3:14], KEY[:12], KEY[-12:], "other-key"):
        assert piece not in said
    assert "My key is …x7Qa" in said
    assert "authorization" not in said.lower()


def test_a_character_that_two_reads_share_is_whole() -> None:
    text = "data: é👍\n\n".encode()
    for at in range(len(text)):
        blocks = [(0.1, text[:at]), (0.2, text[at:])]
        told = list(_wire.chunk_texts(blocks, str))
        assert "".join(piece for _, piece in told) == "data: é👍\n\n"
    assert list(_wire.chunk_texts([(0.1, b"a\xc3")], str))[-1] == (0.1, "�")


def test_a_request_is_answered_with_the_same(playground: Make) -> None:
    pg = playground()
    wire = pg.wire(pg.send("Hello"))
    data = json.loads(json.dumps(wire.to_dict()))
    assert set(data) == {"request", "rebuilt", "attempts", "chunks", "omitted", "recorded"}
    assert data["request"] == {"url": wire.url, "method": "POST", "body": dict(wire.body)}
    assert set(data["attempts"][0]) == {"at", "wait", "status", "request_id", "error"}
    assert data["chunks"][0] == {"at": wire.chunks[0][0], "text": wire.chunks[0][1]}


def test_an_answer_that_was_put_away_elsewhere_keeps_its_request_under_its_new_id(
    playground: Make,
) -> None:
    pg = playground()
    answer = pg.send("Hello")
    wires = _wire.Wires()
    kept = wires.begin(answer.id, pg.connection)
    wires.rename(answer.id, answer.id)
    assert wires.of(answer.id) is kept
    wires.rename(answer.id, "beside")
    assert wires.of("beside") is kept
    assert wires.of(answer.id) is None
    wires.rename("unknown", "other")
    assert wires.of("other") is None
