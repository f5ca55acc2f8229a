"""Threads through `Playground`: going from one to another, and what is done to one."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from playground_widget import (
    ClosedError,
    ConflictError,
    InputError,
    NotFoundError,
    Playground,
    Thread,
)
from playground_widget.demo import DemoServer
from playground_widget.store import Store

ROOT = Path(__file__).resolve().parents[2]

Make = Callable[..., Playground]
OpenStore = Callable[..., Store]

SLOW: dict[str, Any] = {"demo": {"rate": 100, "first_token": 0, "tokens": 200}}


def words(pg: Playground) -> list[str]:
    return [m.text for m in pg.messages]


def titles(pg: Playground) -> list[str]:
    return [info.title for info in pg.threads()]


def until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.005)


# -- which thread


def test_the_file_holds_nothing_before_the_first_message(playground: Make, store: Store) -> None:
    pg = playground("Be.", title="Mine")
    pg.model = "demo"
    pg.system = "Be brief."
    assert store.page().threads == ()
    pg.add("a")
    assert titles(pg) == ["Mine"]
    found = store.load(pg.thread.id).thread
    assert found == pg.thread
    assert (found.system, found.model) == ("Be brief.", "demo")


def test_a_stored_thread_goes_on_as_it_was(playground: Make, open_store: OpenStore) -> None:
    pg = playground("Be.", messages="a", title="Mine")
    pg.send()
    pg.edit(0, "A")
    for name in (pg.thread.id, "Mine", pg.threads()[0], pg.thread):
        again = Playground(store=open_store(), thread=name, connection="demo")
        assert again.thread == pg.thread
        again.close()


def test_what_is_given_beats_what_was_stored(playground: Make, store: Store) -> None:
    pg = playground("Be.", messages="a", title="Mine", temperature=0.5, seed=3)
    again = playground("Be brief.", thread="Mine", model="demo-long", temperature=1, title="Ours")
    assert again.thread.id == pg.thread.id
    assert (again.system, again.model, again.title) == ("Be brief.", "demo-long", "Ours")
    assert (again.params.temperature, again.params.seed) == (1, 3)
    assert store.load(again.thread.id).thread == again.thread


def test_a_stored_thread_keeps_its_messages_and_settings_where_none_are_given(
    playground: Make, store: Store
) -> None:
    pg = playground("Be.", messages="a", title="Mine", temperature=0.5)
    again = Playground(store=store, thread="Mine", connection="demo", messages="b")
    assert again.thread == pg.thread
    again.close()


def test_the_cell_that_names_a_thread_can_be_run_twice(playground: Make) -> None:
    first = playground(thread="Mine")
    assert first.title == "Mine"
    first.add("a")
    second = playground(thread="Mine")
    assert second.thread == first.thread
    assert titles(second) == ["Mine"]


def test_of_several_threads_of_a_title_the_last_one_is_opened(playground: Make) -> None:
    playground(title="Mine", messages="a")
    newest = playground(title="Mine", messages="b")
    assert words(playground(thread="Mine")) == ["b"]
    newest.delete_thread()
    assert words(playground(thread="Mine")) == ["a"]


def test_an_id_that_is_not_there_is_refused(playground: Make) -> None:
    pg = playground(messages="a")
    with pytest.raises(NotFoundError, match=r"pg\.threads\(\)"):
        playground(thread="0123456789ab")
    with pytest.raises(NotFoundError):
        playground(thread=Thread(id="gone"))
    with pytest.raises(NotFoundError):
        pg.open("gone")
    with pytest.raises(InputError):
        pg.open("")
    assert words(pg) == ["a"]


def test_a_thread_is_named_by_its_first_exchange(playground: Make, store: Store) -> None:
    pg = playground()
    pg.add("Which *species* is heaviest? Show code.")
    assert pg.title == ""
    pg.send()
    assert pg.title == "Which species is heaviest?"
    assert store.load(pg.thread.id).thread.title == pg.title


# -- what is done to one


def test_open_and_new_go_between_threads(playground: Make) -> None:
    pg = playground("Be.", messages="a", temperature=0.5)
    first = pg.thread
    assert pg.new_thread(title="Second").messages == {}
    assert (pg.system, pg.params.temperature) == ("Be.", 0.5)
    pg.add("b")
    assert pg.open(first.id) == first
    assert pg.open("Second").title == "Second"
    assert words(pg) == ["b"]


def test_rename_reaches_the_open_thread_and_others(playground: Make, store: Store) -> None:
    pg = playground(messages="a")
    other = playground(messages="b", title="Other")
    pg.rename("First")
    pg.rename("Second", other.thread.id)
    assert sorted(titles(pg)) == ["First", "Second"]
    until(lambda: other.title == "Second")
    assert store.load(pg.thread.id).thread.title == "First"


def test_pinned_threads_stand_first(playground: Make) -> None:
    pg = playground(messages="a", title="Old")
    playground(messages="b", title="New")
    assert titles(pg) == ["New", "Old"]
    pg.pin()
    assert titles(pg) == ["Old", "New"]
    pg.pin("Old", pinned=False)
    assert titles(pg) == ["New", "Old"]


def test_a_thread_without_a_message_cannot_be_pinned(playground: Make) -> None:
    with pytest.raises(InputError, match="first"):
        playground().pin()


def test_a_duplicate_has_all_branches_and_goes_its_own_way(playground: Make) -> None:
    pg = playground(messages="a", title="Mine")
    pg.edit(0, "A")
    copy = pg.duplicate()
    assert (copy.title, copy.messages) == ("Mine (copy)", 2)
    again = playground(thread=copy)
    assert again.thread.messages == pg.thread.messages
    again.add("b")
    assert words(pg) == ["A"]


def test_a_deleted_thread_comes_back_by_undo(playground: Make) -> None:
    pg = playground(messages="a", title="Mine")
    before = pg.thread
    pg.delete_thread()
    assert (words(pg), titles(pg)) == ([], [])
    assert pg.undo() == "delete thread"
    assert (pg.thread, titles(pg)) == (before, ["Mine"])


def test_deleting_another_thread_leaves_the_open_one(playground: Make) -> None:
    pg = playground(messages="a", title="Mine")
    playground(messages="b", title="Other")
    pg.delete_thread("Other")
    assert (words(pg), titles(pg)) == (["a"], ["Mine"])
    pg.undo()
    assert (words(pg), sorted(titles(pg))) == (["a"], ["Mine", "Other"])


def test_deleting_a_thread_stops_its_answer_and_keeps_the_text(
    playground: Make, store: Store
) -> None:
    pg = playground(messages="a", extra=SLOW)
    run = pg.start()
    until(lambda: run.message and run.message.text)
    pg.delete_thread()
    answer = run.result()
    assert answer.status == "cancelled"
    pg.undo()
    assert store.load(pg.thread.id).thread.messages[answer.id] == answer


# -- answers go on


def test_an_answer_goes_on_in_the_thread_that_was_left(playground: Make, store: Store) -> None:
    pg = playground(messages="a", extra=SLOW)
    first = pg.thread.id
    run = pg.start()
    until(lambda: run.message and run.message.text)
    pg.new_thread()
    pg.add("Meanwhile")
    assert not run.done()
    pg.open(first)
    assert pg[-1].status == "streaming"
    seen = len(pg[-1].text)
    until(lambda: len(pg[-1].text) > seen)
    answer = run.result()
    assert answer.status == "complete"
    assert pg[-1] == answer
    assert store.load(first).thread == pg.thread


def test_an_answer_that_ended_meanwhile_is_there_when_its_thread_is_opened(
    playground: Make,
) -> None:
    pg = playground(messages="a", extra=SLOW)
    first = pg.thread.id
    run = pg.start()
    pg.new_thread()
    answer = run.result()
    pg.open(first)
    assert pg[-1] == answer
    pg.add("b")
    assert words(pg)[-1] == "b"


def test_deltas_of_a_thread_that_was_left_reach_nobody_and_those_of_its_opening_do(
    playground: Make,
) -> None:
    pg = playground(messages="a", extra=SLOW)
    first = pg.thread.id
    seen: list[str] = []
    pg.on("delta", lambda delta: seen.append(delta.message))
    run = pg.start()
    until(lambda: seen)
    pg.new_thread()
    pg._engine.call(lambda: None)
    pg.open(first)
    before = len(seen)
    until(lambda: len(seen) > before)
    run.cancel()
    run.result()


# -- several playgrounds


def test_two_playgrounds_on_one_thread_stay_in_step(playground: Make) -> None:
    one = playground(messages="a")
    two = playground(thread=one.thread.id)
    one.add("b")
    until(lambda: words(two) == ["a", "b"])
    two.add("c")
    until(lambda: words(one) == ["a", "b", "c"])
    answer = one.send()
    until(lambda: two.thread == one.thread)
    assert two[-1] == answer
    two.title = "Ours"
    until(lambda: one.title == "Ours")


@pytest.mark.parametrize(
    ("search", "limit"), [(5, 50), (b"a", 50), (None, 0), (None, "1"), (None, 1.5), (None, 10**20)]
)
def test_a_list_that_cannot_be_meant_is_refused(playground: Make, search: Any, limit: Any) -> None:
    with pytest.raises(InputError, match=r"search is text|limit is a whole number"):
        playground(messages="a").threads(search, limit=limit)


def test_a_playground_that_is_closed_while_a_thread_is_opened_stays_closed(
    playground: Make, store: Store
) -> None:
    other = playground(messages="a").thread
    pg = playground(messages="b")
    threads = pg._conversation.threads
    wait = threads._wait

    async def wait_and_close(read: Callable[[], Any]) -> Any:
        found = await wait(read)
        pg._conversation.close()
        return found

    threads._wait = wait_and_close  # type: ignore[method-assign]
    with pytest.raises(ClosedError):
        pg.open(other)
    with pytest.raises(ClosedError):
        pg.add("c")
    assert words(pg) == ["b"]


@pytest.mark.parametrize("kind", ["json", "ipynb"])
def test_what_is_given_beats_what_a_file_had(playground: Make, tmp_path: Path, kind: str) -> None:
    pg = playground("Be brief.", title="Penguins", messages="a", temperature=0)
    file = pg.export(tmp_path / f"a.{kind}")
    read = Playground.from_json if kind == "json" else Playground.from_notebook
    back = read(file, store=":memory:", connection="demo", system="Be long.", model="m", top_p=0.5)
    assert (back.title, back.system, back.model) == ("Penguins", "Be long.", "m")
    assert (back.params.temperature, back.params.top_p) == (0, 0.5)
    assert words(back) == ["a"]
    back.close()


def test_playgrounds_on_one_thread_that_send_at_once_answer_every_question_once(
    playground: Make,
) -> None:
    one = playground(messages="a")
    two = playground(thread=one.thread.id)
    asked: list[str] = []

    def ask(pg: Playground, name: str) -> None:
        for n in range(5):
            while True:
                try:
                    assert pg.send(f"{name}{n}").status == "complete"
                except ConflictError:
                    continue
                asked.append(f"{name}{n}")
                break

    threads = [threading.Thread(target=ask, args=args) for args in ((one, "one"), (two, "two"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(asked) == 10
    until(lambda: one.thread.messages == two.thread.messages)
    said = Counter(m.text for m in one.thread.messages.values() if m.role == "user")
    assert said == Counter(["a", *asked])


def test_an_add_in_one_shows_in_a_callback_of_the_other(playground: Make) -> None:
    one = playground(messages="a")
    two = playground(thread=one.thread.id)
    seen: list[str] = []
    two.on("message", lambda message: seen.append(message.text))
    one.add("b")
    until(lambda: seen == ["b"])


def test_a_thread_that_changed_while_another_was_open_is_shown_as_it_is(playground: Make) -> None:
    one = playground(messages="a", extra=SLOW)
    first = one.thread.id
    run = one.start()
    one.new_thread()
    two = playground(thread=first, extra=SLOW)
    two.title = "Changed meanwhile"
    one.open(first)
    assert one.title == "Changed meanwhile"
    run.cancel()
    run.result()


# -- processes


@pytest.fixture
def script(server: DemoServer, place: Path | str) -> Callable[[str], str]:
    """Run a script with `playground()` to its end, and return what it printed."""
    begin = (
        "import os, sys\n"
        "from playground_widget import *\n"
        f"connection = Connection('demo', {server.base_url!r})\n"
        "extra = {'demo': {'rate': None, 'first_token': 0}}\n"
        "def playground(**kwargs):\n"
        f"    kwargs = {{'store': {str(place)!r}, 'extra': extra, **kwargs}}\n"
        "    return Playground(connection=connection, model='demo-fast', **kwargs)\n"
    )

    def run(code: str) -> str:
        ended = subprocess.run(
            [sys.executable, "-W", "error", "-c", begin + code],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (ended.returncode, ended.stderr) == (0, "")
        return ended.stdout

    return run


def test_a_script_that_ends_right_after_an_answer_has_saved_it(
    script: Callable[[str], str], open_store: OpenStore
) -> None:
    said = script("pg = playground(title='Mine')\nprint(pg.send('Hello').text, end='')")
    store = open_store()
    (info,) = store.page().threads
    assert list(store.load(info.id).thread.messages.values())[-1].text == said


def test_a_script_that_ends_in_the_middle_of_an_answer_has_saved_what_came(
    script: Callable[[str], str], open_store: OpenStore
) -> None:
    said = script(
        "extra['demo'] = {'rate': 100, 'first_token': 0, 'tokens': 5000}\n"
        "run = playground().start('Hello')\n"
        "words = iter(run)\n"
        "print(''.join(next(words) for _ in range(5)), end='')"
    )
    store = open_store()
    (info,) = store.page().threads
    answer = list(store.load(info.id).thread.messages.values())[-1]
    assert answer.status == "interrupted"
    assert answer.text.startswith(said)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_has_playgrounds_of_its_own(
    script: Callable[[str], str], open_store: OpenStore
) -> None:
    out = script(
        "pg = playground(title='Mine')\n"
        "pg.send('Parent')\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    try:\n"
        "        pg.add('never')\n"
        "    except ClosedError as error:\n"
        "        assert 'forked' in str(error)\n"
        "    again = playground(thread='Mine')\n"
        "    assert again.thread.messages == pg.thread.messages\n"
        "    again.add('Child')\n"
        "    again.send('Child asks')\n"
        "    sys.exit(0)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
        "try:\n"
        "    pg.add('Parent again')\n"
        "except ConflictError:\n"
        "    pg.add('Parent again')\n"
        "print([m.text for m in pg.messages if m.role == 'user'])\n"
    )
    assert out.strip() == "['Parent', 'Child', 'Child asks', 'Parent again']"
    store = open_store()
    (info,) = store.page().threads
    assert info.messages == 6


def test_a_script_that_ends_while_others_catch_up_says_nothing(
    script: Callable[[str], str],
) -> None:
    script(
        "import concurrent.futures.thread as pool, time\n"
        "one = playground(title='Mine', messages='a')\n"
        "two = playground(thread='Mine')\n"
        "pool._shutdown = True  # as at the end of Python, before its last threads have ended\n"
        "one.add('b')\n"
        "time.sleep(0.2)\n"
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_forked_child_is_refused_what_was_only_in_its_parents_memory(
    script: Callable[[str], str],
) -> None:
    out = script(
        "pg = playground(store=':memory:', messages='a')\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    try:\n"
        "        pg.threads()\n"
        "    except StoreError as error:\n"
        "        assert 'forked' in str(error)\n"
        "        sys.exit(0)\n"
        "print(os.waitpid(child, 0)[1], len(pg.threads()))\n"
    )
    assert out.split() == ["0", "1"]


def test_what_is_only_in_memory_leaves_no_file(script: Callable[[str], str], path: Path) -> None:
    script("pg = playground(store=':memory:')\npg.send('Hello')\nassert pg.threads('hello')")
    assert list(path.parent.iterdir()) == []
