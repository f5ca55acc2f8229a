"""What listeners of a comparison are told, in batches: at most one every 33 ms."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from playground_widget.compare._picks import Pick, WinRate
from playground_widget.compare._values import Cell, Key
from playground_widget.engine import INTERVAL

__all__ = [
    "CellFinished",
    "CellStarted",
    "CellText",
    "Listener",
    "Picked",
    "Progress",
    "Renamed",
    "Summary",
    "Telling",
    "Update",
]

_log = logging.getLogger("playground_widget")


class CellStarted(NamedTuple):
    """A cell is being asked."""

    key: Key


class CellText(NamedTuple):
    """Words of a running cell.

    Args:
        key: Which one.
        offset: Where they belong, in code points.
        text: The words.
    """

    key: Key
    offset: int
    text: str


class CellFinished(NamedTuple):
    """A cell has ended, or has other scores."""

    cell: Cell


class Progress(NamedTuple):
    """How far a comparison is.

    Args:
        status: `running`, `paused`, `complete`, `cancelled`, or `interrupted` where its process
            has ended.
        reason: Why it was paused, where nobody asked for that.
        total: How many cells it has.
        complete: How many have an answer.
        failed: How many have failed.
        cancelled: How many were cancelled.
        running: How many are being asked.
        cost: In US dollars, or `None` if nothing of it is known.
        rate: Cells a second that ended lately, or `None` before the first.
        left: Seconds until all have ended, or `None` while that is not known.
        pausing: It was told to pause, and what is being asked goes on to its end.

    Example:
        >>> pg = Playground(connection="demo", model="demo-fast")
        >>> progress = pg.compare(["Hello", "Goodbye"]).result().progress
        >>> progress.status, progress.complete, progress.total
        ('complete', 2, 2)
    """

    status: str
    reason: str | None
    total: int
    complete: int
    failed: int
    cancelled: int
    running: int
    cost: float | None
    rate: float | None
    left: float | None
    pausing: bool = False


class Picked(NamedTuple):
    """Other answers won.

    Args:
        picks: All picks, by row.
        win_rates: What they come to.
    """

    picks: Mapping[int, Pick]
    win_rates: Sequence[WinRate]


class Summary(NamedTuple):
    """What the answers so far come to.

    Args:
        lines: One for each variant, as JSON.
    """

    lines: Sequence[Mapping[str, Any]]


class Renamed(NamedTuple):
    """It is called something else.

    Args:
        name: What.
    """

    name: str


Update = CellStarted | CellText | CellFinished | Progress | Picked | Summary | Renamed
Listener = Callable[[list[Update]], None]


class Telling:
    """What listeners are still to be told. Belongs to the loop's thread.

    Args:
        loop: The engine's.
        progress: Returns how far it is; each batch ends with that.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, progress: Callable[[], Progress]) -> None:
        """Begin with nobody who listens."""
        self._loop = loop
        self._progress = progress
        self._listeners: list[Listener] = []
        self._pending: list[Update] = []
        self._words: dict[Key, list[str]] = {}
        # Of running cells, what was told already.
        self._told: dict[Key, list[str]] = {}
        self._offsets: dict[Key, int] = {}
        self._last = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call a function with each batch from now on; return what ends that."""
        self.flush()
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    def text(self, key: Key, words: str) -> None:
        """Tell of words."""
        self._words.setdefault(key, []).append(words)
        self._schedule()

    @property
    def has_listeners(self) -> bool:
        """Whether anybody listens."""
        return bool(self._listeners)

    def told(self, key: Key) -> str:
        """Return the words of a running cell that were told: what follows begins behind them."""
        return "".join(self._told.get(key, ()))

    def tell(self, update: CellStarted | CellFinished | Picked | Summary | Renamed) -> None:
        """Tell something after all words before it."""
        self._join()
        self._pending.append(update)
        if isinstance(update, CellStarted | CellFinished):
            key = update.cell.key if isinstance(update, CellFinished) else update.key
            self._offsets.pop(key, None)
            self._told.pop(key, None)
        self._schedule()

    def nudge(self) -> None:
        """Tell how far it is."""
        self._schedule()

    def _join(self) -> None:
        for key, words in self._words.items():
            text = "".join(words)
            offset = self._offsets.get(key, 0)
            self._offsets[key] = offset + len(text)
            self._told.setdefault(key, []).append(text)
            self._pending.append(CellText(key, offset, text))
        self._words.clear()

    def _schedule(self) -> None:
        if self._timer is None:
            self._timer = self._loop.call_at(self._last + INTERVAL, self.flush)

    def flush(self) -> None:
        """Send what waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._last = self._loop.time()
        self._join()
        batch, self._pending = self._pending, []
        if not self._listeners:
            return
        batch.append(self._progress())
        for listener in tuple(self._listeners):
            try:
                listener(batch)
            except Exception:  # noqa: BLE001 - such as a page's comm that is gone
                _log.exception("A listener of a comparison raised; the others go on")
