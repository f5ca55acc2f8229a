"""Functions that models call: at the same time, with consent, without holding anybody up."""

from __future__ import annotations

import asyncio
import contextvars
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import pytest
from pydantic import AfterValidator

from playground_widget import (
    InputError,
    Message,
    NotFoundError,
    Playground,
    StoreError,
    Table,
    Tool,
    ToolRoundsError,
    WouldBlockError,
)
from playground_widget.conversation import Update
from playground_widget.demo import DemoServer
from playground_widget.engine import Committed, _calls
from playground_widget.events import Event, Started
from playground_widget.protocol import event_to_dict
from playground_widget.store import open_store

Make = Callable[..., Playground]
ROOT = Path(__file__).resolve().parents[2]
TOOLS = "demo-tools"


def area(width: float, height: float) -> float:
    """The area of a rectangle."""
    return width * height


def refused(value: int) -> int:
    raise ValueError(f"{value} is not taken")


def roles(pg: Playground) -> list[str]:
    return [message.role for message in pg.messages]


def results(pg: Playground) -> list[Message]:
    return [message for message in pg.messages if message.role == "tool"]


def until(done: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not done():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def seen(playground: Make) -> Make:
    """Make playgrounds that a page has shown, so that somebody can be asked."""

    def make(*args: Any, **kwargs: Any) -> Playground:
        pg = playground(*args, **kwargs)
        pg._engine.call(pg._conversation.viewers.add, "page")
        return pg

    return make


def asking(pg: Playground) -> Message:
    """Return the call that waits to be allowed, once there is one."""
    until(lambda: [m for m in pg.messages if m.consent])
    return next(m for m in pg.messages if m.consent)


def test_a_function_is_called_and_its_result_answered(playground: Make) -> None:
    pg = playground(model=TOOLS, tools=[area])
    answer = pg.send("What is the area of 3 by 4?")
    assert roles(pg) == ["user", "assistant", "tool", "assistant"]
    called, result = pg[1], pg[2]
    assert [call.name for call in called.tool_calls] == ["area"]
    assert called.finish_reason == "tool_calls"
    assert result.tool_call_id == called.tool_calls[0].id
    assert result.status == "complete"
    assert result.timing is not None
    assert float(result.text) > 0
    assert answer == pg[-1]
    assert result.text in answer.text
    assert called.tools == (Tool(area).to_dict(),)


def test_async_and_plain_functions_of_one_turn_run_at_the_same_time(playground: Make) -> None:
    plain, other = threading.Event(), threading.Event()

    def first(n: int) -> str:
        """Wait for the second."""
        plain.set()
        assert other.wait(20)
        return "first"

    async def second(n: int) -> str:
        """Wait for the first."""
        await asyncio.to_thread(plain.wait, 20)
        other.set()
        return "second"

    pg = playground(model=TOOLS, tools=[first, second])
    pg.send("Call first and second with 1.")
    assert [result.text for result in results(pg)] == ["first", "second"]
    assert [result.parent for result in results(pg)] == [pg[1].id, pg[2].id]


def test_a_function_that_raises_is_told_to_the_model_and_to_the_page(playground: Make) -> None:
    def lookup(name: str) -> str:
        """Look something up."""
        raise KeyError(name)

    pg = playground(model=TOOLS, tools=[lookup])
    answer = pg.send("lookup 'x'")
    (result,) = results(pg)
    assert result.status == "failed"
    assert result.error is not None
    assert result.error.kind == "tool_failed"
    assert result.error.title == "lookup raised KeyError"
    assert "In lookup, line" in result.error.detail
    assert result.text.startswith("Error: KeyError")
    assert answer.status == "complete"
    assert "KeyError" in answer.text


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), StopIteration("x")])
def test_nothing_that_a_function_raises_ends_anything_else(
    playground: Make, error: BaseException
) -> None:
    async def rough(n: int) -> None:
        """End."""
        raise error

    def plain(n: int) -> None:
        """End."""
        raise error

    pg = playground(model=TOOLS, tools=[rough, plain])
    assert pg.send("Call rough and plain with 1").status == "complete"
    assert [result.status for result in results(pg)] == ["failed", "failed"]


