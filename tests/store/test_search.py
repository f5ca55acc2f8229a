"""Search in what was said and in titles."""

from __future__ import annotations

import base64
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, update

from playground_widget import InputError, Message, NotFoundError, Text, Thread
from playground_widget.events import Started
from playground_widget.store import Snippet, Store, ThreadFilter, ThreadPage, cursor_of
from playground_widget.store._schema import threads
from playground_widget.store._tidy import KEPT_DELETED

OpenStore = Callable[..., Store]
FreshPlace = Callable[[], AbstractContextManager[Path | str]]


def put(store: Store, name: str, *texts: str, title: str = "") -> None:
    made = {
        f"{name}{n}": Message(
            id=f"{name}{n}",
            parent=f"{name}{n - 1}" if n else None,
            role="user",
            content=(Text(text),),
        )
        for n, text in enumerate(texts)
    }
    store.create(Thread(id=name, messages=made, head=list(made)[-1], title=title)).result()


def found(store: Store, search: str) -> list[str]:
    return sorted(info.id for info in store.page(search).threads)


@pytest.fixture
def birds(store: Store) -> Store:
    put(store, "emperor", "Which penguin is heaviest?", "Crème brûlée", title="Große Ärzte")
    put(store, "gentoo", "The Gentoo penguin is fast.", "日本語 текст", title="Fast swimmers")
    put(store, "albatross", "A wandering albatross", title="100% wings_and more")
    return store


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("penguin", ["emperor", "gentoo"]),
        ("PENGUIN", ["emperor", "gentoo"]),
        ("peng", ["emperor", "gentoo"]),
        ("pe", ["emperor", "gentoo"]),
        ("p", []),
        ("enguin", []),
        ("penguin fast", ["gentoo"]),
        ("fast penguin", ["gentoo"]),
        ("penguin albatross", []),
        ("penguin brulee", []),
        ("creme", ["emperor"]),
        ("Crème BRÛ", ["emperor"]),
        ("текст", ["gentoo"]),
        ("日本", ["gentoo"]),
        ("swimmers", ["gentoo"]),
        ("swim", ["gentoo"]),
        ("wimmer", ["gentoo"]),
        ("ärzte", ["emperor"]),
        ("arzte", ["emperor"]),
        ("GROSSE", ["emperor"]),
        ("100%", ["albatross"]),
        ("wings_and", ["albatross"]),
        ("%", ["albatross"]),
        ("", ["albatross", "emperor", "gentoo"]),
        ("  \n", ["albatross", "emperor", "gentoo"]),
    ],
)
def test_threads_are_found_by_words_and_titles(
    birds: Store, search: str, expected: list[str]
) -> None:
    assert found(birds, search) == expected


def test_a_hit_is_shown_in_its_surroundings(birds: Store) -> None:
    (info,) = birds.page("heav").threads
    assert info.snippet == (
        Snippet("Which penguin is ", hit=False),
        Snippet("heav", hit=True),
        Snippet("iest?", hit=False),
    )


def test_a_snippet_of_a_long_text_is_short_and_has_the_hit(store: Store) -> None:
    put(store, "long", f"{'before ' * 500}needle {'after ' * 500}")
    (info,) = store.page("needle").threads
    said = "".join(piece.text for piece in info.snippet)
    assert len(said) < 150
    assert (said[0], said[-1]) == ("…", "…")
    assert [piece.text for piece in info.snippet if piece.hit] == ["needle"]


def test_words_of_a_deleted_thread_are_not_found_until_it_is_back(birds: Store) -> None:
    birds.delete("albatross").result()
    assert found(birds, "albatross") == []
    birds.restore("albatross").result()
    assert found(birds, "albatross") == ["albatross"]


