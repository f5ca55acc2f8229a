"""What a service tells of an answer beside its text: figures, and when things came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from playground_widget.model import Timing, TokenLogprob, Usage
from playground_widget.provider import Counted, Ended, Logprobs, Opened, ToolDelta, cost

if TYPE_CHECKING:
    from playground_widget.provider import Chunk, Connection

__all__ = ["Seen"]


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


def _since(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else max(0.0, end - start)
