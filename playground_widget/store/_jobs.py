"""What the writing thread does: each function returns a job for it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection, insert, update

from playground_widget.errors import NotFoundError
from playground_widget.events import (
    Added,
    Asking,
    Changed,
    Event,
    Finished,
    Retrying,
    Selected,
    Started,
)
from playground_widget.model import Message, Thread
from playground_widget.store import _runs
from playground_widget.store._dialect import dialect_of
from playground_widget.store._log import Stale, advance, row_of, since
from playground_widget.store._rows import NONE, put_messages, thread_row, update_message
from playground_widget.store._schema import threads
from playground_widget.store._writer import Job

__all__ = ["Ended", "commit", "create", "delete", "finish", "fold_in", "pin", "rename", "restore"]


class Ended(NamedTuple):
    """What became of the end of a run.

    Args:
        revision: Of the event that ended it.
        changes: What others did to the thread since the revision that the caller knew, or `None`
            when that is too much; the last one is the end itself.
        ours: Whether the run was still this process's: when not, another process took it for
            abandoned and put it away, and the answer became a version beside that.
    """

    revision: int
    changes: list[tuple[int, Event]] | None
    ours: bool


def create(thread: Thread, revision: int) -> Job[None]:
    """Store a new thread with its messages."""

    def job(connection: Connection) -> None:
        row = {
            "id": thread.id,
            "revision": revision,
            "created": thread.created,
            "updated": time.time(),
            "pinned": False,
            **thread_row(thread),
        }
        more = put_messages(connection, thread.id, tuple(thread.messages.values()))
        row |= {"messages": more.messages, "branches": 1 + more.branches}
        connection.execute(insert(threads), row)
        dialect_of(connection).put_title(connection, thread.id, thread.title)

    return job


def commit(thread: str, expected: int, event: Event) -> Job[int]:
    """Write a structural change of a thread that still has the expected revision."""

    def job(connection: Connection) -> int:
        row = row_of(connection, thread)
        if row.revision != expected:
            raise Stale(since(connection, thread, expected))
        return _apply(connection, thread, event)

    return job


def finish(thread: str, expected: int, message: Message, beside: str) -> Job[Ended]:
    """Write the end of a run, as `Store.finish` says."""

    def job(connection: Connection) -> Ended:
        row = row_of(connection, thread, deleted=True)
        ours = _runs.end(connection, thread, message.id)
        if ours:
            update_message(connection, thread, message)
            now = advance(connection, thread, Finished(message))
        else:
            head = beside if row.head == message.id else row.head
            now = _apply(connection, thread, Added((replace(message, id=beside),), head))
        return Ended(now, since(connection, thread, expected), ours)

    return job


def rename(thread: str, title: str) -> Job[int]:
    """Give a thread another title."""

    def job(connection: Connection) -> int:
        row_of(connection, thread)
        return _apply(connection, thread, Changed({"title": title}))

    return job


def pin(thread: str, pinned: bool) -> Job[None]:
    """Have a thread stand first in the list, or not."""

    def job(connection: Connection) -> None:
        row_of(connection, thread)
        connection.execute(update(threads).where(threads.c.id == thread).values(pinned=pinned))

    return job


def delete(thread: str) -> Job[None]:
    """Take a thread out of the list."""

    def job(connection: Connection) -> None:
        row_of(connection, thread)
        connection.execute(
            update(threads).where(threads.c.id == thread).values(deleted=time.time())
        )

    return job


def restore(thread: str) -> Job[None]:
    """Bring a deleted thread back."""

    def job(connection: Connection) -> None:
        back = update(threads).where(threads.c.id == thread).values(deleted=None)
        if not connection.execute(back).rowcount:
            raise NotFoundError("This thread was deleted for good: it can't be brought back.")

    return job


def fold_in(thread: str) -> Job[None]:
    """Put away what processes that have ended left running in a thread."""

    def job(connection: Connection) -> None:
        _runs.fold(connection, _runs.abandoned(connection, thread))

    return job


def _apply(connection: Connection, thread: str, event: Event) -> int:
    """Write what an event makes of a thread, and return its revision."""
    more = NONE
    columns: dict[str, object] = {}
    match event:
        case Added(made, head):
            more = put_messages(connection, thread, made)
            columns["head"] = head
        case Started(message, head):
            more = put_messages(connection, thread, (message,))
            _runs.begin(connection, thread, message)
            columns["head"] = head
        case Selected(head):
            columns["head"] = head
        case Changed(changes):
            row = thread_row(Thread(id=thread, **changes))
            columns = {name: row[name] for name in changes}
            if "title" in changes:
                dialect_of(connection).put_title(connection, thread, row["title"])
        case Retrying() | Asking() | Finished():
            pass
    return advance(connection, thread, event, more, **columns)
