"""Sending, streaming, stopping: runs as Python sees them, against the demo server."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from playground_widget import (
    InputError,
    Message,
    NotStartedError,
    Playground,
    Run,
    WouldBlockError,
)
from playground_widget.content import messages_of
from playground_widget.demo import DemoServer

Make = Callable[..., Playground]


def pace(**how: object) -> dict[str, object]:
    """Parameters that ask the demo server for an answer of this length and speed."""
    return {"extra": {"demo": how}}


def until_text(run: Run, length: int = 1) -> Message:
    """Wait until an answer has some text, and return it as it is then."""
    seen = threading.Event()

    def read() -> None:
        got = 0
        for text in run:
            got += len(text)
            if got >= length:
                break
        seen.set()

    threading.Thread(target=read, daemon=True).start()
    assert seen.wait(20)
    assert run.message is not None
    return run.message


@contextmanager
def held(pg: Playground) -> Iterator[Callable[[], None]]:
    """Keep the store from writing until the function is called that this gives."""
    go_on, holds = threading.Event(), threading.Event()

    def hold(_: object) -> None:
        holds.set()
        go_on.wait(20)

    pg._conversation.store._writer.submit(hold)
    assert holds.wait(20)
    try:
        yield go_on.set
    finally:
        go_on.set()


def test_send_returns_the_answer_with_its_figures(playground: Make) -> None:
    pg = playground("You are brief.")
    answer = pg.send("Hello")
    assert answer.role == "assistant"
    assert answer.status == "complete"
    assert answer.finish_reason == "stop"
    assert answer.text
    assert answer.usage is not None
    assert answer.usage.input_tokens > 0
    assert answer.usage.output_tokens > 0
    assert answer.timing is not None
    assert answer.timing.first_token is not None
    assert 0 <= answer.timing.first_token <= answer.timing.duration
    assert answer.request_id
    assert answer.model == "demo-fast"
    assert [m.role for m in pg.messages] == ["user", "assistant"]
    assert pg[-1] == answer
    assert pg.to_openai()[0] == {"role": "system", "content": "You are brief."}


async def test_asend_leaves_the_event_loop_free(playground: Make) -> None:
    pg = playground(**pace(tokens=20, rate=200))
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.005)
            ticks += 1

    ticking = asyncio.create_task(tick())
    answer = await pg.asend("Hello")
    ticking.cancel()
    assert answer.status == "complete"
    assert ticks > 1


async def test_asend_leaves_the_event_loop_free_while_the_store_is_busy(playground: Make) -> None:
    pg = playground()
    with held(pg) as go_on:
        asyncio.get_running_loop().call_later(0.05, go_on)
        # Else the store would go on after twenty seconds.
        async with asyncio.timeout(15):
            answer = await pg.asend("Hello")
    assert answer.status == "complete"


async def test_asend_raises_what_it_is_refused(playground: Make) -> None:
    with pytest.raises(InputError, match="nothing to answer"):
        await playground().asend()


async def test_cancelling_asend_ends_the_answer_and_keeps_its_text(
    playground: Make, server: DemoServer
) -> None:
    pg = playground(**pace(tokens=5000, rate=100))
    started = asyncio.Event()
    loop = asyncio.get_running_loop()
    pg.on("delta", lambda _: loop.call_soon_threadsafe(started.set))
    task = asyncio.create_task(pg.asend("Hello"))
    await asyncio.wait_for(started.wait(), 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.to_thread(server.wait_for_disconnect, 20)
    assert pg[-1].status == "cancelled"
    assert pg[-1].text


def test_stream_gives_the_text_in_pieces(playground: Make) -> None:
    pg = playground(**pace(tokens=50, rate=500))
    pieces = list(pg.stream("Hello"))
    assert len(pieces) > 1
    assert "".join(pieces) == pg[-1].text


async def test_stream_works_with_async_for(playground: Make) -> None:
    pg = playground(**pace(tokens=50, rate=500))
    pieces = [text async for text in pg.stream("Hello")]
    assert len(pieces) > 1
    assert "".join(pieces) == pg[-1].text


def test_leaving_the_loop_cancels_the_answer(playground: Make, server: DemoServer) -> None:
    pg = playground(**pace(tokens=5000, rate=200))
    run = pg.stream("Hello")
    for _ in run:
        break
    assert run.result(20).status == "cancelled"
    assert server.wait_for_disconnect(20).state == "disconnected"


def test_a_started_run_goes_on_by_itself(playground: Make) -> None:
    pg = playground()
    run = pg.start("Hello")
    assert run.result(20).status == "complete"
    assert run.done()
    assert run.message == pg[-1]


def test_a_run_that_takes_longer_than_the_timeout_goes_on(playground: Make) -> None:
    pg = playground(**pace(tokens=60, rate=60))
    run = pg.start("Hello")
    with pytest.raises(TimeoutError):
        run.result(timeout=0.01)
    assert not run.done()
    assert run.result(20).status == "complete"


def test_stop_keeps_the_text_and_hangs_up(playground: Make, server: DemoServer) -> None:
    pg = playground(**pace(tokens=5000, rate=200))
    run = pg.start("Hello")
    before = until_text(run, 20).text
    assert pg.stop()
    answer = run.result(20)
    assert answer.status == "cancelled"
    assert answer.text.startswith(before)
    assert server.wait_for_disconnect(20).state == "disconnected"
    assert not pg.stop()


def test_runs_queue_and_each_sees_the_answer_before_it(playground: Make) -> None:
    pg = playground(**pace(tokens=20, rate=400))
    first, second = pg.start("One"), pg.start("Two")
    assert second.message is None
    assert "queued" in repr(second)
    second.result(20)
    assert first.done()
    assert [m.role for m in pg.messages] == ["user", "assistant", "user", "assistant"]
    assert [m.text for m in pg.messages if m.role == "user"] == ["One", "Two"]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="interrupts itself by a timer")
@pytest.mark.parametrize("method", ["send", "stream", "start"])
def test_an_interrupt_before_an_answer_has_begun_ends_it_too(playground: Make, method: str) -> None:
    pg = playground(**pace(tokens=5000, rate=200))
    with held(pg) as go_on:

        def interrupt(*_: object) -> None:
            go_on()
            raise KeyboardInterrupt

        before = signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        try:
            with pytest.raises(KeyboardInterrupt):
                getattr(pg, method)("Hello")
        finally:
            signal.signal(signal.SIGALRM, before)
    assert pg._conversation.queue.is_idle
    assert [m.status for m in pg.messages] in ([], ["complete"], ["complete", "cancelled"])


def test_a_run_that_was_cancelled_before_the_queue_had_it_never_begins(playground: Make) -> None:
    pg = playground()
    run = Run(pg._engine)
    run.cancel()
    pg._do(pg._session.send, [], run)
    with pytest.raises(NotStartedError):
        run.result(20)
    assert pg.messages == ()


def test_what_is_added_while_an_answer_begins_stays_on_the_path(playground: Make) -> None:
    pg = playground("Be brief.")
    session = pg._session
    keep = session._asker._keep_prompt

    async def keep_and_add() -> None:
        await keep()
        await session.add(messages_of("And this"))

    session._asker._keep_prompt = keep_and_add  # type: ignore[method-assign]
    pg.send("Hello")
    assert [m.text for m in pg.messages[:2]] == ["Hello", "And this"]
    assert [m.role for m in pg.messages] == ["user", "user", "assistant"]


def test_a_stop_between_two_answers_drops_the_second(playground: Make) -> None:
    pg = playground(**pace(tokens=5000, rate=200))
    queue = pg._conversation.queue
    first, second = pg.start("One"), pg.start("Two")
    until_text(first)
    go_on = queue._go_on

    def go_on_and_stop() -> None:
        go_on()
        if queue._beginning is not None:
            queue.stop()

    queue._go_on = go_on_and_stop  # type: ignore[method-assign]
    first.cancel()
    first.result(20)
    with pytest.raises(NotStartedError):
        second.result(20)
    assert [m.text for m in pg.messages if m.role == "user"] == ["One"]


def test_stop_drops_what_waits(playground: Make) -> None:
    pg = playground(**pace(tokens=5000, rate=200))
    running, waiting = pg.start("One"), pg.start("Two")
    until_text(running)
    pg.stop()
    assert running.result(20).status == "cancelled"
    with pytest.raises(NotStartedError):
        waiting.result(20)
    assert [m.text for m in pg.messages if m.role == "user"] == ["One"]


def test_cancelling_a_run_that_has_ended_leaves_the_next_one_alone(playground: Make) -> None:
    pg = playground()
    first = pg.start("One")
    first.result(20)
    second = pg.start("Two")
    first.cancel()
    assert second.result(20).status == "complete"


def test_a_callback_cannot_wait_for_an_answer(playground: Make) -> None:
    pg = playground()
    raised: list[BaseException] = []
    called = threading.Event()

    def ask_again(_: object) -> None:
        try:
            pg.send("And again?")
        except WouldBlockError as error:
            raised.append(error)
        called.set()

    pg.on("run", ask_again)
    pg.send("Hello")
    assert called.wait(20)
    assert raised
    assert len([m for m in pg.messages if m.role == "user"]) == 1


def test_sending_nothing_to_an_empty_conversation_is_refused(playground: Make) -> None:
    pg = playground()
    with pytest.raises(InputError):
        pg.send()
    with pytest.raises(InputError):
        pg.send("")
    assert pg.messages == ()


def test_a_conversation_can_be_answered_as_it_is(playground: Make) -> None:
    pg = playground()
    pg.add("Hello")
    assert pg.send().status == "complete"
    assert [m.role for m in pg.messages] == ["user", "assistant"]


def test_many_threads_may_call_at_once(playground: Make) -> None:
    pg = playground()
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            pg.add(f"note {number}")
            pg.send(f"question {number}")
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
    said = [m.text for m in pg.messages if m.role == "user"]
    assert sorted(said) == sorted([f"{w} {n}" for n in range(8) for w in ("note", "question")])
    assert sum(m.role == "assistant" for m in pg.messages) == 8


def test_the_text_is_the_same_to_the_character(playground: Make) -> None:
    words = "naïve é 👩‍👩‍👧 ﷽ \t x\n\n" * 200
    pg = playground(model="demo-echo")
    assert pg.send(words).text == words


def test_parts_of_reasoning_come_before_the_answer(playground: Make) -> None:
    pg = playground(model="demo-reasoning")
    answer = pg.send("Hello")
    assert [part.type for part in answer.content] == ["reasoning", "text"]
    assert answer.reasoning
    assert answer.reasoning not in answer.text
    assert answer.timing is not None
    assert answer.timing.reasoning is not None
