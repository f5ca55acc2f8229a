"""The type hints of a function, as pydantic can use them."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from playground_widget.tools._docstrings import is_instance

__all__ = ["hints_of", "with_members", "words_beside"]


def hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the type of each parameter that has one, by name.

    One that names what cannot be found is a text.
    """
    inner = function.func if isinstance(function, functools.partial) else function
    if inspect.isclass(inner):
        # Named tuples and models of pydantic say what they take by their fields alone.
        says = inner if hasattr(inner, "__signature__") else inner.__init__
        return {**_read(inner), **_read(says)}
    return _read(type(inner).__call__ if is_instance(inner) else inspect.unwrap(inner))


def _read(inner: Any) -> dict[str, Any]:
    try:
        return typing.get_type_hints(inner, include_extras=True)
    except _UNKNOWN:
        written = getattr(inner, "__annotations__", {})
        known = getattr(inner, "__globals__", {})
        return {name: _alone(hint, known) for name, hint in written.items()}


_UNKNOWN = (NameError, AttributeError, SyntaxError, TypeError)
"""What is raised for a hint that names what is known to type checkers alone, or is only words."""


def _alone(written: Any, known: dict[str, Any]) -> Any:
    """Return what one hint names, or the hint as it is written."""

    def alone() -> None: ...

    alone.__annotations__ = {"hint": written}
    try:
        return typing.get_type_hints(alone, known, include_extras=True)["hint"]
    except _UNKNOWN:
        return written


def words_beside(hint: Any) -> str | None:
    """Return the text in a hint such as `Annotated[str, "Such as Oslo."]`."""
    beside = typing.get_args(hint)[1:] if typing.get_origin(hint) is Annotated else ()
    if any(isinstance(each, FieldInfo) and each.description for each in beside):
        return None
    return next((each for each in beside if isinstance(each, str)), None)


def with_members(hint: Any) -> Any:
    """Return a hint in which members of an Enum in a Literal are read by their values.

    That is what the schema says of them, and pydantic takes the members alone.
    """
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        members = [each for each in args if isinstance(each, Enum)]
        if not members:
            return hint
        return Annotated[hint, BeforeValidator(functools.partial(_member, members))]
    if origin is Annotated:
        return Annotated[(with_members(args[0]), *args[1:])]
    made = tuple(with_members(each) for each in args)
    if made == args:
        return hint
    return Union[made] if origin in {Union, UnionType} else origin[made]  # noqa: UP007


def _member(members: list[Enum], value: Any) -> Any:
    same = (each for each in members if type(each.value) is type(value) and each.value == value)
    return next(same, value)
