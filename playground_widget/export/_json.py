"""JSON out and in: texts that every reader takes, and nothing but `InputError` for bad ones."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

from playground_widget.errors import InputError
from playground_widget.text import clean_texts

__all__ = ["LARGEST", "dumps", "loads"]

LARGEST = 50_000_000
"""From how many characters on a file is not read."""


def dumps(value: Any, indent: int | None = None) -> str:
    r"""Return JSON that can be written as UTF-8, without what JSON has no form for.

    Example:
        >>> dumps({"a": [float("nan"), "\ud800"]}) == '{"a": [null, "\ufffd"]}'
        True
    """
    try:
        text = json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False)
        text.encode()
    except ValueError:
        fit = _finite(clean_texts(value))
        return json.dumps(fit, indent=indent, ensure_ascii=False, allow_nan=False)
    return text


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return value


def loads(text: str, what: str) -> Any:
    """Return what a JSON text holds, its texts clean.

    Args:
        text: The text, with or without a byte order mark.
        what: What it should be, as an error calls it, such as `this notebook`.

    Raises:
        InputError: It is too large, no JSON, or nested too deeply.
    """
    if not isinstance(text, str):
        raise InputError(f"{what} is read from text, not from {type(text).__name__}")
    if len(text) >= LARGEST:
        raise InputError(
            f"{what} has {len(text) / 1e6:.0f} MB; at most {LARGEST / 1e6:.0f} MB can be read"
        )
    try:
        found = json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse)
        return clean_texts(found)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"{what} cannot be read as JSON: {error.msg} at {where}") from None
    except ValueError as error:
        raise InputError(f"{what} cannot be read as JSON: {error}") from None
    except RecursionError:
        raise InputError(f"{what} is nested too deeply to be a conversation") from None


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")
