"""When batches leave, on a clock that the tests turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from playground_widget.engine import Batch, Committed, Feed, engine
from playground_widget.engine._outbox import INTERVAL
from playground_widget.events import Delta, Finished, Started
from playground_widget.model import Message, Thread
from playground_widget.store import Seen, Store


class Clock:
    """Stands for the engine and its loop."""

    def __init__(self) -> None:
        self.now = 100.0
        self.loop = self
        self._due: list[Timer] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, work: Callable[[], object]) -> Timer:
        timer = Timer(self._due, when, work)
        self._due.append(timer)
        return timer

    def turn(self, seconds: float = 0.0) -> None:
        """Let time pass, and do what has become due."""
        self.now += seconds
        while due := [timer for timer in self._due if timer.when <= self.now]:
            due[0].cancel()
            due[0].work()


class Timer:
    def __init__(self, due: list[Timer], when: float, work: Callable[[], object]) -> None:
        self._due, self.when, self.work = due, when, work

    def cancel(self) -> None:
        if self in self._due:
            self._due.remove(self)


class NoStore:
    """Takes what is written nowhere: these tests are about what listeners are sent."""

    def grow(self, thread: str, delta: Delta) -> None:
        pass


class Answer:
    """A feed in which an answer has begun and nothing has been sent for a moment."""

    def __init__(self) -> None:
        self.clock = Clock()
        thread = Thread(id="t", title="", system="", model="m", created=0.0)
        self.feed = Feed(cast("Any", self.clock), thread, cast("Any", NoStore()))
        self.batches: list[Batch] = []
        self.message = Message(
            id="a", parent=None, role="assistant", content=(), status="streaming", created=0.0
        )
        self.feed.subscribe(self.batches.append)
        self.feed._apply(1, Started(self.message, "a"))
        self.clock.turn(INTERVAL)
        self.batches.clear()
        self._length = 0

    def grow(self, text: str) -> None:
        tokens = self._length + 1
        self.feed.grow(Delta("a", 0, self._length, text, "text", tokens))
        self._length += len(text)

    def finish(self) -> None:
        self.feed._apply(2, Finished(self.message))

    def texts(self) -> list[str]:
        return [item.text for batch in self.batches for item in batch if isinstance(item, Delta)]


def test_the_first_words_leave_at_once_and_the_next_after_the_interval() -> None:
    answer = Answer()
    answer.clock.turn(INTERVAL / 10)
    answer.grow("one ")
    answer.clock.turn()
    assert answer.texts() == ["one "]
    answer.grow("two ")
    answer.clock.turn(INTERVAL / 2)
    answer.grow("three")
    assert answer.texts() == ["one "]
    answer.clock.turn(INTERVAL)
    assert answer.texts() == ["one ", "two three"]


def test_the_end_leaves_at_once_with_the_text_before_it() -> None:
    answer = Answer()
    answer.grow("one ")
    answer.clock.turn()
    answer.clock.turn(2 * INTERVAL)
    answer.grow("two ")
    answer.clock.turn()
    answer.grow("three")
    answer.finish()
    answer.clock.turn()
    assert answer.texts() == ["one ", "two ", "three"]
    last = answer.batches[-1][-1]
    assert isinstance(last, Committed)
    assert isinstance(last.event, Finished)


def test_words_and_an_end_that_follow_each_other_closely_leave_together() -> None:
    answer = Answer()
    answer.clock.turn(INTERVAL / 10)
    for _ in range(20):
        answer.grow("word ")
        answer.clock.turn(INTERVAL / 100)
    answer.finish()
    answer.clock.turn()
    assert len(answer.batches) == 1
    answer.clock.turn(INTERVAL)
    assert len(answer.batches) == 2


def test_text_of_others_that_was_lost_is_read_anew() -> None:
    store = Store(":memory:")
    store.create(Thread(id="t")).result()
    answer = Message(id="a", parent=None, role="assistant", content=(), status="streaming")
    revision = store.commit("t", 0, Started(answer, "a")).result()

    def grow(*pieces: Delta) -> None:
        for piece in pieces:
            store.grow("t", piece)
        # Text is written with the next write at the latest.
        store.pin("t", pinned=False).result()

    grow(Delta("a", 0, 0, "one "))
    feed = Feed(engine(), store.load("t").thread, store, revision)
    last = Delta("a", 0, 8, "three")
    grow(Delta("a", 0, 4, "two "), last)
    engine().do(feed._take_in, Seen("t", revision, (last,)))
    assert feed.state.live["a"].text(0) == "one two three"
    # What is known now is not read again.
    after = feed.state
    engine().do(feed._take_in, Seen("t", revision, (last,)))
    assert feed.state is after
    store.close()


def test_nothing_is_sent_twice_and_nothing_when_nothing_happened() -> None:
    answer = Answer()
    answer.grow("one")
    answer.feed.subscribe(lambda _: None)
    assert answer.texts() == ["one"]
    answer.clock.turn(10 * INTERVAL)
    assert answer.texts() == ["one"]
    assert len(answer.batches) == 1
