"""What stands between the engine and subscribers, so that none of them paces a run.

The engine's thread hands each batch of a thread over once, however many subscribe. Here a *topic*
numbers the batches and keeps what happened lately, so that a subscriber who comes back is told
what is missing; and each subscriber has a short list of batches that wait for it. Whoever is
slow gets several batches as one, and whoever is much too slow a snapshot, and never a backlog.

Batches are shared: subscribers who are in step get the same object, so that what is made of it for
one of them (the JSON of a query's result) is there for all.

| state                              | owner                            |
|------------------------------------|----------------------------------|
| the thread and its growing answers | the engine, on its loop's thread |
| what happened lately, by revision  | `Topic`, on the server's loop    |
| which batches wait for whom        | `Subscriber`, on the server's    |
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING

from playground_widget.errors import ClosedError
from playground_widget.server._batches import Batch, Offsets, of_run
from playground_widget.server._comparison_topic import ComparisonBatch, ComparisonTopic
from playground_widget.server._topic import Topic

if TYPE_CHECKING:
    from playground_widget.conversation import Rooms
    from playground_widget.engine import Engine

__all__ = ["Hub"]


class Hub:
    """Subscriptions to threads. Belongs to the server's loop.

    Args:
        rooms: The threads; they belong to the engine's loop.
        engine: Whose loop that is.
    """

    def __init__(self, rooms: Rooms, engine: Engine) -> None:
        """Begin with nobody who subscribes; called on the server's loop."""
        self._rooms = rooms
        self._engine = engine
        self._loop = asyncio.get_running_loop()
        self._topics: dict[str, Topic] = {}
        self._comparisons: dict[str, ComparisonTopic] = {}
        self._lists: set[_Count] = set()
        self._changes = 0
        self._closed = False
        self.live = 0

    # -- what can be subscribed to

    async def thread_events(
        self, thread: str, revision: int | None = None, offsets: Offsets | None = None
    ) -> AsyncGenerator[Batch]:
        """Give what happens to a thread, after what is missing.

        Args:
            thread: The id of the thread.
            revision: What one has; without it, everything comes first.
            offsets: How much one has of the answers that were growing at that revision.

        Raises:
            NotFoundError: There is no such thread.
        """
        with self._counted():
            topic = await self._topic(thread)
            with topic.joined(revision, offsets or {}) as subscriber:
                async for batch in subscriber.batches():
                    yield batch

    async def run_events(
        self, thread: str, message: str, offsets: Offsets | None = None
    ) -> AsyncGenerator[Batch]:
        """Give the text of one answer from what one has on, and its end.

        Raises:
            NotFoundError: There is no such thread or answer.
        """
        with self._counted():
            topic = await self._topic(thread)
            with topic.joined(None, {}) as subscriber:
                is_first = True
                async for following in subscriber.batches():
                    if is_first:
                        batch, ended = of_run(following, message, offsets or {})
                        is_first = False
                    else:
                        batch, ended = topic.of_run(following, message)
                    if batch.items:
                        yield batch
                    if ended:
                        return

    async def comparison_events(self, comparison: str) -> AsyncGenerator[ComparisonBatch]:
        """Give all of a comparison, and then what happens in it.

        Raises:
            NotFoundError: There is none.
        """
        with self._counted():
            topic = self._comparisons.get(comparison)
            if topic is None:
                topic = self._comparisons[comparison] = ComparisonTopic(
                    comparison, self._rooms, self._engine, self._forget_comparison
                )
            async with aclosing(topic.batches()) as batches:
                async for batch in batches:
                    yield batch

    async def threads_changed(self) -> AsyncGenerator[int]:
        """Give a number that counts up whenever the list of threads is another; one at once."""
        with self._counted():
            count = _Count()
            if not self._lists:
                self._engine.post(self._rooms.listen_to_list, self._list_changed)
            self._lists.add(count)
            try:
                yield self._changes
                while await count.change():
                    yield self._changes
            finally:
                self._lists.discard(count)
                if not self._lists:
                    self._engine.post(self._rooms.leave_list, self._list_changed)

    async def close(self) -> None:
        """End every subscription."""
        self._closed = True
        for count in tuple(self._lists):
            count.end()
        for topic in tuple(self._topics.values()):
            topic.close()
        self._topics.clear()
        for compared in tuple(self._comparisons.values()):
            compared.close()

    # -- inside

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._check_open()
        self.live += 1
        try:
            yield
        finally:
            self.live -= 1

    def _check_open(self) -> None:
        if self._closed:
            raise ClosedError("The server is ending.")

    async def _topic(self, thread: str) -> Topic:
        """Return the topic of a thread, which has begun."""
        topic = self._topics.get(thread)
        if topic is None:
            topic = self._topics[thread] = Topic(
                thread, self._rooms, self._engine, self._loop, self._forget
            )
        await topic.begin()
        self._check_open()
        return topic

    def _forget(self, topic: Topic) -> None:
        if self._topics.get(topic.thread) is topic:
            del self._topics[topic.thread]

    def _forget_comparison(self, topic: ComparisonTopic) -> None:
        if self._comparisons.get(topic.comparison) is topic:
            del self._comparisons[topic.comparison]

    def _list_changed(self) -> None:
        """Hear of it on the engine's thread."""
        self._loop.call_soon_threadsafe(self._tell_of_list)

    def _tell_of_list(self) -> None:
        self._changes += 1
        for count in self._lists:
            count.tell()


class _Count:
    """Whether something has changed since somebody looked."""

    def __init__(self) -> None:
        self._wake = asyncio.Event()
        self._ended = False

    def tell(self) -> None:
        self._wake.set()

    def end(self) -> None:
        self._ended = True
        self._wake.set()

    async def change(self) -> bool:
        """Wait for a change; `False` is the end."""
        await self._wake.wait()
        self._wake.clear()
        return not self._ended
