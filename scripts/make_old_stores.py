"""Write a store as an older version left it, as SQL, into tests/fixtures/store/.

Run once for each version, before the migration that follows it is released: what is written is
frozen, and shows for ever that such files open. `python scripts/make_old_stores.py 2`
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy

from playground_widget.store._sqlite_steps import migrate

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "store"

PICTURE = bytes.fromhex("89504e470d0a1a0a0000000d49484452")
PICTURE_HASH = hashlib.sha256(PICTURE).digest()[:16]

CONTENTS: list[list[dict[str, Any]]] = [
    [{"type": "text", "text": "Which penguin is heaviest? Crème brûlée aside."}],
    [
        {"type": "reasoning", "text": "They ask about mass."},
        {"type": "text", "text": "The **Emperor** 🐧, by far."},
    ],
    [{"type": "tool_call", "id": "c1", "name": "weigh", "arguments": '{"of": "Emperor"}'}],
    [{"type": "image", "media_type": "image/png", "data": {"blob": PICTURE_HASH.hex()}}],
    [{"type": "text", "text": "What of the Gentoo?"}],
    [{"type": "text", "text": "A continued answer begins"}],
    [{"type": "text", "text": "An albatross, in a thread that was deleted."}],
]
PARAMS = {"temperature": 0.3, "extra": {"seed_of_service": 2**70}}
ANSWER = {
    "created": 1700000001.5,
    "model": "gpt-4.1-mini",
    "connection": "OpenAI",
    "params": PARAMS,
    "prompt": 1,
    "usage": {"input_tokens": 9, "output_tokens": 4, "cost": 0.0001},
    "timing": {"duration": 1.5, "first_token": 0.25},
    "finish_reason": "stop",
}
FAILED = {**ANSWER, "error": {"kind": "dropped", "title": "It ended", "detail": "", "actions": []}}
ASKED = {"created": 1700000000.25}
# Id, parent, role, status, content, facts. The last one was being written when its process ended.
MESSAGES = [
    ("u1", None, "user", "complete", 1, ASKED),
    ("a1", "u1", "assistant", "complete", 2, ANSWER),
    ("a2", "u1", "assistant", "failed", None, FAILED),
    ("a3", "u1", "assistant", "complete", 3, ANSWER),
    ("p1", "a1", "user", "complete", 4, ASKED),
    ("u2", "a1", "user", "complete", 5, ASKED),
    ("r1", "u2", "assistant", "streaming", 6, {**ANSWER, "continued": "a1"}),
]
GROWTH = [("r1", 0, 25, "text", " and goes on"), ("r1", 0, 37, "text", " for a while.")]
EVENTS = [
    {"added": ["u1"], "head": "u1"},
    {"changed": {"title": "Penguins"}},
    {"added": ["a1", "a2", "a3", "p1", "u2"], "head": "u2"},
    {"started": "r1", "head": "r1"},
]
PLAN = {
    "columns": ["input"],
    "rows": [{"input": "A lamp."}, {"input": "A box."}],
    "candidates": [
        {
            "name": "A",
            "system": "Is it good?",
            "model": "demo-fast",
            "connection": {"name": "demo", "base_url": "http://127.0.0.1:1/v1", "api": "chat"},
            "params": {"temperature": 0},
        }
    ],
    "samples": 1,
    "messages": [],
    "input": "input",
    "seed": None,
    "max_concurrency": 8,
    "max_cost": None,
}
OWNER = "another-host-of-old 1 1700000000.00 0011aabb"


def statements(version: int) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Give what fills the tables of a version."""
    prompts = json.dumps([{"text": "Be brief.", "created": 1700000000.0}])
    thread = "INSERT INTO threads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    times = (1699999999.0, 1700000002.0)
    own = ("Be brief.", prompts, "gpt-4.1-mini", json.dumps(PARAMS))
    yield thread, ("t1", 4, "Penguins", *own, "r1", *times, 1, None, 7, 4)
    yield thread, ("t2", 1, "Gone", *own, "d1", *times, 0, 4e9, 1, 1)
    for n, parts in enumerate(CONTENTS, start=1):
        packed = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
        named = hashlib.sha256(packed.encode()).digest()[:16]
        yield "INSERT INTO contents VALUES (?, ?, ?)", (n, named, packed)
    yield "INSERT INTO blobs VALUES (?, ?)", (PICTURE_HASH, PICTURE)
    message = "INSERT INTO messages VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)"
    for *columns, facts in MESSAGES:
        yield message, ("t1", *columns, json.dumps(facts))
    yield message, ("t2", "d1", None, "user", "complete", 7, json.dumps(ASKED))
    yield "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?)", ("t1", "r1", OWNER, 1, 1700000017.0, "{}")
    growth = "INSERT INTO growth VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)"
    for tokens, row in enumerate(GROWTH, start=1):
        yield growth, ("t1", *row, None, tokens)
    for revision, event in enumerate(EVENTS, start=1):
        yield "INSERT INTO events VALUES (?, ?, ?)", ("t1", revision, json.dumps(event))
    yield "INSERT INTO events VALUES (?, ?, ?)", ("t2", 1, '{"added": ["d1"], "head": "d1"}')
    if version > 1:
        for n, parts in enumerate(CONTENTS, start=1):
            words = " ".join(part.get("text", "") for part in parts)
            yield "INSERT INTO search (rowid, words) VALUES (?, ?)", (n, words)
    if version > 2:  # noqa: PLR2004 - the number of the step that made it
        yield "INSERT INTO raw VALUES (NULL, ?, ?, ?, ?)", ("t1", "a1", 1700000001.0, b"data: {}")
    if version > 3:  # noqa: PLR2004
        asked = ("t1", "r1", "stop", 1700000003.0)
        yield "INSERT INTO requests VALUES (NULL, ?, ?, ?, ?)", asked
        yield "INSERT INTO changes VALUES (?)", (7,)
    if version > 4:  # noqa: PLR2004
        yield from comparisons(times)


def comparisons(times: tuple[float, float]) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Give what fills the tables of comparisons: one that was left running, one long deleted."""
    comparison = "INSERT INTO comparisons VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    kept = (json.dumps(PLAN), json.dumps({"picks": {"0": 0}}))
    yield comparison, ("x1", "Reviews", "t1", *times, None, *kept, "running", OWNER, 1.0)
    yield comparison, ("x2", "Gone", None, *times, 1.0, *kept, "complete", "", 0.0)
    for name in ("x1", "x2"):
        row = (name, 0, 0, 0, "complete", json.dumps({"output": "Good", "scores": {}}))
        yield "INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?)", row


def written(connection: sqlalchemy.Connection, version: int) -> Iterator[str]:
    """Give the SQL that makes a store of a version, as the migrations made it."""
    # The tables inside a full-text index come with it.
    made = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'search\\_%' "
        "ESCAPE '\\' ORDER BY rowid"
    )
    yield from (f"{sql};" for (sql,) in made)
    for statement, values in statements(version):
        quoted = [connection.exec_driver_sql("SELECT quote(?)", (v,)).scalar_one() for v in values]
        yield statement.replace("?", "%s") % tuple(quoted) + ";"
    yield f"PRAGMA user_version = {version};"


def main(version: int) -> None:
    """Write the store of a version."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    engine = sqlalchemy.create_engine("sqlite://")
    with engine.begin() as connection:
        migrate(connection, to=version)
        target = FOLDER / f"v{version}.sql"
        target.write_text("\n".join(written(connection, version)) + "\n", encoding="utf-8")
    print(f"{target} holds a store of version {version}.")


if __name__ == "__main__":
    main(int(sys.argv[1]))
