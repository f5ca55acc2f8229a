"""What a subscriber is told: nothing is lost and nothing said twice, wherever it comes back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.engine import Committed
from playground_widget.errors import NotFoundError
from playground_widget.events import Delta, Finished, Live, Retrying, Started, apply
from playground_widget.model import Message, Text, Thread
from playground_widget.server._batches import (
    Batch,
    Deleted,
    Item,
    Settings,
    Snapshot,
    is_last,
    merged,
    of_run,
    with_text,
)

EMPTY = Thread(id="t")


class Reader:
    """Somebody who folds what is told, and complains about anything that does not follow."""

    def __init__(self) -> None:
        self.revision = 0
        self.thread = EMPTY
        self.live: dict[str, Live] = {}

    def read(self, items: Sequence[Item]) -> None:
        for item in items:
            if isinstance(item, Delta):
                assert self.live[item.message].append(item) == "appended"
            elif isinstance(item, Committed):
                assert item.revision == self.revision + 1
                self._apply(item)

    def _apply(self, committed: Committed) -> None:
        event = committed.event
        if isinstance(event, Started):
            self.live[event.message.id] = Live(event.message.content)
        if isinstance(event, Finished):
            grown = self.live.pop(event.message.id)
            assert grown.freeze() == event.message.content
        self.thread = apply(self.thread, event)
        self.revision = committed.revision

    @property
    def offsets(self) -> dict[tuple[str, int], int]:
        return {
            (message, part): length
            for message, live in self.live.items()
            for part, length in enumerate(live.lengths)
        }


def answer(identity: str, parts: Sequence[str], status: str = "streaming") -> Message:
    return Message(
        id=identity,
        parent=None,
        role="assistant",
        content=tuple(Text(part) for part in parts),
        status="complete" if status == "complete" else "streaming",
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Item]:
    """Several answers that grow among each other, some of which end."""
    told: list[Item] = []
    grown: dict[str, list[str]] = {}
    begun = 0
    revision = 0
    for _ in range(draw(st.integers(1, 25))):
        what = draw(st.sampled_from(["start", "text", "text", "text", "part", "finish", "wait"]))
        growing = draw(st.sampled_from(sorted(grown))) if grown else None
        if what == "start" or growing is None:
            begun += 1
            identity = f"m{begun}"
            prefix = draw(st.sampled_from([[], ["from before "]]))
            grown[identity] = list(prefix)
            revision += 1
            told.append(Committed(revision, Started(answer(identity, prefix), identity)))
        elif what == "finish":
            revision += 1
            ended = answer(growing, grown.pop(growing), "complete")
            told.append(Committed(revision, Finished(ended)))
        elif what == "wait":
            revision += 1
            told.append(Committed(revision, Retrying(growing, None)))
        else:
            parts = grown[growing]
            text = draw(st.text(min_size=1, max_size=4))
            if what == "part" or not parts:
                parts.append("")
            told.append(Delta(growing, len(parts) - 1, len(parts[-1]), text))
            parts[-1] += text
    return told


def whole(history: Sequence[Item]) -> Reader:
    reader = Reader()
    reader.read(history)
    return reader


def present(reader: Reader) -> Thread:
    grown = {identity: live.freeze() for identity, live in reader.live.items()}
    messages = [
        answer(identity, [part.text for part in content if isinstance(part, Text)])
        for identity, content in grown.items()
    ]
    return reader.thread.with_messages(messages, reader.thread.head)


@given(histories(), st.data())
def test_whoever_comes_back_is_told_what_is_missing_and_no_more(
    history: list[Item], data: st.DataObject
) -> None:
    left = data.draw(st.integers(0, len(history)))
    reader = whole(history[:left])
    now = whole(history)
    log = [item for item in history if isinstance(item, Committed)]

    told = with_text(
        [each for each in log if each.revision > reader.revision], present(now), reader.offsets
    )

    assert told is not None
    reader.read(told)
    assert reader.revision == now.revision
    assert present(reader) == present(now)


@given(histories(), st.data())
def test_batches_put_together_say_the_same(history: list[Item], data: st.DataObject) -> None:
    left = data.draw(st.integers(0, len(history)))
    reader = whole(history[:left])
    reader.read(merged(history[left:]))
    assert present(reader) == present(whole(history))


@pytest.mark.parametrize(
    "offsets", [{("m1", 0): 9}, {("m1", 1): 0}, {("other", 0): 0}, {("m1", 0): -1}]
)
def test_who_has_what_is_not_here_reads_it_all(offsets: dict[tuple[str, int], int]) -> None:
    now = EMPTY.with_messages([answer("m1", ["Hello"])], "m1")
    assert with_text([], now, offsets) is None


def test_only_the_last_settings_count_and_a_snapshot_makes_void_what_was_before() -> None:
    first, last = Settings({"queued": 1}), Settings({"queued": 0})
    text = Delta("m1", 0, 0, "Hi")
    assert merged([first, text, last]) == (text, last)
    snapshot = Snapshot(3, EMPTY, {})
    assert merged([text, first, snapshot, text]) == (snapshot, text)


class TestOneRun:
    def test_begins_with_its_text_from_where_one_is(self) -> None:
        now = EMPTY.with_messages([answer("m1", ["Hello"])], "m1")
        batch, ended = of_run(Batch(1, (Snapshot(1, now, {}),)), "m1", {("m1", 0): 3})
        assert not ended
        assert batch.items == (Delta("m1", 0, 3, "lo"),)

    def test_that_has_ended_comes_with_its_end(self) -> None:
        said = answer("m1", ["Hello"], "complete")
        now = EMPTY.with_messages([said], "m1")
        batch, ended = of_run(Batch(2, (Snapshot(2, now, {}),)), "m1", {})
        assert ended
        assert batch.items == (Delta("m1", 0, 0, "Hello"), Committed(2, Finished(said)))

    def test_is_told_apart_from_others(self) -> None:
        other, mine = Delta("m2", 0, 0, "no"), Delta("m1", 0, 0, "yes")
        end = Committed(5, Finished(answer("m1", ["yes"], "complete")))
        batch, ended = of_run(Batch(5, (other, mine, end)), "m1", {})
        assert (batch.items, ended) == ((mine, end), True)

    def test_that_is_not_there_is_an_error(self) -> None:
        with pytest.raises(NotFoundError):
            of_run(Batch(0, (Snapshot(0, EMPTY, {}),)), "m1", {})

    def test_ends_with_its_thread(self) -> None:
        batch = Batch(1, (Deleted("t"),))
        assert is_last(batch)
        assert of_run(batch, "m1", {})[1]
