"""The log of structural changes: what makes a write refuse what has become stale."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from playground_widget.errors import NotFoundError
from playground_widget.events import Asking, Event, Retrying
from playground_widget.model import Thread
from playground_widget.store._rows import NONE, More, read_messages
from playground_widget.store._schema import events, threads
from playground_widget.store._values import event_from_json, event_to_json, messages_named

__all__ = ["Stale", "advance", "row_of", "since", "with_waits"]

KEPT = 1000
"""How many changes of a thread are remembered; who is further behind reads it whole."""


_WAITS = (
    select(events.c.event)
    .where(
        events.c.thread == bindparam("of"),
        events.c.event.like('{"retrying":%') | events.c.event.like('{"asking":%'),
    )
    .order_by(events.c.revision)
)
_THREAD = select(threads).where(threads.c.id == bindparam("of"))
_LOG = insert(events)


class Stale(Exception):  # noqa: N818 - not an error: it tells what to catch up with
    """The thread has another revision than the writer knew; nothing was written.

    Args:
        changes: What happened since, each with its revision; `None` when that is too much.
    """

    def __init__(self, changes: list[tuple[int, Event]] | None) -> None:
        """Hold what happened."""
        super().__init__("the thread was changed meanwhile")
        self.changes = changes


def row_of(connection: Connection, thread: str, *, deleted: bool = False) -> Any:
    """Return the row of a thread.

    Args:
        connection: In a transaction.
        thread: The id of the thread.
        deleted: Also of one that was deleted and can be brought back.

    Raises:
        NotFoundError: It is not there, or was deleted.
    """
    row = connection.execute(_THREAD, {"of": thread}).one_or_none()
    if row is None or (row.deleted is not None and not deleted):
        raise NotFoundError(f"There is no thread {thread!r}, or it was deleted.")
    return row


def since(connection: Connection, thread: str, revision: int) -> list[tuple[int, Event]] | None:
    """Return what happened to a thread after a revision, or `None` when that is not known.

    Messages come as they are now, so that an answer that has ended since it started comes whole.
    """
    query = (
        select(events.c.revision, events.c.event)
        .where(events.c.thread == thread, events.c.revision > revision)
        .order_by(events.c.revision)
    )
    logged = list(connection.execute(query))
    now = connection.execute(select(threads.c.revision).where(threads.c.id == thread)).scalar()
    if now is None or len(logged) != now - revision:
        return None
    named = {each for row in logged for each in messages_named(row.event)}
    made = read_messages(connection, thread, sorted(named)) if named else {}
    return [(row.revision, event_from_json(row.event, made)) for row in logged]


def with_waits(connection: Connection, thread: Thread) -> Thread:
    """Return a thread with what its answers and calls wait for, which only the log has."""
    waiting = {m.id: m for m in thread.messages.values() if m.status == "streaming"}
    if not waiting:
        return thread
    for (logged,) in connection.execute(_WAITS, {"of": thread.id}):
        match event_from_json(logged, {}):
            case Retrying(identity, retry) if identity in waiting:
                waiting[identity] = replace(waiting[identity], retry=retry)
            case Asking(identity, consent) if identity in waiting:
                waiting[identity] = replace(waiting[identity], consent=consent)
    return thread.with_messages(waiting.values(), thread.head)


@cache
def _next(columns: tuple[str, ...]) -> Any:
    """Return the statement that gives a thread its next revision, and other columns anew."""
    return (
        update(threads)
        .where(threads.c.id == bindparam("of"))
        .values(
            revision=threads.c.revision + 1,
            updated=bindparam("now"),
            messages=threads.c.messages + bindparam("more_messages"),
            branches=threads.c.branches + bindparam("more_branches"),
            **{name: bindparam(f"new_{name}") for name in columns},
        )
        .returning(threads.c.revision)
    )


def advance(
    connection: Connection, thread: str, event: Event, more: More = NONE, **columns: Any
) -> int:
    """Give an event the thread's next revision, and return that.

    Args:
        connection: In the writing transaction.
        thread: The id of the thread.
        event: What happened.
        more: By how much the thread grew.
        **columns: What it makes of the thread's own fields.
    """
    values: dict[str, Any] = {
        "of": thread,
        "now": time.time(),
        "more_messages": more.messages,
        "more_branches": more.branches,
        **{f"new_{name}": value for name, value in columns.items()},
    }
    revision = int(connection.execute(_next(tuple(sorted(columns))), values).scalar_one())
    logged = {"thread": thread, "revision": revision, "event": event_to_json(event)}
    connection.execute(_LOG, logged)
    if revision > KEPT:
        connection.execute(
            delete(events).where(events.c.thread == thread, events.c.revision <= revision - KEPT)
        )
    return revision
