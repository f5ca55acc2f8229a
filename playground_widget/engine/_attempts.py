"""What all requests for an answer share: when to ask again, and what came beside the text."""

from __future__ import annotations

import math
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from playground_widget.errors import ErrorInfo, RunError
from playground_widget.model import Retry, Timing, TokenLogprob, Usage
from playground_widget.provider import Counted, Ended, Logprobs, Opened, ToolDelta, can_retry, cost

if TYPE_CHECKING:
    from playground_widget.provider import Chunk, Connection

__all__ = ["Seen", "repeated"]

FIRST_WAIT = 0.5
LONGEST_WAIT = 8.0
LONGEST_ASKED_WAIT = 120.0


@dataclass(slots=True)
class Seen:
    """What one attempt has told so far besides text.

    Args:
        mask: Takes the key out of a text: some services repeat what they were sent.
    """

    mask: Callable[[str], str]
    request_id: str | None = None
    model: str | None = None
    finish_reason: str | None = None
    usage: Usage | None = None
    logprobs: list[TokenLogprob] = field(default_factory=list)
    tokens: int = 0
    first: float | None = None
    first_reasoning: float | None = None
    first_text: float | None = None

    def take(self, chunk: Chunk, now: float) -> None:
        """Note what a chunk tells, and when things came first."""
        match chunk:
            case Opened():
                self.request_id = self.mask(chunk.request_id or "") or self.request_id
            case Counted():
                self.usage = chunk.usage
            case Ended():
                self.finish_reason = chunk.finish_reason or self.finish_reason
                self.model = chunk.model or self.model
            case Logprobs():
                self.logprobs += chunk.tokens
            case ToolDelta():
                self._mark(now, 1, thinks=False)
            case _:
                self._mark(now, chunk.count, thinks=chunk.kind == "reasoning")

    def _mark(self, now: float, count: int, *, thinks: bool) -> None:
        self.tokens += count
        if self.first is None:
            self.first = now
        if thinks:
            self.first_reasoning = self.first_reasoning or now
        elif self.first_text is None:
            self.first_text = now

    def timing(self, sent_at: float, now: float) -> Timing:
        """Return how long it took until now."""
        return Timing(
            duration=now - sent_at,
            first_token=_since(sent_at, self.first),
            reasoning=_since(self.first_reasoning, self.first_text or now)
            if self.first_reasoning is not None
            else None,
        )

    def priced(self, asked: str, connection: Connection) -> Usage | None:
        """Return the usage with what it costs by the price list, if that knows the model.

        A service may answer by a longer name than it was asked by, or by one of its own.
        """
        usage = self.usage
        if usage is None or usage.cost is not None:
            return usage
        names = (name for name in (self.model or asked, asked) if name)
        prices = (cost(name, usage, connection.base_url) for name in names)
        return replace(usage, cost=next((p for p in prices if p is not None), None))


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


def _since(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else max(0.0, end - start)


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
