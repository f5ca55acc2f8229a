"""When each token is due."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Pace"]


@dataclass(frozen=True, slots=True)
class Pace:
    """A schedule counted from its start, so that delays do not add up.

    Attributes:
        rate: Tokens per second, None for as fast as can be.
        first_token: Seconds until the first token.
        start: When the answer began, in seconds of any clock.
    """

    rate: float | None
    first_token: float
    start: float

    def wait(self, number: int, now: float) -> float:
        """Return the seconds until token `number`, from 0, is due; not above 0 if it is."""
        if self.rate is None and number:
            return 0.0
        due = self.start + self.first_token
        return due - now if self.rate is None else due + number / self.rate - now

    def whole(self, tokens: int) -> float:
        """Return the seconds that an answer of so many tokens takes."""
        return self.first_token + (tokens / self.rate if self.rate else 0.0)
