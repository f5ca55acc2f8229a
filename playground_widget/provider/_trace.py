"""What may be told of a request while it is made, to whoever keeps it for a look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Trace"]


class Trace(Protocol):
    """Hears of each request of a stream. What it is told is not masked: there may be a key in it.

    It is called on the loop that streams, so it only keeps.
    """

    def sending(self, url: str, body: Mapping[str, Any]) -> None:
        """Hear that a request is about to be made."""

    def answered(self, status: int, request_id: str | None, url: str) -> None:
        """Hear that its answer begins: the status of HTTP, and where it was really sent."""

    def received(self, block: bytes) -> None:
        """Hear what one read of the network brought."""
