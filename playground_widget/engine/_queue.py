"""The runs of one conversation, one after the other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from playground_widget.errors import PlaygroundError

if TYPE_CHECKING:
    from playground_widget.engine._answer import Answering
    from playground_widget.engine._loop import Engine
    from playground_widget.engine._run import Run

__all__ = ["Begin", "Queue"]

# Called when a run's turn comes: fixes its parent and returns what will write the answer.
Begin = Callable[[], "Answering"]


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
        self.answering: Answering | None = None

    @property
    def queued(self) -> int:
        """How many runs wait for their turn."""
        return len(self._waiting)

    def submit(self, run: Run, begin: Begin) -> None:
        """Begin a run now, or after those before it.

        Raises:
            PlaygroundError: It could not begin; a run that waits raises this from `result`.
        """
        waiting = _Waiting(run, begin)
        if self.answering is None:
            self._begin(waiting)
            return
        run._attach(lambda: None, lambda: self._drop(waiting))  # noqa: SLF001
        self._waiting.append(waiting)
        self._changed()

    def stop(self) -> None:
        """End what is running, and drop what waits."""
        waiting, self._waiting = tuple(self._waiting), deque()
        if self.answering is not None:
            self.cancel(self.answering)
        for left in waiting:
            left.run._finish(None)  # noqa: SLF001
        if waiting:
            self._changed()

    def when_idle(self, work: Callable[[], None]) -> None:
        """Do something once nothing is running: now, or after the run that is ending."""
        if self._task is None:
            work()
        else:
            self._task.add_done_callback(lambda _: work())

    def hurry(self) -> bool:
        """End the wait before the next attempt; return whether there was a run."""
        if self.answering is None:
            return False
        self.answering.hurry.set()
        return True

    def _begin(self, waiting: _Waiting) -> None:
        answering = waiting.begin()
        self.answering = answering
        answering.start(lambda: self.cancel(answering))
        self._task = self._engine.loop.create_task(self._write(answering))
        self._changed()

    async def _write(self, answering: Answering) -> None:
        try:
            await answering.write()
        finally:
            self.answering = self._task = None
            self._next()
            self._changed()

    def _next(self) -> None:
        while self._waiting and self.answering is None:
            waiting = self._waiting.popleft()
            try:
                self._begin(waiting)
            except PlaygroundError as error:
                waiting.run._finish(None, error)  # noqa: SLF001

    def cancel(self, answering: Answering) -> None:
        """End one answer, if it is the one that is being written."""
        if self._task is not None and self.answering is answering:
            # One turn later, so that the answer has begun and can keep what there is.
            self._engine.loop.call_soon(self._task.cancel)

    def _drop(self, waiting: _Waiting) -> None:
        if waiting in self._waiting:
            self._waiting.remove(waiting)
            waiting.run._finish(None)  # noqa: SLF001
            self._changed()
