"""One thread as its subscribers see it: what comes, and what happened lately."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, WeakValueDictionary

from playground_widget.engine import Committed, Opened, Removed
from playground_widget.events import Delta
from playground_widget.model import Message
from playground_widget.server._batches import (
    Batch,
    Deleted,
    Item,
    Offsets,
    Settings,
    Snapshot,
    is_last,
    merged,
    of_run,
    with_text,
)

if TYPE_CHECKING:
    from playground_widget.conversation import Conversation, Rooms, Update
    from playground_widget.engine import Engine

__all__ = ["Subscriber", "Topic"]

KEPT = 1000
"""How many structural events of a thread are remembered for those who come back."""

LINGER = 60.0
"""Seconds for which they are remembered after the last subscriber has left."""

MOST_WAITING = 256
"""How many batches may wait for one subscriber, 8 seconds of a run, before it gets a snapshot."""


class Topic:
    """The batches of one thread, and who gets them.

    Args:
        thread: Its id.
        rooms: Where its conversation is.
        engine: Whose thread that belongs to.
        loop: The server's, to which the topic belongs.
        forget: Called when nobody subscribes any more, a while after the last one has left.
    """

    def __init__(
        self,
        thread: str,
        rooms: Rooms,
        engine: Engine,
        loop: asyncio.AbstractEventLoop,
        forget: Callable[[Topic], None],
    ) -> None:
        """Begin with nobody; `begin` listens."""
        self.thread = thread
        self._rooms = rooms
        self._engine = engine
        self._loop = loop
        self._forget = forget
        self._conversation: Conversation | None = None
        self._beginning: asyncio.Task[None] | None = None
        self._subscribers: set[Subscriber] = set()
        self._log: deque[Committed] = deque(maxlen=KEPT)
        # The revision after which the log is whole.
        self._since = 0
        # Who has just this may have had it from elsewhere, with another path open.
        self._begun: int | None = None
        self._merged: WeakValueDictionary[tuple[int, int], Batch] = WeakValueDictionary()
        self._runs: WeakKeyDictionary[Batch, dict[str, tuple[Batch, bool]]] = WeakKeyDictionary()
        self._count = 0
        self._leaving: asyncio.TimerHandle | None = None
        # What told that the thread was deleted, for those who join or look meanwhile.
        self.last: tuple[int, Batch] | None = None

    async def begin(self) -> None:
        """Listen to the conversation, if that is not so yet.

        Raises:
            NotFoundError: There is no such thread.
        """
        if self._beginning is None:
            work = asyncio.wrap_future(self._engine.spawn(self._listen()))
            self._beginning = self._loop.create_task(self._begin(work))
        await asyncio.shield(self._beginning)

    async def _begin(self, work: asyncio.Future[None]) -> None:
        try:
            await work
        except BaseException:
            self._forget(self)
            raise
        # Whoever wanted it may have left meanwhile.
        self._leave_later()

    # -- on the engine's thread

    async def _listen(self) -> None:
        conversation = self._conversation = await self._rooms.room(self.thread)
        state = conversation.subscribe(self._hear)
        # Whoever subscribes sees what is asked, and can answer.
        conversation.viewers.add(self)
        self._loop.call_soon_threadsafe(self._log_from, state.revision)
        conversation.connections.refresh()

    def _hear(self, update: Update) -> None:
        items: list[Item] = []
        if any(isinstance(item, Opened) for item in update.batch):
            # What was said of the thread before means nothing any more, and this holds the rest.
            assert self._conversation is not None  # noqa: S101 - it is this one that speaks
            items.append(_snapshot(self._conversation))
        else:
            items += [item for item in update.batch if isinstance(item, Committed | Delta)]
            if update.settings is not None:
                items.append(Settings(update.settings))
        items += [Deleted(item.thread) for item in update.batch if isinstance(item, Removed)]
        if items:
            self._loop.call_soon_threadsafe(self._take, tuple(items))

    def _look(self, done: Callable[[Snapshot], None]) -> None:
        """Have the state handed over, in order with the batches."""
        conversation = self._conversation
        assert conversation is not None  # noqa: S101 - it has begun
        conversation.feed.flush()
        self._loop.call_soon_threadsafe(done, _snapshot(conversation))

    # -- on the server's loop

    def _log_from(self, revision: int) -> None:
        self._since = self._begun = revision

    def _take(self, items: tuple[Item, ...]) -> None:
        for item in items:
            if isinstance(item, Snapshot):
                self._log.clear()
                self._since, self._begun = item.revision, None
            elif isinstance(item, Committed):
                if len(self._log) == KEPT:
                    self._since = self._log[0].revision
                self._log.append(item)
        self._count += 1
        batch = Batch(self._revision_after(items), items)
        for subscriber in self._subscribers:
            subscriber.put(self._count, batch)
        if is_last(batch):
            # Should it be brought back, that is another conversation.
            self.last = self._count, batch
            self._leave()

    def _revision_after(self, items: tuple[Item, ...]) -> int:
        for item in reversed(items):
            if isinstance(item, Committed | Snapshot):
                return item.revision
        return self._log[-1].revision if self._log else self._since

    @contextmanager
    def joined(self, revision: int | None, offsets: Offsets) -> Iterator[Subscriber]:
        """Have a subscriber told what is missing, and then what comes, until the end."""
        subscriber = Subscriber(self)
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        self._subscribers.add(subscriber)

        def begin(now: Snapshot) -> None:
            subscriber.start(self.missing(now, revision, offsets))

        self._engine.post(self._look, begin)
        try:
            yield subscriber
        finally:
            self._subscribers.discard(subscriber)
            self._leave_later()

    def look(self, done: Callable[[Batch], None]) -> None:
        """Call back with everything as it is, in order with the batches."""
        self._engine.post(self._look, lambda now: done(Batch(now.revision, (now,))))

    def missing(self, now: Snapshot, revision: int | None, offsets: Offsets) -> Batch:
        """Return what somebody has to be told to have all there is.

        Args:
            now: Everything as it is.
            revision: What that one has.
            offsets: And how much of the answers that were growing then.
        """
        whole = Batch(now.revision, (now,))
        if revision in {None, self._begun} or not self._since <= revision <= now.revision:
            return whole
        happened = [logged for logged in self._log if logged.revision > revision]
        told = with_text(happened, now.thread, offsets)
        if told is None:
            return whole
        return Batch(now.revision, (*told, Settings(now.settings)))

    def together(self, numbered: list[tuple[int, Batch]]) -> Batch:
        """Return batches that follow each other as one; the same for all who have to catch up."""
        if len(numbered) == 1:
            return numbered[0][1]
        key = numbered[0][0], numbered[-1][0]
        found = self._merged.get(key)
        if found is None:
            items = merged(item for _, batch in numbered for item in batch.items)
            found = self._merged[key] = Batch(numbered[-1][1].revision, items)
        return found

    def of_run(self, batch: Batch, message: str) -> tuple[Batch, bool]:
        """Return what a batch says of one answer, and whether that has ended."""
        known = self._runs.setdefault(batch, {})
        if message not in known:
            known[message] = of_run(batch, message, {})
        return known[message]

    def close(self) -> None:
        """Listen no more, and end whoever still subscribes."""
        for subscriber in tuple(self._subscribers):
            subscriber.end()
        self._leave()

    def _stop_listening(self, conversation: Conversation) -> None:
        """Listen no more; on the engine's thread."""
        conversation.viewers.discard(self)
        conversation.unsubscribe(self._hear)

    def _leave_later(self) -> None:
        if not self._subscribers and self._leaving is None:
            self._leaving = self._loop.call_later(LINGER, self.close)

    def _leave(self) -> None:
        self._forget(self)
        if self._conversation is not None:
            self._engine.post(self._stop_listening, self._conversation)
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None


