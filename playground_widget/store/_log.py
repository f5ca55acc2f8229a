"""The log of structural changes: what makes a write refuse what has become stale."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from playground_widget.errors import NotFoundError
from playground_widget.events import Event
from playground_widget.store._rows import read_messages
from playground_widget.store._schema import events, threads
from playground_widget.store._values import event_from_json, event_to_json, messages_named

__all__ = ["Stale", "advance", "row_of", "since"]

KEPT = 1000
"""How many changes of a thread are remembered; who is further behind reads it whole."""


class Stale(Exception):  # noqa: N818 - not an error: it tells what to catch up with
    """The thread has another revision than the writer knew; nothing was written.

    Args:
        changes: What happened since, each with its revision; `None` when that is too much.
    """

    def __init__(self, changes: list[tuple[int, Event]] | None) -> None:
        """Hold what happened."""
        super().__init__("the thread was changed meanwhile")
        self.changes = changes


def row_of(connection: Connection, thread: str) -> Any:
    """Return the row of a thread.

    Raises:
        NotFoundError: It is not there, or was deleted.
    """
    row = connection.execute(select(threads).where(threads.c.id == thread)).one_or_none()
    if row is None or row.deleted is not None:
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


def advance(connection: Connection, thread: str, event: Event, **columns: Any) -> int:
    """Give an event the thread's next revision, and return that.

    Args:
        connection: In the writing transaction.
        thread: The id of the thread.
        event: What happened.
        **columns: What it makes of the thread's own fields.
    """
    query = (
        update(threads)
        .where(threads.c.id == thread)
        .values(revision=threads.c.revision + 1, updated=time.time(), **columns)
        .returning(threads.c.revision)
    )
    revision = int(connection.execute(query).scalar_one())
    connection.execute(
        insert(events), {"thread": thread, "revision": revision, "event": event_to_json(event)}
    )
    if revision > KEPT:
        connection.execute(
            delete(events).where(events.c.thread == thread, events.c.revision <= revision - KEPT)
        )
    return revision
