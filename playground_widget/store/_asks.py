"""What one process asks of a run that another one writes.

To stop, not to wait any longer before it asks again, or to make a call or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from sqlalchemy import Connection, bindparam, delete, exists, insert, or_, select

from playground_widget.store._dialect import dialect_of
from playground_widget.store._owner import owner
from playground_widget.store._runs import abandoned, fold
from playground_widget.store._schema import requests, runs

__all__ = ["AskKind", "Asked", "ask", "asked", "forget_old", "take"]

AskKind = Literal["stop", "hurry", "allow", "always", "deny"]

OLD = 60.0
"""Seconds after which nobody will take a request any more."""


class Asked(NamedTuple):
    """What is asked of a run of this process.

    Args:
        n: Its number, which comes again once it was deleted.
        created: Seconds since the epoch.
        thread: The id of the thread.
        message: The id of the answer, or of the call of a tool.
        kind: To end it; to end its wait; or to make a call, this one or each, or to make it not.
    """

    n: int
    created: float
    thread: str
    message: str
    kind: AskKind


def ask(connection: Connection, thread: str, message: str, kind: AskKind, *, note: bool) -> bool:
    """Return whether something can be asked of a run, that is, whether it runs.

    A run whose process has ended is put away, and so runs no more.

    Args:
        connection: In the writing transaction.
        thread: The id of the thread.
        message: The id of the answer.
        kind: What is asked.
        note: Leave a request for whoever writes it.
    """
    forget_old(connection)
    query = select(runs.c.owner).where(
        runs.c.thread == thread, runs.c.message == message, runs.c.running
    )
    if connection.execute(query).scalar() is None:
        return False
    if (thread, message) in abandoned(connection, thread):
        fold(connection, [(thread, message)])
        return False
    if note:
        now = dialect_of(connection).now(connection)
        row = {"thread": thread, "message": message, "kind": kind, "created": now}
        connection.execute(insert(requests), row)
    return True


_ASKED = (
    select(
        requests.c.n,
        requests.c.created,
        requests.c.thread,
        requests.c.message,
        requests.c.kind,
    )
    .join(runs, (runs.c.thread == requests.c.thread) & (runs.c.message == requests.c.message))
    .where(runs.c.owner == bindparam("by"), runs.c.running)
    .order_by(requests.c.n)
)


def asked(connection: Connection) -> list[Asked]:
    """Return what is asked of runs of this process."""
    return [Asked(*row) for row in connection.execute(_ASKED, {"by": owner()})]


def take(connection: Connection, taken: Iterable[Asked]) -> None:
    """Delete requests that were heard."""
    for each in taken:
        connection.execute(
            delete(requests).where(requests.c.n == each.n, requests.c.created == each.created)
        )


def forget_old(connection: Connection) -> None:
    """Delete the requests that nobody will take: old ones, and of runs that have ended."""
    running = exists().where(
        runs.c.thread == requests.c.thread, runs.c.message == requests.c.message, runs.c.running
    )
    connection.execute(
        delete(requests).where(
            or_(requests.c.created < dialect_of(connection).now(connection) - OLD, ~running)
        )
    )
