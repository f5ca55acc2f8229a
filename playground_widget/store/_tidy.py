"""What is done when a database is opened: abandoned runs end, and what is long deleted goes."""

from __future__ import annotations

import time

from sqlalchemy import Connection, delete, select

from playground_widget.store import _comparisons
from playground_widget.store._asks import forget_old
from playground_widget.store._dialect import dialect_of
from playground_widget.store._runs import abandoned, fold
from playground_widget.store._schema import (
    blobs,
    contents,
    events,
    growth,
    messages,
    raw,
    requests,
    runs,
    threads,
)
from playground_widget.store._values import blobs_in_facts, blobs_named, words_in

__all__ = ["KEPT_DELETED", "tidy"]

KEPT_DELETED = 30 * 24 * 3600.0
"""Seconds for which a deleted thread can be brought back."""


def tidy(connection: Connection) -> None:
    """Put away what was left running, and forget for good what was deleted long ago."""
    fold(connection, abandoned(connection))
    forget_old(connection)
    before = time.time() - KEPT_DELETED
    _comparisons.forget(connection, before)
    old = select(threads.c.id).where(threads.c.deleted < before)
    gone = list(connection.execute(old).scalars())
    for thread in gone:
        for table in (messages, runs, growth, events, raw, requests):
            connection.execute(delete(table).where(table.c.thread == thread))
        connection.execute(delete(threads).where(threads.c.id == thread))
    if gone:
        _forget_unused(connection)


def _forget_unused(connection: Connection) -> None:
    unused = select(contents).where(
        ~select(messages.c.n).where(messages.c.content == contents.c.n).exists()
    )
    for row in list(connection.execute(unused)):
        dialect_of(connection).take_words(connection, row.n, words_in(row.parts))
        connection.execute(delete(contents).where(contents.c.n == row.n))
    used = {name for parts in connection.scalars(_WITH_PICTURES) for name in blobs_named(parts)}
    used |= {name for facts in connection.scalars(_WITH_VALUES) for name in blobs_in_facts(facts)}
    for name in set(connection.scalars(select(blobs.c.hash))) - used:
        connection.execute(delete(blobs).where(blobs.c.hash == name))


_WITH_VALUES = select(messages.c.facts).where(messages.c.facts.contains('{"blob":'))
_WITH_PICTURES = select(contents.c.parts).where(contents.c.parts.contains('{"blob":'))
