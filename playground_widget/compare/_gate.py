"""What is asked for a cell, and when it may be sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, Protocol

from playground_widget.compare._values import Cell, Key
from playground_widget.engine import Admission, Limiter, Permit
from playground_widget.provider import Connection, Limits

__all__ = ["AskCell", "Door", "Gate", "Question", "Tell"]


class Question(NamedTuple):
    """What is asked.

    Args:
        key: For which cell.
        connection: Where.
        body: The exact request.
    """

    key: Key
    connection: Connection
    body: Mapping[str, Any]


Tell = Callable[[str], None]
"""Called with the words of an answer as they come."""


class Door(Protocol):
    """What one attempt passes."""

    async def open(self) -> None:
        """Wait until the request may be sent."""
        ...

    def opened(self, limits: Limits | None) -> None:
        """Take what the service says of its limits."""
        ...


class Gate(Admission):
    """Lets the attempts of one cell through, each when the service's limits allow it.

    Args:
        limiter: Of the connection.
        tokens: About how many the question and its answer have.
        permit: For the first attempt, if there is one already.
    """

    def __init__(self, limiter: Limiter, tokens: float, permit: Permit | None = None) -> None:
        """Begin closed."""
        super().__init__(limiter, tokens)
        self._permit = permit

    async def open(self) -> None:
        """Wait until a request may be sent; it is sent now."""
        permit = self._permit or await self._limiter.acquire(self._tokens)
        self._permit = None
        self._pass(permit)

    def leave(self) -> None:
        """Give back a permit with which nothing was sent."""
        if self._permit is not None:
            self._permit.give_back()
            self._permit = None


AskCell = Callable[[Question, Gate, Tell], Awaitable[Cell]]
"""Asks for a cell and returns it, `complete` or `failed`; its steps are calls to be made.

When it is cancelled, it raises that.
"""
