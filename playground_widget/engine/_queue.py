"""The runs of one conversation, one after the other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from playground_widget.engine._loop import Engine
    from playground_widget.engine._run import Run
    from playground_widget.engine._turn import Turn

__all__ = ["Begin", "Queue"]

# Called when a run's turn comes: fixes its parent, starts the answer in the feed, and returns what
# will write it.
Begin = Callable[[], Awaitable["Turn"]]


class _Waiting(NamedTuple):
    run: Run
    begin: Begin


class Queue:
    """Begins a run when the one before has ended. Belongs to the loop's thread."""

    def __init__(self, engine: Engine, changed: Callable[[], None]) -> None:
        """`changed` is called when a run begins, ends, or joins or leaves the queue."""
        self._engine = engine
        self._changed = changed
        self._waiting: deque[_Waiting] = deque()
        self._task: asyncio.Task[None] | None = None
        self._beginning: _Waiting | None = None
        self._stopped = False
        self._rests = asyncio.Event()
        self._rests.set()
        self.turn: Turn | None = None

    @property
    def queued(self) -> int:
        """How many runs wait for their turn."""
        return len(self._waiting)

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs or is about to."""
        return self._task is None and self._beginning is None

    async def submit(self, run: Run, begin: Begin) -> None:
        """Begin a run now, or after those before it.

        Raises:
            PlaygroundError: It could not begin; a run that waits raises this from `result`.
        """
        if run.is_unwanted:
            run._finish(None)  # noqa: SLF001 - the engine's side of a run
            return
        waiting = _Waiting(run, begin)
        run._attach(lambda: None, lambda: self._drop(waiting))  # noqa: SLF001
        if self.is_idle:
            self._take(waiting)
            await self._begin(waiting)
            return
        self._waiting.append(waiting)
        self._changed()

    def stop(self) -> bool:
        """End what is running, and drop what waits; return whether there was anything."""
        was_busy = not self.is_idle
        waiting, self._waiting = tuple(self._waiting), deque()
        if self.turn is not None:
            self.cancel(self.turn)
        elif self._beginning is not None:
            self._stopped = True
        for left in waiting:
            left.run._finish(None)  # noqa: SLF001
        if waiting:
            self._changed()
        return was_busy

    async def idle(self) -> None:
        """Wait until nothing runs or is about to."""
        while not self.is_idle:
            await self._rests.wait()

    def hurry(self) -> bool:
        """End the wait before the next attempt; return whether there was a run."""
        if self.turn is None:
            return False
        self.turn.hurry()
        return True

    def _take(self, waiting: _Waiting) -> None:
        """Note whose turn it is; from here on a stop is meant for it."""
        self._beginning = waiting
        self._stopped = False
        self._rests.clear()

    async def _begin(self, waiting: _Waiting) -> None:
        try:
            turn = await waiting.begin()
        except BaseException:
            self._leave()
            raise
        self.turn = turn
        turn.start(lambda: self.cancel(turn))
        self._task = self._engine.loop.create_task(self._write(turn))
        self._beginning = None
        if self._stopped:
            self.cancel(turn)
        self._changed()

    async def _write(self, turn: Turn) -> None:
        try:
            await turn.write()
        finally:
            self.turn = self._task = None
            self._go_on()
            self._changed()

    def _go_on(self) -> None:
        """Begin the next run that waits, if there is one."""
        if not self.is_idle:
            return
        if not self._waiting:
            self._rests.set()
            return
        waiting = self._waiting.popleft()
        self._take(waiting)
        self._engine.background(self._begin_later(waiting))

    def _leave(self) -> None:
        """Have the next one's turn come, since this one does not begin."""
        self._beginning = None
        self._go_on()
        self._changed()

    async def _begin_later(self, waiting: _Waiting) -> None:
        if self._stopped:
            self._leave()
            waiting.run._finish(None)  # noqa: SLF001
            return
        try:
            await self._begin(waiting)
        except Exception as error:  # noqa: BLE001 - raised again from Run.result
            waiting.run._finish(None, error)  # noqa: SLF001

    def cancel(self, turn: Turn) -> None:
        """End one run, if it is the one that is being written."""
        if self.turn is turn and self._task is not None:
            # One round of the loop later, so that it has begun and can keep what there is.
            self._engine.loop.call_soon(self._cancel, self._task, turn)

    def _cancel(self, task: asyncio.Task[None], turn: Turn) -> None:
        if turn.give_up():
            task.cancel()

    def _drop(self, waiting: _Waiting) -> None:
        """Cancel a run that is not being written yet."""
        if waiting is self._beginning:
            self._stopped = True
        elif waiting in self._waiting:
            self._waiting.remove(waiting)
            waiting.run._finish(None)  # noqa: SLF001
            self._changed()
