"""What a function returned, as the content of a tool message."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, get_args

from playground_widget.content import parts_of
from playground_widget.errors import InputError
from playground_widget.frames import table_from_object
from playground_widget.images import image_from_object
from playground_widget.model import Part, Text
from playground_widget.text import clean_text

__all__ = ["CallFailedError", "result_parts"]


class CallFailedError(Exception):
    """A call came to nothing, for a reason that is told to the model and the page as it stands."""


def result_parts(value: object) -> tuple[Part, ...]:
    """Return the content that says what a function returned.

    Text is taken as it is; images, figures, DataFrames and parts of messages, or a list of these,
    as they are in messages; what JSON can hold, dataclasses and pydantic models as JSON; anything
    else by its `repr`.

    Example:
        >>> result_parts({"area": 6.0})
        (Text(text='{"area":6.0}'),)
    """
    if isinstance(value, str):
        return (Text(clean_text(value)),) if value else ()
    if _is_shown(value):
        return parts_of(value)
    if isinstance(value, list | tuple) and value and all(_is_shown(each) for each in value):
        return parts_of(value)
    return (Text(clean_text(_as_json(value))),)


def _is_shown(value: object) -> bool:
    """Return whether a value is to be seen in a message as it is."""
    if isinstance(value, get_args(Part)):
        return True
    if isinstance(value, str | int | float | dict | Sequence) or value is None:
        return False
    try:
        return (image_from_object(value) or table_from_object(value)) is not None
    except InputError:
        return False


def _as_json(value: object) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return repr(value)
    # Loaded with the first tool of a process, not with the package.
    core: Any = importlib.import_module("pydantic_core")
    try:
        return str(core.to_json(value, inf_nan_mode="constants", fallback=_inner), "utf-8")
    except (_UnknownError, core.PydanticSerializationError, ValueError):
        return repr(value)


class _UnknownError(Exception):
    """JSON has no form for a value."""


def _inner(value: Any) -> Any:
    """Return arrays and numbers of NumPy and the like as what JSON can hold."""
    if callable(getattr(value, "tolist", None)):
        return value.tolist()
    raise _UnknownError
