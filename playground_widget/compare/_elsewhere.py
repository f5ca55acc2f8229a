"""What a worker of a cluster does: it asks once for a cell, and returns what came.

Loaded by workers by its name. It knows neither the comparison nor its store, calls no tools and
scores nothing.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import Any, NamedTuple

from playground_widget.compare._attempt import attempt
from playground_widget.compare._gate import Question
from playground_widget.compare._values import Cell, Key
from playground_widget.engine import engine
from playground_widget.errors import ErrorInfo, SetupError
from playground_widget.provider import Carried, Connection, Limits

__all__ = ["Reply", "Task", "ask_there", "stop_there", "without_key"]

INTERVAL = 0.1
"""Seconds between the words of a cell that are on their way."""


@dataclass(frozen=True, slots=True, repr=False)
class Task:
    """What a worker is sent.

    Args:
        id: Names the task.
        topic: Where its words go as they come.
        key: For which cell it is.
        carried: Where to ask.
        body: The exact request.
    """

    # No tuple, which Dask would look through; and no repr, which it would log.
    id: str
    topic: str
    key: Key
    carried: Carried
    body: Mapping[str, Any]


class Reply(NamedTuple):
    """What a worker returns.

    Args:
        cell: `complete` or `failed`.
        limits: What the service said of its rate limits.
    """

    cell: Cell
    limits: Limits | None


_connections: dict[Carried, Connection] = {}
_running: dict[str, Future[Cell]] = {}
_unwanted: deque[str] = deque(maxlen=1000)
"""Tasks that were ended before they began; one may be on its way still."""


def ask_there(task: Task) -> Reply:
    """Ask once for a cell, in a task of a worker."""
    from distributed import get_worker  # noqa: PLC0415 - loaded where this runs

    if task.id in _unwanted:
        return _cancelled(task)
    try:
        connection = _connection(task.carried)
    except SetupError as error:
        return Reply(without_key(task.key, task.carried.label, error), None)
    gate = _Open()
    words = _Words(task, get_worker().log_event)
    question = Question(task.key, connection, task.body)
    asked = engine().spawn(_asked(question, gate, words))
    _running[task.id] = asked
    if task.id in _unwanted:
        # It was ended before it stood there to be found.
        asked.cancel()
    try:
        return Reply(asked.result(), gate.limits)
    except CancelledError:
        return _cancelled(task)
    finally:
        del _running[task.id]


def stop_there(tasks: list[str]) -> None:
    """End tasks that this worker is at, or would begin."""
    _unwanted.extend(tasks)
    for task in tasks:
        if (asked := _running.get(task)) is not None:
            asked.cancel()


def _cancelled(task: Task) -> Reply:
    """Return what nobody waits for any more."""
    return Reply(Cell(**task.key._asdict(), status="cancelled"), None)


def without_key(key: Key, label: str, error: SetupError) -> Cell:
    """Return a cell that was not asked, for want of a key."""
    info = ErrorInfo(kind="key_refused", title=f"There is no key for {label}", detail=str(error))
    return Cell(**key._asdict(), status="failed", error=info)


async def _asked(question: Question, gate: _Open, words: _Words) -> Cell:
    try:
        return await attempt(question, gate, words.take)
    finally:
        words.flush()


def _connection(carried: Carried) -> Connection:
    """Return the connection, whose pool all tasks of this process share."""
    known = _connections.get(carried)
    if known is None:
        known = _connections.setdefault(carried, Connection.of(carried))
    return known


class _Open:
    """A gate that stands open: whoever sent the task has waited before it.

    Attributes:
        limits: What the service said.
    """

    def __init__(self) -> None:
        self.limits: Limits | None = None

    async def open(self) -> None:
        """Wait for nothing."""

    def opened(self, limits: Limits | None) -> None:
        """Keep what the service says, for the one who sent the task."""
        self.limits = limits


class _Words:
    """Sends the words of an answer on their way, some at a time. Belongs to the loop's thread."""

    def __init__(self, task: Task, log: Callable[[str, Any], None]) -> None:
        self._task = task
        # A task that is begun again, since its worker was killed, says other words.
        self._run = secrets.token_hex(4)
        self._log = log
        self._waiting: list[str] = []
        self._offset = 0
        self._timer: asyncio.TimerHandle | None = None

    def take(self, text: str) -> None:
        """Add to what is to be sent."""
        self._waiting.append(text)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(INTERVAL, self.flush)

    def flush(self) -> None:
        """Send what waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        text = "".join(self._waiting)
        self._waiting.clear()
        if text:
            self._log(self._task.topic, [self._task.id, self._run, self._offset, text])
            self._offset += len(text)
