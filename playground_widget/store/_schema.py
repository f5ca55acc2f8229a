"""The tables, as the queries see them. How a database comes to have them: `_sqlite_steps.py`.

A message is a row; what it says is a row of `contents`, found by its hash, so that a prefix that
two paths or two threads share is stored once. A running answer grows in `growth` and is folded
into its message at the end. `events` is the log of structural changes by revision: it tells a
process what another one did. `requests` is what one process asks of another; the one row of
`changes` counts what was done to `threads`. A comparison is a row of `comparisons`, and each of its
answers becomes a row of `cells` when it ends.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

__all__ = [
    "blobs",
    "cells",
    "changes",
    "comparisons",
    "contents",
    "events",
    "growth",
    "messages",
    "raw",
    "requests",
    "runs",
    "search",
    "threads",
]

metadata = MetaData()

threads = Table(
    "threads",
    metadata,
    Column("id", String, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("prompts", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("params", Text, nullable=False),
    Column("head", String),
    Column("created", Float, nullable=False),
    Column("updated", Float, nullable=False),
    Column("pinned", Boolean, nullable=False),
    Column("deleted", Float),
    Column("messages", Integer, nullable=False),
    Column("branches", Integer, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("n", BigInteger, primary_key=True),
    Column("thread", String, nullable=False),
    Column("id", String, nullable=False),
    Column("parent", String),
    Column("role", String, nullable=False),
    Column("status", String, nullable=False),
    Column("content", BigInteger),
    Column("facts", Text, nullable=False),
)

contents = Table(
    "contents",
    metadata,
    Column("n", BigInteger, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
    Column("parts", Text, nullable=False),
)

blobs = Table(
    "blobs",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("thread", String, primary_key=True),
    Column("message", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("running", Boolean, nullable=False),
    Column("lease", Float, nullable=False),
    Column("request", Text, nullable=False),
)

growth = Table(
    "growth",
    metadata,
    Column("n", BigInteger, primary_key=True),
    Column("thread", String, nullable=False),
    Column("message", String, nullable=False),
    Column("part", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("call", Text),
    Column("tokens", Integer, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("thread", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("event", Text, nullable=False),
)

search = Table(
    "search", metadata, Column("rowid", BigInteger, primary_key=True), Column("words", Text)
)

raw = Table(
    "raw",
    metadata,
    Column("n", BigInteger, primary_key=True),
    Column("thread", String, nullable=False),
    Column("message", String, nullable=False),
    Column("at", Float, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("n", BigInteger, primary_key=True),
    Column("thread", String, nullable=False),
    Column("message", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("created", Float, nullable=False),
)

changes = Table("changes", metadata, Column("n", BigInteger, nullable=False))

comparisons = Table(
    "comparisons",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("thread", String),
    Column("created", Float, nullable=False),
    Column("updated", Float, nullable=False),
    Column("deleted", Float),
    Column("plan", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("status", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("lease", Float, nullable=False),
)

cells = Table(
    "cells",
    metadata,
    Column("comparison", String, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("variant", Integer, primary_key=True),
    Column("sample", Integer, primary_key=True),
    Column("status", String, nullable=False),
    Column("facts", Text, nullable=False),
)
