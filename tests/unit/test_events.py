"""The reducer and the growing answer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playground_widget.errors import ErrorInfo
from playground_widget.events import (
    Added,
    Changed,
    Delta,
    Finished,
    Live,
    Retrying,
    Selected,
    Started,
    State,
    apply,
    changed,
    grew_as_text,
    missing_text,
)
from playground_widget.model import Message, Params, Retry, Table, Text, Thread, ToolCall


def said(identity: str, parent: str | None = None, **more: object) -> Message:
    return Message(id=identity, parent=parent, role="user", content=(Text(identity),), **more)  # type: ignore[arg-type]


def test_events_change_the_thread_and_leave_the_old_one() -> None:
    empty = Thread(id="t")
    thread = apply(empty, Added((said("a"), said("b", "a")), "b"))
    thread = apply(thread, Started(said("c", "b", status="streaming"), "c"))
    thread = apply(thread, Finished(said("c", "b")))
    assert thread.head == "c"
    assert thread.messages["c"].status == "complete"
    assert apply(thread, Selected("a")).head == "a"
    assert apply(thread, Changed({"title": "x"})).title == "x"
    assert not empty.messages


def test_a_retry_is_shown_on_its_message_until_it_is_over() -> None:
    thread = apply(Thread(id="t"), Started(said("a", status="streaming"), "a"))
    retry = Retry(attempt=2, attempts=4, wait=1.0, error=ErrorInfo(kind="server", title="x"))
    waiting = apply(thread, Retrying("a", retry))
    assert waiting.messages["a"].retry == retry
    assert apply(waiting, Retrying("a", None)).messages["a"].retry is None


def test_only_what_differs_is_a_change() -> None:
    thread = Thread(id="t", system="s", params=Params(seed=1))
    assert changed(thread, system="s", params={"seed": 1}) is None
    event = changed(thread, system="new", title="")
    assert event is not None
    assert event.changes == {"system": "new"}


@given(st.text(max_size=60), st.data())
def test_any_resending_of_a_text_gives_the_text_once(text: str, data: st.DataObject) -> None:
    live = Live()
    known = 0
    for _ in range(data.draw(st.integers(1, 12))):
        start = data.draw(st.integers(0, known))
        end = data.draw(st.integers(start, len(text)))
        live.append(Delta("m", 0, start, text[start:end]))
        known = max(known, end)
    assert live.text(0) == text[:known]
    assert live.lengths == (known,)


def test_what_lies_beyond_is_a_gap_and_changes_nothing() -> None:
    live = Live()
    assert live.append(Delta("m", 0, 1, "x")) == "gap"
    assert live.append(Delta("m", 1, 0, "x")) == "gap"
    assert live.append(Delta("m", 0, 0, "ab")) == "appended"
    assert live.append(Delta("m", 0, 3, "x")) == "gap"
    assert live.append(Delta("m", 0, 0, "ab")) == "dropped"
    assert live.freeze() == (Text("ab"),)


def test_a_tool_call_grows_by_its_arguments() -> None:
    live = Live((Text("I look. "),))
    live.append(Delta("m", 1, 0, '{"a"', "tool_call", 1, ("call_1", "look")))
    live.append(Delta("m", 1, 4, ":1}", "tool_call", 2))
    assert live.freeze()[1] == ToolCall(id="call_1", name="look", arguments='{"a":1}')
    assert live.tokens == 2


def test_the_present_shows_a_growing_answer_with_its_text_so_far() -> None:
    thread = apply(Thread(id="t"), Started(said("a", status="streaming"), "a"))
    live = Live()
    live.append(Delta("a", 0, 0, "so far"))
    state = State(1, thread, {"a": live})
    assert state.present().messages["a"].text == "so far"
    assert thread.messages["a"].text == "a"


def test_a_table_is_no_text_that_is_missing() -> None:
    table = Table(text="n\n1", columns=("n",), rows=((1,),), shape=(1, 1))
    whole = Message(id="t", parent=None, role="tool", content=(table,))
    assert list(missing_text(whole, [])) == []
    assert not grew_as_text(whole)
