"""What one process writes another one sees, in whole and in order, and what it is asked it does."""

from __future__ import annotations

import gc
import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from playground_widget.errors import StoreError
from playground_widget.events import Delta, Selected, Started
from playground_widget.model import Message, Text, Thread
from playground_widget.store import AskKind, Seen, Store, _watch
from playground_widget.store import open_store as shared_store
from playground_widget.store._asks import OLD
from playground_widget.store._bells import FileBells
from playground_widget.store._follow import Follower, ListFollower, Sight, sight
from tests.store.others import Ear, Other, sql, until, watchers
from tests.store.test_store_runs import ELSEWHERE, GONE, begin, give_away

OpenStore = Callable[..., Store]


@pytest.fixture
def other(store: Store, place: Path | str) -> Iterator[Other]:
    made = Other(str(place))
    yield made
    made.close()


def until_heard(ear: Ear) -> None:
    until(lambda: ear.heard)


class ListEar:
    def __init__(self, store: Store) -> None:
        self.count = 0
        self.end = store.follow_list(self.hear)

    def hear(self) -> None:
        self.count += 1


class StopEar:
    def __init__(self, store: Store) -> None:
        self.heard: list[tuple[str, str]] = []
        store.on_asked(self.hear)

    def hear(self, thread: str, message: str, kind: AskKind) -> None:
        assert kind == "stop"
        self.heard.append((thread, message))


# -- following a thread


def test_text_that_another_process_writes_arrives_whole_and_in_order(
    store: Store, other: Other
) -> None:
    other.do("create", thread="t")
    ear = Ear(store, "t")
    for answer in ("a", "b"):
        other.do("start", thread="t", message=answer)
    said = {"a": "", "b": ""}
    for n in range(60):
        for answer in said:
            text = f"{answer}{n} 🐧 "
            other.do("grow", thread="t", message=answer, text=text)
            said[answer] += text
        if n % 7 == 0:
            other.do("write", thread="t")
        if n == 30:
            # Rows of an answer that ends make room for the numbers of the other's.
            until(lambda: ear.texts.get("b") == said["b"])
            other.do("finish", thread="t", message="b")
            other.do("start", thread="t", message="b2")
            said["b2"] = said.pop("b")[:0]
    until(lambda: ear.texts.get("a") == said["a"])
    until(lambda: ear.texts.get("b2") == said["b2"])
    other.do("finish", thread="t", message="a")
    until(lambda: ear.revision == store.load("t").revision)
    revisions = [seen.revision or 0 for seen in ear.heard]
    assert revisions == sorted(revisions)


@settings(max_examples=15)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["grow", "write", "finish"])),
        max_size=40,
    )
)
def test_whatever_is_interleaved_text_arrives_whole(
    steps: list[tuple[str, str]],
    fresh_place: Callable[[], AbstractContextManager[Path | str]],
) -> None:
    with (
        fresh_place() as place,
        closing(Store(place)) as writer,
        closing(Store(place)) as reader,
    ):
        writer.create(Thread(id="t")).result()
        ear = Ear(reader, "t")
        said: dict[str, str] = {}
        ended = 0
        for n, (name, step) in enumerate(steps):
            answer = next((each for each in said if each.startswith(name)), None)
            if answer is None:
                answer = f"{name}{n}"
                made = replace(ANSWER, id=answer)
                revision = writer.load("t").revision
                writer.commit("t", revision, Started(made, answer)).result()
                said[answer] = ""
            if step == "grow":
                text = f"{answer} {n} "
                writer.grow("t", Delta(answer, 0, len(said[answer]), text))
                said[answer] += text
            elif step == "write":
                writer.commit("t", writer.load("t").revision, Selected(None)).result()
            else:
                whole = replace(
                    ANSWER, id=answer, status="complete", content=(Text(said.pop(answer)),)
                )
                writer.finish("t", writer.load("t").revision, whole, f"{answer}-{ended}").result()
                ended += 1
        until(lambda: {each: ear.texts.get(each, "") for each in said} == said)
        until(lambda: ear.revision == writer.load("t").revision)


