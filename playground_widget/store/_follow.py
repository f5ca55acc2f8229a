"""What a follower of a thread has seen of it, and what is new to it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple
from weakref import WeakMethod

from sqlalchemy import Connection, bindparam, select

from playground_widget.events import Delta
from playground_widget.store._rows import delta_of, slices
from playground_widget.store._schema import changes, growth, runs, threads

__all__ = ["Follower", "ListFollower", "Seen", "Sight", "sight"]


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


_THREADS = select(threads.c.id, threads.c.revision).where(
    threads.c.id.in_(bindparam("wanted", expanding=True)), threads.c.deleted.is_(None)
)
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


class Sight(NamedTuple):
    """What all followers look at, read once for them.

    Args:
        changes: How often the list of threads was another.
        revisions: Of the threads that are followed, without those that are deleted.
        running: The answers that are being written, by thread.
    """

    changes: int
    revisions: Mapping[str, int]
    running: Mapping[str, Sequence[str]]


def sight(connection: Connection, followers: Iterable[Follower | ListFollower]) -> Sight:
    """Read what these followers look at.

    Args:
        connection: In a transaction.
        followers: Those who look.
    """
    wanted = list({each.thread for each in followers if isinstance(each, Follower)})
    revisions: dict[str, int] = {}
    for some in slices(wanted):
        found = connection.execute(_THREADS, {"wanted": some})
        revisions.update({row.id: int(row.revision) for row in found})
    running: dict[str, list[str]] = {}
    for row in connection.execute(_RUNNING):
        running.setdefault(row.thread, []).append(row.message)
    return Sight(int(connection.execute(_CHANGES).scalar_one()), revisions, running)


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
        self.thread = thread
        self._listener = _kept(listener)
        self._mine = _kept(mine)
        self._revision: int | None = None
        self._places: dict[str, int] = {}
        self.fresh = True

    @property
    def is_gone(self) -> bool:
        """Whether nobody listens any more."""
        return self._listener() is None

    def wants(self, thread: str, message: str) -> bool:
        """Return whether the text of an answer is to be told."""
        mine = self._mine() if thread == self.thread else None
        return mine is not None and not mine(message)

    def look(self, connection: Connection, seen: Sight) -> Callable[[], None] | None:
        """Return what tells the listener that there is something new, or `None`.

        Args:
            connection: In a transaction.
            seen: What was read in it.
        """
        revision = seen.revisions.get(self.thread)
        mine = self._mine()
        grown: list[Delta] = []
        places: dict[str, int] = {}
        for message in seen.running.get(self.thread, ()) if revision is not None else ():
            past = self._places.get(message, 0)
            if mine is None or not mine(message):
                given = {"of": self.thread, "answer": message, "past": past}
                for text in connection.execute(_GROWN, given):
                    grown.append(delta_of(text))
                    past = text.n
            places[message] = past
        # Those that have ended are forgotten.
        self._places = places
        if not self.fresh and revision == self._revision and not grown:
            return None
        self.fresh, self._revision = False, revision
        return partial(self._tell, Seen(self.thread, revision, tuple(grown)))

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

    def look(self, _: Connection, seen: Sight) -> Callable[[], None] | None:
        """Return what tells the listener that there were changes, or `None`."""
        if not self.fresh and seen.changes == self._count:
            return None
        self.fresh, self._count = False, seen.changes
        return self._tell

    def _tell(self) -> None:
        listener = self._listener()
        if listener is not None:
            listener()
