"""When a request is made again: after what passes by itself, and only while nothing has come."""

from __future__ import annotations

import math
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace

from playground_widget.errors import ErrorInfo, RunError
from playground_widget.model import Retry
from playground_widget.provider import can_retry

__all__ = ["repeated"]

FIRST_WAIT = 0.5
LONGEST_WAIT = 8.0
LONGEST_ASKED_WAIT = 120.0


async def repeated(
    attempt: Callable[[], Awaitable[None]],
    *,
    attempts: int,
    has_come: Callable[[], bool],
    pause: Callable[[Retry], Awaitable[None]],
) -> None:
    """Make a request, and again as long as nothing has come and what failed passes by itself.

    After the first token nothing is asked again unseen: it would cost twice and replace what was
    read.

    Args:
        attempt: Makes it once.
        attempts: How often at most.
        has_come: Whether anything of an answer has come.
        pause: Waits before the next attempt.

    Raises:
        RunError: The last attempt's.
    """
    for number in range(1, attempts + 1):
        try:
            await attempt()
        except RunError as failure:
            if has_come() or number == attempts or not can_retry(failure.info):
                raise
            wait = _wait(failure.info, number)
            if wait is None:
                raise RunError.of(_with_wait(failure.info)) from None
            await pause(Retry(attempt=number + 1, attempts=attempts, wait=wait, error=failure.info))
        else:
            return


def _with_wait(info: ErrorInfo) -> ErrorInfo:
    """Return an error that also says when to come back, since nobody waits for that."""
    minutes = math.ceil(float(info.facts["retry_after"]) / 60)
    when = f"{minutes} minutes" if minutes < 2 * 60 else f"{math.ceil(minutes / 60)} hours"
    return replace(info, detail=f"{info.detail} It takes requests again in {when}.".lstrip())


def _wait(info: ErrorInfo, attempt: int) -> float | None:
    """Return how long to wait before the next attempt, or `None` when it is too long.

    A service that says when to come back is believed; else the wait doubles from half a second,
    spread by a fifth so that many clients don't return at the same moment. "At once", and a date
    that is over, say nothing: it has just refused.
    """
    asked = info.facts.get("retry_after")
    if isinstance(asked, int | float) and asked > 0:
        return float(asked) if asked <= LONGEST_ASKED_WAIT else None
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (attempt - 1))
    return wait * random.uniform(0.9, 1.1)  # noqa: S311 - not for secrets
