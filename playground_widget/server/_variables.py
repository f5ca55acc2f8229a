"""What `{{name}}` stands for in a thread's messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry

from playground_widget.server._enums import VariableSource
from playground_widget.server._scalars import whole
from playground_widget.template import digest_of

__all__ = ["UsedVariable", "Variable", "used_of", "variable_of"]


@strawberry.type
class Variable:
    """A variable at one moment.

    Attributes:
        name: Of the variable; messages name it in two pairs of braces.
        source: Whose it is; null while it is not set.
        kind: The class of its value, such as str; empty while it is not set.
        text: The beginning of its value as text, at most 200 characters.
        length: How many characters its value has.
        tokens: About how many tokens its value has.
        digest: 12 hex digits by which values are told apart.
        error: Why its value cannot be text.
    """

    name: str
    source: VariableSource | None
    kind: str
    text: str
    length: int
    tokens: int
    digest: str
    error: str | None


@strawberry.type
class UsedVariable:
    """A variable as it was when an answer was asked for.

    Attributes:
        name: Of the variable.
        digest: 12 hex digits by which values are told apart.
    """

    name: str
    digest: str


def variable_of(data: Mapping[str, Any]) -> Variable:
    """Return a variable as the schema has it."""
    return Variable(
        name=data["name"],
        source=VariableSource(data["source"]) if data["source"] else None,
        kind=data["kind"],
        text=data["text"],
        length=whole(data["length"]),
        tokens=whole(data["tokens"]),
        digest=data["digest"],
        error=data["error"],
    )


def used_of(values: Mapping[str, str]) -> list[UsedVariable]:
    """Return the variables of an answer as the schema has them."""
    return [UsedVariable(name=name, digest=digest_of(text)) for name, text in values.items()]
