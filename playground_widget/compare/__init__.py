"""Variants side by side: the same conversation, or rows of inputs, asked in several ways."""

from playground_widget.compare._asked import asked_about, body_of, input_of
from playground_widget.compare._inputs import rows_of
from playground_widget.compare._values import (
    Candidate,
    Cell,
    CellStatus,
    Key,
    Plan,
    Row,
    Score,
    Value,
    Variant,
    candidates,
)

__all__ = [
    "Candidate",
    "Cell",
    "CellStatus",
    "Key",
    "Plan",
    "Row",
    "Score",
    "Value",
    "Variant",
    "asked_about",
    "body_of",
    "candidates",
    "input_of",
    "rows_of",
]
