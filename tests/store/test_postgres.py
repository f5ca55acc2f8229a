"""Threads in PostgreSQL: opening, secrets, a database that goes away, and several hosts."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from playground_widget import Connection, Playground, StoreError, Text
from playground_widget.demo import DemoServer
from playground_widget.events import Delta, Selected
from playground_widget.model import Thread
from playground_widget.store import Store
from playground_widget.store import _owner as owners
from playground_widget.store import open_store as shared_store
from playground_widget.store._dialect import AT_ONCE
from playground_widget.store._owner import owner
from playground_widget.store._postgres_steps import NEWEST
from playground_widget.store._words import TOKENIZER
from tests.postgres import Server
from tests.store.others import Ear, Other, sql, until, watchers
from tests.store.test_search import found, put
from tests.store.test_store_runs import ANSWER, begin

MIGRATIONS = Path(owners.__file__).with_name("_sqlite_steps.py")


@pytest.fixture
def store(postgres_url: str) -> Iterator[Store]:
    made = Store(postgres_url)
    yield made
    made.close()


@pytest.fixture
def empty(postgres: Server) -> Iterator[str]:
    name = postgres.create()
    yield name
    postgres.drop(name)


def until_at(ear: Ear, revision: int) -> None:
    until(lambda: ear.revision == revision)


# -- opening


def test_an_empty_database_gets_a_schema_of_its_own(postgres: Server, empty: str) -> None:
    postgres.sql(empty, "CREATE TABLE public.threads (theirs TEXT)")
    for _ in range(2):
        store = Store(postgres.url(empty))
        store.page()
        store.close()
    assert postgres.sql(empty, "SELECT n FROM version") == [(NEWEST,)]
    assert postgres.sql(empty, "SELECT * FROM public.threads") == []


def test_processes_that_open_an_empty_database_at_once_make_it_once(
    postgres: Server, empty: str
) -> None:
    opened: list[Store] = []
    together = [
        threading.Thread(target=lambda: opened.append(Store(postgres.url(empty)))) for _ in range(6)
    ]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join(60)
    assert len(opened) == 6
    for store in opened:
        store.close()


def test_a_newer_schema_is_refused_and_left_as_it_is(postgres: Server, postgres_url: str) -> None:
    name = postgres_url.rsplit("/", 1)[1]
    postgres.sql(name, "UPDATE version SET n = %s", NEWEST + 1)
    with pytest.raises(StoreError, match=r"newer.*left as it is.*Update"):
        Store(postgres_url)
    assert postgres.sql(name, "SELECT n FROM version") == [(NEWEST + 1,)]


def test_a_schema_of_something_else_is_refused(postgres: Server, empty: str) -> None:
    postgres.sql(empty, "CREATE SCHEMA playground_widget")
    postgres.sql(empty, "CREATE TABLE playground_widget.threads (n INTEGER)")
    with pytest.raises(StoreError, match="something else"):
        Store(postgres.url(empty))


def test_a_database_of_another_encoding_is_refused(postgres: Server) -> None:
    postgres.sql("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    with pytest.raises(StoreError, match=r"LATIN1.*UTF8"):
        Store(postgres.url("latin"))
    postgres.drop("latin")


def test_a_user_without_rights_is_told_what_is_missing(postgres: Server, empty: str) -> None:
    postgres.sql(empty, "CREATE ROLE visitor LOGIN")
    address = postgres.url(empty).replace("tester", "visitor")
    with pytest.raises(StoreError, match=r"permission denied.*PLAYGROUND_WIDGET_DB or store="):
        Store(address)
    postgres.sql(empty, "DROP ROLE visitor")


def test_without_the_driver_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "playground_widget.store._postgres", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r'pip install "playground_widget\[postgresql\]"'):
        Playground(store="postgresql://user:secret@host/db", connection="demo")


# -- secrets


SECRET = "hunter2-secret"


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://user:{SECRET}@127.0.0.1:1/db",
        f"postgresql://user:{SECRET}@127.0.0.1:1/db?sslmode=nonsense",
        f"postgresql://user@127.0.0.1:1/db?password={SECRET}",
        f"postgresql://user@127.0.0.1:1/db?unknown={SECRET}",
        f"postgresql://user:{SECRET}@127.0.0.1:port/db",
        f"postgresql://user:{SECRET}@[::1/db",
        f"postgresql+psycopg://user:{SECRET}@127.0.0.1:1/db",
    ],
)
def test_what_can_not_be_reached_is_refused_without_the_password(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(StoreError) as caught:
        Playground(store=address, connection="demo")
    assert SECRET not in str(caught.value)
    assert SECRET not in caplog.text
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_store_shows_where_it_is_without_user_and_password(
    postgres: Server, postgres_url: str
) -> None:
    pg = Playground(store=f"{postgres_url}?application_name={SECRET}", connection="demo")
    store = pg._conversation.store
    name = postgres_url.rsplit("/", 1)[1]
    assert store.place == f"postgresql://127.0.0.1:{postgres.port}/{name}"
    for shown in (repr(pg), repr(store), repr(store._database), str(vars(store))):
        assert not any(each in shown for each in ("not-asked-for", "tester", SECRET))
    assert shared_store(f"{postgres_url}?application_name={SECRET}") is store
    pg.close()
    store.close()


# -- a database that goes away


def test_what_is_written_while_the_database_is_away_is_refused_or_written_later(
    postgres: Server, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground_widget.store._writer.PAUSE", 0.05)
    begin(store, "Before. ")
    ear = Ear(store, "t")
    until(lambda: ear.texts == {"a": "Before. "})
    postgres.stop()
    try:
        with pytest.raises(StoreError, match=r"could not be written.*still here.*reached again"):
            store.rename("t", "x").result()
        with pytest.raises(StoreError, match="could not be read"):
            store.load("t")
        store.grow("t", Delta("a", 0, 8, "Meanwhile."))
        until(lambda: store.failure is not None)
    finally:
        postgres.start()
    until(lambda: ear.texts == {"a": "Before. Meanwhile."})
    until(lambda: store.failure is None)
    assert store.load("t").thread.messages["a"].text == "Before. Meanwhile."
    # It listens again, and need not look by itself.
    before = ear.revision
    store.commit("t", 1, Selected(None)).result()
    until(lambda: ear.revision != before)


def test_a_follower_whose_connections_are_cut_sees_what_was_written_meanwhile(
    postgres: Server, store: Store, postgres_url: str
) -> None:
    begin(store, "Before. ")
    ear = Ear(store, "t")
    until(lambda: ear.texts == {"a": "Before. "})
    for revision in range(1, 4):
        postgres.sql(
            postgres_url.rsplit("/", 1)[1],
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        # The first write may find that its connection is gone, which takes nothing along.
        while store.commit("t", revision, Selected(None)).exception() is not None:
            time.sleep(0.01)
        until_at(ear, revision + 1)


# -- several hosts


def test_a_run_of_another_host_is_taken_over_once_its_lease_has_ended(
    store: Store, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(store, "So far.")
    here = Store(postgres_url)
    monkeypatch.setattr("socket.gethostname", lambda: "another-host")
    assert here.load("t").thread.messages["a"].status == "streaming"
    assert here.ask("t", "a").result() is True
    # Its renewals end with its process; the lease is over some seconds after that.
    sql(here, "UPDATE runs SET lease = extract(epoch FROM clock_timestamp()) - 1")
    assert here.ask("t", "a").result() is False
    answer = here.load("t").thread.messages["a"]
    assert (answer.status, answer.text) == ("interrupted", "So far.")
    monkeypatch.undo()
    whole = replace(ANSWER, status="complete", content=(Text("So far. More."),))
    ended = store.finish("t", 1, whole, "beside").result()
    assert not ended.ours
    assert store.load("t").thread.messages["beside"].text == "So far. More."
    here.close()


def test_leases_run_by_the_clock_of_the_database(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1.0)
    begin(store)
    ((left,),) = sql(store, "SELECT lease - extract(epoch FROM clock_timestamp()) FROM runs")
    assert 0 < left <= owners.LEASE
    assert owner() in sql(store, "SELECT owner FROM runs")[0]


def test_a_stop_asked_here_ends_an_answer_of_another_process(
    store: Store, postgres_url: str
) -> None:
    other = Other(postgres_url)
    other.do("create", thread="t")
    other.do("start", thread="t", message="a")
    assert store.ask("t", "a").result() is True
    assert other.stops.get(timeout=60) == "stop t a"
    other.close()


# -- search


def test_words_are_told_apart_as_in_a_file() -> None:
    assert f"'{TOKENIZER}'" in MIGRATIONS.read_text(encoding="utf-8")


def test_every_word_of_a_very_long_text_is_found(store: Store) -> None:
    words = [f"word{n:07}ending" for n in range(AT_ONCE // 8)]
    put(store, "long", " ".join(words), "short")
    ((rows,),) = sql(store, "SELECT count(*) FROM search WHERE n = 1")
    assert rows > 1
    assert found(store, f"{words[0]} {words[-1]}") == ["long"]
    assert found(store, f"{words[0]} nowhere") == []
    put(store, "one", "x" * 100_000)
    assert found(store, "x" * 90_000) == ["one"]


# -- nothing is left


def test_a_closed_store_leaves_no_connection(postgres: Server, postgres_url: str) -> None:
    store = Store(postgres_url)
    ear = Ear(store, "t")
    until(lambda: ear.heard)
    store.page()
    store.close()
    name = postgres_url.rsplit("/", 1)[1]
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    until(lambda: postgres.sql(name, query, name) == [(0,)])


def test_whoever_follows_no_more_leaves_nothing(store: Store) -> None:
    process = psutil.Process()
    store.page()
    for _ in range(2):
        follow_for_a_moment(store)
    before = process.num_fds(), threading.active_count()
    for _ in range(50):
        follow_for_a_moment(store)
    assert process.num_fds() <= before[0]
    assert threading.active_count() <= before[1]


def follow_for_a_moment(store: Store) -> None:
    ear = Ear(store, "t")
    until(lambda: ear.heard)
    ear.end()
    until(lambda: not watchers())


def held(store: Store) -> object:
    """Return the connection on which a store listens."""
    bell: Any = store._watcher._bell
    return bell._connection


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_leaves_the_parents_connections_alone(postgres_url: str) -> None:
    store = shared_store(postgres_url)
    ear = Ear(store, "t")
    store.create(Thread(id="t")).result()
    until(lambda: ear.revision == 0)
    until(lambda: held(store))
    listening = held(store)
    child = os.fork()
    if not child:
        code = 1
        with suppress(BaseException):
            try:
                Ear(store, "t")
            except StoreError as error:
                code = int("forked" not in str(error))
            again = shared_store(postgres_url)
            again.rename("t", "From the child").result()
            again.close()
            store.close()
            del store, ear
            gc.collect()
        os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    until(lambda: ear.revision == 1)
    for revision in (2, 3):
        store.rename("t", f"Title {revision}").result()
        until_at(ear, revision)
    assert held(store) is listening
    store.close()


def test_answers_are_written_and_read_again(postgres_url: str) -> None:
    with DemoServer() as server:
        pg = Playground(
            "Be.",
            store=postgres_url,
            connection=Connection("demo", server.base_url),
            model="demo-fast",
            extra={"demo": {"rate": None, "first_token": 0}},
        )
        answer = pg.send("Hello")
        assert answer.status == "complete"
        again = Store(postgres_url)
        assert again.load(pg.thread.id).thread == pg.thread
        again.close()
        pg.close()
        pg._conversation.store.close()
