"""Comparisons as the schema has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from playground_widget import compare
from playground_widget.errors import InputError
from playground_widget.server._comparison_cells import ComparisonCell, cell_of
from playground_widget.server._enums import ComparisonStatus
from playground_widget.server._messages import (
    Message,
    message_of,
)
from playground_widget.server._scalars import whole

__all__ = [
    "AnswerPick",
    "Comparison",
    "ComparisonInfo",
    "ComparisonProgress",
    "ComparisonRow",
    "ComparisonScorer",
    "ComparisonVariant",
    "MeanScore",
    "VariantSummary",
    "WinRate",
    "comparison_of",
    "info_of",
    "pick_of",
    "progress_of",
    "rate_of",
    "summary_of",
]


@strawberry.type
class ComparisonInfo:
    """A comparison of the list.

    Attributes:
        id: Names it.
        name: What it is called.
        status: How it is.
        created: When it began, in seconds since the epoch.
        rows: How many inputs it has.
        variants: How many variants.
        done: How many cells have ended.
        cells: How many there are.
        cost: In US dollars; null where nothing of that is known.
    """

    id: ID
    name: str
    status: ComparisonStatus
    created: float
    rows: int
    variants: int
    done: int
    cells: int
    cost: float | None


@strawberry.type
class ComparisonRow:
    """One of the inputs.

    Attributes:
        index: Its number, counted from 0.
        data: Its values, by column.
    """

    index: int
    data: JSON


@strawberry.type
class ComparisonVariant:
    """One way to ask.

    Attributes:
        name: What it is called.
        system: The system prompt, its columns not yet filled in.
        model: The model that is asked.
        connection: Where, in words.
        params: What shapes its answers.
        tools: The names of what it may call.
    """

    name: str
    system: str
    model: str
    connection: str
    params: JSON
    tools: list[str]


@strawberry.type
class ComparisonScorer:
    """What scores answers.

    Attributes:
        name: What its scores are called.
        kind: Such as exact, regex, fits_schema, judge or function.
        prompt: Of a judge, all that it is told.
    """

    name: str
    kind: str
    prompt: str | None


@strawberry.type
class ComparisonProgress:
    """How far a comparison is.

    Attributes:
        status: How it is.
        reason: Why it was paused, where nobody asked for that.
        total: How many cells it has.
        complete: How many have an answer.
        failed: How many have failed.
        cancelled: How many were cancelled.
        running: How many are being asked.
        cost: In US dollars; null where nothing of it is known.
        rate: Cells a second that ended lately.
        left: Seconds until all have ended.
        pausing: It was told to pause, and what is being asked goes on to its end.
    """

    status: ComparisonStatus
    reason: str | None
    total: int
    complete: int
    failed: int
    cancelled: int
    running: int
    cost: float | None
    rate: float | None
    left: float | None
    pausing: bool


@strawberry.type
class AnswerPick:
    """An answer that won a row.

    Attributes:
        row: The number of the row.
        variant: The number of the variant.
        sample: Which of its answers.
    """

    row: int
    variant: int
    sample: int


@strawberry.type
class WinRate:
    """How often a variant was picked.

    Attributes:
        variant: Its name.
        wins: How many rows it won.
        of: Of how many that count.
        rate: The share.
        low: The lower end of its Wilson score interval of 95 %.
        high: The upper end.
    """

    variant: str
    wins: int
    of: int
    rate: float
    low: float
    high: float


@strawberry.type
class MeanScore:
    """The mean of a score.

    Attributes:
        name: Of the scorer.
        mean: The mean.
        low: The lower end of its interval of 95 %.
        high: The upper end.
        n: Of how many answers.
    """

    name: str
    mean: float
    low: float
    high: float
    n: int


@strawberry.type
class VariantSummary:
    """What the answers of a variant come to.

    Attributes:
        variant: Its name.
        measures: The means of its scores.
        first_token: Mean seconds until the first token.
        speed: Mean tokens a second.
        tokens: All tokens, read and written.
        cost: In US dollars, of all.
        duration: Mean seconds of an answer.
    """

    variant: str
    measures: list[MeanScore]
    first_token: float | None
    speed: float | None
    tokens: int
    cost: float | None
    duration: float | None


@strawberry.type
class Comparison:
    """Variants that are asked the same, with what came of it so far.

    Attributes:
        id: Names it.
        name: What it is called.
        status: How it is.
        reason: Why it was paused, where nobody asked for that.
        columns: The names of the inputs' columns; none for the conversation as it is.
        input: The column that is the user message; null where the last message has its place.
        rows: The inputs.
        variants: The variants.
        samples: How often each is asked the same.
        scorers: What scores answers.
        messages: The conversation that it asks about.
        progress: How far it is.
        picks: Which answers won.
        blind: Whether names of variants are hidden until a row is picked.
        summary: What the answers of each variant come to.
        win_rates: How often each variant was picked; empty before the first pick that counts.
        elsewhere: Whether another process runs it, which alone can pause it.
    """

    id: ID
    name: str
    status: ComparisonStatus
    reason: str | None
    columns: list[str]
    input: str | None
    rows: list[ComparisonRow]
    variants: list[ComparisonVariant]
    samples: int
    scorers: list[ComparisonScorer]
    messages: list[Message]
    progress: ComparisonProgress
    picks: list[AnswerPick]
    blind: bool
    summary: list[VariantSummary]
    win_rates: list[WinRate]
    elsewhere: bool
    shown: strawberry.Private[Sequence[Mapping[str, Any]]]

    @strawberry.field
    def cells(self, first: int | None = None, after_row: int | None = None) -> list[ComparisonCell]:
        """The cells row by row, without those that wait.

        Args:
            first: Of how many rows; null for all.
            after_row: The number of the last row of the page before.
        """
        if first is not None and first < 1:
            raise InputError("first is a number from 1 on.")
        begin = 0 if after_row is None else after_row + 1
        end = len(self.rows) if first is None else begin + first
        return [cell_of(cell) for cell in self.shown if begin <= cell["row"] < end]


def info_of(data: Mapping[str, Any]) -> ComparisonInfo:
    """Return a comparison of the list as the schema has it."""
    status = ComparisonStatus(data["status"])
    return ComparisonInfo(**{**data, "id": ID(data["id"]), "status": status})


def progress_of(progress: Mapping[str, Any]) -> ComparisonProgress:
    """Return how far a comparison is as the schema has it."""
    return ComparisonProgress(**{**progress, "status": ComparisonStatus(progress["status"])})


def pick_of(data: Mapping[str, Any]) -> AnswerPick:
    """Return a pick as the schema has it."""
    return AnswerPick(**data)


def rate_of(data: Mapping[str, Any]) -> WinRate:
    """Return a win rate as the schema has it."""
    return WinRate(**data)


def summary_of(data: Mapping[str, Any]) -> VariantSummary:
    """Return what a variant's answers come to as the schema has it."""
    measures = [MeanScore(name=name, **mean) for name, mean in data["measures"].items()]
    tokens = whole(data["tokens"])
    return VariantSummary(**{**data, "measures": measures, "tokens": tokens})


def comparison_of(view: Mapping[str, Any], plan: compare.Plan) -> Comparison:
    """Return a comparison as the schema has it.

    Args:
        view: As a page has it.
        plan: What it asks.
    """
    kept = ("name", "reason", "columns", "input", "samples", "blind", "elsewhere")
    return Comparison(
        id=ID(view["id"]),
        status=ComparisonStatus(view["status"]),
        rows=[ComparisonRow(index=row["index"], data=JSON(row["data"])) for row in view["rows"]],
        variants=[
            ComparisonVariant(**{**each, "params": JSON(each["params"])})
            for each in view["variants"]
        ],
        scorers=[
            ComparisonScorer(name=each["name"], kind=each["kind"], prompt=each.get("prompt"))
            for each in view["scorers"]
        ],
        messages=[message_of(message) for message in plan.messages],
        progress=progress_of(view["progress"]),
        picks=[pick_of(each) for each in view["picks"]],
        summary=[summary_of(each) for each in view["summary"]],
        win_rates=[rate_of(each) for each in view["win_rates"]],
        shown=view["cells"],
        **{name: view[name] for name in kept},
    )
