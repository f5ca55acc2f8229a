"""What a request that a limiter has let through tells it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground_widget.engine._limits import Limiter, Permit
    from playground_widget.model import Usage
    from playground_widget.provider import Limits

__all__ = ["Admission"]


class Admission:
    """How the attempts of one answer pass a limiter. Belongs to the loop's thread.

    Args:
        limiter: Of the service.
        tokens: About how many tokens the request and its answer have.
    """

    def __init__(self, limiter: Limiter, tokens: float) -> None:
        """Let nothing through yet."""
        self._limiter = limiter
        self._tokens = tokens
        self._passed: Permit | None = None

    def _pass(self, permit: Permit) -> None:
        """Note that a request is sent now."""
        permit.sent()
        self._passed = permit

    def opened(self, limits: Limits | None) -> None:
        """Take what the service says of its limits."""
        self._limiter.learn(limits)

    def refused(self, wait: float) -> None:
        """Have comparisons ask nothing of this service for so long."""
        self._limiter.hold(wait)

    def settle(self, usage: Usage | None) -> None:
        """Say how many tokens the last request came to."""
        if self._passed is not None and usage is not None:
            self._passed.settle(usage.input_tokens + usage.output_tokens)
