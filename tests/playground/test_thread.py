"""Adding, editing, branching and undoing through `Playground`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import openai
import pytest

from playground_widget import (
    ClosedError,
    ConflictError,
    InputError,
    Message,
    NotFoundError,
    Params,
    Playground,
)
from playground_widget._callbacks import Topic
from playground_widget.demo import DemoServer
from playground_widget.engine import _outbox
from playground_widget.events import Asking
from playground_widget.model import Consent
from playground_widget.store import Store, Stored

Make = Callable[..., Playground]


@pytest.fixture
def api() -> str:
    """Nothing here differs between the two."""
    return "chat"


def words(pg: Playground) -> list[str]:
    return [m.text for m in pg.messages]


def test_add_sends_nothing_and_returns_what_was_added(playground: Make) -> None:
    pg = playground()
    assert pg.add("a") == pg[0]
    pair = pg.add([{"role": "user", "content": "b"}, {"role": "assistant", "content": "c"}])
    assert pair == pg.messages[1:]
    pg.add("first", before=0)
    pg.add("after a", "assistant", after=pg[1])
    assert words(pg) == ["first", "a", "after a", "b", "c"]
    assert pg[2].role == "assistant"


def test_what_the_sdk_answered_is_added_as_it_is(playground: Make, server: DemoServer) -> None:
    question = {"role": "user", "content": "Which penguin is heaviest?"}
    with openai.OpenAI(base_url=server.base_url, api_key="none") as client:
        asked: Any = [question]
        completion = client.chat.completions.create(model="demo-fast", messages=asked)
        item = client.responses.create(model="demo-fast", input=asked).output[-1]
    answer = completion.choices[0].message
    pg = playground(messages=[question, answer])
    assert words(pg) == [question["content"], answer.content]
    pg.add(answer)
    pg.add(answer.model_dump())
    assert pg[1].content == pg[2].content == pg[3].content
    pg.add([question, item])
    assert [message.role for message in pg.messages[4:]] == ["user", "assistant"]
    with pytest.raises(InputError, match=r"pass completion\.choices\[0\]\.message"):
        pg.add(completion)
    assert pg.send(answer).status == "complete"


def test_a_system_message_that_begins_is_the_system_prompt(playground: Make) -> None:
    pg = playground(
        messages=[{"role": "system", "content": "Be."}, {"role": "user", "content": "a"}]
    )
    assert pg.system == "Be."
    assert words(pg) == ["a"]


def test_editing_gives_a_new_version_and_keeps_the_old(playground: Make) -> None:
    pg = playground(messages=["a"])
    pg.add("b", "assistant")
    pg.add("c")
    old = pg[0]
    new = pg.edit(0, "A")
    assert words(pg) == ["A", "b", "c"]
    assert pg.branches(new) == (old, new)
    pg.select(old)
    assert words(pg) == ["a", "b", "c"]


def test_an_edit_can_be_answered_again(playground: Make) -> None:
    pg = playground()
    pg.send("Hello")
    pg.send("More")
    answer = pg.edit(0, "Hello there", rerun=True)
    assert [m.role for m in pg.messages] == ["user", "assistant"]
    assert pg[-1] == answer
    run = pg.edit(0, "Hi", rerun=True, wait=False)
    assert run.result(20) == pg[-1]


def test_regenerating_adds_a_version_with_its_own_parameters(playground: Make) -> None:
    pg = playground(temperature=0.5, extra=None)
    first = pg.send("Hello")
    second = pg.regenerate(temperature=0.7)
    assert second.text != first.text
    assert pg.branches(second) == (first, second)
    assert second.params == Params(temperature=0.7)
    assert pg.params == Params(temperature=0.5)
    third = pg.regenerate(pg[0], model="demo-echo")
    assert third.model == "demo-echo"
    assert third.text == "Hello"
    assert pg.model == "demo-fast"
    with pytest.raises(TypeError, match="temprature"):
        pg.regenerate(temprature=1)


def test_undo_takes_back_one_change_after_the_other(playground: Make) -> None:
    pg = playground("s")
    pg.add("a")
    pg.edit(0, "b")
    pg.delete(0)
    pg.system = "t"
    assert pg.undo() == "system prompt"
    assert pg.system == "s"
    assert pg.undo() == "delete"
    assert words(pg) == ["b"]
    assert pg.undo() == "edit"
    assert words(pg) == ["a"]
    assert pg.undo() == "message"
    assert words(pg) == []
    assert pg.undo() is None


def test_one_undo_takes_back_a_question_with_its_answer(playground: Make) -> None:
    pg = playground()
    pg.send("One")
    pg.send("Two")
    pg.regenerate()
    assert pg.undo() == "answer"
    assert pg.undo() == "message"
    assert [m.text for m in pg.messages if m.role == "user"] == ["One"]
    assert len(pg) == 2


def test_settings_can_be_read_and_assigned(playground: Make) -> None:
    pg = playground("s", title="t", temperature=1, extra=None)
    pg.params = {"seed": 3}
    assert pg.params == Params(temperature=1, seed=3)
    pg.params = Params(top_p=0.5)
    assert pg.params == Params(top_p=0.5)
    pg.title, pg.system, pg.model = "x", "y", "z"
    assert (pg.title, pg.system, pg.model) == ("x", "y", "z")
    pg.connection = "demo"
    assert pg.connection.demo


@pytest.mark.parametrize(
    "wrong", [{"temprature": 1}, {"tool": []}, {"variabels": {}}, {"recrod": True}]
)
def test_an_unknown_argument_is_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=next(iter(wrong))):
        Playground(connection="demo", **wrong)


def test_texts_that_cannot_be_written_are_mended_from_the_start(playground: Make) -> None:
    pg = playground("\ud800", title="a\x00")
    assert (pg.system, pg.title) == ("\ufffd", "a\ufffd")
    with pytest.raises(InputError):
        playground(system=3)


def test_a_message_is_named_by_itself_its_id_or_its_index(playground: Make) -> None:
    pg = playground(messages="a")
    for name in (pg[0], pg[0].id, 0, -1):
        assert pg.branches(name) == (pg[0],)
    for wrong in (1, "nope", Message(id="x", parent=None, role="user", content=())):
        with pytest.raises(NotFoundError):
            pg.branches(wrong)
    with pytest.raises(InputError):
        pg.branches(1.5)  # type: ignore[arg-type]


def test_callbacks_hear_everything_in_order_until_they_leave(playground: Make) -> None:
    pg = playground()
    heard: list[tuple[str, Any]] = []
    ended = threading.Event()
    topics: tuple[Topic, ...] = ("message", "delta", "run", "thread", "settings")

    def note(topic: str, item: object) -> None:
        heard.append((topic, item))

    leave = [pg.on(topic, partial(note, topic)) for topic in topics]
    pg.on("run", lambda m: ended.set() if m.status == "complete" else None)
    pg.title = "x"
    answer = pg.send("Hello")
    assert ended.wait(20)
    text = "".join(item.text for topic, item in heard if topic == "delta")
    assert text == answer.text
    assert [m.role for t, m in heard if t == "message"] == ["user", "assistant"]
    assert [m.status for t, m in heard if t == "run"] == ["streaming", "complete"]
    assert ("settings", {"title": "x"}) in heard
    for go in leave:
        go()
    count = len(heard)
    pg.send("Again")
    assert len(heard) == count


def test_callbacks_hear_the_last_of_a_thread_before_another_one_is_open(
    playground: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is told waits until somebody has it sent.
    monkeypatch.setattr(_outbox, "INTERVAL", 60)
    pg = playground(messages="Hello")
    pg._engine.call(pg._conversation.feed.flush)
    first, question = pg.thread.id, pg[0]
    messages: list[Message] = []
    threads: list[str] = []
    pg.on("message", messages.append)
    pg.on("thread", lambda thread: threads.append(thread.id))

    async def leave() -> None:
        feed = pg._conversation.feed
        await feed.commit(lambda _: Asking(question.id, Consent(wait=60)), insist=True)
        pg._conversation.threads.new()
        pg._conversation.feed.flush()

    pg._engine.do(leave)
    told = threading.Event()
    pg._engine.dispatch(told.set)
    assert told.wait(20)
    assert [message.id for message in messages] == [question.id]
    assert threads == [first, pg.thread.id]


@pytest.mark.parametrize("error", [ZeroDivisionError, SystemExit, KeyboardInterrupt])
def test_a_callback_that_raises_stops_nothing(
    playground: Make, caplog: pytest.LogCaptureFixture, error: type[BaseException]
) -> None:
    pg = playground()
    second = threading.Event()

    def fail(_: object) -> None:
        raise error

    pg.on("message", fail)
    pg.on("message", lambda _: second.set())
    assert pg.send("Hello").status == "complete"
    assert second.wait(20)
    assert error.__name__ in caplog.text


@pytest.mark.parametrize("last", ["another", "the present one", "a new one"])
def test_the_thread_that_was_asked_for_last_is_the_one_that_is_open(
    playground: Make, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    pg = playground(title="Slow", messages="One")
    slow = pg.thread.id
    other = pg.new_thread(title="Other")
    pg.add("Two")
    pg.new_thread(title="Present")
    pg.add("Three")
    store = pg._conversation.store
    asked, go = threading.Event(), threading.Event()
    load = store.load

    def late(thread: str) -> Stored:
        if thread == slow:
            asked.set()
            assert go.wait(20)
        return load(thread)

    monkeypatch.setattr(store, "load", late)
    waiting = pg._engine.spawn(pg._conversation.threads.open(slow))
    assert asked.wait(20)
    if last == "another":
        wanted = pg.open(other).id
    elif last == "a new one":
        wanted = pg.new_thread().id
    else:
        wanted = pg.open(pg.thread).id
    go.set()
    waiting.result(20)
    assert pg.thread.id == wanted


def test_a_closed_playground_can_be_read_and_not_changed(playground: Make) -> None:
    pg = playground(messages="a")
    pg.close()
    assert words(pg) == ["a"]
    with pytest.raises(ClosedError):
        pg.add("b")
    with pytest.raises(ClosedError):
        pg.send("b")


def test_the_text_form_says_what_it_is_and_showing_it_has_no_effect(playground: Make) -> None:
    pg = playground(messages="a")
    assert "demo-fast" in repr(pg)
    assert "1 message" in repr(pg)
    assert pg._repr_mimebundle_() == {"text/plain": repr(pg)}
    assert pg._widget is None


def test_a_file_that_cannot_be_written_whole_costs_no_file_that_was_there(
    playground: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pg = playground(messages=["a"])
    written = pg.export(tmp_path / "thread.json").read_text()

    def full(self: Path, *_: object, **__: object) -> int:
        self.touch()
        raise OSError("no space left on device")

    pg.add("b")
    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="no space"):
        pg.export(tmp_path / "thread.json")
    assert (tmp_path / "thread.json").read_text() == written
    assert [file.name for file in tmp_path.iterdir()] == ["thread.json"]


def test_a_thread_without_messages_is_no_thread_to_copy(playground: Make) -> None:
    pg = playground(store=":memory:")
    with pytest.raises(InputError, match="no message yet"):
        pg.duplicate()
    assert pg.threads() == ()


def test_a_view_goes_on_where_its_thread_is_deleted_elsewhere(
    playground: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pg = playground(messages=["a"], store=tmp_path / "threads.sqlite")
    feed, view = pg._conversation.feed, pg.widget
    elsewhere = Store(tmp_path / "threads.sqlite")
    elsewhere.delete(pg._conversation.state.thread.id).result()
    end = time.monotonic() + 20
    while not feed.removed:
        assert time.monotonic() < end
        time.sleep(0.005)
    pg._conversation.engine.call(feed.flush)
    assert not caplog.records
    assert [m["id"] for m in view.present()["thread"]["messages"]] == [pg[0].id]
    with pytest.raises(ConflictError, match="deleted elsewhere"):
        pg.add("b")
    elsewhere.close()


def test_a_json_file_has_all_branches_unless_told(playground: Make, tmp_path: Path) -> None:
    pg = playground(messages=["a"])
    pg.edit(0, "b")
    file = tmp_path / "thread.json"
    for branches, versions in ((None, 2), (False, 1)):
        if branches is None:
            pg.export(file)
        else:
            pg.export(file, branches=branches)
        back = Playground.from_json(file, store=":memory:", connection="demo")
        assert back.messages == pg.messages
        assert len(back.branches(0)) == versions