def test_arguments_that_do_not_fit_call_nothing(playground: Make) -> None:
    called: list[int] = []

    def double(n: Annotated[int, AfterValidator(refused)]) -> int:
        """Double a number."""
        called.append(n)
        return n

    pg = playground(model=TOOLS, tools=[double])
    pg.send("double 3")
    (result,) = results(pg)
    assert result.error is not None
    assert result.error.kind == "tool_arguments"
    assert "is not taken" in result.text
    assert called == []


def test_calls_that_are_open_are_made_when_the_thread_goes_on(playground: Make) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "area", "arguments": ""}}
    ghost = {"id": "c2", "type": "function", "function": {"name": "ghost", "arguments": "{}"}}
    call["function"] = {"name": "area", "arguments": '{"width": 2, "height": 3}'}
    pg = playground(
        model=TOOLS,
        tools=[area],
        messages=[
            {"role": "user", "content": "Go."},
            {"role": "assistant", "content": None, "tool_calls": [call, ghost]},
        ],
    )
    answer = pg.send()
    known, unknown = results(pg)
    assert known.text == "6.0"
    assert unknown.error is not None
    assert unknown.error.kind == "tool_unknown"
    assert "Available: area" in unknown.text
    assert answer.role == "assistant"
    assert pg.undo() is not None
    assert len(pg.messages) == 2


def test_without_tools_open_calls_are_left_as_they_are(playground: Make) -> None:
    pg = playground(model=TOOLS)
    assert pg.send("What is the area?").tool_calls == ()
    assert "tools" not in event_to_dict(1, _started(pg))["message"]


def _started(pg: Playground) -> Started:
    return Started(pg[-1], pg[-1].id)


def test_what_only_a_request_needs_is_not_sent_to_pages(playground: Make) -> None:
    pg = playground(model=TOOLS, tools=[area])
    pg.send("area of 3 by 4")
    assert pg[1].tools
    assert all("tools" not in message for message in pg.widget.present()["thread"]["messages"])
    assert "tools" not in event_to_dict(1, _started(pg))["message"]


def test_a_frame_is_a_result_that_pages_see_as_a_table(playground: Make) -> None:
    def rows(n: int) -> pd.DataFrame:
        """The rows."""
        return pd.DataFrame({"species": ["Gentoo"] * 2, "mass": [5.0, 5.5]})

    pg = playground(model=TOOLS, tools=[rows])
    heard: list[dict[str, Any]] = []

    def hear(update: Update) -> None:
        heard.extend(event_to_dict(*item) for item in update.batch if isinstance(item, Committed))

    pg._engine.call(pg._conversation.subscribe, hear)
    pg.send("rows of 2")
    (result,) = results(pg)
    assert isinstance(result.content[0], Table)
    pg._engine.call(pg._conversation.feed.flush)
    ends = {event["message"]: event["final"] for event in heard if event["type"] == "finished"}
    assert ends[result.id]["content"][0]["type"] == "table"
    assert "content" not in ends[pg[-1].id]


def test_what_a_generator_yields_is_the_result(playground: Make) -> None:
    def plain(n: int) -> Iterator[int]:
        """Count."""
        yield from (1, 2)

    async def later(n: int) -> AsyncIterator[str]:
        """Count."""
        yield "one"
        yield "two"

    async def broken(n: int) -> AsyncIterator[str]:
        """Count."""
        yield "one"
        raise ValueError("no two")

    pg = playground(model=TOOLS, tools=[plain, later, broken])
    pg.send("Call plain, later and broken with 1")
    assert [result.text for result in results(pg)] == [
        "[1,2]",
        '["one","two"]',
        "Error: ValueError: no two",
    ]


def test_a_generator_without_an_end_is_stopped_at_the_limit(playground: Make) -> None:
    left = threading.Event()

    async def endless(n: int) -> AsyncIterator[int]:
        """Count."""
        try:
            while True:
                await asyncio.sleep(0)
                yield 1
        finally:
            left.set()

    pg = playground(model=TOOLS, tools=[Tool(endless, timeout=0.5)])
    pg.send("endless 1")
    (result,) = results(pg)
    assert result.error is not None
    assert result.error.kind == "tool_timeout"
    assert left.wait(20)


# -- consent


