"""The answers of a comparison as the schema has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry
from strawberry.scalars import JSON

from playground_widget import errors, model
from playground_widget.server._enums import CellStatus
from playground_widget.server._messages import (
    ErrorInfo,
    Timing,
    Usage,
    error_of,
    timing_of,
    usage_of,
)

__all__ = ["CellScore", "ComparisonCell", "ComparisonStep", "cell_of"]


@strawberry.type
class CellScore:
    """What a scorer said of an answer.

    Attributes:
        name: Of the scorer.
        value: Its verdict: a number, true or false, or words; null where it failed.
        error: Why it failed.
        reason: Why it said so.
    """

    name: str
    value: JSON | None
    error: str | None
    reason: str | None


@strawberry.type
class ComparisonStep:
    """A call of a tool on the way to an answer.

    Attributes:
        round: Which of the requests for the answer it came from, counted from 0.
        id: The service's id of the call.
        name: Of the tool.
        arguments: JSON as the model wrote it.
        said: Of the first call of a round, what the model said beside its calls.
        result: What the model was told; null where it was not called.
        error: Why the call came to nothing.
        duration: How long the call took, in seconds.
    """

    round: int
    id: str
    name: str
    arguments: str
    said: str | None = None
    result: str | None = None
    error: str | None = None
    duration: float | None = None


@strawberry.type
class ComparisonCell:
    """One answer: of a variant, to a row, for the nth time.

    Attributes:
        row: The number of the row.
        variant: The number of the variant.
        sample: Which of the answers to the same request.
        status: How far it is.
        output: Its words, as far as they came.
        parsed: The answer as JSON, where JSON was asked for.
        invalid: Why an answer that came whole does not fit the format it was asked for in.
        refused: Whether the model declined to answer.
        steps: The calls of tools on the way to the answer.
        scores: What scorers said of it.
        usage: Its tokens and cost, without those of judges.
        timing: How long it took.
        error: Why it failed.
        request_id: The service's id of the request.
        model: The model that answered.
        finish_reason: Why it stopped, by the API's word.
        cost: In US dollars, with that of judges.
    """

    row: int
    variant: int
    sample: int
    status: CellStatus
    output: str
    parsed: JSON | None
    invalid: str | None
    refused: bool | None
    steps: list[ComparisonStep]
    scores: list[CellScore]
    usage: Usage | None
    timing: Timing | None
    error: ErrorInfo | None
    request_id: str | None
    model: str | None
    finish_reason: str | None
    cost: float | None


def cell_of(data: Mapping[str, Any]) -> ComparisonCell:
    """Return a cell as the schema has it."""
    usage, timing, error = data.get("usage"), data.get("timing"), data.get("error")
    scores = [
        CellScore(
            name=name,
            value=JSON(score.get("value")),
            error=score.get("error"),
            reason=score.get("reason"),
        )
        for name, score in data.get("scores", {}).items()
    ]
    return ComparisonCell(
        row=data["row"],
        variant=data["variant"],
        sample=data["sample"],
        status=CellStatus(data["status"]),
        output=data.get("output", ""),
        parsed=JSON(data.get("parsed")),
        invalid=data.get("invalid"),
        refused=data.get("refused"),
        steps=[ComparisonStep(**step) for step in data.get("steps", ())],
        scores=scores,
        usage=usage_of(model.Usage(**usage)) if usage else None,
        timing=timing_of(model.Timing(**timing)) if timing else None,
        error=error_of(errors.ErrorInfo.from_dict(error)) if error else None,
        request_id=data.get("request_id"),
        model=data.get("model"),
        finish_reason=data.get("finish_reason"),
        cost=data.get("cost"),
    )
