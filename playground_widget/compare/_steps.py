"""The calls of tools on the way to an answer. Immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Step"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call that a model asked for, and what came of it.

    Args:
        round: Which of the requests for the answer it came from, counted from 0.
        id: The service's id of the call.
        name: Of the tool.
        arguments: JSON as the model wrote it.
        said: Of the first call of a round, what the model said beside its calls.
        result: What the model was told; `None` where it was not called. A long one is kept
            shortened.
        error: Why the call came to nothing.
        duration: How long the call took, in seconds.
    """

    round: int = 0
    id: str
    name: str
    arguments: str
    said: str | None = None
    result: str | None = None
    error: str | None = None
    duration: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, without what is not known."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Step:
        """Read what `to_dict` wrote."""
        return cls(**data)
