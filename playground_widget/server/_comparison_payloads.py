"""What each mutation of comparisons returns."""

from __future__ import annotations

import strawberry
from strawberry import ID

from playground_widget.server._payloads import ChangePayload, ExportCell, ExportFile, Payload

__all__ = [
    "DeleteComparisonPayload",
    "ExportComparisonPayload",
    "PickAnswerPayload",
    "RenameComparisonPayload",
    "StartComparisonPayload",
    "SteerComparisonPayload",
    "UseAnswerPayload",
]


@strawberry.type
class StartComparisonPayload(Payload):
    """What became of a new comparison.

    Attributes:
        comparison_id: Names it.
    """

    comparison_id: ID | None = None


@strawberry.type
class SteerComparisonPayload(Payload):
    """What became of it."""


@strawberry.type
class PickAnswerPayload(Payload):
    """What became of a pick."""


@strawberry.type
class UseAnswerPayload(ChangePayload):
    """What became of the answer.

    Attributes:
        message_id: The message that it became.
    """

    message_id: ID | None = None


@strawberry.type
class RenameComparisonPayload(Payload):
    """What became of a new name."""


@strawberry.type
class DeleteComparisonPayload(Payload):
    """What became of it."""


@strawberry.type
class ExportComparisonPayload(Payload):
    """What a comparison became.

    Attributes:
        file: The file.
        cells: The cells, where these were asked for.
    """

    file: ExportFile | None = None
    cells: list[ExportCell] | None = None
