"""Numbers and ids as GraphQL can hold them."""

from __future__ import annotations

from strawberry import ID

__all__ = ["id_or_none", "whole", "whole_or_none"]


_LARGEST = 2**31 - 1


def whole(value: float) -> int:
    """Return a number as GraphQL's Int can hold it, which has 32 bits."""
    return int(max(-_LARGEST, min(value, _LARGEST)))


def whole_or_none(value: float | None) -> int | None:
    """Return a number that may be unknown as GraphQL's Int can hold it."""
    return None if value is None else whole(value)


def id_or_none(value: str | None) -> ID | None:
    """Return an id that may be missing."""
    return None if value is None else ID(value)
