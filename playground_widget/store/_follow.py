"""What a follower of a thread has seen of it, and what is new to it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple
from weakref import WeakMethod

from sqlalchemy import Connection, bindparam, select

from playground_widget.events import Delta
from playground_widget.store._rows import delta_of
from playground_widget.store._schema import changes, growth, runs, threads

__all__ = ["Follower", "ListFollower", "Seen", "running"]


class Seen(NamedTuple):
    """What was done to a thread by others.

    Args:
        thread: Its id.
        revision: The one it has now, or `None` when it was deleted.
        grown: Text of running answers that was written since the last time, in order. It may
            overlap what one has; what an answer began with is in the event that started it.
    """

    thread: str
    revision: int | None
    grown: tuple[Delta, ...]


_THREAD = select(threads.c.revision, threads.c.deleted).where(threads.c.id == bindparam("of"))
_RUNNING = select(runs.c.thread, runs.c.message).where(runs.c.running)
# Within one answer the numbers of rows only grow: a new one is past all that are there, and those
# of one answer go together, at its end. Across answers they may come again.
_GROWN = (
    select(growth)
    .where(
        growth.c.thread == bindparam("of"),
        growth.c.message == bindparam("answer"),
        growth.c.n > bindparam("past"),
    )
    .order_by(growth.c.n)
)
_CHANGES = select(changes.c.n)


def running(connection: Connection) -> list[tuple[str, str]]:
    """Return thread and message of all answers that are being written."""
    return [(row.thread, row.message) for row in connection.execute(_RUNNING)]


def _kept(function: Callable[..., Any]) -> Callable[[], Callable[..., Any] | None]:
    """Return what gives a function as long as it is there; a method keeps no object alive."""
    return WeakMethod(function) if inspect.ismethod(function) else lambda: function


class Follower:
    """One that follows a thread.

    Args:
        thread: The id of the thread.
        listener: A method that is called with what is new.
        mine: Whether its owner itself writes an answer.
    """

    def __init__(
        self, thread: str, listener: Callable[[Seen], None], mine: Callable[[str], bool]
    ) -> None:
        """Begin with having seen nothing."""
        self._thread = thread
        self._listener = _kept(listener)
        self._mine = _kept(mine)
        self._revision: int | None = None
        self._places: dict[str, int] = {}
        self.fresh = True

    @property
    def is_gone(self) -> bool:
        """Whether nobody listens any more."""
        return self._listener() is None

    def look(
        self, connection: Connection, runs: Iterable[tuple[str, str]]
    ) -> Callable[[], None] | None:
        """Return what tells the listener what is new, or `None`.

        Args:
            connection: In a transaction.
            runs: The answers that are being written, in any thread.
        """
        row = connection.execute(_THREAD, {"of": self._thread}).one_or_none()
        revision = None if row is None or row.deleted is not None else int(row.revision)
        mine = self._mine()
        grown: list[Delta] = []
        places: dict[str, int] = {}
        for thread, message in runs if revision is not None else ():
            if thread != self._thread:
                continue
            past = self._places.get(message, 0)
            if mine is None or not mine(message):
                given = {"of": thread, "answer": message, "past": past}
                for text in connection.execute(_GROWN, given):
                    grown.append(delta_of(text))
                    past = text.n
            places[message] = past
        # Those that have ended are forgotten.
        self._places = places
        if not self.fresh and revision == self._revision and not grown:
            return None
        self.fresh, self._revision = False, revision
        return partial(self._tell, Seen(self._thread, revision, tuple(grown)))

    def _tell(self, seen: Seen) -> None:
        listener = self._listener()
        if listener is not None:
            listener(seen)


class ListFollower:
    """One that follows the list of threads.

    Args:
        listener: A method that is called when it changed.
    """

    def __init__(self, listener: Callable[[], None]) -> None:
        """Begin with having seen nothing."""
        self._listener = _kept(listener)
        self._count: int | None = None
        self.fresh = True

    @property
    def is_gone(self) -> bool:
        """Whether nobody listens any more."""
        return self._listener() is None

    def look(self, connection: Connection, _: object) -> Callable[[], None] | None:
        """Return what tells the listener that there were changes, or `None`."""
        count = connection.execute(_CHANGES).scalar_one()
        if not self.fresh and count == self._count:
            return None
        self.fresh, self._count = False, count
        return self._tell

    def _tell(self) -> None:
        listener = self._listener()
        if listener is not None:
            listener()
