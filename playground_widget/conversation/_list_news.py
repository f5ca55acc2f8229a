"""That the list of threads is another, told to whoever shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import WeakSet

if TYPE_CHECKING:
    from playground_widget.engine import Engine
    from playground_widget.store import Store

__all__ = ["ListNews"]

PAUSE = 0.2
"""Seconds within which changes are told together."""

EACH = 0.01
"""Seconds more for each of those who follow beyond some twenty: all of them hear of each change,
and one run makes several."""

_following: WeakSet[ListNews] = WeakSet()


class ListNews:
    """Tells that the list of threads is another. Belongs to the engine's loop thread.

    Args:
        engine: Whose loop it is.
        store: Where the threads are.
        tell: Called when they are others, at most five times a second, and more rarely where
            more than twenty follow.
    """

    def __init__(self, engine: Engine, store: Store, tell: Callable[[], None]) -> None:
        """Follow nothing yet."""
        self._engine = engine
        self._store = store
        self._tell = tell
        self._unfollow: Callable[[], None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def follow(self) -> None:
        """Tell from now on, and once soon."""
        if self._unfollow is None:
            _following.add(self)
            self._unfollow = self._store.follow_list(self._changed)

    def leave(self) -> None:
        """Tell nothing more."""
        if self._unfollow is not None:
            _following.discard(self)
            self._unfollow()
            self._unfollow = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def note(self) -> None:
        """Have it told soon, where anybody wants to hear of it."""
        if self._unfollow is not None and self._timer is None:
            pause = max(PAUSE, EACH * len(_following))
            self._timer = self._engine.loop.call_later(pause, self._due)

    def _changed(self) -> None:
        """Hear of it on the store's thread."""
        self._engine.post(self.note)

    def _due(self) -> None:
        self._timer = None
        self._tell()
