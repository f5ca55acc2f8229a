"""Running answers: their text as it grows, whose they are, and what becomes of abandoned ones."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from playground_widget import Message, Playground, Text, Thread
from playground_widget.errors import ErrorInfo
from playground_widget.events import Asking, Delta, Finished, Retrying, Selected, Started
from playground_widget.model import Consent, Retry
from playground_widget.store import Stale, Store
from playground_widget.store import _runs as runs
from playground_widget.store._owner import LEASE, is_alive, owner
from tests.store.others import sql

Make = Callable[..., Playground]
OpenStore = Callable[..., Store]

SLOW: dict[str, Any] = {"demo": {"rate": 100, "first_token": 0, "tokens": 300}}
ANSWER = Message(id="a", parent=None, role="assistant", content=(), status="streaming")


def begin(store: Store, *texts: str) -> None:
    """Store a thread `t` in which the answer `a` grows."""
    store.create(Thread(id="t")).result()
    store.commit("t", 0, Started(ANSWER, "a")).result()
    at = 0
    for text in texts:
        store.grow("t", Delta("a", 0, at, text))
        at += len(text)
    # Text is written with the next write at the latest.
    store.pin("t", pinned=False).result()


def give_away(store: Store, name: str, lease: float) -> None:
    sql(store, "UPDATE runs SET owner = ?, lease = ?", name, lease)


GONE = f"{socket.gethostname()} 999999999 1.00 00000000"
ELSEWHERE = "another-host 1 1.00 00000000"


def test_text_of_a_running_answer_is_there_for_others(store: Store, open_store: OpenStore) -> None:
    begin(store, "One ", "two ", "three.")
    found = open_store().load("t").thread.messages["a"]
    assert (found.status, found.text) == ("streaming", "One two three.")


def test_what_an_answer_and_a_call_wait_for_is_there_for_who_opens_the_thread(
    store: Store, open_store: OpenStore
) -> None:
    retry = Retry(
        attempt=2, attempts=4, wait=60.0, error=ErrorInfo(kind="rate_limited", title="Busy")
    )
    call = replace(ANSWER, id="b", parent="a", role="tool")
    begin(store)
    for event in (
        Retrying("a", retry),
        Retrying("a", None),
        Started(call, "b"),
        Asking("b", Consent(wait=600.0)),
        Retrying("a", replace(retry, attempt=3)),
    ):
        store.commit("t", store.load("t").revision, event).result()
    found = open_store().load("t").thread.messages
    assert found["a"].retry == replace(retry, attempt=3)
    assert found["b"].consent == Consent(wait=600.0)
    store.commit("t", store.load("t").revision, Asking("b", None)).result()
    store.finish("t", store.load("t").revision, replace(ANSWER, status="complete"), "c").result()
    found = open_store().load("t").thread.messages
    assert (found["a"].retry, found["b"].consent) == (None, None)


def test_growth_is_folded_at_the_end(store: Store) -> None:
    begin(store, "One ", "two.")
    assert sql(store, "SELECT count(*) FROM growth") == [(1,)]
    whole = replace(ANSWER, status="complete", content=(Text("One two."),))
    ended = store.finish("t", 1, whole, "b").result()
    assert (ended.revision, ended.changes, ended.ours) == (2, [(2, Finished(whole))], True)
    assert sql(store, "SELECT count(*) FROM growth") == [(0,)]
    assert store.load("t").thread.messages == {"a": whole}


def test_text_that_comes_after_the_end_is_not_kept(store: Store) -> None:
    begin(store, "One.")
    store.finish("t", 1, replace(ANSWER, status="complete"), "b").result()
    store.grow("t", Delta("a", 0, 4, "Late."))
    store.pin("t", pinned=False).result()
    assert sql(store, "SELECT count(*) FROM growth") == [(0,)]


def test_an_answer_through_a_playground_leaves_no_growth(playground: Make, store: Store) -> None:
    pg = playground(messages="a")
    answer = pg.send()
    assert answer.status == "complete"
    assert sql(store, "SELECT count(*) FROM growth") == [(0,)]
    assert sql(store, "SELECT running FROM runs") == [(0,)]


@pytest.mark.parametrize("name", [GONE, f"{socket.gethostname()} 1 1.00 00000000"])
def test_a_run_whose_process_has_ended_is_put_away_when_the_file_is_opened(
    store: Store, open_store: OpenStore, name: str
) -> None:
    begin(store, "So far.")
    give_away(store, name, time.time() + 999)
    open_store()
    assert sql(store, "SELECT status FROM messages") == [("interrupted",)]
    revision, thread = store.load("t")
    assert (revision, thread.messages["a"].text) == (2, "So far.")


def test_a_run_whose_process_has_ended_is_put_away_when_its_thread_is_opened(store: Store) -> None:
    begin(store, "So far.")
    give_away(store, GONE, time.time() + 999)
    revision, thread = store.load("t")
    assert revision == 2
    assert (thread.messages["a"].status, thread.messages["a"].text) == ("interrupted", "So far.")
    assert store.since("t", 1) == [(2, Finished(thread.messages["a"]))]


def test_a_run_of_another_host_is_put_away_after_its_lease(store: Store) -> None:
    begin(store, "So far.")
    give_away(store, ELSEWHERE, time.time() + 999)
    assert store.load("t").thread.messages["a"].status == "streaming"
    give_away(store, ELSEWHERE, time.time() - 1)
    assert store.load("t").thread.messages["a"].status == "interrupted"


def test_a_run_of_a_living_process_is_left_alone(store: Store, open_store: OpenStore) -> None:
    begin(store, "So far.")
    for _ in range(2):
        assert open_store().load("t").thread.messages["a"].status == "streaming"


def test_a_run_of_a_living_process_is_left_alone_after_its_lease(store: Store) -> None:
    begin(store, "So far.")
    sql(store, "UPDATE runs SET lease = 1")
    assert store.load("t").thread.messages["a"].status == "streaming"


def test_this_process_lives_and_another_start_of_its_id_does_not() -> None:
    host, pid, started, word = owner().rsplit(" ", 3)
    assert is_alive(owner()) is True
    assert is_alive(f"{host} {pid} {float(started) - 100:.2f} {word}") is False
    assert is_alive(f"{host} {pid}  {word}") is False
    assert is_alive(f"elsewhere {pid} {started} {word}") is None


def test_text_is_not_added_to_a_run_that_was_put_away(store: Store) -> None:
    begin(store, "So far.")
    give_away(store, GONE, 0)
    store.load("t")
    store.grow("t", Delta("a", 0, 7, " More."))
    store.pin("t", pinned=False).result()
    assert store.load("t").thread.messages["a"].text == "So far."


def test_the_end_of_a_run_that_was_put_away_becomes_a_version_beside(store: Store) -> None:
    begin(store, "So far.")
    give_away(store, GONE, 0)
    put_away = store.load("t").thread.messages["a"]
    whole = replace(ANSWER, status="complete", content=(Text("So far. More."),))
    ended = store.finish("t", 1, whole, "b").result()
    thread = store.load("t").thread
    assert not ended.ours
    assert thread.messages == {"a": put_away, "b": replace(whole, id="b")}
    assert thread.head == "b"


def test_a_playground_whose_run_was_put_away_loses_no_word(playground: Make, store: Store) -> None:
    pg = playground(messages="a", extra=SLOW)
    run = pg.start()
    while not (run.message and len(run.message.text) > 40):
        time.sleep(0.005)
    give_away(store, GONE, 0)
    put_away = store.load(pg.thread.id).thread.messages[run.message.id]
    whole = run.result()
    assert put_away.status == "interrupted"
    assert (whole.status, whole.id != put_away.id) == ("complete", True)
    assert whole.text.startswith(put_away.text)
    assert pg[-1] == whole
    assert [m.id for m in pg.branches(whole)] == [put_away.id, whole.id]
    assert store.load(pg.thread.id).thread == pg.thread


def test_a_playground_that_learns_in_the_middle_that_its_run_was_put_away_goes_on(
    playground: Make, store: Store
) -> None:
    pg = playground(messages="a", extra=SLOW)
    run = pg.start()
    while not (run.message and len(run.message.text) > 40):
        time.sleep(0.005)
    give_away(store, GONE, 0)
    put_away = store.load(pg.thread.id).thread.messages[run.message.id]
    pg.title = "Another"
    assert run.result().status == "complete"
    assert len(run.result().text) > len(put_away.text)
    assert store.load(pg.thread.id).thread == pg.thread


def test_an_answer_that_ends_in_a_thread_that_was_deleted_is_kept(
    playground: Make, open_store: OpenStore
) -> None:
    pg = playground(messages="a", extra=SLOW)
    run = pg.start()
    other = open_store()
    other.delete(pg.thread.id).result()
    whole = run.result()
    other.restore(pg.thread.id).result()
    assert other.load(pg.thread.id).thread.messages[whole.id] == whole


def test_leases_are_renewed_while_something_runs_and_not_after(
    monkeypatch: pytest.MonkeyPatch, open_store: OpenStore
) -> None:
    monkeypatch.setattr("playground_widget.store._store.RENEWAL", 0.01)
    store = open_store()
    begin(store)
    for _ in range(3):
        sql(store, "UPDATE runs SET lease = 1")
        while sql(store, "SELECT lease FROM runs") == [(1.0,)]:
            time.sleep(0.002)
        ((lease,),) = sql(store, "SELECT lease FROM runs")
        assert abs(lease - time.time() - LEASE) < LEASE
    store.finish("t", 1, replace(ANSWER, status="complete"), "b").result()
    store.pin("t", pinned=False).result()
    assert store._writer._next_tick is None


def test_a_run_that_could_not_begin_renews_nothing(store: Store) -> None:
    store.create(Thread(id="t")).result()
    with pytest.raises(Stale):
        store.commit("t", 7, Started(ANSWER, "a")).result()
    store.pin("t", pinned=False).result()
    assert store._writer._next_tick is None


def test_two_processes_that_find_an_abandoned_run_put_it_away_once(
    store: Store, open_store: OpenStore
) -> None:
    begin(store, "So far.")
    other = open_store()
    give_away(store, GONE, 0)
    found = [("t", "a")]
    for each in (store, other):
        each._writer.submit(lambda connection: runs.fold(connection, found)).result()
    assert store.load("t").revision == 2


def test_what_a_service_sent_is_kept_in_order(store: Store) -> None:
    begin(store)
    for n in range(3):
        store.record("t", "a", b"data: %d" % n)
    store.commit("t", 1, Selected(None)).result()
    assert [data for _, data in store.recorded("t", "a")] == [b"data: 0", b"data: 1", b"data: 2"]


def test_what_an_answer_was_asked_with_is_kept_without_the_key(playground: Make) -> None:
    pg = playground("Be.", messages="a")
    answer = pg.send()
    request = pg._conversation.store.request(pg.thread.id, answer.id)
    assert request is not None
    assert pg.messages[0].id in request
    assert "demo-fast" in request
    assert "api_key" not in request
