"""How fast cells end."""

from __future__ import annotations

from collections import deque

__all__ = ["Pace"]

LATELY = 50
"""How many of the last ends count."""


class Pace:
    """Notes when cells end, while they are asked.

    Example:
        >>> pace = Pace()
        >>> pace.begin(10.0)
        >>> pace.note(12.0)
        >>> pace.rate(12.0)
        0.5
    """

    def __init__(self) -> None:
        """Begin at rest."""
        self._ends: deque[float] = deque(maxlen=LATELY)
        self._begun: float | None = None

    def begin(self, now: float) -> None:
        """Cells are asked from now on; what was before a pause counts no more."""
        self._ends.clear()
        self._begun = now

    def end(self) -> None:
        """No more are asked."""
        self._begun = None

    def note(self, now: float) -> None:
        """Note that one has ended."""
        if len(self._ends) == LATELY:
            self._begun = self._ends[0]
        self._ends.append(now)

    def rate(self, now: float) -> float | None:
        """Return how many end in a second, or `None` while that is not known."""
        if self._begun is None or not self._ends or now <= self._begun:
            return None
        return len(self._ends) / (now - self._begun)