HOSTILE = [
    '"',
    '""',
    "'; DROP TABLE threads; --",
    "*",
    "penguin*",
    "NEAR(penguin, 2)",
    "NEAR(",
    "a AND",
    "OR",
    "NOT NOT",
    "words:penguin",
    "-penguin",
    "^penguin",
    "{words}:",
    "(((",
    "+",
    "\\",
    "_",
    "___ _",
    "🐧",
    "a\x00b",
    "\x00",
    "\ud800",
    "%_%",
    "²",
    "ﬁ",
    "́",
    "a" * 10_000,
    "a " * 5_000,
    'é🐧"* ' * 2_000,
    "_ " * 5_000,
]


@pytest.mark.parametrize("search", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_search_finds_something_or_nothing(birds: Store, search: str) -> None:
    assert len(birds.page(search).threads) <= 3


@pytest.fixture(scope="module")
def kept(fresh_place: FreshPlace) -> Iterator[Store]:
    with fresh_place() as place:
        store = Store(place)
        put(store, "one", 'Penguins AND "others" (NEAR by)*', title="Birds")
        yield store
        store.close()


@given(st.text(max_size=40) | st.lists(st.sampled_from(HOSTILE[:27]), max_size=6).map(" ".join))
def test_no_search_raises(kept: Store, search: str) -> None:
    for info in kept.page(search).threads:
        assert "".join(piece.text for piece in info.snippet) is not None


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40))
def test_a_snippet_never_fails_on_what_was_said(kept: Store, said: str) -> None:
    name = f"said-{time.monotonic_ns()}"
    put(kept, name, f"{said} needle {said}")
    assert name in [info.id for info in kept.page("needle").threads]
    kept.delete(name).result()


