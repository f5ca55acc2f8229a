"""What is measured of one answer, and what it may have to wait for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground_widget.errors import ErrorInfo
from playground_widget.model._flat import flat

__all__ = ["Consent", "Retry", "Timing", "TokenLogprob", "Usage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What an answer cost, as the service counted it.

    Args:
        input_tokens: Tokens read, those from a cache among them.
        output_tokens: Tokens written, those of reasoning among them.
        cached_tokens: Tokens of the input that came from the service's cache.
        reasoning_tokens: Tokens of the output that were reasoning.
        cost: In US dollars by the price list, or `None` for a model it does not know.

    Example:
        >>> pg = Playground(connection="demo", model="demo-fast")
        >>> usage = pg.send("Hello").usage
        >>> usage.input_tokens > 0, usage.output_tokens > 0
        (True, True)
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None
    cost: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long an answer took, in seconds from the sending of its request.

    Args:
        duration: Until the end.
        first_token: Until the first text or reasoning, or `None` if there was none.
        reasoning: From the first reasoning to the first text after it.

    Example:
        >>> pg = Playground(connection="demo", model="demo-fast")
        >>> timing = pg.send("Hello").timing
        >>> 0 < timing.first_token <= timing.duration
        True
    """

    duration: float
    first_token: float | None = None
    reasoning: float | None = None


@dataclass(frozen=True, slots=True)
class TokenLogprob:
    """How probable a token of an answer was.

    Args:
        token: Its text. Half a character is shown by the service as it likes.
        logprob: The natural logarithm of its probability: 0 is certain.
        top: The most probable tokens in its place with theirs, the best first; the token itself
            is among them where it was one of the best.

    Example:
        >>> import math
        >>> math.exp(TokenLogprob("Gentoo", -0.25).logprob)
        0.7788007830714049
    """

    token: str
    logprob: float
    top: tuple[tuple[str, float], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form.

        Example:
            >>> TokenLogprob("Gentoo", -0.25, (("Gentoo", -0.25),)).to_dict()
            {'token': 'Gentoo', 'logprob': -0.25, 'top': [{'token': 'Gentoo', 'logprob': -0.25}]}
        """
        top = [{"token": token, "logprob": logprob} for token, logprob in self.top]
        return {"token": self.token, "logprob": self.logprob, "top": top}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """A run waits before it asks again.

    Args:
        attempt: The number of the coming attempt; the first request was attempt 1.
        attempts: How many there will be at most.
        wait: Seconds until then, counted from when this was said.
        error: Why the last attempt failed.
        until: When that is, in seconds of `time.monotonic()`, which no change of the clock moves;
            0 where it is not known. Not in the JSON: each process has a clock of its own.
    """

    attempt: int
    attempts: int
    wait: float
    error: ErrorInfo
    until: float = 0.0

    def left(self, now: float) -> float:
        """Return how many seconds are left, in the time of `until`; all where that is not known."""
        return max(0.0, self.until - now) if self.until else self.wait

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        data = flat(self)
        del data["until"]
        return {**data, "error": self.error.to_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Retry:
        """Read what `to_dict` wrote."""
        return cls(**{**data, "error": ErrorInfo.from_dict(data["error"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A call of a tool waits until somebody says whether it may be made.

    Args:
        wait: Seconds until it counts as refused, counted from when this was said.
        until: When that is, in seconds of `time.monotonic()`; 0 where it is not known. Not in the
            JSON: each process has a clock of its own.
    """

    wait: float
    until: float = 0.0

    def left(self, now: float) -> float:
        """Return how many seconds are left, in the time of `until`; all where that is not known."""
        return max(0.0, self.until - now) if self.until else self.wait

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"wait": self.wait}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Consent:
        """Read what `to_dict` wrote."""
        return cls(wait=data["wait"])
