"""What a function returned, as the content of a tool message."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, get_args

from playground_widget.content import clean, parts_of
from playground_widget.errors import InputError
from playground_widget.frames import in_microseconds, is_missing, table_from_object
from playground_widget.images import image_from_object
from playground_widget.model import Part, Text
from playground_widget.text import clean_text

__all__ = ["CallFailedError", "result_parts"]


class CallFailedError(Exception):
    """A call came to nothing, for a reason that is told to the model and the page as it stands."""


def result_parts(value: object) -> tuple[Part, ...]:
    """Return the content that says what a function returned.

    Text is taken as it is; images, figures, DataFrames and parts of messages, or a list of these
    and texts, as they are in messages; what JSON can hold, dataclasses and pydantic models as JSON;
    anything else by its `repr`.

    Example:
        >>> result_parts({"area": 6.0})
        (Text(text='{"area":6.0}'),)
    """
    if isinstance(value, str):
        return (Text(clean_text(value)),) if value else ()
    shown = _all_shown(value if isinstance(value, list | tuple) else (value,))
    if shown is None:
        return (Text(clean_text(_as_json(value))),)
    # Text that says nothing is no part of a message, and no reason to fail.
    return tuple(part for part in shown if not isinstance(part, Text) or part.text.strip())


def _all_shown(values: Sequence[object]) -> list[Part] | None:
    """Return values as they are to be seen in a message, or `None` where JSON says them better.

    Text is seen as it is beside parts, but a list of nothing else is a list.
    """
    if all(isinstance(value, str) for value in values):
        return None
    shown: list[Part] = []
    for value in values:
        part = Text(clean_text(value)) if isinstance(value, str) else _shown(value)
        if part is None:
            return None
        shown.append(part)
    return shown


def _shown(value: object) -> Part | None:
    """Return the part that a value is to be seen as, if it is."""
    if isinstance(value, Text):
        return clean(value)
    if isinstance(value, get_args(Part)):
        return parts_of(value)[0]
    if isinstance(value, int | float | dict | Sequence) or value is None:
        return None
    try:
        found = image_from_object(value) or table_from_object(value)
    except InputError:
        return None
    return None if found is None else clean(found)


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
    """Return arrays and numbers of NumPy, Series and the like as what JSON can hold."""
    if is_missing(value):
        return None
    value = in_microseconds(value)
    for name in ("tolist", "to_list"):  # of NumPy and pandas, and of polars
        if callable(getattr(value, name, None)):
            return getattr(value, name)()
    raise _UnknownError
