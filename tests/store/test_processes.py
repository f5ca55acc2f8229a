"""Processes that share a file get along."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from playground_widget import ConflictError, Playground
from playground_widget.model import path as path_of
from playground_widget.store import Store
from tests.store.others import sql

ROOT = Path(__file__).resolve().parents[2]

Make = Callable[..., Playground]


def together(place: Path | str, jobs: Sequence[tuple[str, str, int]]) -> list[list[str]]:
    """Have a process for each job, a thread and a name and a number, add messages at once."""
    program = str(Path(__file__).with_name("write_child.py"))
    children = [
        subprocess.Popen(
            [sys.executable, "-W", "error", program, str(place), thread, name, str(count)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for thread, name, count in jobs
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    ended = [child.communicate() for child in children]
    assert [(child.returncode, told) for child, (_, told) in zip(children, ended, strict=True)] == [
        (0, "") for _ in children
    ]
    return [out.splitlines() for out, _ in ended]


def begun(place: Path | str, title: str) -> str:
    store = Store(place)
    pg = Playground(store=store, connection="demo", title=title, messages="The first")
    pg.close()
    store.close()
    return pg.thread.id


def texts(place: Path | str, thread: str) -> list[str]:
    """Return what the active path says, after looking whether the thread is whole."""
    store = Store(place)
    revision, found = store.load(thread)
    (info,) = [each for each in store.page(limit=99).threads if each.id == thread]
    assert info.messages == len(found.messages)
    query = "SELECT revision FROM events WHERE thread = ? ORDER BY revision"
    logged = [revision for (revision,) in sql(store, query, thread)]
    if isinstance(place, Path):
        assert sql(store, "PRAGMA integrity_check") == [("ok",)]
    store.close()
    assert logged[-1] == revision
    assert all(after - before == 1 for before, after in pairwise(logged))
    line = path_of(found)
    assert len(line) == len(found.messages)
    return [message.text for message in line]


@pytest.mark.timeout(1800)
def test_processes_on_threads_of_their_own_lose_nothing(
    place: Path | str, full_counts: bool
) -> None:
    count = 5000 if full_counts else 150
    threads = [begun(place, name) for name in ("a", "b")]
    refused = together(place, [(thread, "said", count) for thread in threads])
    assert refused == [[], []]
    for thread in threads:
        assert texts(place, thread) == ["The first", *(f"said {n}" for n in range(count))]


@pytest.mark.timeout(1800)
def test_processes_on_one_thread_lose_nothing_and_double_nothing(
    place: Path | str, full_counts: bool
) -> None:
    count = 5000 if full_counts else 150
    thread = begun(place, "a")
    refused = together(place, [(thread, "a", count), (thread, "b", count)])
    said = texts(place, thread)
    assert len(said) == 1 + 2 * count
    for name in ("a", "b"):
        assert [text for text in said if text.startswith(f"{name} ")] == [
            f"{name} {n}" for n in range(count)
        ]
    told = [line for lines in refused for line in lines]
    # Who waits long enough to be far behind is told less.
    assert all("added" in line or "changed a lot elsewhere" in line for line in told)


def test_many_processes_open_a_file_that_is_not_there_yet(path: Path) -> None:
    code = (
        "import pathlib, sys; from playground_widget.store import Store; "
        "Store(pathlib.Path(sys.argv[1])).close()"
    )
    program = [sys.executable, "-W", "error", "-c", code, str(path)]
    children = [subprocess.Popen(program, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(8)]
    assert [(child.communicate()[1], child.returncode) for child in children] == [(b"", 0)] * 8
    Store(path).close()


def test_a_change_that_meets_another_ones_says_what_that_was(
    playground: Make, open_store: Callable[..., Store]
) -> None:
    mine = playground(messages="a")
    theirs = playground(store=open_store(), thread=mine.thread.id)
    theirs.add([{"role": "user", "content": "b"}, {"role": "assistant", "content": "c"}])
    theirs.system = "Be."
    with pytest.raises(ConflictError, match=r"2 messages were added, .*the system prompt was"):
        mine.edit(0, "A")
    assert [m.text for m in mine.messages] == ["a", "b", "c"]
    assert mine.system == "Be."
    assert mine.edit(0, "A").text == "A"


def test_a_change_that_meets_one_that_is_no_matter_is_made(
    playground: Make, open_store: Callable[..., Store]
) -> None:
    mine = playground(messages="a")
    theirs = playground(store=open_store(), thread=mine.thread.id)
    mine.edit(0, "A")
    with pytest.raises(ConflictError):
        theirs.add("first")
    theirs.select(next(iter(theirs.thread.messages)))
    assert mine.add("b").text == "b"
    assert [m.text for m in mine.messages] == ["A", "b"]


def test_a_thread_that_was_deleted_elsewhere_says_so_and_can_be_duplicated(
    playground: Make, open_store: Callable[..., Store]
) -> None:
    mine = playground(messages="a")
    theirs = playground(store=open_store())
    theirs.delete_thread(mine.thread.id)
    with pytest.raises(ConflictError, match="deleted elsewhere"):
        mine.add("b")
    mine.open(mine.duplicate())
    assert [m.text for m in (mine[0], mine.add("b"))] == ["a", "b"]


def test_who_is_far_behind_reads_the_thread_whole_and_goes_on_from_its_end(
    playground: Make, open_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground_widget.store._log.KEPT", 5)
    mine = playground(messages="a")
    theirs = playground(store=open_store(), thread=mine.thread.id)
    for n in range(12):
        theirs.add(f"b {n}")
    with pytest.raises(ConflictError, match="changed a lot"):
        mine.add("c")
    assert mine.thread == theirs.thread
    assert mine.add("c").parent == theirs.thread.head


def test_who_is_far_behind_on_another_path_stays_there(
    playground: Make, open_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground_widget.store._log.KEPT", 5)
    mine = playground(messages="a")
    theirs = playground(store=open_store(), thread=mine.thread.id)
    theirs.edit(0, "A")
    for n in range(12):
        theirs.add(f"b {n}")
    with pytest.raises(ConflictError, match="changed a lot"):
        mine.add("c")
    assert [m.text for m in mine.messages] == ["a"]
    assert mine.add("c").parent == mine[0].id
