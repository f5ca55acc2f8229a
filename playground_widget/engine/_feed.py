"""The state of one thread, and the one stream of events that everybody listens to.

Structural events and text reach listeners in batches, in order: at once when nothing was sent
for a while, else when 33 ms have passed since the last batch. Jupyter loses messages that come
faster than a browser takes them (one comm message a token loses about half); a batch every
33 ms loses none and is as often as a page is drawn twice. The first words of an answer and its
end, which somebody waits for, don't wait for the others, but at most once in 33 ms either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from playground_widget.events import Delta, Event, Finished, Live, Started, State, apply
from playground_widget.model import Thread

if TYPE_CHECKING:
    from playground_widget.engine._loop import Engine

__all__ = ["Batch", "Committed", "Feed", "Listener"]

INTERVAL = 0.033


class Committed(NamedTuple):
    """A structural event with the revision that it made."""

    revision: int
    event: Event


Batch = list[Committed | Delta]
Listener = Callable[[Batch], None]


class Feed:
    """One thread's state and its listeners. All methods belong to the loop's thread.

    Reading `state` is for any thread: it is one immutable reference that is swapped whole.
    """

    def __init__(self, engine: Engine, thread: Thread) -> None:
        """Begin at revision 0 with a thread as it is."""
        self._engine = engine
        self.state = State(0, thread, {})
        self._listeners: list[Listener] = []
        self._pending: Batch = []
        self._unsent: dict[tuple[str, int], list[Delta]] = {}
        self._last = 0.0
        self._hurried = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def subscribe(self, listener: Listener) -> State:
        """Add a listener and return the state from which its batches go on."""
        self._flush()
        self._listeners.append(listener)
        return self.state

    def unsubscribe(self, listener: Listener) -> None:
        """Remove a listener; one that is not there is no error."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def commit(self, event: Event) -> None:
        """Apply a structural event, give it the next revision, and tell everybody."""
        revision, thread, live = self.state
        grown = dict(live)
        if isinstance(event, Started):
            grown[event.message.id] = Live(event.message.content)
        elif isinstance(event, Finished):
            grown.pop(event.message.id, None)
        self.state = State(revision + 1, apply(thread, event), grown)
        self._join_text()
        self._pending.append(Committed(revision + 1, event))
        self._schedule(hurry=isinstance(event, Finished))

    def grow(self, delta: Delta) -> None:
        """Add text to a growing answer and tell everybody."""
        live = self.state.live[delta.message]
        is_first = not live.tokens
        live.append(delta)
        self._unsent.setdefault((delta.message, delta.part), []).append(delta)
        self._schedule(hurry=is_first)

    def nudge(self) -> None:
        """Have an empty batch sent if nothing else is: something beside the thread changed."""
        self._schedule()

    def _join_text(self) -> None:
        """Move the text that waits into the batch, one delta for each part."""
        for deltas in self._unsent.values():
            first = deltas[0]
            text = "".join([delta.text for delta in deltas])
            self._pending.append(
                Delta(
                    first.message,
                    first.part,
                    first.offset,
                    text,
                    first.kind,
                    deltas[-1].tokens,
                    first.call,
                )
            )
        self._unsent.clear()

    def _schedule(self, *, hurry: bool = False) -> None:
        now = self._engine.loop.time()
        due = self._last + INTERVAL
        if hurry and now >= self._hurried + INTERVAL:
            self._hurried = due = now
        elif self._timer is not None:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._engine.loop.call_at(due, self._flush)

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._join_text()
        batch, self._pending = self._pending, []
        self._last = self._engine.loop.time()
        for listener in tuple(self._listeners):
            listener(batch)