ANSWER = Message(id="a", parent=None, role="assistant", content=(), status="streaming")


def test_the_first_call_has_the_revision_and_the_whole_text(store: Store, other: Other) -> None:
    other.do("create", thread="t")
    other.do("start", thread="t", message="a")
    for text in ("One ", "two ", "three."):
        other.do("grow", thread="t", message="a", text=text)
        other.do("write", thread="t")
    ear = Ear(store, "t")
    until(lambda: ear.heard)
    assert ear.heard[0].revision == 4
    assert ear.texts == {"a": "One two three."}


def test_text_of_an_own_answer_is_left_out(store: Store, other: Other) -> None:
    other.do("create", thread="t")
    other.do("start", thread="t", message="a")
    store.commit("t", 1, Started(replace(ANSWER, id="mine"), "mine")).result()
    ear = Ear(store, "t", "mine")
    store.grow("t", Delta("mine", 0, 0, "Mine."))
    other.do("grow", thread="t", message="a", text="Theirs.")
    other.do("write", thread="t")
    until(lambda: ear.revision == 3)
    assert ear.texts == {"a": "Theirs."}


def test_what_this_process_writes_is_seen_too(store: Store) -> None:
    store.create(Thread(id="t")).result()
    ear = Ear(store, "t")
    store.commit("t", 0, Started(ANSWER, "a")).result()
    store.grow("t", Delta("a", 0, 0, "So far."))
    until(lambda: ear.texts == {"a": "So far."})
    assert ear.revision == 1