def test_where_nobody_can_be_asked_a_call_is_refused_at_once(playground: Make) -> None:
    called: list[float] = []

    def pay(amount: float) -> None:
        """Pay an amount."""
        called.append(amount)

    pg = playground(model=TOOLS, tools=[Tool(pay, confirm=True)])
    assert pg.widget is not None  # a widget that no page has shown
    answer = pg.send("pay 3")
    (result,) = results(pg)
    assert result.error is not None
    assert result.error.kind == "tool_refused"
    assert "nobody is there to be asked" in result.error.title
    assert answer.status == "complete"
    assert called == []


def test_a_page_that_said_hello_is_asked_until_it_is_closed(playground: Make) -> None:
    pg = playground(model=TOOLS, tools=[Tool(area, confirm=True)])
    pg.widget._received(None, {"request": "1", "type": "hello"}, None)
    until(lambda: pg._conversation.viewers)
    run = pg.start("area of 3 by 4")
    pg.allow(asking(pg))
    assert run.result(20).status == "complete"
    pg.widget.close()
    until(lambda: not pg._conversation.viewers)


@pytest.mark.parametrize("allowed", [True, False])
def test_a_call_that_asks_is_made_when_it_is_allowed(seen: Make, allowed: bool) -> None:
    pg = seen(model=TOOLS, tools=[Tool(area, confirm=True)])
    run = pg.start("area of 3 by 4")
    waiting = asking(pg)
    assert waiting.role == "tool"
    assert waiting.consent is not None
    assert 0 < waiting.consent.wait <= 600
    (shown,) = [m for m in pg.widget.present()["thread"]["messages"] if "consent" in m]
    assert 0 < shown["consent"]["wait"] <= 600
    if allowed:
        pg.allow(waiting)
    else:
        pg.deny(waiting.id)
    assert run.result(20).status == "complete"
    (result,) = results(pg)
    assert result.consent is None
    assert (result.error is None) == allowed
    assert result.text == ("Error: the user did not allow this call." if not allowed else "12.0")
    with pytest.raises(NotFoundError, match="does not wait"):
        pg.allow(result)


def test_a_tool_that_was_allowed_for_the_thread_asks_no_more(seen: Make) -> None:
    pg = seen(model=TOOLS, tools=[Tool(area, confirm=True)])
    run = pg.start("area of 3 by 4")
    pg.allow(asking(pg), always=True)
    run.result(20)
    assert pg.send("area of 5 by 6").status == "complete"
    pg.new_thread()
    run = pg.start("area of 3 by 4")
    pg.deny(asking(pg))
    run.result(20)


def test_a_callback_can_answer(seen: Make) -> None:
    pg = seen(model=TOOLS, tools=[Tool(area, confirm=True)])

    def answer(message: Message) -> None:
        if message.consent:
            pg.allow(message)

    pg.on("message", answer)
    assert pg.send("area of 3 by 4").status == "complete"
    assert results(pg)[0].status == "complete"


def test_a_function_can_decide_in_place_of_a_person(playground: Make) -> None:
    asked: list[tuple[str, Mapping[str, Any]]] = []

    async def decide(name: str, arguments: Mapping[str, Any]) -> bool:
        asked.append((name, arguments))
        return bool(arguments["width"] < 1)

    pg = playground(model=TOOLS, tools=[Tool(area, confirm=decide)])
    pg.send("area of 3 by 4")
    assert [name for name, _ in asked] == ["area"]
    assert results(pg)[0].error is not None


def test_stop_ends_a_call_that_asks(seen: Make) -> None:
    pg = seen(model=TOOLS, tools=[Tool(area, confirm=True)])
    run = pg.start("area of 3 by 4")
    waiting = asking(pg)
    assert pg._engine.call(pg._session.stop, waiting.id)
    run.result(20)
    (result,) = results(pg)
    assert (result.status, result.consent) == ("cancelled", None)
    assert roles(pg) == ["user", "assistant", "tool"]


def test_a_call_that_nobody_answers_ends(seen: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_calls, "CONSENT_TIME", 0.05)
    pg = seen(model=TOOLS, tools=[Tool(area, confirm=True)])
    assert pg.send("area of 3 by 4").status == "complete"
    (result,) = results(pg)
    assert result.error is not None
    assert "Nobody answered" in result.error.detail


# -- time, and Stop


