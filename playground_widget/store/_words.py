"""The words of a text as SQLite's full-text index has them, for databases that have another one.

SQLite's own tokenizer tells them, so that a search finds the same wherever threads are kept.
"""

from __future__ import annotations

import sqlite3
import threading

__all__ = ["TOKENIZER", "tokens"]

TOKENIZER = "unicode61 remove_diacritics 2"
"""As the second migration of SQLite has it."""

_local = threading.local()


def _tables() -> sqlite3.Connection:
    """Return a connection of this thread with an index that is never filled."""
    found: sqlite3.Connection | None = getattr(_local, "connection", None)
    if found is None:
        found = sqlite3.connect(":memory:", isolation_level=None)
        found.execute(
            f"CREATE VIRTUAL TABLE said USING fts5 (t, content = '', tokenize = '{TOKENIZER}')"
        )
        found.execute("CREATE VIRTUAL TABLE words USING fts5vocab (said, 'row')")
        _local.connection = found
    return found


def tokens(text: str) -> list[str]:
    """Return the words of a text, each once, sorted.

    Example:
        >>> tokens("Crème BRÛLÉE, crème fraîche")
        ['brulee', 'creme', 'fraiche']
    """
    tables = _tables()
    tables.execute("BEGIN")
    try:
        tables.execute("INSERT INTO said (rowid, t) VALUES (1, ?)", (text,))
        return [term for (term,) in tables.execute("SELECT term FROM words")]
    finally:
        tables.execute("ROLLBACK")
