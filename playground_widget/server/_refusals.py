"""The errors that a mutation's payload can hold: nothing of them was done."""

from __future__ import annotations

import strawberry
from strawberry.scalars import JSON

from playground_widget.errors import (
    ConflictError,
    InputError,
    NotFoundError,
    PlaygroundError,
    RunError,
    StoreError,
    UnsetVariablesError,
    kind_of,
)

__all__ = [
    "REFUSALS",
    "Conflict",
    "InvalidInput",
    "NotFound",
    "NotPossible",
    "Refusal",
    "ServiceFailed",
    "StorageFailed",
    "UnsetVariables",
    "refusal_of",
]


@strawberry.interface(name="MutationError")
class Refusal:
    """Why a mutation did nothing.

    Attributes:
        kind: One word for programs.
        title: What happened, for people.
        detail: What was kept, where there is more to say.
    """

    kind: str
    title: str
    detail: str


@strawberry.type
class InvalidInput(Refusal):
    """What was passed cannot be used."""


@strawberry.type
class NotFound(Refusal):
    """There is no such thread, message or connection."""


@strawberry.type
class Conflict(Refusal):
    """The thread was changed by others since the expected revision.

    Attributes:
        revision: The thread's revision now.
    """

    revision: int | None


@strawberry.type
class StorageFailed(Refusal):
    """Threads can't be read or written."""


@strawberry.type
class ServiceFailed(Refusal):
    """The service refused or failed.

    Attributes:
        actions: What can be done, the best first.
        facts: Figures that belong to the kind.
    """

    actions: list[str]
    facts: JSON


@strawberry.type
class UnsetVariables(Refusal):
    """What was to be sent names variables that have no value.

    Attributes:
        names: Those variables.
    """

    names: list[str]


@strawberry.type
class NotPossible(Refusal):
    """It cannot be done as things are."""


REFUSALS = (
    InvalidInput,
    NotFound,
    Conflict,
    StorageFailed,
    ServiceFailed,
    UnsetVariables,
    NotPossible,
)
"""All that implement `MutationError`, which nothing else in the schema names."""


def refusal_of(  # noqa: PLR0911 - one for each kind
    error: PlaygroundError, revision: int | None = None
) -> Refusal:
    """Return an error as a payload holds it.

    Args:
        error: What was raised.
        revision: Of the thread now, for a conflict.
    """
    if isinstance(error, RunError):
        info = error.info
        return ServiceFailed(
            kind=info.kind,
            title=info.title,
            detail=info.detail,
            actions=list(info.actions),
            facts=JSON(dict(info.facts)),
        )
    if isinstance(error, UnsetVariablesError):
        names = list(error.names)
        return UnsetVariables(kind=error.kind, title=str(error), detail="", names=names)
    kind = kind_of(error)
    said = {"kind": kind, "title": str(error) or kind, "detail": ""}
    match error:
        case InputError():
            return InvalidInput(**said)
        case NotFoundError():
            return NotFound(**said)
        case ConflictError():
            return Conflict(**said, revision=revision)
        case StoreError():
            return StorageFailed(**said)
        case _:
            return NotPossible(**said)
