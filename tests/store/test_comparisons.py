"""Comparisons in the store: written once, run by one process at a time, found again."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update

from playground_widget import ConflictError, NotFoundError
from playground_widget.store import Store, StoredCell
from playground_widget.store._owner import owner
from playground_widget.store._schema import comparisons as table

from .test_opening import OLD, make_old

OpenStore = Callable[..., Store]

PLAN = {"rows": [1, 2], "text": "Crème \x00 \ud83d 🐧"}


def cell(row: int, status: str = "complete", **facts: object) -> StoredCell:
    return StoredCell(row, 0, 0, status, facts)


def begin(store: Store, comparison: str = "c1", name: str | None = "Reviews") -> str:
    return store.comparisons.create(comparison, name, "t1", PLAN, {"scorers": []}).result()


def give_to(store: Store, other: str) -> None:
    """Have a comparison belong to another process, with a lease that has ended."""
    changed = update(table).values(owner=other, lease=1.0)
    store._writer.submit(lambda connection: connection.execute(changed)).result()


def ended_process() -> str:
    """Return the name of a process that is no more."""
    program = "from playground_widget.store._owner import owner; print(owner())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_what_was_written_is_there_for_another_process(store: Store, open_store: OpenStore) -> None:
    begin(store)
    store.comparisons.put("c1", [cell(1, output="b"), cell(0, output="a")]).result()
    store.comparisons.put("c1", [cell(1, "failed", output="c")]).result()
    found = open_store().comparisons.load("c1")
    assert found.plan == PLAN
    assert found.facts == {"scorers": []}
    assert sorted(found.cells) == [cell(0, output="a"), cell(1, "failed", output="c")]
    assert (found.info.name, found.info.thread, found.info.cells) == ("Reviews", "t1", 2)


def test_one_without_a_name_gets_a_number(store: Store) -> None:
    assert begin(store, "c1", None) == "Comparison 1"
    assert begin(store, "c2", None) == "Comparison 2"


def test_it_is_found_by_its_id_and_by_its_name_the_newest_first(store: Store) -> None:
    begin(store, "c1")
    begin(store, "c2")
    assert store.comparisons.find("Reviews") == "c2"
    assert store.comparisons.find("c1") == "c1"
    assert store.comparisons.find("Nothing") is None


def test_the_list_shows_the_one_changed_last_first(store: Store) -> None:
    begin(store, "c1", "One")
    begin(store, "c2", "Two")
    store.comparisons.rename("c1", "Uno").result()
    store.comparisons.put("c1", [cell(0)]).result()
    assert [(info.name, info.cells) for info in store.comparisons.all()] == [
        ("Uno", 1),
        ("Two", 0),
    ]


def test_a_deleted_one_is_gone_until_it_is_brought_back(store: Store) -> None:
    begin(store)
    store.comparisons.delete("c1").result()
    assert store.comparisons.all() == ()
    assert store.comparisons.find("Reviews") is None
    with pytest.raises(NotFoundError, match="was deleted"):
        store.comparisons.load("c1")
    store.comparisons.restore("c1").result()
    assert store.comparisons.load("c1").info.name == "Reviews"


def test_an_unknown_one_is_not_found(store: Store) -> None:
    for ask in (
        lambda: store.comparisons.load("c9"),
        lambda: store.comparisons.take("c9", PLAN).result(),
        lambda: store.comparisons.put("c9", [cell(0)]).result(),
        lambda: store.comparisons.rename("c9", "x").result(),
    ):
        with pytest.raises(NotFoundError, match="no comparison 'c9'"):
            ask()


def test_facts_are_added_to_those_that_are_there(store: Store) -> None:
    begin(store)
    store.comparisons.note("c1", picks={"0": 1}).result()
    store.comparisons.end("c1", "paused", reason="cost").result()
    found = store.comparisons.load("c1")
    assert found.facts == {"scorers": [], "picks": {"0": 1}, "reason": "cost"}
    assert found.info.status == "paused"


def test_what_another_process_runs_is_not_taken(store: Store, open_store: OpenStore) -> None:
    begin(store)
    living = owner().replace(owner()[-8:], "00000000")
    give_to(store, living)
    other = open_store()
    assert other.comparisons.load("c1").info.status == "running"
    with pytest.raises(ConflictError, match="by another process"):
        other.comparisons.take("c1", PLAN).result()
    with pytest.raises(ConflictError, match="is running"):
        other.comparisons.score("c1", [cell(0)]).result()


@pytest.mark.parametrize("from_elsewhere", [False, True], ids=["same-host", "other-host"])
def test_what_a_process_left_is_interrupted_and_can_be_taken(
    store: Store, *, from_elsewhere: bool
) -> None:
    begin(store)
    store.comparisons.put("c1", [cell(0, output="a")]).result()
    give_to(store, "another-host 1 1.00 00000000" if from_elsewhere else ended_process())
    assert store.comparisons.load("c1").info.status == "interrupted"
    store.comparisons.take("c1", PLAN).result()
    found = store.comparisons.load("c1")
    assert found.info.status == "running"
    assert found.cells == (cell(0, output="a"),)


def test_a_process_that_was_overtaken_writes_nothing_more(store: Store) -> None:
    begin(store)
    give_to(store, "another-host 1 1.00 00000000")
    with pytest.raises(ConflictError, match="no longer run here"):
        store.comparisons.put("c1", [cell(0)]).result()
    store.comparisons.end("c1", "complete").result()
    found = store.comparisons.load("c1")
    assert (found.cells, found.info.status) == ((), "interrupted")


def test_the_lease_is_renewed_while_it_runs_and_not_longer(store: Store) -> None:
    begin(store)
    assert store._writer._next_tick is not None
    store._writer.submit(lambda c: c.execute(update(table).values(lease=1.0))).result()
    store._writer.submit(store._writer._tick).result()
    read = table.select()
    lease = store._writer.submit(lambda c: c.execute(read).one().lease).result()
    assert lease > 1.0
    store.comparisons.end("c1", "complete").result()
    assert store._writer._next_tick is None


def test_an_old_file_keeps_its_comparisons(path: Path, open_store: OpenStore) -> None:
    make_old(path, next(file for file in OLD if file.stem == "v5"))
    store = open_store()
    (info,) = store.comparisons.all()
    assert (info.name, info.status, info.cells) == ("Reviews", "interrupted", 1)
    found = store.comparisons.load("x1")
    assert found.plan["rows"] == [{"input": "A lamp."}, {"input": "A box."}]
    assert found.facts == {"picks": {"0": 0}}
    store.close()
    # What was deleted long ago is gone for good.
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT id FROM comparisons").fetchall() == [("x1",)]
        assert connection.execute("SELECT comparison FROM cells").fetchall() == [("x1",)]
