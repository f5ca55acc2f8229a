"""A mutation is done once for each name."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from strawberry import Some

from playground_widget import InputError
from playground_widget.server._memory import Memory
from playground_widget.server._message_inputs import AddMessageInput
from playground_widget.server._parts import PartInput

NAME = ("Send", "1")


class Work:
    """Counts how often it is done."""

    def __init__(self) -> None:
        self.count = 0
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def __call__(self) -> int:
        self.count += 1
        await self.may_end.wait()
        return self.count


def always(_: object) -> bool:
    return True


async def test_it_is_done_once_at_a_time_and_after() -> None:
    memory, work = Memory(), Work()
    work.may_end.clear()
    waiting = [asyncio.create_task(memory.once(NAME, {"a": 1}, work, always)) for _ in range(3)]
    await asyncio.sleep(0)
    work.may_end.set()
    assert await asyncio.gather(*waiting) == [1, 1, 1]
    assert await memory.once(NAME, {"a": 1}, work, always) == 1
    assert await memory.once(("Send", "2"), {"a": 1}, work, always) == 2


async def test_it_goes_on_when_its_caller_is_gone() -> None:
    memory, work = Memory(), Work()
    work.may_end.clear()
    first = asyncio.create_task(memory.once(NAME, 1, work, always))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    work.may_end.set()
    await memory.settle()
    assert await memory.once(NAME, 1, work, always) == 1


async def test_another_input_is_refused() -> None:
    memory, work = Memory(), Work()

    def given(text: str) -> AddMessageInput:
        part: Any = PartInput(
            text=Some(text), reasoning=None, refusal=None, image=None, table=None, tool_call=None
        )
        return AddMessageInput(thread_id="t", content=[part])  # type: ignore[arg-type] # an ID is text

    await memory.once(NAME, given("a"), work, always)
    assert await memory.once(NAME, given("a"), work, always) == 1
    with pytest.raises(InputError):
        await memory.once(NAME, given("b"), work, always)


async def test_what_raised_is_done_again() -> None:
    memory, work = Memory(), Work()

    async def broken() -> int:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        await memory.once(NAME, 1, broken, always)
    assert await memory.once(NAME, 1, work, always) == 1


async def test_what_need_not_be_kept_is_done_again() -> None:
    memory, work = Memory(), Work()
    assert await memory.once(NAME, 1, work, lambda _: False) == 1
    assert await memory.once(NAME, 1, work, always) == 2


async def test_the_oldest_is_forgotten_and_the_number_is_bounded() -> None:
    memory, work = Memory(most=2), Work()
    for n in range(3):
        await memory.once(("Send", str(n)), 1, work, always)
    assert len(memory._known) == 2
    assert await memory.once(("Send", "2"), 1, work, always) == 3
    assert await memory.once(("Send", "0"), 1, work, always) == 4


async def test_what_goes_on_is_not_forgotten() -> None:
    memory, work = Memory(most=2, seconds=0), Work()
    work.may_end.clear()
    first = asyncio.create_task(memory.once(NAME, 1, work, always))
    await asyncio.sleep(0)
    others = Work()
    for n in range(3):
        await memory.once(("Other", str(n)), 1, others, always)
    again = asyncio.create_task(memory.once(NAME, 1, work, always))
    await asyncio.sleep(0)
    work.may_end.set()
    assert [*await asyncio.gather(first, again)] == [1, 1]


async def test_it_is_forgotten_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    memory, work = Memory(seconds=10), Work()
    assert await memory.once(NAME, 1, work, always) == 1
    now = 9.0
    assert await memory.once(NAME, 1, work, always) == 1
    now = 11.0
    assert await memory.once(NAME, 1, work, always) == 2