def test_a_slow_async_function_is_cancelled_at_its_limit(playground: Make) -> None:
    ended = threading.Event()

    async def sleep(n: int) -> None:
        """Sleep."""
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    pg = playground(model=TOOLS, tools=[Tool(sleep, timeout=0.05)])
    assert pg.send("sleep 3").status == "complete"
    assert ended.wait(20)
    (result,) = results(pg)
    assert result.error is not None
    assert result.error.kind == "tool_timeout"
    assert result.error.title == "sleep took longer than 0.05 s"


def test_a_slow_plain_function_is_left_to_finish(playground: Make) -> None:
    go, ended = threading.Event(), threading.Event()

    def wait(n: int) -> None:
        """Wait."""
        go.wait(20)
        ended.set()

    pg = playground(model=TOOLS, tools=[Tool(wait, timeout=0.05)])
    assert pg.send("wait 3").status == "complete"
    assert not ended.is_set()
    go.set()
    assert ended.wait(20)


def test_stop_ends_a_run_whose_function_does_not_end(playground: Make) -> None:
    go, begun = threading.Event(), threading.Event()

    def wait(n: int) -> None:
        """Wait."""
        begun.set()
        go.wait(20)

    pg = playground(model=TOOLS, tools=[wait])
    run = pg.start("wait 3")
    assert begun.wait(20)
    assert pg.stop()
    assert run.result(20).tool_calls
    (result,) = results(pg)
    assert result.status == "cancelled"
    assert result.text == "The call was stopped before it had ended."
    go.set()
    pg.tools = []
    assert pg.send("And now?").status == "complete"


def test_many_slow_functions_leave_the_engine_alone(playground: Make) -> None:
    go = threading.Event()

    def wait(n: int) -> None:
        """Wait."""
        go.wait(20)

    slow = [playground(model=TOOLS, tools=[wait]) for _ in range(40)]
    runs = [pg.start("wait 3") for pg in slow]
    until(lambda: all(results(pg) for pg in slow))
    other = playground()
    assert other.send("Hello").status == "complete"
    go.set()
    assert all(run.result(20).status == "complete" for run in runs)


def test_calls_before_one_that_cannot_be_written_are_not_left_open(
    playground: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Started] = []
    store = open_store(tmp_path / "own.sqlite")
    commit = store.commit

    def full(thread: str, expected: int, event: Event) -> Future[int]:
        if isinstance(event, Started) and event.message.role == "tool":
            calls.append(event)
            if len(calls) == 2:
                refused: Future[int] = Future()
                refused.set_exception(StoreError("The disk is full."))
                return refused
        return commit(thread, expected, event)

    def other(n: int) -> int:
        """Another one."""
        return n

    pg = playground(model=TOOLS, tools=[area, other], store=store)
    monkeypatch.setattr(store, "commit", full)
    with pytest.raises(StoreError, match="full"):
        pg.send("Call area of 3 by 4 and other with 1")
    assert [result.status for result in results(pg)] == ["cancelled"]
    assert not pg._conversation.state.live
    assert not store.runs(running=True)


# -- rounds


def test_rounds_are_limited_and_the_thread_can_go_on(playground: Make) -> None:
    extra = {"demo": {"rate": None, "first_token": 0, "rounds": 3}}
    pg = playground(model=TOOLS, tools=[area], max_tool_rounds=2, extra=extra)
    with pytest.raises(ToolRoundsError) as caught:
        pg.send("area of 3 by 4")
    assert [m.role for m in pg.messages].count("tool") == 2
    assert pg[-1].status == "failed"
    assert pg[-1].tool_calls
    assert caught.value.message == pg[-1]
    assert pg[-1].error is not None
    assert pg[-1].error.actions == ("go_on",)
    assert pg.send().status == "complete"
    assert [m.role for m in pg.messages].count("tool") == 3
    pg.max_tool_rounds = 5
    assert pg.send("area of 1 by 1").status == "complete"
    with pytest.raises(InputError, match="whole number"):
        pg.max_tool_rounds = -1


def test_words_of_all_rounds_come_through_the_stream(playground: Make) -> None:
    pg = playground(model=TOOLS, tools=[area])
    assert "".join(pg.stream("area of 3 by 4")) == pg[-1].text


