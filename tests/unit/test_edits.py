"""Edits, inserts and deletes as new paths."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget import edits
from playground_widget.errors import InputError, NotFoundError
from playground_widget.events import Added, apply
from playground_widget.model import Message, Role, Text, Thread, path


def conversation(*roles: Role) -> Thread:
    """Return a thread with one path of messages 0, 1, 2 … in these roles."""
    made: list[Message] = []
    for index, role in enumerate(roles):
        parent = str(index - 1) if index else None
        made.append(Message(id=str(index), parent=parent, role=role, content=(Text(str(index)),)))
    return Thread(id="t", messages={m.id: m for m in made}, head=made[-1].id if made else None)


def ids() -> edits.NewId:
    numbers = itertools.count()
    return lambda: f"n{next(numbers)}"


def words(thread: Thread) -> list[str]:
    return [m.text for m in path(thread)]


def new(text: str) -> Message:
    return Message(id=f"new-{text}", parent=None, role="user", content=(Text(text),))


FOUR: Sequence[Role] = ("user", "assistant", "user", "assistant")


def test_an_edit_keeps_the_later_messages_and_the_old_path() -> None:
    thread = conversation(*FOUR)
    event = edits.edited(thread, "0", ids(), now=1.0, content=(Text("better"),))
    after = apply(thread, event)
    assert words(after) == ["better", "1", "2", "3"]
    assert [m.text for m in path(after, "3")] == ["0", "1", "2", "3"]


def test_an_edit_that_is_answered_again_ends_before_the_next_answer() -> None:
    thread = conversation(*FOUR)
    event = edits.edited(thread, "0", ids(), now=1.0, content=(Text("better"),), rerun=True)
    assert words(apply(thread, event)) == ["better"]
    event = edits.edited(thread, "1", ids(), now=1.0, content=(Text("mine"),), rerun=True)
    assert words(apply(thread, event)) == ["0", "mine", "2"]


def test_an_edited_answer_claims_no_figures_of_the_model() -> None:
    thread = conversation(*FOUR)
    event = edits.edited(thread, "1", ids(), now=1.0, content=(Text("mine"),))
    assert event.messages[0].usage is None
    assert event.messages[0].model is None


def test_inserts_go_before_after_and_at_the_end() -> None:
    thread = conversation(*FOUR)

    def put(**where: str) -> list[str]:
        event = edits.inserted(thread, [new("x"), new("y")], ids(), **where)
        return words(apply(thread, event))

    assert put() == ["0", "1", "2", "3", "x", "y"]
    assert put(before="0") == ["x", "y", "0", "1", "2", "3"]
    assert put(after="0") == ["0", "x", "y", "1", "2", "3"]
    assert put(after="3") == ["0", "1", "2", "3", "x", "y"]


def test_before_and_after_at_once_are_refused() -> None:
    thread = conversation("user")
    with pytest.raises(InputError):
        edits.inserted(thread, [new("x")], ids(), before="0", after="0")


def test_deleting_the_last_message_makes_no_copy() -> None:
    thread = conversation(*FOUR)
    assert edits.deleted(thread, ["3"], ids()) == Added((), "2")
    assert edits.deleted(conversation("user"), ["0"], ids()) == Added((), None)


def test_nothing_is_copied_while_a_later_answer_is_being_written() -> None:
    thread = conversation("user")
    streaming = Message(id="a", parent="0", role="assistant", content=(), status="streaming")
    thread = thread.with_messages([streaming], "a")
    with pytest.raises(InputError, match="Stop it first"):
        edits.deleted(thread, ["0"], ids())
    with pytest.raises(InputError, match="Stop it first"):
        edits.edited(thread, "a", ids(), now=1.0)


def test_a_message_off_the_active_path_is_changed_on_its_own() -> None:
    thread = conversation(*FOUR)
    thread = apply(thread, edits.edited(thread, "2", ids(), now=1.0, content=(Text("other"),)))
    event = edits.edited(thread, "2", ids(), now=1.0, content=(Text("third"),))
    assert words(apply(thread, event)) == ["0", "1", "third", "3"]


def test_an_unknown_message_changes_nothing() -> None:
    with pytest.raises(NotFoundError):
        edits.deleted(conversation("user"), ["nope"], ids())


@given(st.data())
def test_deletes_leave_exactly_the_others_and_copy_only_what_follows(
    data: st.DataObject,
) -> None:
    thread = conversation(*FOUR, *FOUR)
    gone = data.draw(st.sets(st.sampled_from(list(thread.messages)), min_size=1))
    event = edits.deleted(thread, sorted(gone), ids())
    after = apply(thread, event)
    assert words(after) == [i for i in thread.messages if i not in gone]
    assert all(m.copy_of is not None for m in event.messages)
    assert len(event.messages) <= len(thread.messages) - min(map(int, gone)) - 1
