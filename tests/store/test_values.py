"""What is stored comes back as it was, and what is shared is stored once."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget import Image, InputError, Message, Params, Playground, Text, Thread
from playground_widget.events import Added, Changed, Event, Retrying, Selected, Started
from playground_widget.events import apply as applied
from playground_widget.model import Retry
from playground_widget.store import Store
from tests.unit.export.threads import errors, json_values, threads, words

Make = Callable[..., Playground]

# Letters of base64 with and without their end, and what only looks like it.
pictures = st.one_of(
    st.binary(min_size=1, max_size=9).map(lambda data: base64.b64encode(data).decode()),
    st.text("ABCab12+/=\n -_", min_size=1, max_size=9),
    st.just("é"),
).map(lambda data: Image(media_type="image/png", data=data))


@st.composite
def wild(draw: st.DrawFn) -> Thread:
    """Draw a thread with parts, figures and parameters of every kind."""
    thread = draw(threads())
    huge = draw(st.sampled_from([0, 2**63, -(2**80), 10**40]))
    extra = {"n": huge, "inner": [{"n": huge}], "more": draw(json_values)}
    made = {}
    for name, message in thread.messages.items():
        content = (*message.content, *draw(st.lists(pictures, max_size=1)))
        error = message.error and replace(message.error, facts={"status": 1, **extra})
        params = message.params and replace(message.params, extra=extra)
        made[name] = replace(message, content=content, error=error, params=params)
    return replace(thread, messages=made, params=replace(thread.params, extra=extra))


@pytest.fixture(scope="module")
def kept(fresh_place: Callable[[], AbstractContextManager[Path | str]]) -> Iterator[Store]:
    with fresh_place() as place, closing(Store(place)) as store:
        yield store


_ids = iter(range(10**9))


def renamed(thread: Thread) -> Thread:
    return replace(thread, id=f"{thread.id}-{next(_ids)}")


@given(wild())
def test_a_thread_comes_back_as_it_was_stored(kept: Store, thread: Thread) -> None:
    thread = renamed(thread)
    kept.create(thread).result()
    assert kept.load(thread.id) == (0, thread)


@given(wild())
def test_a_thread_comes_back_as_its_changes_made_it(kept: Store, thread: Thread) -> None:
    thread = renamed(thread)
    kept.create(Thread(id=thread.id, created=thread.created)).result()
    for event in history(thread):
        revision = kept.load(thread.id).revision
        kept.commit(thread.id, revision, event).result()
    found = kept.load(thread.id)
    assert found.thread == thread
    assert list(found.thread.messages) == list(thread.messages)


def history(thread: Thread) -> list[Event]:
    """Return events that make a thread from an empty one, each message by itself."""
    made: list[Event] = [Added((m,), m.id) for m in thread.messages.values()]
    names = ("title", "system", "prompts", "model", "params")
    made.append(Changed({name: getattr(thread, name) for name in names}))
    return [*made, Selected(thread.head)]


@given(wild(), st.data())
def test_the_log_replays_from_every_revision_to_the_thread(
    kept: Store, thread: Thread, data: st.DataObject
) -> None:
    thread = renamed(thread)
    kept.create(Thread(id=thread.id, created=thread.created)).result()
    seen = [kept.load(thread.id).thread]

    def commit(event: Event) -> None:
        kept.commit(thread.id, len(seen) - 1, event).result()
        seen.append(kept.load(thread.id).thread)

    for event in history(thread):
        commit(event)
        if isinstance(event, Added) and data.draw(st.booleans()):
            parent = event.messages[0].id
            answer = Message(
                id=f"{parent}-run", parent=parent, role="assistant", content=(), status="streaming"
            )
            error = data.draw(errors)
            commit(Started(answer, answer.id))
            commit(Retrying(answer.id, Retry(attempt=2, attempts=3, wait=1.0, error=error)))
            commit(Retrying(answer.id, None))
            ended = replace(answer, status="complete", content=(Text("Said."),))
            assert kept.finish(thread.id, len(seen) - 1, ended, "beside").result().ours
            seen.append(kept.load(thread.id).thread)
    for revision, then in enumerate(seen):
        changes = kept.since(thread.id, revision)
        assert changes is not None
        assert [number for number, _ in changes] == list(range(revision + 1, len(seen)))
        for _, event in changes:
            then = applied(then, event)  # noqa: PLW2901 - it grows
        assert then == seen[-1]


@given(st.lists(words, min_size=1, max_size=5))
def test_parameters_come_back_with_whole_numbers_of_any_size(kept: Store, names: list[str]) -> None:
    params = Params(extra={name: 7 ** (50 + n) for n, name in enumerate(names)})
    thread = renamed(Thread(id="params", params=params))
    kept.create(thread).result()
    assert kept.load(thread.id).thread.params == params


def rows(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        count: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
        return count


def test_a_prefix_that_two_paths_share_is_stored_once(playground: Make, path: Path) -> None:
    pg = playground(messages=[{"role": "user", "content": f"Message {n}"} for n in range(300)])
    before = rows(path, "contents")
    pg.edit(0, "Another beginning")
    assert len(pg.thread.messages) == 600
    assert rows(path, "contents") == before + 1


def test_a_copy_of_a_thread_stores_nothing_that_was_said_again(
    playground: Make, path: Path
) -> None:
    pg = playground(messages=[{"role": "user", "content": f"Message {n}"} for n in range(30)])
    before = rows(path, "contents")
    pg.duplicate()
    assert rows(path, "contents") == before


def test_a_picture_is_stored_once_and_as_bytes(playground: Make, path: Path) -> None:
    data = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400
    picture = Image(media_type="image/png", data=base64.b64encode(data).decode())
    pg = playground()
    for n in range(5):
        pg.add([picture, f"Picture {n}"])
    assert rows(path, "blobs") == 1
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT data FROM blobs").fetchone() == (data,)
        largest = connection.execute("SELECT max(length(parts)) FROM contents").fetchone()[0]
    assert largest < 1000


@pytest.mark.parametrize(
    "part",
    [
        Image(media_type="image/png", data="A"),
        Image(media_type="image/png", data="AAA"),
        Image(media_type="image/png", data="not base64 at all"),
        Image(media_type="image/png", data="QUJD\n"),
        Image(media_type="image/png", data="QUJE-_=="),
        Text('{"blob":"00"}'),
        Text('"data":{"blob":"zz"}'),
    ],
)
def test_what_only_looks_like_stored_bytes_comes_back_as_it_was(store: Store, part: Any) -> None:
    message = Message(id="m", parent=None, role="user", content=(part,))
    store.create(Thread(id="t", messages={"m": message}, head="m")).result()
    assert store.load("t").thread.messages["m"] == message


def test_a_list_counts_messages_and_paths(playground: Make) -> None:
    pg = playground(messages=["a"])
    pg.add("b", "assistant")
    pg.edit(0, "A")
    pg.edit(1, "B")
    (info,) = pg.threads()
    assert (info.messages, info.branches) == (5, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        Message(id="x", parent=None, role="wizard", content=(Text("a"),)),  # type: ignore[arg-type]
        Message(id="x", parent=None, role="user", content=(Image(data="A", url="http://x"),)),
        Message(
            id="x", parent=None, role="user", content=(Image(media_type="text/html", data="A"),)
        ),
    ],
)
def test_a_message_that_could_not_be_read_again_is_refused(
    playground: Make, wrong: Message
) -> None:
    pg = playground(messages="a")
    with pytest.raises(InputError):
        pg.add(wrong)
    assert playground(thread=pg.thread.id).messages == pg.messages


def test_parameters_that_could_not_be_read_again_are_refused(playground: Make) -> None:
    pg = playground(messages="a")
    with pytest.raises(InputError, match="temperature"):
        pg.params = Params(temperature=5)
    assert playground(thread=pg.thread.id).messages == pg.messages
