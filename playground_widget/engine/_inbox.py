"""Calls from other threads to a loop, of which many take one wake-up."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from typing import Any

__all__ = ["Inbox"]

_Call = tuple[contextvars.Context, Callable[..., object], tuple[Any, ...]]


class Inbox:
    """Hands calls to the thread of a loop, in the order in which they come. Safe from any thread.

    Waking a loop is a system call, and has threads fight for the interpreter. Where the store
    tells 200 playgrounds of one write, that cost more than all that they did with it.

    Args:
        loop: Who makes the calls.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin with no call."""
        self._loop = loop
        self._lock = threading.Lock()
        # What the loop was woken for and has not begun.
        self._open: list[_Call] | None = None

    def put(self, function: Callable[..., object], *args: Any) -> None:
        """Have the loop call a function soon, with the context of whoever puts it here."""
        call = (contextvars.copy_context(), function, args)
        with self._lock:
            if self._open is None:
                # In this order an interrupt in between costs a wake-up for nothing, and no call.
                calls: list[_Call] = []
                self._loop.call_soon_threadsafe(self._make, calls)
                self._open = calls
            self._open.append(call)

    def part(self) -> None:
        """Have what is put in later called after what the loop was told until then."""
        with self._lock:
            self._open = None

    def _make(self, calls: list[_Call]) -> None:
        with self._lock:
            if self._open is calls:
                self._open = None
        for context, function, args in calls:
            try:
                context.run(function, *args)
            except Exception as error:  # noqa: BLE001 - as the loop itself does with each call
                self._loop.call_exception_handler(
                    {"message": f"Exception in callback {function!r}", "exception": error}
                )
