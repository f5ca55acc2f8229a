"""One comparison as its subscribers see it. As of a thread's topic, none of them paces it.

The engine's thread hands each batch over once. Whoever is slow gets several batches as one, and
whoever is much too slow all of it anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from playground_widget import compare

if TYPE_CHECKING:
    from playground_widget.conversation import Rooms
    from playground_widget.engine import Engine

__all__ = ["ComparisonBatch", "ComparisonTopic", "Whole"]

MOST_WAITING = 256
"""How many batches may wait for one subscriber before it gets all of it anew."""


class Whole(NamedTuple):
    """A comparison at one moment.

    Args:
        view: As a page has it.
        plan: What it asks.
    """

    view: Mapping[str, Any]
    plan: compare.Plan


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class ComparisonBatch:
    """What is told at once, in order; one object for all who are in step.

    Args:
        items: What happened.
    """

    items: tuple[Whole | compare.Update, ...]


_PASSING = compare.Progress | compare.Summary | compare.Picked | compare.Renamed
"""Of these the last one says all."""


def joined(batches: Sequence[ComparisonBatch]) -> ComparisonBatch:
    """Return batches that follow each other as one, without what later items make void."""
    if len(batches) == 1:
        return batches[0]
    items: list[Whole | compare.Update] = []
    passing: dict[type, compare.Update] = {}
    for batch in batches:
        for item in batch.items:
            if isinstance(item, _PASSING):
                passing[type(item)] = item
            else:
                items.append(item)
    return ComparisonBatch((*items, *passing.values()))


class ComparisonTopic:
    """The batches of one comparison, and who gets them. Belongs to the server's loop.

    Args:
        comparison: Its id.
        rooms: Where it is; they belong to the engine's loop.
        engine: Whose loop that is.
        forget: Called when nobody subscribes any more.
    """

    def __init__(
        self,
        comparison: str,
        rooms: Rooms,
        engine: Engine,
        forget: Callable[[ComparisonTopic], None],
    ) -> None:
        """Begin with nobody; called on the server's loop."""
        self.comparison = comparison
        self._rooms = rooms
        self._engine = engine
        self._loop = asyncio.get_running_loop()
        self._forget = forget
        self._subscribers: set[_Subscriber] = set()
        self._runner: compare.Runner | None = None
        self._leave: Callable[[], None] | None = None
        # Nobody subscribes any more, and nobody will: who comes next gets another topic.
        self._is_over = False

    # -- on the engine's thread

    async def _look(self) -> Whole:
        """Return all of it, and see to it that what follows is heard."""
        _, runner = await self._rooms.comparison(self.comparison)
        summary = await runner.ready()
        if runner is not self._runner and not self._is_over:
            self._stop_listening()
            self._runner, self._leave = runner, runner.listen(self._hear)
        # What waits is in it already, and must not come after it.
        runner.telling.flush()
        return Whole(compare.view_of(runner, summary), runner.plan)

    async def _begin(self, subscriber: _Subscriber) -> None:
        try:
            whole = await self._look()
        except Exception as error:  # noqa: BLE001 - whoever subscribes is told
            self._loop.call_soon_threadsafe(subscriber.fail, error)
        else:
            # In order with the batches, which are handed over in the same way.
            self._loop.call_soon_threadsafe(subscriber.start, ComparisonBatch((whole,)))

    def _hear(self, updates: list[compare.Update]) -> None:
        self._loop.call_soon_threadsafe(self._take, ComparisonBatch(tuple(updates)))

    def _end(self) -> None:
        self._is_over = True
        self._stop_listening()

    def _stop_listening(self) -> None:
        if self._leave is not None:
            self._leave()
        self._runner = self._leave = None

    # -- on the server's loop

    def _take(self, batch: ComparisonBatch) -> None:
        for subscriber in self._subscribers:
            subscriber.put(batch)

    def look(self, subscriber: _Subscriber) -> None:
        """Have all of it handed to a subscriber."""
        self._engine.spawn(self._begin(subscriber))

    @contextmanager
    def _joined(self) -> Iterator[_Subscriber]:
        subscriber = _Subscriber(self)
        self._subscribers.add(subscriber)
        self.look(subscriber)
        try:
            yield subscriber
        finally:
            self._subscribers.discard(subscriber)
            if not self._subscribers:
                self._forget(self)
                self._engine.post(self._end)

    async def batches(self) -> AsyncGenerator[ComparisonBatch]:
        """Give all of it, and then what comes."""
        with self._joined() as subscriber:
            async for batch in subscriber.batches():
                yield batch

    def close(self) -> None:
        """End whoever subscribes."""
        for subscriber in tuple(self._subscribers):
            subscriber.end()


class _Subscriber:
    """What waits for one who subscribes."""

    def __init__(self, topic: ComparisonTopic) -> None:
        self._topic = topic
        self._wake = asyncio.Event()
        self._waiting: list[ComparisonBatch] = []
        self._started = self._behind = self._ended = False
        self._error: Exception | None = None

    def start(self, whole: ComparisonBatch) -> None:
        self._started, self._waiting = True, [whole]
        self._wake.set()

    def fail(self, error: Exception) -> None:
        self._error = error
        self._wake.set()

    def put(self, batch: ComparisonBatch) -> None:
        if not self._started:
            return
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            self._started, self._behind = False, True
        else:
            self._waiting.append(batch)
        self._wake.set()

    def end(self) -> None:
        self._ended = True
        self._wake.set()

    async def batches(self) -> AsyncGenerator[ComparisonBatch]:
        while True:
            await self._wake.wait()
            self._wake.clear()
            if self._error is not None:
                raise self._error
            if self._ended:
                return
            if self._behind:
                self._behind = False
                self._topic.look(self)
                continue
            waiting, self._waiting = self._waiting, []
            if waiting and isinstance(waiting[0].items[0], Whole):
                yield waiting.pop(0)
            if waiting:
                yield joined(waiting)