def test_a_person_who_looks_elsewhere_stays_there(playground: Make) -> None:
    go, begun = threading.Event(), threading.Event()

    def wait(n: int) -> None:
        """Wait."""
        begun.set()
        go.wait(20)

    pg = playground(model=TOOLS, tools=[wait], messages=["Hello"])
    pg.edit(0, "Hi")
    other = pg[0]
    run = pg.start("wait 3")
    assert begun.wait(20)
    first = next(m for m in pg.branches(0) if m.id != other.id)
    pg.select(first)
    go.set()
    run.result(20)
    assert [m.id for m in pg.messages] == [first.id]
    pg.select(other)
    assert roles(pg) == ["user", "user", "assistant", "tool", "assistant"]


# -- around it


def test_an_edited_result_is_answered_again(playground: Make) -> None:
    pg = playground(model=TOOLS, tools=[area])
    pg.send("area of 3 by 4")
    answer = pg.edit(2, "one hundred", rerun=True)
    assert isinstance(answer, Message)
    assert "one hundred" in answer.text
    assert pg[2].tool_call_id == pg[1].tool_calls[0].id
    assert len(pg.branches(2)) == 2


def test_undo_takes_back_the_question_and_all_that_came_of_it(playground: Make) -> None:
    pg = playground(model=TOOLS, tools=[area])
    pg.send("area of 3 by 4")
    pg.undo()
    assert pg.messages == ()


def test_a_function_cannot_wait_for_the_conversation_that_waits_for_it(playground: Make) -> None:
    other = playground()
    raised: list[BaseException] = []

    def nested(n: int) -> str:
        """Ask."""
        waiting: list[Callable[[], Message]] = [
            lambda: pg.send("Hello"),
            lambda: pg.start("Hello").result(),
        ]
        for wait in waiting:
            try:
                wait()
            except WouldBlockError as error:
                raised.append(error)
        return other.send("Hello").status

    async def later(n: int) -> str:
        """Ask."""
        try:
            await pg.asend("Hello")
        except WouldBlockError as error:
            raised.append(error)
        return (await other.asend("Hello")).status

    pg = playground(model=TOOLS, tools=[nested, later])
    pg.send("Call nested and later with 1")
    assert len(raised) == 3
    assert [result.text for result in results(pg)] == ["complete", "complete"]


def test_functions_are_called_in_the_context_that_gave_them(playground: Make) -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="none")

    def which(n: int) -> str:
        """Tell which."""
        return variable.get()

    token = variable.set("given")
    pg = playground(model=TOOLS, tools=[which])
    variable.reset(token)
    pg.send("which 1")
    assert results(pg)[0].text == "given"


def test_tools_are_read_set_and_switched(playground: Make) -> None:
    pg = playground(model=TOOLS, tools=[area])
    assert [tool.name for tool in pg.tools] == ["area"]
    pg._engine.call(lambda: pg._conversation.toolbox.switch("area", enabled=False))
    (shown,) = pg.widget.present()["settings"]["tools"]
    assert shown == {
        **Tool(area).to_dict(),
        "signature": "area(width, height)",
        "confirm": False,
        "enabled": False,
    }
    assert pg.send("area of 3 by 4").tool_calls == ()
    pg.tools = [area, lambda_tool()]
    assert [t["enabled"] for t in pg.widget.present()["settings"]["tools"]] == [False, True]
    with pytest.raises(NotFoundError, match="no tool 'ghost'"):
        pg._engine.call(lambda: pg._conversation.toolbox.switch("ghost", enabled=True))


def lambda_tool() -> Tool:
    def same(n: int) -> int:
        return n

    return Tool(same)


CHILD = """
import sys, threading
from playground_widget import Connection, Playground

def hang(n: int) -> str:
    '''Hang.'''
    threading.Event().wait()

pg = Playground(
    store=sys.argv[1], thread="Mine", model="demo-tools", tools=[hang],
    connection=Connection("demo", base_url=sys.argv[2]),
)
run = pg.start("hang 3")
while not pg.messages or pg.messages[-1].role != "tool":
    pass
print("hangs", flush=True)
threading.Event().wait()
"""


def test_a_call_whose_kernel_was_killed_is_interrupted_and_the_thread_goes_on(
    playground: Make, server: DemoServer, tmp_path: Path
) -> None:
    file = tmp_path / "threads.sqlite"
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(file), server.base_url],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"hangs\n"
    child.kill()
    child.wait(20)
    child.stdout.close()
    pg = playground(store=file, thread="Mine")
    (result,) = results(pg)
    assert result.status == "interrupted"
    assert "interrupted and has no result" in pg.send().text
