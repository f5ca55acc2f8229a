"""What a browser asks of comparisons: a class for each request. `_parse.py` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "CloseComparison",
    "Compare",
    "CompareRequest",
    "DeleteComparison",
    "ExportComparison",
    "ListComparisons",
    "OpenComparison",
    "Pick",
    "Promote",
    "RenameComparison",
    "Steer",
    "UseAnswer",
]


@dataclass(frozen=True, slots=True)
class Compare:
    """Ask variants the same: rows of inputs, or without any the conversation as it is."""

    variants: tuple[Mapping[str, Any], ...]
    rows: tuple[Mapping[str, Any], ...] | None = None
    csv: str | None = None
    input: str | None = None
    samples: int = 1
    max_concurrency: int = 8
    max_cost: float | None = None
    scorers: tuple[Mapping[str, Any], ...] = ()
    name: str | None = None
    blind: bool = False


@dataclass(frozen=True, slots=True)
class OpenComparison:
    """Show a comparison, and send all of it."""

    comparison: str


@dataclass(frozen=True, slots=True)
class CloseComparison:
    """Show no comparison; what runs goes on."""


@dataclass(frozen=True, slots=True)
class ListComparisons:
    """Send the list of comparisons."""

    search: str | None = None


@dataclass(frozen=True, slots=True)
class Steer:
    """Pause a comparison, go on with it, cancel it, or ask again what has failed."""

    comparison: str
    action: str
    max_cost: float | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """Say which answer won a row; without a variant the pick is taken back."""

    comparison: str
    row: int
    variant: int | None = None
    sample: int = 0


@dataclass(frozen=True, slots=True)
class RenameComparison:
    """Give a comparison another name."""

    comparison: str
    name: str


@dataclass(frozen=True, slots=True)
class DeleteComparison:
    """End a comparison and take it out of the list."""

    comparison: str


@dataclass(frozen=True, slots=True)
class UseAnswer:
    """Make an answer of a comparison a message of the thread."""

    comparison: str
    row: int
    variant: int
    sample: int = 0


@dataclass(frozen=True, slots=True)
class Promote:
    """Send what an answer was asked with, as a variant for a column."""

    message: str


@dataclass(frozen=True, slots=True)
class ExportComparison:
    """Send a comparison as cells or as a file."""

    comparison: str
    format: str


CompareRequest = (
    Compare
    | OpenComparison
    | CloseComparison
    | ListComparisons
    | Steer
    | Pick
    | RenameComparison
    | DeleteComparison
    | UseAnswer
    | Promote
    | ExportComparison
)
