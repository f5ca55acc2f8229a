"""What a function is called with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["Arguments", "ArgumentsError", "Signature"]


class Arguments(NamedTuple):
    """What a function is called with."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class ArgumentsError(Exception):
    """A model's arguments do not fit; the text says what is wrong where."""


class Signature(NamedTuple):
    """What a function takes.

    Args:
        names: Of its parameters, in order.
        description: What the docstring says of the function.
        parameters: The JSON schema.
        read: Turns JSON into arguments; raises `ArgumentsError`.
    """

    names: tuple[str, ...]
    description: str
    parameters: dict[str, Any]
    read: Callable[[str], Arguments]