def cursor(place: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


@pytest.mark.parametrize(
    "after",
    [
        *("-1", "x", "1e3", "٣", "9999999999", "", "====", "\x00", "\ud800"),
        *map(
            cursor,
            [
                *(1, None, {}, [], [False, 1.5], [False, 1.5, "t", 1]),
                *([0, 1.5, "t"], [False, True, "t"], [False, "1.5", "t"], [False, 1.5, 7]),
                *([False, float("nan"), "t"], [True, float("inf"), "t"], [False, 10**400, "t"]),
                *([False, 1.5, "\x00"], [False, 1.5, "\ud800"]),
            ],
        ),
        base64.b64encode(b"[" * 100_000).decode(),
    ],
)
def test_a_page_that_was_not_given_is_refused(store: Store, after: str) -> None:
    with pytest.raises(InputError):
        store.page(after=after)


def test_pages_follow_each_other_without_gap(store: Store) -> None:
    for n in range(12):
        put(store, f"t{n:02}", "word")
    seen: list[str] = []
    after = None
    while True:
        page = store.page("word", after, limit=5)
        seen += [info.id for info in page.threads]
        after = page.after
        if after is None:
            break
    assert sorted(seen) == [f"t{n:02}" for n in range(12)]


@given(
    places=st.lists(
        st.tuples(st.booleans(), st.sampled_from([1.0, 2.0, 0.1 + 0.2])), min_size=1, max_size=12
    ),
    limit=st.integers(1, 5),
    data=st.data(),
)
@settings(max_examples=20)
def test_a_list_that_changes_between_pages_neither_skips_nor_repeats_what_did_not(
    places: list[tuple[bool, float]],
    limit: int,
    data: st.DataObject,
    fresh_place: FreshPlace,
) -> None:
    with fresh_place() as place, closing(Store(place)) as store:
        for n, (pinned, updated) in enumerate(places):
            put(store, f"t{n:02}", "word")
            store._writer.submit(partial(place_at, f"t{n:02}", pinned, updated)).result()
        expected = [info.id for info in store.page(limit=99).threads]
        assert expected == sorted(
            expected, key=lambda id_: (not places[int(id_[1:])][0], -places[int(id_[1:])][1], id_)
        )
        untouched, seen, after = set(expected), [], None
        while True:
            page = store.page(None, after, limit)
            assert [cursor_of(info) for info in page.threads][-1:] == [page.after] or not page.after
            seen += [info.id for info in page.threads]
            after = page.after
            if after is None:
                break
            changed = data.draw(st.sampled_from(expected))
            untouched.discard(changed)
            match data.draw(st.sampled_from(["new", "rename", "pin", "delete", "nothing"])):
                case "new":
                    put(store, f"new{len(seen)}-{data.draw(st.integers(0, 10**9))}", "word")
                case "rename":
                    store.rename(changed, "Another").exception()
                case "pin":
                    store.pin(changed, data.draw(st.booleans())).exception()
                case "delete":
                    store.delete(changed).exception()
                case _:
                    pass
        assert [each for each in seen if each in untouched] == [
            e for e in expected if e in untouched
        ]


def place_at(thread: str, pinned: bool, updated: float, connection: Connection) -> None:
    values = {"pinned": pinned, "updated": updated}
    connection.execute(update(threads).where(threads.c.id == thread).values(values))


def test_every_thread_of_a_page_has_a_cursor_that_asks_for_what_follows(store: Store) -> None:
    for n in range(5):
        put(store, f"t{n}", "word")
    store.pin("t2", pinned=True).result()
    listed = store.page("word").threads
    for n, info in enumerate(listed):
        assert store.page("word", cursor_of(info)).threads == listed[n + 1 :]
    nothing = store.page("word", cursor_of(listed[1]), limit=0)
    assert nothing == ThreadPage((), cursor_of(listed[1]))


def test_a_list_is_filtered(store: Store) -> None:
    for n in range(6):
        put(store, f"t{n}", "word")
        store._writer.submit(partial(place_at, f"t{n}", n % 2 == 0, float(n))).result()
    answer = Message(id="a", parent=None, role="assistant", content=(), status="streaming")
    store.commit("t5", 0, Started(answer, "a")).result()

    def listed(search: str | None = None, **wanted: Any) -> list[str]:
        return [info.id for info in store.page(search, filter_=ThreadFilter(**wanted)).threads]

    assert listed() == ["t4", "t2", "t0", "t5", "t3", "t1"]
    assert listed(pinned=True) == ["t4", "t2", "t0"]
    assert listed("word", pinned=False) == ["t5", "t3", "t1"]
    assert listed(running=True) == ["t5"]
    assert listed(running=False) == ["t4", "t2", "t0", "t3", "t1"]
    assert listed(updated_after=1, updated_before=4) == ["t2", "t3"]
    assert listed("nowhere", pinned=True) == []
    page = store.page(limit=2, filter_=ThreadFilter(pinned=True))
    assert [info.id for info in page.threads] == ["t4", "t2"]
    rest = store.page(after=page.after, filter_=ThreadFilter(pinned=True))
    assert [info.id for info in rest.threads] == ["t0"]


def test_what_is_deleted_for_good_leaves_nothing_and_the_index_is_sound(
    store: Store, path: Path, open_store: OpenStore
) -> None:
    put(store, "gone", "Only here", "Said in both", title="Gone")
    put(store, "stays", "Said in both")
    store.delete("gone").result()
    before = time.time() - KEPT_DELETED
    for age, left in ((before + 60, 2), (before - 60, 1)):
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("UPDATE threads SET deleted = ? WHERE id = 'gone'", (age,))
        open_store()
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            assert connection.execute("SELECT count(*) FROM threads").fetchone() == (left,)
            assert connection.execute("SELECT count(*) FROM contents").fetchone() == (left,)
            hits = connection.execute("SELECT count(*) FROM search WHERE search MATCH 'only'")
            assert hits.fetchone() == (left - 1,)
            connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    assert found(store, "said both") == ["stays"]
    with pytest.raises(NotFoundError):
        store.restore("gone").result()


def test_what_only_one_thread_said_can_be_said_again_after_it_is_gone(
    store: Store, path: Path, open_store: OpenStore
) -> None:
    put(store, "gone", "Only here")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE threads SET deleted = 1")
    again = open_store()
    put(again, "new", "Only here")
    assert found(again, "only here") == ["new"]
