"""What goes wrong is said, and what came is kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from playground_widget import (
    BadRequestError,
    Connection,
    ConnectionDroppedError,
    ContextTooLongError,
    KeyRefusedError,
    ModelNotFoundError,
    Playground,
    ProtocolBrokenError,
    QuotaExceededError,
    RunError,
    ServerFailedError,
    UnreachableError,
)
from playground_widget.conversation import Update
from playground_widget.demo import DemoServer
from playground_widget.engine import Committed
from playground_widget.events import Finished
from playground_widget.protocol import snapshot

Make = Callable[..., Playground]
FAST = {"demo": {"rate": None, "first_token": 0}}


def test_a_failed_answer_raises_with_the_partial_text(playground: Make) -> None:
    pg = playground(model="demo-cut")
    with pytest.raises(ConnectionDroppedError) as caught:
        pg.send("Hello")
    partial = caught.value.message
    assert partial is not None
    assert partial.status == "failed"
    assert partial.text
    assert pg[-1] == partial
    assert partial.error is not None
    assert "continue" in partial.error.actions
    assert "kept" in str(caught.value)


def test_a_cut_answer_can_be_continued_to_the_whole(playground: Make) -> None:
    pg = playground(model="demo-cut")
    with pytest.raises(ConnectionDroppedError) as caught:
        pg.send("Hello")
    partial = caught.value.message
    assert partial is not None
    whole = pg.continue_()
    assert whole.status == "complete"
    assert whole.text.startswith(partial.text)
    assert len(whole.text) > len(partial.text)
    assert whole.continued == partial.id
    assert [m.id for m in pg.branches(whole)] == [partial.id, whole.id]


def test_a_stream_that_was_cut_is_never_asked_again_unseen(
    playground: Make, server: object
) -> None:
    pg = playground(model="demo-cut")
    with pytest.raises(ConnectionDroppedError):
        pg.send("Hello")
    assert len(server.requests) == 1  # type: ignore[attr-defined]


def test_the_wait_before_another_attempt_is_seen_and_can_be_cut_short(playground: Make) -> None:
    pg = playground(model="demo-rate-limited")
    waits: list[tuple[int, float]] = []
    waiting = threading.Event()

    def watch(_: object) -> None:
        retry = pg[-1].retry
        if retry:
            waits.append((retry.attempt, retry.wait))
            waiting.set()
            pg._engine.post(pg._conversation.queue.hurry)

    pg.on("thread", watch)
    answer = pg.send("Hello")
    assert answer.status == "complete"
    assert answer.retry is None
    assert waiting.is_set()
    assert [attempt for attempt, _ in waits][:1] == [2]
    assert all(wait > 0 for _, wait in waits)


def test_stop_ends_a_wait(playground: Make) -> None:
    pg = playground(model="demo-rate-limited-always")
    waiting = threading.Event()
    pg.on("thread", lambda thread: waiting.set() if thread.messages[thread.head].retry else None)
    run = pg.start("Hello")
    assert waiting.wait(20)
    pg.stop()
    assert run.result(20).status == "cancelled"


@pytest.mark.parametrize(
    ("model", "error"),
    [
        ("demo-no-quota", QuotaExceededError),
        ("demo-bad-key", KeyRefusedError),
        ("demo-stream-error", RunError),
        ("demo-malformed", ProtocolBrokenError),
        ("nothing-of-this-name", ModelNotFoundError),
    ],
)
def test_each_failure_has_its_own_error(
    playground: Make, model: str, error: type[RunError]
) -> None:
    pg = playground(model=model)
    with pytest.raises(error) as caught:
        pg.send("Hello")
    info = caught.value.info
    assert info.title
    assert info.detail
    assert info.actions
    assert pg[-1].error == info
    assert pg[0].text == "Hello"


def test_a_conversation_that_is_too_long_says_by_how_much(playground: Make) -> None:
    pg = playground(model="demo-context")
    with pytest.raises(ContextTooLongError) as caught:
        pg.send("word " * 3000)
    assert caught.value.info.facts["tokens_over"] > 0
    assert caught.value.info.facts["limit"] > 0


def test_leaving_out_the_oldest_messages_is_offered_by_what_the_service_counted(
    playground: Make,
) -> None:
    pg = playground(model="demo-context")
    # Short words are more tokens than an estimate by length takes them for.
    pg.add("a b " * 400)
    pg.add("a b " * 400, "assistant")
    with pytest.raises(ContextTooLongError) as caught:
        pg.send("And now?")
    facts = caught.value.info.facts
    assert facts["leave_out"] == 2
    assert [part["label"] for part in facts["breakdown"]] == ["Messages"]
    total = sum(part["tokens"] for part in facts["breakdown"])
    assert total == pytest.approx(facts["limit"] + facts["tokens_over"], abs=3)


def test_a_server_that_fails_twice_is_asked_a_third_time(playground: Make) -> None:
    pg = playground(model="demo-server-error")
    pg.on("thread", lambda _: pg._engine.post(pg._conversation.queue.hurry))
    assert pg.send("Hello").status == "complete"


def test_a_server_that_always_fails_is_given_up(playground: Make) -> None:
    pg = playground(model="demo-overloaded")
    pg.on("thread", lambda _: pg._engine.post(pg._conversation.queue.hurry))
    with pytest.raises(ServerFailedError):
        pg.send("Hello")


def test_a_parameter_the_service_refuses_is_a_bad_request(playground: Make) -> None:
    pg = playground(extra={"messages": "no list", "input": 7})
    with pytest.raises(BadRequestError):
        pg.send("Hello")


def test_a_server_that_is_not_there_is_unreachable() -> None:
    connection = Connection("nowhere", base_url="http://127.0.0.1:9/v1", api_key="none")
    pg = Playground(model="x", connection=connection)
    pg.on("thread", lambda _: pg._engine.post(pg._conversation.queue.hurry))
    with pytest.raises(UnreachableError) as caught:
        pg.send("Hello")
    assert "127.0.0.1:9" in str(caught.value)
    pg.close()


def test_without_a_model_the_first_one_of_the_service_is_asked(server: DemoServer) -> None:
    pg = Playground(connection=Connection("mine", server.base_url), extra=FAST)
    assert pg.model == ""
    assert pg.send("Hello").model == "demo"
    assert pg.model == "demo"
    pg.close()


def test_a_service_that_names_no_model_is_no_mistake_of_ours(
    server: DemoServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def none(_: Connection) -> list[object]:
        return []

    monkeypatch.setattr(Connection, "models", none)
    pg = Playground(connection=Connection("mine", server.base_url))
    with pytest.raises(RunError, match="names no model"):
        pg.send("Hello")
    assert pg[-1].status == "failed"
    assert not caplog.text
    pg.close()


def test_a_mistake_of_the_playground_ends_the_run_and_is_raised(
    playground: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pg = playground()

    def broken(*_: object, **__: object) -> dict[str, object]:
        raise ZeroDivisionError

    monkeypatch.setattr(Connection, "request", broken)
    with pytest.raises(ZeroDivisionError):
        pg.send("Hello")
    assert pg[-1].status == "failed"
    assert pg[-1].error is not None
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.undo()
    assert pg.send("Again").status == "complete"


def test_a_mistake_at_the_end_of_a_run_leaves_nobody_waiting(
    playground: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pg = playground()

    async def broken(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(pg._conversation.feed, "finish", broken)
    with pytest.raises(ZeroDivisionError):
        pg.start("Hello").result(20)
    assert "ZeroDivisionError" in caplog.text


def test_a_listener_that_raises_costs_no_other_its_batch(
    playground: Make, caplog: pytest.LogCaptureFixture
) -> None:
    pg = playground()
    heard = threading.Event()
    pg._engine.call(pg._conversation.subscribe, lambda _: 1 / 0)
    pg.on("message", lambda _: heard.set())
    pg.add("Hello")
    assert heard.wait(20)
    assert "ZeroDivisionError" in caplog.text


def test_a_closed_playground_tells_its_listeners_the_end_and_then_nothing(
    playground: Make,
) -> None:
    pg = playground(extra={"demo": {"tokens": 100, "rate": 50}})
    conversation, heard = pg._conversation, list[Update]()
    pg._engine.call(conversation.subscribe, heard.append)
    run = pg.start("Hello")
    pg.close()
    assert run.result(20).status == "cancelled"
    end = time.monotonic() + 20
    while conversation.has_listeners:
        assert time.monotonic() < end
        time.sleep(0.005)
    ends = [item.event for update in heard for item in update.batch if isinstance(item, Committed)]
    assert any(isinstance(event, Finished) for event in ends)
    told = len(heard)
    other = playground(messages=["a"])
    other.rename("Heard by those who still listen to the list of threads")
    pg._engine.call(conversation.feed.flush)
    assert len(heard) == told


def test_changing_the_connection_leaves_the_running_answer_alone(playground: Make) -> None:
    pg = playground(extra={"demo": {"tokens": 100, "rate": 200}})
    run = pg.start("Hello")
    before = pg.connection
    pg.connection = "demo"
    assert pg.connection is not before
    assert run.result(20).status == "complete"


def test_a_snapshot_counts_what_is_left_of_a_wait(playground: Make) -> None:
    pg = playground(model="demo-rate-limited-always")
    waiting = threading.Event()
    pg.on("thread", lambda thread: waiting.set() if thread.messages[thread.head].retry else None)
    run = pg.start("Hello")
    assert waiting.wait(20)
    retry = pg[-1].retry
    assert retry is not None
    state = pg._conversation.state
    late = snapshot(state, {}, retry.until - 0.5)["thread"]["messages"][-1]["retry"]["wait"]
    assert late == pytest.approx(0.5)
    pg.stop()
    run.result(20)
