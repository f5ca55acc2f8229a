"""What SQLite and PostgreSQL say differently, asked for by a connection.

How a database is opened is in `_sqlite_file.py` and `_postgres.py`; this is about what is said to
one that is open.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    func,
    insert,
    literal_column,
    text,
)
from sqlalchemy.dialects import sqlite

from playground_widget.store._schema import search, threads
from playground_widget.store._values import plain
from playground_widget.store._words import tokens

__all__ = ["Dialect", "dialect_of"]


class Dialect(Protocol):
    """What differs."""

    def now(self, connection: Connection) -> float:
        """Return the time by which leases run, in seconds since the epoch."""
        ...

    def add_once(self, table: Table) -> Any:
        """Return a statement that inserts rows that are not there."""
        ...

    def put_words(self, connection: Connection, said: Sequence[tuple[int, str]]) -> None:
        """Have contents found by their words.

        Args:
            connection: In the writing transaction.
            said: The number of each content, and what it says.
        """

    def take_words(self, connection: Connection, n: int, said: str) -> None:
        """Have a content found no more."""

    def find(self, connection: Connection, words: Sequence[str], most: int) -> list[int]:
        """Return the contents in which all words begin words, the newest first."""
        ...

    def put_title(self, connection: Connection, thread: str, title: str) -> None:
        """Have a thread found by its title."""

    def has_title(self, word: str) -> ColumnElement[bool]:
        """Return the condition on a thread to have a word somewhere in its title."""
        ...


class _Sqlite:
    """One host has the file, and so one clock. A title is compared by a function of Python."""

    def now(self, _: Connection) -> float:
        return time.time()

    def add_once(self, table: Table) -> Any:
        return sqlite.insert(table).on_conflict_do_nothing()

    def put_words(self, connection: Connection, said: Sequence[tuple[int, str]]) -> None:
        connection.execute(_PUT_WORDS, [{"rowid": n, "words": words} for n, words in said])

    def take_words(self, connection: Connection, n: int, said: str) -> None:
        # An index without the words has to be told which ones to take out.
        connection.execute(
            text("INSERT INTO search (search, rowid, words) VALUES ('delete', :n, :words)"),
            {"n": n, "words": said},
        )

    def find(self, connection: Connection, words: Sequence[str], most: int) -> list[int]:
        match = " ".join(f'"{word}"*' for word in words)
        hits = connection.execute(
            text(
                "SELECT rowid FROM search WHERE search MATCH :match ORDER BY rowid DESC LIMIT :most"
            ),
            {"match": match, "most": most},
        )
        return list(hits.scalars())

    def put_title(self, connection: Connection, thread: str, title: str) -> None:
        pass

    def has_title(self, word: str) -> ColumnElement[bool]:
        return func.instr(func.plain(threads.c.title), plain(word)) > 0


_PUT_WORDS = insert(search)

LONGEST = 500
"""Characters of a word that count on PostgreSQL, which takes up to 2046 bytes."""

AT_ONCE = 600_000
"""Bytes of words in one row of the index there, which takes up to 1 MiB."""


class _Postgres:
    """Hosts share the database, and its clock. Words come from SQLite's tokenizer."""

    def now(self, connection: Connection) -> float:
        return float(connection.execute(_CLOCK).scalar_one())

    def add_once(self, table: Table) -> Any:
        # It takes as long to load as half of the store, and few need it.
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415

        return postgresql.insert(table).on_conflict_do_nothing()

    def put_words(self, connection: Connection, said: Sequence[tuple[int, str]]) -> None:
        rows = [{"n": n, "words": some} for n, words in said for some in _rows(tokens(words))]
        if rows:
            connection.execute(_PUT_VECTOR, rows)

    def take_words(self, connection: Connection, n: int, said: str) -> None:  # noqa: ARG002
        connection.execute(text("DELETE FROM search WHERE n = :n"), {"n": n})

    def find(self, connection: Connection, words: Sequence[str], most: int) -> list[int]:
        begins = [token[:LONGEST] for word in words for token in tokens(word)]
        if not begins:
            return []
        # Each word by itself: the words of a very long text are in several rows.
        hits = " INTERSECT ".join(
            f"SELECT n FROM search WHERE words @@ CAST(:w{n} AS tsquery)"  # noqa: S608 - numbers
            for n in range(len(begins))
        )
        given = {f"w{n}": _prefix(word) for n, word in enumerate(begins)}
        query = text(f"{hits} ORDER BY n DESC LIMIT :most")
        return list(connection.execute(query, {**given, "most": most}).scalars())

    def put_title(self, connection: Connection, thread: str, title: str) -> None:
        connection.execute(_PUT_TITLE, {"id": thread, "title": plain(title)})

    def has_title(self, word: str) -> ColumnElement[bool]:
        return func.strpos(literal_column("threads.plain_title"), plain(word)) > 0


_CLOCK = text("SELECT extract(epoch FROM clock_timestamp())")
_PUT_VECTOR = text(
    "INSERT INTO search (n, words) VALUES (:n, array_to_tsvector(CAST(:words AS text[])))"
)
_PUT_TITLE = text("UPDATE threads SET plain_title = :title WHERE id = :id")


def _rows(words: Sequence[str]) -> Iterator[list[str]]:
    """Give words in as many lists as it takes for each to be short enough."""
    some: list[str] = []
    size = 0
    for word in words:
        some.append(word[:LONGEST])
        size += len(some[-1].encode())
        if size > AT_ONCE:
            yield some
            some, size = [], 0
    if some:
        yield some


def _prefix(word: str) -> str:
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}':*"


_DIALECTS: dict[str, Dialect] = {"sqlite": _Sqlite(), "postgresql": _Postgres()}


def dialect_of(connection: Connection) -> Dialect:
    """Return how a connection's database is spoken to."""
    return _DIALECTS[connection.dialect.name]
