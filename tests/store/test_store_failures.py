"""When nothing can be written, it is said, nothing is half done, and no answer is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import event

from playground_widget import Playground, StoreError, Text
from playground_widget.events import Added
from playground_widget.model import Message, Thread
from playground_widget.store import Store

Make = Callable[..., Playground]
OpenStore = Callable[..., Store]

SLOW: dict[str, Any] = {"demo": {"rate": 200, "first_token": 0, "tokens": 120}}


class Disk:
    """Is full, or has room again."""

    def __init__(self, store: Store) -> None:
        self.full = False
        self.tries = 0
        event.listen(store._writer._engine, "before_cursor_execute", self._check)

    def _check(self, _: object, __: object, statement: str, *___: object) -> None:
        if self.full and statement.startswith(("INSERT", "UPDATE", "DELETE")):
            self.tries += 1
            raise sqlalchemy.exc.OperationalError(statement, {}, Exception("disk is full"))


@pytest.fixture
def disk(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    monkeypatch.setattr("playground_widget.engine._feed.LATER", 0.02)
    monkeypatch.setattr("playground_widget.store._writer.PAUSE", 0.02)
    made = Disk(store)
    yield made
    made.full = False


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_an_add_on_a_full_disk_is_refused_and_changes_nothing(
    playground: Make, store: Store, disk: Disk
) -> None:
    pg = playground(messages="a")
    before = pg.thread, store.load(pg.thread.id)
    disk.full = True
    with pytest.raises(StoreError, match=r"disk is full.*(make room|reached again)"):
        pg.add("b")
    assert (pg.thread, store.load(pg.thread.id)) == before
    assert store.failure is not None
    assert "disk is full" in store.failure
    assert pg._conversation.settings()["storage"]["error"] == store.failure
    disk.full = False
    assert pg.add("b").text == "b"
    assert pg._conversation.settings()["storage"]["error"] is None
    assert store.load(pg.thread.id).thread == pg.thread


def test_a_database_that_may_not_grow_refuses_and_works_again(path: Path, store: Store) -> None:
    store.create(Thread(id="t")).result()

    def limit(pages: int) -> None:
        with store._writer._engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            connection.rollback()

    limit(1)
    large = Message(id="m", parent=None, role="user", content=(Text("x" * 10**6),))
    with pytest.raises(StoreError, match="full"):
        store.commit("t", 0, Added((large,), "m")).result()
    assert store.load("t").thread.messages == {}
    limit(10**6)
    assert store.commit("t", 0, Added((large,), "m")).result() == 1
    assert store.load("t").thread.messages == {"m": large}


def test_one_refused_job_costs_no_other(store: Store) -> None:
    for name in ("a", "b"):
        store.create(Thread(id=name)).result()
    message = Message(id="m", parent=None, role="user", content=(Text("x"),))
    added = Added((message,), "m")
    # All of them come into one transaction, since the writer waits for the first.
    with store._writer._wake:
        done: list[Future[Any]] = [
            store.commit("a", 0, added),
            store.commit("a", 0, added),
            store.commit("gone", 0, added),
            store.create(Thread(id="a")),
            store.commit("b", 0, added),
        ]
    kinds = [type(future.exception()).__name__ for future in done]
    assert kinds == ["NoneType", "Stale", "NotFoundError", "IntegrityError", "NoneType"]
    assert [store.load(name).thread.head for name in ("a", "b")] == ["m", "m"]


def test_a_job_that_was_cancelled_does_not_end_the_writing(store: Store) -> None:
    with store._writer._wake:
        cancelled = store.create(Thread(id="a"))
        cancelled.cancel()
    store.create(Thread(id="b")).result()
    assert store.find("a") is None
    assert store.find("b") == "b"


def test_a_mistake_in_a_job_is_raised_where_it_was_asked_for(store: Store) -> None:
    def job(_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store._writer.submit(job).result()
    store.create(Thread(id="b")).result()


def test_an_answer_that_ends_on_a_full_disk_is_saved_once_there_is_room(
    playground: Make, store: Store, disk: Disk
) -> None:
    pg = playground(messages="a", extra=SLOW)
    run = pg.start()
    disk.full = True
    answer = run.result()
    assert answer.status == "complete"
    assert pg[-1] == answer
    assert store.load(pg.thread.id).thread.messages[answer.id].status == "streaming"
    until(lambda: store.failure is not None)
    with pytest.raises(StoreError):
        pg.add("b")
    disk.full = False
    until(lambda: store.load(pg.thread.id).thread.messages[answer.id].status == "complete")
    assert store.load(pg.thread.id).thread.messages[answer.id] == answer
    assert store.failure is None
    assert pg.add("b").parent == answer.id
    assert store.load(pg.thread.id).thread == pg.thread


def test_the_next_change_saves_an_end_that_waits(
    playground: Make, store: Store, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground_widget.engine._feed.LATER", 9999.0)
    pg = playground(messages="a", extra=SLOW)
    run = pg.start()
    disk.full = True
    answer = run.result()
    disk.full = False
    pg.add("b")
    found = store.load(pg.thread.id)
    assert found.thread.messages[answer.id] == answer
    assert found == (pg._session.state.revision, pg.thread)


def test_what_others_did_while_an_end_waited_is_taken_over(
    playground: Make,
    store: Store,
    open_store: OpenStore,
    disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("playground_widget.engine._feed.LATER", 9999.0)
    pg = playground(messages="a", extra=SLOW)
    theirs = playground(store=open_store(), thread=pg.thread.id, extra=SLOW)
    run = pg.start()
    disk.full = True
    answer = run.result()
    theirs._engine.do(theirs._session.feed.catch_up)
    theirs.title = "Theirs"
    disk.full = False
    pg.add("b")
    assert pg.title == "Theirs"
    assert pg.thread.messages[answer.id] == answer
    found = store.load(pg.thread.id)
    assert found == (pg._session.state.revision, pg.thread)


def test_text_that_could_not_be_written_is_written_later(
    store: Store, playground: Make, disk: Disk
) -> None:
    pg = playground(messages="a", extra=SLOW)
    run = pg.start()
    disk.full = True
    until(lambda: disk.tries > 2 and run.message is not None and len(run.message.text) > 40)
    seen = run.message
    assert seen is not None
    disk.full = False
    until(lambda: seen.text in store.load(pg.thread.id).thread.messages[seen.id].text)
    run.result()
    assert store.load(pg.thread.id).thread == pg.thread


def test_what_is_written_to_a_closed_store_is_refused(path: Path, open_store: OpenStore) -> None:
    store = open_store()
    pg = Playground(store=store, connection="demo", messages="a")
    store.close()
    with pytest.raises(StoreError, match="closed"):
        pg.add("b")
    assert [m.text for m in pg.messages] == ["a"]
    pg.close()


def test_a_full_disk_is_logged_once_while_text_is_tried_again(
    playground: Make, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    pg = playground(messages="a", extra=SLOW)
    run = pg.start()
    disk.full = True
    until(lambda: disk.tries > 5)
    assert len(caplog.records) == 1
    disk.full = False
    run.result()