class Subscriber:
    """What waits for one who subscribes.

    Args:
        topic: What is subscribed to.
    """

    def __init__(self, topic: Topic) -> None:
        """Begin with nothing; `start` brings the first batch."""
        self._topic = topic
        self._wake = asyncio.Event()
        self._waiting: list[tuple[int, Batch]] = []
        self._first: Batch | None = None
        # Until it starts, what comes is in the first batch anyway.
        self._started = False
        self._behind = False
        self._ended = False

    def start(self, first: Batch) -> None:
        """Begin with a batch that holds all that has come so far."""
        self._started, self._behind, self._first = True, False, first
        if self._topic.last is not None:
            self._waiting.append(self._topic.last)
        self._wake.set()

    def put(self, number: int, batch: Batch) -> None:
        """Have a batch wait; where too many do, they are dropped, and all is looked at anew."""
        if not self._started:
            return
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            self._started, self._behind, self._first = False, True, None
        else:
            self._waiting.append((number, batch))
        self._wake.set()

    def end(self) -> None:
        """Give nothing more."""
        self._ended = True
        self._wake.set()

    async def batches(self) -> AsyncGenerator[Batch]:
        """Give what comes; several batches as one where this one is slower."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            if self._ended:
                return
            if self._behind:
                self._behind = False
                self._topic.look(self.start)
                continue
            first, self._first = self._first, None
            waiting, self._waiting = self._waiting, []
            told = [first] if first is not None else []
            if waiting:
                told.append(self._topic.together(waiting))
            for batch in told:
                yield batch
                if is_last(batch):
                    return


def _snapshot(conversation: Conversation) -> Snapshot:
    """Return everything as it is, to be read on any thread."""
    revision, thread, live = conversation.state
    grown: list[Message] = []
    for identity, growing in live.items():
        message = thread.messages[identity]
        retry, consent = message.retry, message.consent
        if retry is not None:
            retry = replace(retry, wait=retry.left(time.monotonic()))
        if consent is not None:
            consent = replace(consent, wait=consent.left(time.monotonic()))
        made = growing.freeze()
        tokens = growing.tokens or None
        grown.append(replace(message, content=made, tokens=tokens, retry=retry, consent=consent))
    present = thread.with_messages(grown, thread.head) if grown else thread
    return Snapshot(revision, present, conversation.settings())
