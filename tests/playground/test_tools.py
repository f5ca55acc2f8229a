"""Functions that models call: what they are given, and what becomes of their results."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Annotated, Any

import pandas as pd
import pytest
from pydantic import AfterValidator

from playground_widget import Message, NotFoundError, Playground, Table, Tool, WouldBlockError
from playground_widget.conversation import Update
from playground_widget.engine import Committed
from playground_widget.events import Started
from playground_widget.protocol import event_to_dict
from tests.playground.tools import TOOLS, Make, area, results, roles


def refused(value: int) -> int:
    raise ValueError(f"{value} is not taken")


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
