"""Who listens to a thread, and the batches they are sent.

Structural events and text reach listeners in batches, in order: at once when nothing was sent
for a while, else when 33 ms have passed since the last batch. Jupyter loses messages that come
faster than a browser takes them (one comm message a token loses about half); a batch every
33 ms loses none and is as often as a page is drawn twice. The first words of an answer and its
end, which somebody waits for, don't wait for the others, but at most once in 33 ms either.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import NamedTuple

from playground_widget.events import Delta, Event, State

__all__ = ["INTERVAL", "Batch", "Committed", "Listener", "Opened", "Outbox", "Removed", "joined"]

_log = logging.getLogger("playground_widget")

INTERVAL = 0.033
"""Seconds between two batches."""


class Committed(NamedTuple):
    """A structural event with the revision that it made."""

    revision: int
    event: Event


class Opened(NamedTuple):
    """Everything is another now: what was known of the thread before is to be forgotten."""

    state: State


class Removed(NamedTuple):
    """The thread was deleted; it can still be looked at, and be brought back."""

    thread: str


Batch = list[Committed | Delta | Opened | Removed]
Listener = Callable[[Batch], None]


def joined(deltas: list[Delta]) -> Delta:
    """Return text that follows each other in one part as one delta."""
    first, last = deltas[0], deltas[-1]
    if first is last:
        return first
    text = "".join([delta.text for delta in deltas])
    return Delta(first.message, first.part, first.offset, text, first.kind, last.tokens, first.call)


class Outbox:
    """What listeners are still to be told. Belongs to the loop's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin with nobody who listens."""
        self._loop = loop
        self._listeners: list[Listener] = []
        self._pending: Batch = []
        self._text: dict[tuple[str, int], list[Delta]] = {}
        self._last = 0.0
        self._hurried = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def has_listeners(self) -> bool:
        """Whether anybody listens."""
        return bool(self._listeners)

    def add(self, listener: Listener) -> None:
        """Add a listener, who is told what comes from now on."""
        self.flush()
        self._listeners.append(listener)

    def remove(self, listener: Listener) -> None:
        """Remove a listener; one that is not there is no error."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def tell(self, item: Committed | Removed, *, hurry: bool = False) -> None:
        """Tell everybody something after all text before it."""
        self._join_text()
        self._pending.append(item)
        self.schedule(hurry=hurry)

    def begin_anew(self, state: State) -> None:
        """Tell everybody that this is the state, and nothing of what waits."""
        self._text.clear()
        self._pending = [Opened(state)]
        self.schedule()

    def text(self, delta: Delta, *, hurry: bool = False) -> None:
        """Tell everybody about text that follows what they know."""
        self._text.setdefault((delta.message, delta.part), []).append(delta)
        self.schedule(hurry=hurry)

    def _join_text(self) -> None:
        """Move the text that waits into the batch, one delta for each part."""
        self._pending += [joined(deltas) for deltas in self._text.values()]
        self._text.clear()

    def schedule(self, *, hurry: bool = False) -> None:
        """See to it that a batch is sent, an empty one if need be."""
        now = self._loop.time()
        due = self._last + INTERVAL
        if hurry and now >= self._hurried + INTERVAL:
            self._hurried = due = now
        elif self._timer is not None:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(due, self.flush)

    def flush(self) -> None:
        """Send what waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._join_text()
        batch, self._pending = self._pending, []
        self._last = self._loop.time()
        for listener in tuple(self._listeners):
            try:
                listener(batch)
            except Exception:  # noqa: BLE001 - such as a page's comm that is gone
                _log.exception("A listener of a thread raised; the others go on")
