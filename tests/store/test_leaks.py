"""Playgrounds that are closed or forgotten leave nothing behind."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from sqlalchemy import event

from playground_widget import Playground
from playground_widget.conversation import Conversation
from playground_widget.engine import engine
from playground_widget.store import Store

Make = Callable[..., Playground]


def until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        gc.collect()
        time.sleep(0.01)


def tasks() -> int:
    return engine().call(lambda: len(asyncio.all_tasks(engine().loop)))


def files() -> int:
    return psutil.Process(os.getpid()).num_fds()


def use(store: Store | str) -> weakref.ref[Conversation]:
    pg = Playground(store=store, connection="demo", model="demo-fast", messages="a")
    pg.on("message", lambda _: None)
    pg.add("b")
    pg.new_thread()
    pg.threads("a")
    pg.close()
    return weakref.ref(pg._conversation)


@pytest.mark.skipif(not hasattr(psutil.Process, "num_fds"), reason="counts file descriptors")
@pytest.mark.parametrize("where", ["file", "memory"])
def test_closed_playgrounds_leave_no_thread_task_or_file(
    store: Store, where: str, full_counts: bool
) -> None:
    kept: Store | str = store if where == "file" else ":memory:"
    # Other tests of this process may have stores of their own.
    shared = names().count("playground-store")
    # What is shared is there from the first ones on; readers of a file are at most four.
    for _ in range(8):
        use(kept)
    until(lambda: not tasks())
    until(lambda: names().count("playground-store") <= shared)
    before = threading.active_count(), files()
    for _ in range(200 if full_counts else 40):
        use(kept)
    until(lambda: not tasks())
    until(lambda: threading.active_count() <= before[0])
    until(lambda: files() <= before[1])


def names() -> list[str]:
    return [thread.name for thread in threading.enumerate()]


def test_a_forgotten_playground_is_forgotten_by_its_store(store: Store) -> None:
    kept = Playground(store=store, connection="demo", messages="a")
    forgotten = [use(store) for _ in range(5)]
    until(lambda: all(reference() is None for reference in forgotten))
    kept.add("b")
    assert len(store._listeners) == 1
    kept.close()


def test_a_forgotten_store_in_memory_ends_its_thread() -> None:
    store = Store(":memory:")
    thread = store._writer._thread
    del store
    until(lambda: not thread.is_alive())


def test_a_store_in_memory_is_not_held_by_what_was_written_last() -> None:
    store = Store(":memory:")
    thread = store._writer._thread
    store._writer.submit(lambda _, held=store: held.page).result()  # type: ignore[misc]
    del store
    until(lambda: not thread.is_alive())


def test_a_store_that_cannot_be_used_leaves_no_thread(path: Path) -> None:
    path.mkdir()
    before = threading.active_count()
    for _ in range(3):
        with pytest.raises(Exception, match="can't be kept"):
            Store(path)
    assert threading.active_count() == before


def test_a_closed_store_leaves_no_file_open(path: Path) -> None:
    before = {file.path for file in psutil.Process().open_files()}
    store = Store(path)
    store.create(Playground(connection="demo", store=":memory:").thread).result()
    store.page()
    store.close()
    assert {file.path for file in psutil.Process().open_files()} == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_connection_that_is_in_use_while_its_store_ends_is_closed_after(
    open_store: Callable[..., Store],
) -> None:
    store = open_store()
    engine = store._reader
    assert engine is not None
    closed: list[object] = []
    event.listen(engine, "close", lambda raw, _: closed.append(raw))
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        store.close()
        assert raw not in closed
    assert closed == [raw]
