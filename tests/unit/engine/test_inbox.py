"""Calls from other threads reach the loop in their order, and wake it once for many."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from typing import Any

import pytest

from playground_widget.engine._inbox import Inbox


def elsewhere(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


class Counted:
    """A loop that counts how often another thread wakes it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.woken = 0

    def call_soon_threadsafe(self, *args: Any) -> None:
        self.woken += 1
        self._loop.call_soon_threadsafe(*args)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)


async def test_many_calls_wake_the_loop_once_and_keep_their_order() -> None:
    loop = Counted(asyncio.get_running_loop())
    inbox = Inbox(loop)  # type: ignore[arg-type]
    made: list[int] = []

    def work() -> None:
        for number in range(200):
            inbox.put(made.append, number)

    elsewhere(work)
    assert made == []
    await asyncio.sleep(0)
    assert made == list(range(200))
    assert loop.woken == 1


async def test_what_the_loop_is_told_otherwise_in_between_comes_in_between() -> None:
    loop = asyncio.get_running_loop()
    inbox = Inbox(loop)
    made: list[str] = []

    def work() -> None:
        inbox.put(made.append, "first")
        inbox.part()
        loop.call_soon_threadsafe(made.append, "second")
        inbox.put(made.append, "third")

    elsewhere(work)
    await asyncio.sleep(0)
    assert made == ["first", "second", "third"]


async def test_what_is_put_in_by_a_call_is_made_too() -> None:
    inbox = Inbox(asyncio.get_running_loop())
    made = asyncio.Event()
    inbox.put(inbox.put, made.set)
    await asyncio.wait_for(made.wait(), 10)


async def test_a_call_that_raises_is_reported_and_holds_up_no_other() -> None:
    loop = asyncio.get_running_loop()
    reported: list[object] = []
    loop.set_exception_handler(lambda _, context: reported.append(context["exception"]))
    inbox = Inbox(loop)
    made: list[str] = []
    error = ValueError("of a call")

    def fail() -> None:
        raise error

    inbox.put(fail)
    inbox.put(made.append, "after it")
    await asyncio.sleep(0)
    assert made == ["after it"]
    assert reported == [error]


async def test_each_call_has_the_context_of_whoever_made_it() -> None:
    who = contextvars.ContextVar("who", default="nobody")
    inbox = Inbox(asyncio.get_running_loop())
    heard: list[str] = []

    def ask(name: str) -> None:
        who.set(name)
        inbox.put(lambda: heard.append(who.get()))

    for name in ("one", "another"):
        elsewhere(lambda name=name: contextvars.copy_context().run(ask, name))  # type: ignore[misc]
    await asyncio.sleep(0)
    assert heard == ["one", "another"]


async def test_an_interrupted_call_keeps_no_later_one_from_coming(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop = asyncio.get_running_loop()
    inbox = Inbox(loop)
    made: list[str] = []
    wake = loop.call_soon_threadsafe

    def interrupted(*args: Any) -> None:
        wake(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(loop, "call_soon_threadsafe", interrupted)
    with pytest.raises(KeyboardInterrupt):
        inbox.put(made.append, "lost")
    monkeypatch.undo()
    inbox.put(made.append, "after it")
    await asyncio.sleep(0)
    assert made == ["after it"]
