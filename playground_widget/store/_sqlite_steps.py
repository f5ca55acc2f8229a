"""How a file came to be as it is: numbered steps, each taken once and never changed afterwards.

A step is a list of statements. They are written out rather than made from `_schema.py`, since
that shows the present and a step belongs to its time.
"""

from __future__ import annotations

from sqlalchemy import Connection

__all__ = ["NEWEST", "migrate", "version"]

_STEPS: tuple[tuple[str, ...], ...] = (
    # 1: threads, messages, runs
    (
        """CREATE TABLE threads (
            id TEXT PRIMARY KEY, revision INTEGER NOT NULL, title TEXT NOT NULL,
            system TEXT NOT NULL, prompts TEXT NOT NULL, model TEXT NOT NULL,
            params TEXT NOT NULL, head TEXT, created REAL NOT NULL, updated REAL NOT NULL,
            pinned INTEGER NOT NULL DEFAULT 0, deleted REAL,
            messages INTEGER NOT NULL DEFAULT 0, branches INTEGER NOT NULL DEFAULT 1
        ) WITHOUT ROWID""",
        "CREATE INDEX threads_by_time ON threads (pinned DESC, updated DESC, id)",
        """CREATE TABLE messages (
            n INTEGER PRIMARY KEY, thread TEXT NOT NULL, id TEXT NOT NULL, parent TEXT,
            role TEXT NOT NULL, status TEXT NOT NULL, content INTEGER, facts TEXT NOT NULL
        )""",
        "CREATE UNIQUE INDEX messages_by_id ON messages (thread, id)",
        "CREATE INDEX messages_by_parent ON messages (thread, parent)",
        "CREATE INDEX messages_by_content ON messages (content)",
        "CREATE TABLE contents (n INTEGER PRIMARY KEY, hash BLOB NOT NULL, parts TEXT NOT NULL)",
        "CREATE UNIQUE INDEX contents_by_hash ON contents (hash)",
        "CREATE TABLE blobs (hash BLOB PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID",
        """CREATE TABLE runs (
            thread TEXT NOT NULL, message TEXT NOT NULL, owner TEXT NOT NULL,
            running INTEGER NOT NULL, lease REAL NOT NULL, request TEXT NOT NULL,
            PRIMARY KEY (thread, message)
        ) WITHOUT ROWID""",
        "CREATE INDEX runs_running ON runs (owner) WHERE running",
        """CREATE TABLE growth (
            n INTEGER PRIMARY KEY, thread TEXT NOT NULL, message TEXT NOT NULL,
            part INTEGER NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL,
            text TEXT NOT NULL, call TEXT, tokens INTEGER NOT NULL DEFAULT 0
        )""",
        "CREATE INDEX growth_by_message ON growth (thread, message)",
        """CREATE TABLE events (
            thread TEXT NOT NULL, revision INTEGER NOT NULL, event TEXT NOT NULL,
            PRIMARY KEY (thread, revision)
        ) WITHOUT ROWID""",
    ),
    # 2: full-text search. The index alone: what was found is read from `contents`.
    (
        """CREATE VIRTUAL TABLE search USING fts5 (
            words, content = '', prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
        )""",
        # Also of what has no words, so that each row of `contents` can be taken out again.
        """INSERT INTO search (rowid, words)
            SELECT n, coalesce((
                SELECT group_concat(json_extract(part.value, '$.text'), ' ')
                FROM json_each(contents.parts) AS part
            ), '') FROM contents""",
    ),
    # 3: what a service sent, word for word, of runs that are recorded
    (
        """CREATE TABLE raw (
            n INTEGER PRIMARY KEY, thread TEXT NOT NULL, message TEXT NOT NULL,
            at REAL NOT NULL, data BLOB NOT NULL
        )""",
        "CREATE INDEX raw_by_message ON raw (thread, message)",
    ),
    # 4: what one process asks of another, and what tells that the list of threads changed
    (
        """CREATE TABLE requests (
            n INTEGER PRIMARY KEY, thread TEXT NOT NULL, message TEXT NOT NULL,
            kind TEXT NOT NULL, created REAL NOT NULL
        )""",
        # Counted by triggers, so that no write can forget it. Text of answers is elsewhere.
        "CREATE TABLE changes (n INTEGER NOT NULL)",
        "INSERT INTO changes VALUES (0)",
        """CREATE TRIGGER threads_inserted AFTER INSERT ON threads
            BEGIN UPDATE changes SET n = n + 1; END""",
        """CREATE TRIGGER threads_updated AFTER UPDATE ON threads
            BEGIN UPDATE changes SET n = n + 1; END""",
        """CREATE TRIGGER threads_deleted AFTER DELETE ON threads
            BEGIN UPDATE changes SET n = n + 1; END""",
        # What runs is asked for at each look, as it is written here; an index for `WHERE running`
        # is not used for `running = 1`.
        "DROP INDEX runs_running",
        "CREATE INDEX runs_running ON runs (thread, message) WHERE running = 1",
    ),
    # 5: comparisons, and their cells
    (
        """CREATE TABLE comparisons (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, thread TEXT, created REAL NOT NULL,
            updated REAL NOT NULL, deleted REAL, plan TEXT NOT NULL, facts TEXT NOT NULL,
            status TEXT NOT NULL, owner TEXT NOT NULL, lease REAL NOT NULL
        ) WITHOUT ROWID""",
        """CREATE TABLE cells (
            comparison TEXT NOT NULL, row INTEGER NOT NULL, variant INTEGER NOT NULL,
            sample INTEGER NOT NULL, status TEXT NOT NULL, facts TEXT NOT NULL,
            PRIMARY KEY (comparison, row, variant, sample)
        ) WITHOUT ROWID""",
    ),
)

NEWEST = len(_STEPS)


def version(connection: Connection) -> int:
    """Return how many steps a database has taken."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def migrate(connection: Connection, to: int = NEWEST) -> None:
    """Take the steps that are missing, inside the caller's transaction.

    Args:
        connection: In a transaction that nobody else can write beside.
        to: The last step to take; less than `NEWEST` only to try the steps from there.
    """
    for number in range(version(connection) + 1, to + 1):
        for statement in _STEPS[number - 1]:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"PRAGMA user_version = {number}")