def test_own_text_that_nobody_waits_for_is_no_reason_to_read(
    path: Path, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[object] = []

    def noted(connection: Connection, followers: Iterable[Follower | ListFollower]) -> Sight:
        looks.append(None)
        return sight(connection, followers)

    monkeypatch.setattr(_watch, "sight", noted)
    store, other = open_store(), open_store()
    begin(store)
    ear = Ear(store, "t", "a")
    until(lambda: ear.heard)

    def write(n: int) -> None:
        store.grow("t", Delta("a", 0, 2 * n, "a "))
        rows = [(n + 1,)]
        until(lambda: sql(store, "SELECT count(*) FROM growth") == rows)

    write(0)
    looked = len(looks)
    for n in range(1, 6):
        write(n)
    assert len(looks) == looked
    other.commit("t", 1, Selected(None)).result()
    until(lambda: ear.revision == 2)
    assert len(looks) > looked


def test_what_others_wrote_is_seen_while_the_writer_is_at_work(
    path: Path, open_store: OpenStore
) -> None:
    store, other = open_store(), open_store()
    begin(other)
    ear = Ear(store, "t")
    until(lambda: ear.heard)
    with store._writer._at_work:
        other.commit("t", 1, Selected(None)).result()
        until(lambda: ear.revision == 2)


def test_a_thread_that_is_not_there_or_was_deleted_has_no_revision(
    store: Store, other: Other
) -> None:
    ear = Ear(store, "t")
    until(lambda: ear.revision is None)
    other.do("create", thread="t")
    until(lambda: ear.revision == 0)
    store.delete("t").result()
    until(lambda: ear.revision is None)
    store.restore("t").result()
    until(lambda: ear.revision == 0)


def test_a_store_in_memory_is_followed_too() -> None:
    store = Store(":memory:")
    store.create(Thread(id="t")).result()
    ear, listed = Ear(store, "t"), ListEar(store)
    until(lambda: listed.count)
    store.commit("t", 0, Started(ANSWER, "a")).result()
    store.grow("t", Delta("a", 0, 0, "So far."))
    until(lambda: ear.texts == {"a": "So far."})
    assert ear.revision == 1
    until(lambda: listed.count > 1)
    store.close()


def test_reading_a_store_in_memory_is_no_news(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Store(":memory:")) as store:
        store.create(Thread(id="t")).result()
        rings: list[object] = []
        monkeypatch.setattr(store._watcher._bells, "ring", rings.append)
        assert store.load("t").revision == 0
        assert len(store.page().threads) == 1
        assert not rings
        store.rename("t", "Penguins").result()
        assert rings


def test_without_sockets_others_are_seen_by_looking(
    path: Path, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(socket, "AF_UNIX")
    store, writer = open_store(), open_store()
    ear = Ear(store, "t")
    writer.create(Thread(id="t")).result()
    until(lambda: ear.revision == 0)
    assert not FileBells(path).folder.exists()


def test_a_folder_that_others_may_use_gets_no_socket(path: Path, open_store: OpenStore) -> None:
    folder = FileBells(path).folder
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    store = open_store()
    ear = Ear(store, "t")
    until(lambda: ear.heard)
    assert list(folder.iterdir()) == []
    folder.rmdir()


def test_a_follower_that_fails_does_not_hold_up_others(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def hear(self, _: Seen) -> None:
            raise ZeroDivisionError

        def writes(self, _: str) -> bool:
            return False

    broken = Broken()
    store.follow("t", broken.hear, broken.writes)
    ear = Ear(store, "t")
    store.create(Thread(id="t")).result()
    until(lambda: ear.revision == 0)
    assert "ZeroDivisionError" in caplog.text


def test_what_was_read_before_a_look_failed_is_told(store: Store) -> None:
    class Failing:
        failed = False

        def hear(self, _: Seen) -> None:
            pass

        def writes(self, _: str) -> bool:
            self.failed = True
            raise OSError("the connection was lost")

    store.create(Thread(id="other")).result()
    begin(store)
    ear, failing = Ear(store, "other"), Failing()
    store.follow("t", failing.hear, failing.writes)
    until(lambda: failing.failed)
    store.rename("other", "Another").result()
    until(lambda: ear.revision == 1)


def test_a_file_that_is_replaced_is_followed_on(store: Store, path: Path) -> None:
    ear = Ear(store, "t")
    until(lambda: ear.heard)
    for file in path.parent.glob("threads.sqlite*"):
        file.unlink()
    store.create(Thread(id="t")).result()
    until(lambda: ear.revision == 0)


# -- following the list


def test_each_change_of_the_list_is_seen_and_growth_is_not(store: Store, other: Other) -> None:
    listed = ListEar(store)
    until(lambda: listed.count == 1)

    def seen(change: Callable[[], object]) -> None:
        before = listed.count
        change()
        until(lambda: listed.count > before)

    seen(lambda: other.do("create", thread="t"))
    seen(lambda: store.rename("t", "Title").result())
    seen(lambda: store.pin("t", pinned=True).result())
    seen(lambda: other.do("start", thread="t", message="a"))
    ear = Ear(store, "t")
    before = listed.count
    other.do("grow", thread="t", message="a", text="Growth.")
    until(lambda: ear.texts == {"a": "Growth."})
    assert listed.count == before
    seen(lambda: other.do("finish", thread="t", message="a"))
    seen(lambda: store.delete("t").result())
    seen(lambda: store.restore("t").result())


# -- stopping


def test_a_stop_asked_here_is_heard_where_the_answer_is_written(store: Store, other: Other) -> None:
    other.do("create", thread="t")
    other.do("start", thread="t", message="a")
    other.do("start", thread="t", message="b")
    for answer in ("b", "a", "a"):
        assert store.ask("t", answer).result() is True
        assert other.stops.get(timeout=60) == f"stop t {answer}"
    until(lambda: sql(store, "SELECT * FROM requests") == [])
    other.do("finish", thread="t", message="a")
    assert store.ask("t", "a").result() is False
    assert store.ask("t", "nothing").result() is False
    assert other.stops.empty()


def test_a_stop_of_an_own_answer_is_heard_at_once(store: Store) -> None:
    ear = StopEar(store)
    begin(store)
    assert store.ask("t", "a").result() is True
    assert ear.heard == [("t", "a")]
    assert sql(store, "SELECT * FROM requests") == []


def test_a_stop_is_heard_by_the_store_that_writes_the_answer_and_by_no_other(
    store: Store, open_store: OpenStore
) -> None:
    other = open_store()
    ears = {name: StopEar(each) for name, each in (("here", store), ("there", other))}
    begin(store)
    other.commit("t", 1, Started(replace(ANSWER, id="b"), "b")).result()
    for _ in range(3):
        assert store.ask("t", "b").result() is True
        assert other.ask("t", "a").result() is True
    until(lambda: len(ears["here"].heard) == len(ears["there"].heard) == 3)
    assert set(ears["here"].heard) == {("t", "a")}
    assert set(ears["there"].heard) == {("t", "b")}


def test_a_stop_that_comes_with_the_start_is_heard(store: Store, open_store: OpenStore) -> None:
    ear, other = StopEar(store), open_store()
    # The watcher is there already, and has seen the start before it knows whose the run is.
    follower = Ear(store, "t")
    store.create(Thread(id="t")).result()
    with store._watcher._lock:
        store.commit("t", 0, Started(ANSWER, "a")).result()
        assert other.ask("t", "a").result() is True
    until(lambda: ear.heard == [("t", "a")])
    follower.end()


def test_a_stop_in_memory_is_heard() -> None:
    store = Store(":memory:")
    ear = StopEar(store)
    begin(store)
    assert store.ask("t", "a").result() is True
    assert ear.heard == [("t", "a")]
    assert not watchers()
    store.close()


def test_a_run_whose_process_was_killed_is_put_away_when_it_is_asked_to_stop(
    store: Store, other: Other
) -> None:
    other.do("create", thread="t")
    other.do("start", thread="t", message="a")
    other.do("grow", thread="t", message="a", text="So far.")
    other.do("write", thread="t")
    ear = Ear(store, "t")
    until(lambda: ear.revision == 2)
    other.kill()
    assert store.ask("t", "a").result() is False
    until(lambda: ear.revision == 3)
    answer = store.load("t").thread.messages["a"]
    assert (answer.status, answer.text) == ("interrupted", "So far.")


def test_requests_that_nobody_takes_are_tidied(store: Store, open_store: OpenStore) -> None:
    begin(store)
    other = open_store()
    give_away(store, ELSEWHERE, 1e12)
    assert other.ask("t", "a").result() is True
    assert sql(store, "SELECT kind FROM requests") == [("stop",)]
    sql(store, "UPDATE requests SET created = created - ?", OLD)
    other.ask("t", "nothing").result()
    assert sql(store, "SELECT kind FROM requests") == []
    other.ask("t", "a").result()
    give_away(store, GONE, 0)
    assert other.ask("t", "a").result() is False
    other.ask("t", "nothing").result()
    assert sql(store, "SELECT kind FROM requests") == []


def test_a_forgotten_listener_is_told_nothing(store: Store) -> None:
    ear = StopEar(store)
    begin(store)
    heard = ear.heard
    del ear
    gc.collect()
    assert store.ask("t", "a").result() is True
    assert heard == []


# -- runs


def test_runs_are_listed_newest_first(store: Store, open_store: OpenStore) -> None:
    begin(store)
    store.finish("t", 1, replace(ANSWER, status="complete"), "b").result()
    store.create(Thread(id="u")).result()
    store.commit("u", 0, Started(replace(ANSWER, id="c", model="m"), "c")).result()
    assert [(r.thread, r.message, r.running) for r in store.runs()] == [
        ("u", "c", True),
        ("t", "a", False),
    ]
    assert [r.message for r in store.runs(thread="t")] == ["a"]
    assert [r.message for r in store.runs(running=True)] == ["c"]
    assert [r.message for r in store.runs(running=False)] == ["a"]
    assert [r.message for r in store.runs(limit=1)] == ["c"]
    assert store.runs()[0].ours
    assert store.runs()[0].request["model"] == "m"


def test_a_run_of_another_process_is_not_ours(store: Store, other: Other) -> None:
    other.do("create", thread="t")
    other.do("start", thread="t", message="a")
    assert [(r.message, r.running, r.ours) for r in store.runs()] == [("a", True, False)]


# -- nothing is left


@pytest.mark.skipif(not hasattr(psutil.Process, "num_fds"), reason="counts file descriptors")
@pytest.mark.parametrize("kind", ["file", "memory"])
def test_whoever_follows_no_more_leaves_nothing(
    kind: str, path: Path, open_store: OpenStore
) -> None:
    store = open_store() if kind == "file" else Store(":memory:")
    process, folder = psutil.Process(os.getpid()), FileBells(path).folder
    assert not watchers()
    # SQLite keeps a file or two of connections that were closed, for the next ones.
    for _ in range(8):
        ear = Ear(store, "t")
        until_heard(ear)
        ear.end()
        until(lambda: not watchers())
    before = process.num_fds(), threading.active_count()
    for n in range(200):
        ear, listed = Ear(store, "t"), ListEar(store)
        if n % 2:
            # Some end before they were called at all.
            until_heard(ear)
        ear.end()
        ear.end()
        listed.end()
    until(lambda: not watchers())
    assert process.num_fds() <= before[0]
    assert threading.active_count() == before[1]
    assert not folder.exists()
    store.close()


def test_a_follower_that_is_forgotten_ends_its_thread(store: Store) -> None:
    ear = Ear(store, "t")
    until_heard(ear)
    assert len(watchers()) == 1
    del ear
    gc.collect()
    until(lambda: not watchers())


def test_an_answer_that_runs_is_watched_until_it_ends(store: Store) -> None:
    begin(store)
    assert len(watchers()) == 1
    store.finish("t", 1, replace(ANSWER, status="complete"), "b").result()
    until(lambda: not watchers())


def test_a_store_that_is_closed_or_forgotten_watches_no_more(path: Path) -> None:
    store = Store(path)
    ear = Ear(store, "t")
    store.close()
    assert not watchers()
    assert not FileBells(path).folder.exists()
    with pytest.raises(StoreError, match="closed"):
        Ear(store, "t")
    ear.end()
    forgotten = Store(":memory:")
    ear = Ear(forgotten, "t")
    del forgotten
    gc.collect()
    until(lambda: not watchers())


def test_sockets_of_processes_that_were_killed_are_removed(store: Store, path: Path) -> None:
    other = Other(str(path))
    other.do("create", thread="t")
    other.do("start", thread="t", message="a")
    folder = FileBells(path).folder
    until(lambda: folder.exists() and list(folder.iterdir()))
    other.kill()
    other.close()
    store.rename("t", "x").result()
    assert list(folder.iterdir()) == []
    folder.rmdir()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_has_nothing_of_it_and_the_parent_goes_on(path: Path) -> None:
    store = shared_store(path)
    ear = Ear(store, "t")
    until(lambda: ear.heard)
    (name,) = FileBells(path).folder.iterdir()
    child = os.fork()
    if not child:
        code = 1
        with suppress(BaseException):
            held = [file.path for file in psutil.Process().open_files()]
            sockets: list[object] = [
                each.laddr for each in psutil.Process().net_connections("unix")
            ]
            try:
                Ear(store, "t")
            except StoreError as error:
                kept = str(name) in sockets or any(str(path) in each for each in held)
                code = 2 if kept else int("forked" not in str(error))
            store.close()
        os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    store.create(Thread(id="t")).result()
    until(lambda: ear.revision == 0)
    assert name.exists()
    store.close()
