"""What subscribers of a comparison are told, as the schema has it."""

from __future__ import annotations

from typing import Annotated

import strawberry

from playground_widget import compare
from playground_widget.server._comparison_cells import ComparisonCell, cell_of
from playground_widget.server._comparison_topic import ComparisonBatch, Whole
from playground_widget.server._comparisons import (
    AnswerPick,
    Comparison,
    ComparisonProgress,
    VariantSummary,
    WinRate,
    comparison_of,
    pick_of,
    progress_of,
    rate_of,
    summary_of,
)
from playground_widget.server._scalars import whole

__all__ = [
    "AnswersPicked",
    "CellFinished",
    "CellStarted",
    "CellTextAdded",
    "ComparisonEvent",
    "ComparisonEventBatch",
    "ComparisonProgressed",
    "ComparisonRenamed",
    "ComparisonSnapshot",
    "ComparisonSummarized",
    "comparison_batch_of",
]


@strawberry.type
class ComparisonSnapshot:
    """All of it, as it is at this moment; what was known before is to be forgotten.

    Attributes:
        comparison: The comparison, with the text of its running cells.
    """

    comparison: Comparison


@strawberry.type
class CellStarted:
    """A cell is being asked.

    Attributes:
        row: The number of the row.
        variant: The number of the variant.
        sample: Which of the answers to the same request.
    """

    row: int
    variant: int
    sample: int


@strawberry.type
class CellTextAdded:
    """Words of a running cell. Below what one has they are to be dropped, beyond that is a gap.

    Attributes:
        row: The number of the row.
        variant: The number of the variant.
        sample: Which of the answers to the same request.
        offset: Where the text begins, in Unicode code points.
        text: The text.
    """

    row: int
    variant: int
    sample: int
    offset: int
    text: str


@strawberry.type
class CellFinished:
    """A cell has ended, or has other scores.

    Attributes:
        cell: The cell.
    """

    cell: ComparisonCell


@strawberry.type
class ComparisonProgressed:
    """How far it is.

    Attributes:
        progress: That.
    """

    progress: ComparisonProgress


@strawberry.type
class AnswersPicked:
    """Other answers won.

    Attributes:
        picks: All picks.
        win_rates: What they come to.
    """

    picks: list[AnswerPick]
    win_rates: list[WinRate]


@strawberry.type
class ComparisonSummarized:
    """What the answers so far come to; at most once a second.

    Attributes:
        summary: A line for each variant.
    """

    summary: list[VariantSummary]


@strawberry.type
class ComparisonRenamed:
    """It is called something else.

    Attributes:
        name: What it is called.
    """

    name: str


ComparisonEvent = Annotated[
    ComparisonSnapshot
    | CellStarted
    | CellTextAdded
    | CellFinished
    | ComparisonProgressed
    | AnswersPicked
    | ComparisonSummarized
    | ComparisonRenamed,
    strawberry.union("ComparisonEvent", description="What happened in a comparison."),
]


@strawberry.type
class ComparisonEventBatch:
    """What happened in a comparison since the batch before, in order.

    Attributes:
        events: What happened.
    """

    events: list[ComparisonEvent]


def comparison_batch_of(batch: ComparisonBatch) -> ComparisonEventBatch:
    """Return a batch of a comparison's events as the schema has it."""
    return ComparisonEventBatch(events=[_event_of(item) for item in batch.items])


def _event_of(item: Whole | compare.Update) -> ComparisonEvent:  # noqa: PLR0911 - one for each
    match item:
        case Whole(view, plan):
            return ComparisonSnapshot(comparison=comparison_of(view, plan))
        case compare.CellStarted(key):
            return CellStarted(**key._asdict())
        case compare.CellText(key, offset, text):
            return CellTextAdded(**key._asdict(), offset=whole(offset), text=text)
        case compare.CellFinished():
            return CellFinished(cell=cell_of(compare.update_to_dict(item)["cell"]))
        case compare.Progress():
            return ComparisonProgressed(progress=progress_of(item._asdict()))
        case compare.Picked():
            told = compare.update_to_dict(item)
            return AnswersPicked(
                picks=[pick_of(each) for each in told["picks"]],
                win_rates=[rate_of(each) for each in told["win_rates"]],
            )
        case compare.Renamed(name):
            return ComparisonRenamed(name=name)
        case compare.Summary(lines):
            return ComparisonSummarized(summary=[summary_of(line) for line in lines])
