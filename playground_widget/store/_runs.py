"""Running answers: their growing text, their leases, and what becomes of abandoned ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from playground_widget.events import Delta, Finished
from playground_widget.model import Message
from playground_widget.store._dialect import dialect_of
from playground_widget.store._log import advance
from playground_widget.store._owner import LEASE, is_alive, owner
from playground_widget.store._rows import read_messages, update_message
from playground_widget.store._schema import growth, messages, raw, runs
from playground_widget.store._values import request_of

__all__ = [
    "Grown",
    "Recorded",
    "RunInfo",
    "abandoned",
    "begin",
    "end",
    "fold",
    "joined",
    "listed",
    "pour",
    "renew",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """An answer that was asked for.

    Args:
        thread: The id of its thread.
        message: Its id.
        running: Whether it is being written.
        ours: Whether this process writes it, or wrote it.
        request: What it was asked with; the rest is in its thread.
    """

    thread: str
    message: str
    running: bool
    ours: bool
    request: dict[str, Any]


class Grown(NamedTuple):
    """Text of a running answer that is to be written.

    Args:
        thread: The id of its thread.
        delta: The text, and where it belongs.
    """

    thread: str
    delta: Delta


class Recorded(NamedTuple):
    """A piece of what a service sent, word for word.

    Args:
        thread: The id of the thread.
        message: The id of the answer.
        at: Seconds since the epoch.
        data: What was sent.
    """

    thread: str
    message: str
    at: float
    data: bytes


def listed(
    connection: Connection, thread: str | None, running: bool | None, limit: int
) -> list[RunInfo]:
    """Return answers that were asked for, as `Store.runs` does."""
    query = (
        select(runs)
        .join(messages, (messages.c.thread == runs.c.thread) & (messages.c.id == runs.c.message))
        .order_by(messages.c.n.desc())
        .limit(limit)
    )
    if thread is not None:
        query = query.where(runs.c.thread == thread)
    if running is not None:
        query = query.where(runs.c.running if running else ~runs.c.running)
    return [
        RunInfo(
            thread=row.thread,
            message=row.message,
            running=row.running,
            ours=row.owner == owner(),
            request=json.loads(row.request),
        )
        for row in connection.execute(query)
    ]


_OURS = select(runs.c.thread, runs.c.message).where(
    runs.c.running, runs.c.owner == bindparam("name")
)


def begin(connection: Connection, thread: str, message: Message) -> None:
    """Note that this process writes an answer."""
    connection.execute(
        insert(runs),
        {
            "thread": thread,
            "message": message.id,
            "owner": owner(),
            "running": True,
            "lease": dialect_of(connection).now(connection) + LEASE,
            "request": request_of(message),
        },
    )


def _is_ours(connection: Connection, thread: str, message: str) -> bool:
    query = select(runs.c.owner).where(
        runs.c.thread == thread, runs.c.message == message, runs.c.running
    )
    return connection.execute(query).scalar() == owner()


def end(connection: Connection, thread: str, message: str) -> bool:
    """Note that an answer has ended; return whether it was still this process's to write."""
    if not _is_ours(connection, thread, message):
        return False
    connection.execute(
        update(runs).where(runs.c.thread == thread, runs.c.message == message).values(running=False)
    )
    return True


def renew(connection: Connection) -> None:
    """Say that this process still writes its runs."""
    connection.execute(
        update(runs)
        .where(runs.c.owner == owner(), runs.c.running)
        .values(lease=dialect_of(connection).now(connection) + LEASE)
    )


def joined(text: Iterable[Grown]) -> list[Grown]:
    """Return text with what follows each other in one part made one piece."""
    pieces: dict[tuple[str, str, int], list[Delta]] = {}
    for thread, delta in text:
        pieces.setdefault((thread, delta.message, delta.part), []).append(delta)
    made: list[Grown] = []
    for (thread, *_), deltas in pieces.items():
        whole = "".join([delta.text for delta in deltas])
        made.append(Grown(thread, replace(deltas[0], text=whole, tokens=deltas[-1].tokens)))
    return made


def pour(connection: Connection, text: Sequence[Grown | Recorded]) -> None:
    """Write text of running answers, if they are still this process's to write.

    A process that was asleep for longer than its lease may find that another one has put its run
    away; what it has to say about it then is said when the run ends.
    """
    grown = joined(each for each in text if isinstance(each, Grown))
    ours: set[tuple[str, str]] = set()
    if grown:
        found = connection.execute(_OURS, {"name": owner()})
        ours = {(row.thread, row.message) for row in found}
    rows: list[dict[str, Any]] = [
        {
            "thread": thread,
            "message": delta.message,
            "part": delta.part,
            "position": delta.offset,
            "kind": delta.kind,
            "text": delta.text,
            "call": json.dumps(delta.call) if delta.call else None,
            "tokens": delta.tokens,
        }
        for thread, delta in grown
        if (thread, delta.message) in ours
    ]
    if rows:
        connection.execute(insert(growth), rows)
    recorded = [each._asdict() for each in text if isinstance(each, Recorded)]
    if recorded:
        connection.execute(insert(raw), recorded)


def abandoned(connection: Connection, thread: str | None = None) -> list[tuple[str, str]]:
    """Return thread and message of each run whose process no longer writes it."""
    query = select(runs).where(runs.c.running)
    if thread is not None:
        query = query.where(runs.c.thread == thread)
    rows = list(connection.execute(query))
    if not rows:
        return []
    now = dialect_of(connection).now(connection)
    found: list[tuple[str, str]] = []
    alive: dict[str, bool | None] = {}
    for row in rows:
        if row.owner not in alive:
            alive[row.owner] = is_alive(row.owner)
        known = alive[row.owner]
        if known is False or (known is None and row.lease < now):
            found.append((row.thread, row.message))
    return found


def fold(connection: Connection, found: Iterable[tuple[str, str]]) -> None:
    """Put abandoned answers away, with the text that was written, as interrupted."""
    for thread, identity in found:
        # Another process may have been faster.
        still = connection.execute(
            update(runs)
            .where(runs.c.thread == thread, runs.c.message == identity, runs.c.running)
            .values(running=False)
        )
        message = read_messages(connection, thread, [identity]).get(identity)
        if still.rowcount and message is not None and message.status == "streaming":
            ended = replace(message, status="interrupted", retry=None, consent=None)
            update_message(connection, thread, ended)
            advance(connection, thread, Finished(ended))
