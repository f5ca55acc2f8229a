"""A run as its caller holds it: a future, and an iterator over the text as it comes."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from typing import TYPE_CHECKING

from playground_widget.engine._functions import refuse_inside
from playground_widget.errors import NotStartedError
from playground_widget.model import Message

if TYPE_CHECKING:
    from playground_widget.engine._loop import Engine

__all__ = ["SETTLING", "Run"]

SETTLING = 2.0
"""Seconds that an interrupted call waits for the answer to be put away, which takes a few ms."""


class Run:
    """An answer that is being written, or was.

    It goes on by itself. It can be waited for (`result`, `await`), cancelled, and iterated
    over with `for` and `async for`, which give the words as they arrive.

    Example:
        >>> pg = Playground(connection="demo", model="demo-fast")
        >>> run = pg.start("Name three penguins.")
        >>> "".join(run) == run.result().text
        True
    """

    def __init__(
        self, engine: Engine, queue: object = None, *, cancel_when_left: bool = False
    ) -> None:
        """Made by a playground; `cancel_when_left` is what `stream` sets.

        Functions for which runs of `queue` wait must not wait for this.
        """
        self._engine = engine
        self._cancel_when_left = cancel_when_left
        self._changed = threading.Condition()
        self._waiters: set[Callable[[], None]] = set()
        self._read: Callable[[], Message | None] = lambda: None
        self._words: list[str] = []
        self._message: Message | None = None
        self._error: BaseException | None = None
        self._ended = False
        self._queue = queue
        self._cancel: Callable[[], None] = lambda: None
        self.is_unwanted: bool = False

    # -- what a caller uses

    @property
    def message(self) -> Message | None:
        """The answer as it is at this moment, or `None` while the run waits for its turn.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> run = pg.start("Hello")
            >>> run.result() == run.message
            True
        """
        return self._message if self._ended else self._read()

    def done(self) -> bool:
        """Return whether the run has ended, well or not.

        Example:
            >>> pg = Playground(connection="demo", model="demo-slow")
            >>> run = pg.start("Hello")
            >>> run.done()
            False
            >>> pg.stop()
            True
        """
        return self._ended

    def cancel(self) -> None:
        """End the run; the text so far is kept. A run that has ended stays as it is.

        Example:
            >>> pg = Playground(connection="demo", model="demo-slow")
            >>> first, waiting = pg.start("Hello"), pg.start("Goodbye")
            >>> first.cancel()
            >>> waiting.cancel()
            >>> first.result().status
            'cancelled'
        """
        self._engine.post(self._give_up)

    def result(self, timeout: float | None = None) -> Message:
        """Wait for the end and return the answer.

        Args:
            timeout: The most seconds to wait; `None` waits as long as it takes.

        Returns:
            The answer. One that was cancelled has the status `cancelled`.

        Raises:
            RunError: The run failed; `error.message` holds the partial answer.
            NotStartedError: It was cancelled before its turn came.
            TimeoutError: It has not ended yet; it goes on.
            WouldBlockError: Called from a callback.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> pg.start("Hello").result(timeout=60).status
            'complete'
        """
        if not self._ended:
            self._engine.refuse_to_block(self._queue)
            with self._changed:
                if not self._changed.wait_for(lambda: self._ended, timeout):
                    raise TimeoutError(f"the run has not ended after {timeout:g} s; it goes on")
        return self._outcome()

    def __await__(self) -> Generator[object, None, Message]:
        """Wait without blocking the event loop; being cancelled cancels the run."""
        return self._wait().__await__()

    def __iter__(self) -> Iterator[str]:
        """Give the words as they arrive; a failed run raises after its last word."""
        self._engine.refuse_to_block(self._queue)
        at = 0
        try:
            while True:
                with self._changed:
                    while not self._ended and len(self._words) == at:
                        self._changed.wait()
                    new, ended = self._words[at:], self._ended
                if new:
                    at += len(new)
                    yield "".join(new)
                elif ended:
                    break
            self._outcome()
        finally:
            self._left()

    async def __aiter__(self) -> AsyncIterator[str]:
        """Give the words as they arrive, without blocking the event loop."""
        at = 0
        try:
            while True:
                await self._change(at)
                ended, new = self._ended, self._words[at:]
                if new:
                    at += len(new)
                    yield "".join(new)
                elif ended:
                    break
            self._outcome()
        finally:
            self._left()

    def __repr__(self) -> str:
        """Show how far it is."""
        message = self.message
        state = message.status if message else "cancelled" if self._ended else "queued"
        return f"<Run {message.id if message else ''} {state}>"

    # -- what the engine does with it, on its loop

    def _attach(self, read: Callable[[], Message | None], cancel: Callable[[], None]) -> None:
        """The run's turn has come, or it has joined the queue with only `cancel` to offer."""
        self._read, self._cancel = read, cancel

    def _give_up(self) -> None:
        """Be cancelled, or never begin where that was asked before the queue had the run."""
        self.is_unwanted = True
        self._cancel()

    def _wrote(self, words: str) -> None:
        """Words arrived: give them to whoever waits."""
        with self._changed:
            self._words.append(words)
        self._wake()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
            waiters, self._waiters = self._waiters, set()
        for wake in waiters:
            wake()

    def _finish(self, message: Message | None, error: BaseException | None = None) -> None:
        """Take what came of it; the first end counts."""
        if self._ended:
            return
        self._message, self._error = message, error
        with self._changed:
            self._ended = True
        self._wake()

    # -- inside

    def _outcome(self) -> Message:
        if self._error is not None:
            raise self._error
        if self._message is None:
            raise NotStartedError("The run was stopped before its turn came; nothing was sent.")
        return self._message

    def _left(self) -> None:
        if self._cancel_when_left and not self._ended:
            self.cancel()

    async def _wait(self) -> Message:
        try:
            await self._end()
        except asyncio.CancelledError:
            self.cancel()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SETTLING):
                    await self._end()
            raise
        return self._outcome()

    async def _end(self) -> None:
        while not self._ended:
            await self._change()

    async def _change(self, at: int | None = None) -> None:
        """Wait until the run ends or, with `at`, until more than `at` pieces are there."""
        refuse_inside(self._queue)
        loop = asyncio.get_running_loop()
        changed = loop.create_future()

        def settle() -> None:
            if not changed.done():
                changed.set_result(None)

        def wake() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle)

        with self._changed:
            if self._ended or (at is not None and len(self._words) > at):
                return
            self._waiters.add(wake)
        try:
            await changed
        finally:
            self._waiters.discard(wake)
