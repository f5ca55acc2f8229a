"""The state of one thread, and the one stream of events that everybody listens to.

A structural event is first written to the store, then applied here: the store gives the revision,
and refuses what was made from a state that others have changed meanwhile. Then the feed takes over
what they changed, and says so. Text of a growing answer is applied at once and written soon.

While somebody listens, the feed follows the store: what other processes do to the thread, and the
answers that they write in it, come as they happen.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from playground_widget.engine._foreign import (
    adapted,
    begun_with,
    described,
    is_harmless,
    state_of,
)
from playground_widget.engine._outbox import Batch, Committed, Listener, Opened, Outbox, Removed
from playground_widget.errors import ConflictError, NotFoundError, StoreError
from playground_widget.events import (
    Added,
    Delta,
    Event,
    Finished,
    Live,
    Started,
    State,
    apply,
    missing_text,
)
from playground_widget.model import Message, Thread, path
from playground_widget.store import Stale

if TYPE_CHECKING:
    from playground_widget.engine._loop import Engine
    from playground_widget.store import AskKind, Ended, Seen, Store, Stored

__all__ = ["Batch", "Committed", "Feed", "Listener", "Opened", "Removed"]

T = TypeVar("T")

LATER = 2.0
"""Seconds until the end of a run that could not be saved is tried again."""


class Feed:
    """One thread's state and its listeners. All methods belong to the loop's thread.

    Reading `state` is for any thread: it is one immutable reference that is swapped whole.

    Args:
        engine: Whose loop it belongs to.
        thread: The thread as it is.
        store: Where it lasts. It is put there with its first message.
        revision: The thread's revision in the store, or `None` while it is not there.
    """

    def __init__(
        self, engine: Engine, thread: Thread, store: Store, revision: int | None = None
    ) -> None:
        """Begin with a thread as it is; answers that others are writing go on growing."""
        self._engine = engine
        self._store = store
        self._is_stored = revision is not None
        self.removed: bool = False
        self.state: State = state_of(thread, revision or 0, time.monotonic())
        self._outbox = Outbox(engine.loop)
        self._own: set[str] = set()
        self._unfollow: Callable[[], None] | None = None
        self._writing = asyncio.Lock()
        self._unsaved: list[Message] = []
        self._retry: asyncio.TimerHandle | None = None

    @property
    def is_stored(self) -> bool:
        """Whether the thread is in the store already."""
        return self._is_stored

    def subscribe(self, listener: Listener) -> State:
        """Add a listener and return the state from which its batches go on."""
        self._outbox.add(listener)
        self._follow()
        return self.state

    def unsubscribe(self, listener: Listener) -> None:
        """Remove a listener; one that is not there is no error."""
        self._outbox.remove(listener)
        if not self._outbox.has_listeners and self._unfollow is not None:
            self._unfollow()
            self._unfollow = None

    @property
    def has_listeners(self) -> bool:
        """Whether anybody listens."""
        return self._outbox.has_listeners

    def writes(self, message: str) -> bool:
        """Return whether an answer is written here, not by another process; from any thread."""
        return message in self._own

    # -- changing

    async def commit(
        self, build: Callable[[Thread], Event | None], *, insist: bool = False
    ) -> Event | None:
        """Make a structural change durable, apply it, and tell everybody.

        Args:
            build: Returns the event from the thread as it is, or `None` when there is nothing to
                do. It is called again when others changed the thread in a way that is no matter.
            insist: No change of others is a matter.

        Returns:
            The event.

        Raises:
            ConflictError: Others have changed the thread; that is here now, this is not.
            StoreError: It could not be written; nothing was changed.
        """
        return await self._whole(self._commit(build, insist))

    async def finish(self, message: Message) -> Message:
        """End a run with the answer as it is kept, and return that.

        It never fails: what cannot be written now is kept here and tried again. Where another
        process took the run for abandoned and put it away, the answer becomes a version beside.
        """
        return await self._whole(self._finish(message))

    async def catch_up(self, revision: int | None = None) -> None:
        """Take over what others did to the thread, up to a revision or all there is."""
        await self._whole(self._catch_up(revision))

    async def look(self) -> None:
        """Take over what others did while nobody listened, and so nobody followed."""
        if self._unfollow is not None or not self._is_stored or self.removed:
            return
        await self.catch_up()
        thread = self.state.thread.id
        with suppress(StoreError):
            if await self._engine.wait(self._store.find, thread) != thread:
                self.announce_removed()
            elif self.state.live.keys() - self._own:
                await self._whole(self._look_at_text())

    async def _look_at_text(self) -> None:
        async with self._writing:
            with suppress(StoreError, NotFoundError):
                stored = await self._engine.wait(self._store.load, self.state.thread.id)
                for identity, live in self.state.live.items():
                    now = stored.thread.messages.get(identity)
                    if now is not None:
                        self._grow_elsewhere(missing_text(now, live.lengths))

    async def _whole(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something to its end, also if whoever waits for it is cancelled."""
        task = self._engine.loop.create_task(work)
        # Also holds the task, which the loop does not.
        return await asyncio.shield(task)

    async def _commit(self, build: Callable[[Thread], Event | None], insist: bool) -> Event | None:
        async with self._writing:
            await self._save_ends()
            while True:
                event = build(self.state.thread)
                if event is None:
                    return None
                try:
                    revision = await self._write(event)
                except Stale as stale:
                    await self._take_over(stale.changes)
                    if not insist and not is_harmless(stale.changes):
                        raise ConflictError(described(stale.changes)) from None
                except NotFoundError:
                    raise ConflictError(
                        "This thread was deleted elsewhere. Nothing was changed; undo the delete, "
                        "or duplicate the thread to go on."
                    ) from None
                else:
                    if isinstance(event, Started):
                        self._own.add(event.message.id)
                    self._apply(revision, event)
                    return event

    async def _write(self, event: Event) -> int:
        """Write an event and return its revision; before its first message, only count it."""
        revision, thread, _ = self.state
        if not self._is_stored:
            if not isinstance(event, Added | Started) or event == Added((), None):
                return revision + 1
            await asyncio.wrap_future(self._store.create(thread, revision))
            self._is_stored = True
            self._follow()
        return await asyncio.wrap_future(self._store.commit(thread.id, revision, event))

    async def _finish(self, message: Message) -> Message:
        async with self._writing:
            self._own.discard(message.id)
            beside = replace(message, id=secrets.token_hex(6))
            try:
                # After it the state may be another.
                await self._save_ends()
                ended = await self._write_end(self.state.revision, message, beside.id)
            except (StoreError, NotFoundError) as error:
                if isinstance(error, StoreError):
                    self._unsaved.append(message)
                    self._try_later()
                self._apply(self.state.revision + 1, Finished(message))
                return message
            changes, head = ended.changes, self.state.thread.head
            if changes:
                # The end comes as it is kept here, whole, rather than as it was read back.
                end = (
                    Finished(message)
                    if ended.ours
                    else Added((beside,), beside.id if head == message.id else head)
                )
                changes = [*changes[:-1], (ended.revision, end)]
            await self._take_over(changes, own=ended.revision)
            return message if ended.ours else beside

    async def _write_end(self, revision: int, message: Message, beside: str) -> Ended:
        finish = self._store.finish(self.state.thread.id, revision, message, beside)
        return await asyncio.wrap_future(finish)

    def _try_later(self) -> None:
        if self._retry is None:
            self._retry = self._engine.loop.call_later(LATER, self._try_again)

    def _try_again(self) -> None:
        self._retry = None
        self._engine.background(self._save_ends_alone())

    async def _save_ends_alone(self) -> None:
        async with self._writing:
            try:
                await self._save_ends()
            except StoreError:
                self._try_later()

    async def _save_ends(self) -> None:
        """Write the ends of runs that could not be written.

        Raises:
            StoreError: They still can't be.
        """
        behind = False
        while self._unsaved:
            # Each of them was counted here, though not in the store.
            known = self.state.revision - len(self._unsaved)
            with suppress(NotFoundError):
                ended = await self._write_end(known, self._unsaved[0], secrets.token_hex(6))
                behind |= not ended.ours or ended.changes is None or len(ended.changes) > 1
            del self._unsaved[0]
        if behind:
            # Others have changed the thread under the same numbers.
            await self._take_over(None)

    async def _catch_up(self, told: int | None) -> None:
        async with self._writing:
            revision, thread, _ = self.state
            if not self._is_stored or self._unsaved or (told is not None and told <= revision):
                return
            try:
                changes = await self._engine.wait(self._store.since, thread.id, revision)
            except StoreError:
                return
            await self._take_over(changes)

    async def _take_over(
        self, changes: list[tuple[int, Event]] | None, own: int | None = None
    ) -> None:
        """Apply what others did, or read the thread anew where that is too much to tell."""
        if changes is None:
            thread = self.state.thread.id
            try:
                stored = await self._engine.wait(self._store.load, thread)
            except (StoreError, NotFoundError):
                return
            self._open(stored)
            return
        for revision, event in changes:
            told = event if revision == own else adapted(event, self.state, time.monotonic())
            self._apply_elsewhere(revision, told)

    def _apply_elsewhere(self, revision: int, event: Event) -> None:
        """Apply an event as it was read: its answer's text so far is told as text."""
        if isinstance(event, Started):
            message = event.message
            begun = begun_with(message, self.state.thread)
            self._apply(revision, Started(replace(message, content=begun), event.head))
            self._grow_elsewhere(missing_text(message, self.state.live[message.id].lengths))
            return
        if isinstance(event, Finished) and event.message.id in self.state.live:
            lengths = self.state.live[event.message.id].lengths
            self._grow_elsewhere(missing_text(event.message, lengths))
        self._apply(revision, event)

    # -- following what other processes do

    def _follow(self) -> None:
        """Hear of what others do from now on, if somebody here wants to and it is stored."""
        if self._unfollow is None and self._is_stored and self._outbox.has_listeners:
            thread = self.state.thread.id
            self._unfollow = self._store.follow(thread, self._seen, self.writes)

    def _seen(self, seen: Seen) -> None:
        """Hear, on a thread of the store, what others did."""
        self._engine.post(self._follow_up, seen)

    def _follow_up(self, seen: Seen) -> None:
        self._engine.background(self._whole(self._take_in(seen)))

    async def _take_in(self, seen: Seen) -> None:
        if seen.revision is None:
            self.announce_removed()
            return
        # Text may come with the start of its answer, which has to be here first.
        await self._catch_up(seen.revision)
        async with self._writing:
            if not self._grow_elsewhere(seen.grown):
                await self._take_over(None)

    def _grow_elsewhere(self, deltas: Iterable[Delta]) -> bool:
        """Add text that others wrote, as far as it is new; return whether none is missing."""
        whole = True
        for delta in deltas:
            live = self.state.live.get(delta.message)
            if live is None or delta.message in self._own:
                continue
            lengths = live.lengths
            known = lengths[delta.part] if delta.part < len(lengths) else 0
            outcome = live.append(delta)
            if outcome in {"appended", "sliced"}:
                new = replace(delta, offset=known, text=delta.text[known - delta.offset :])
                self._outbox.text(new, hurry=not lengths)
            whole = whole and outcome != "gap"
        return whole

    def _open(self, stored: Stored) -> None:
        """Become a thread as it was read.

        The head stays where it is, if it is still there and the thread does not go on from it.
        """
        head = self.state.thread.head
        self.state = state_of(stored.thread, stored.revision, time.monotonic(), self.state.live)
        goes_on = any(message.id == head for message in path(stored.thread))
        if head in stored.thread.messages and not goes_on:
            thread = self.state.thread.with_messages((), head)
            self.state = self.state._replace(thread=thread)
        self._outbox.begin_anew(self.state)

    def _apply(self, revision: int, event: Event) -> None:
        """Apply an event that is written, and tell everybody."""
        _, thread, live = self.state
        grown = dict(live)
        if isinstance(event, Started):
            grown[event.message.id] = Live(event.message.content)
        elif isinstance(event, Finished):
            grown.pop(event.message.id, None)
        self.state = State(revision, apply(thread, event), grown)
        self._outbox.tell(Committed(revision, event), hurry=isinstance(event, Finished))

    def grow(self, delta: Delta) -> bool:
        """Add text to a growing answer and tell everybody.

        Returns:
            Whether it was added: not to an answer that another process has put away.
        """
        live = self.state.live.get(delta.message)
        if live is None:
            return False
        is_first = not live.tokens
        live.append(delta)
        self._store.grow(self.state.thread.id, delta)
        self._outbox.text(delta, hurry=is_first)
        return True

    async def ask(self, message: str, kind: AskKind) -> bool:
        """Ask something of the process that writes a message; return whether it still does."""
        return await asyncio.wrap_future(self._store.ask(self.state.thread.id, message, kind))

    def record(self, message: str, data: bytes) -> None:
        """Keep what a service sent for an answer, word for word."""
        self._store.record(self.state.thread.id, message, data)

    def nudge(self) -> None:
        """Have an empty batch sent if nothing else is: something beside the thread changed."""
        self._outbox.schedule()

    def announce(self) -> None:
        """Tell everybody that this is another thread than the one they knew."""
        self._outbox.begin_anew(self.state)

    def announce_removed(self) -> None:
        """Tell everybody that the thread was deleted."""
        self.removed = True
        self._outbox.tell(Removed(self.state.thread.id))

    def is_back(self) -> None:
        """Note that the thread was brought back."""
        self.removed = False

    def flush(self) -> None:
        """Send what waits."""
        self._outbox.flush()
