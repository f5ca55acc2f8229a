"""What each mutation of comparisons takes."""

from __future__ import annotations

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from playground_widget.server._enums import ComparisonFormat, SteerAction
from playground_widget.server._inputs import OnceInput, ThreadInput

__all__ = [
    "DeleteComparisonInput",
    "ExportComparisonInput",
    "PickAnswerInput",
    "RenameComparisonInput",
    "ScorerInput",
    "StartComparisonInput",
    "SteerComparisonInput",
    "UseAnswerInput",
    "VariantInput",
]


@strawberry.input
class VariantInput:
    """One way to ask; what is left out comes from the thread.

    Attributes:
        name: What to call it; by default a letter.
        system: The system prompt; {{column}} stands for a column of the inputs.
        model: The model to ask.
        connection: The name of a connection.
        params: The parameters that differ.
        tools: Names of the tools that it may call; by default all that are offered.
    """

    name: str | None = None
    system: str | None = None
    model: str | None = None
    connection: str | None = None
    params: JSON | None = None
    tools: list[str] | None = None


@strawberry.input
class ScorerInput:
    """What scores answers.

    Attributes:
        kind: exact, regex, fits_schema or judge.
        column: Of exact, the column with what is expected.
        case: Of exact, whether upper and lower case differ.
        pattern: Of regex, the regular expression.
        schema: Of fits_schema, the JSON schema.
        prompt: Of judge, what to judge by.
        model: Of judge, the model to ask.
    """

    kind: str
    column: str | None = None
    case: bool | None = None
    pattern: str | None = None
    schema: JSON | None = None
    prompt: str | None = None
    model: str | None = None


@strawberry.input
class StartComparisonInput(ThreadInput):
    """A comparison to begin about a thread.

    Attributes:
        variants: What is compared.
        rows: The inputs, each a JSON object; without any the thread as it is.
        csv: The text of a CSV file, in place of rows.
        input: The column that is the user message; by default the first.
        samples: How often each variant answers each row.
        max_concurrency: How many answers are written at once at most.
        max_cost: In US dollars; it pauses before it would cost more.
        scorers: What scores answers.
        name: What to call it.
        blind: Whether names of variants are hidden until a row is picked.
    """

    variants: list[VariantInput]
    rows: list[JSON] | None = None
    csv: str | None = None
    input: str | None = None
    samples: int | None = 1
    max_concurrency: int | None = 8
    max_cost: float | None = None
    scorers: list[ScorerInput] | None = None
    name: str | None = None
    blind: bool | None = False


@strawberry.input
class _ComparisonInput(OnceInput):
    """What every mutation of a comparison takes.

    Attributes:
        comparison_id: The comparison.
    """

    comparison_id: ID


@strawberry.input
class SteerComparisonInput(_ComparisonInput):
    """What to have a comparison do.

    Attributes:
        action: That.
        max_cost: When it goes on, another limit in US dollars for all of it.
    """

    action: SteerAction
    max_cost: float | None = None


@strawberry.input
class PickAnswerInput(_ComparisonInput):
    """Which answer won a row.

    Attributes:
        row: The number of the row.
        variant: The number of the variant; null takes the pick back.
        sample: Which of its answers.
    """

    row: int
    variant: int | None = None
    sample: int = 0


@strawberry.input
class UseAnswerInput(ThreadInput):
    """An answer of a comparison that becomes a message of a thread.

    Attributes:
        comparison_id: The comparison.
        row: The number of the row.
        variant: The number of the variant.
        sample: Which of its answers.
    """

    comparison_id: ID
    row: int
    variant: int
    sample: int = 0


@strawberry.input
class RenameComparisonInput(_ComparisonInput):
    """Another name for a comparison.

    Attributes:
        name: The name.
    """

    name: str


@strawberry.input
class DeleteComparisonInput(_ComparisonInput):
    """A comparison to end, and to take out of the list."""


@strawberry.input
class ExportComparisonInput(_ComparisonInput):
    """A comparison to write as cells or as a file.

    Attributes:
        format: What as.
    """

    format: ComparisonFormat
