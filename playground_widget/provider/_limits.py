"""What a service says of its rate limits, in the headers of each answer.

As OpenAI documents them (platform.openai.com/docs/guides/rate-limits): how much there may be, how
much is left, and how long it takes until all of it is there again. Others send the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import NamedTuple

from playground_widget.provider._figures import number_in

__all__ = ["Allowance", "Limits", "limits_of"]

_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|[dhms]))+")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[dhms])")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


class Allowance(NamedTuple):
    """How much of something may be used.

    Args:
        most: When nothing has been used.
        left: At this moment.
        reset: Seconds until it is `most` again.
    """

    most: float
    left: float
    reset: float


class Limits(NamedTuple):
    """What a service said; `None` where it said nothing.

    Args:
        requests: How many there may be.
        tokens: How many they may have together.
    """

    requests: Allowance | None
    tokens: Allowance | None


def limits_of(headers: Mapping[str, str]) -> Limits | None:
    """Return what headers, by lower-case name, say of rate limits, or `None` for nothing.

    Example:
        >>> limits_of({
        ...     "x-ratelimit-limit-requests": "60",
        ...     "x-ratelimit-remaining-requests": "59",
        ...     "x-ratelimit-reset-requests": "1s",
        ... }).requests
        Allowance(most=60.0, left=59.0, reset=1.0)
    """
    found = Limits(_allowance(headers, "requests"), _allowance(headers, "tokens"))
    return None if found == (None, None) else found


def _allowance(headers: Mapping[str, str], what: str) -> Allowance | None:
    most = number_in(headers.get(f"x-ratelimit-limit-{what}", ""))
    left = number_in(headers.get(f"x-ratelimit-remaining-{what}", ""))
    reset = _seconds(headers.get(f"x-ratelimit-reset-{what}", ""))
    if not most or left is None or reset is None:
        return None
    return Allowance(most, min(left, most), reset)


def _seconds(text: str) -> float | None:
    """Return a duration such as `6m0s` or `120ms`; some services write plain seconds."""
    text = text.strip()
    if not _DURATION.fullmatch(text):
        return number_in(text)
    seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))
    return seconds if math.isfinite(seconds) else None
