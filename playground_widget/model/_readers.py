"""Which class an answer's format came from, so that `Message.parsed` can make its objects.

A class cannot be stored or sent: its schema is. So that the answers of this process become typed
objects, and those of another one plain JSON, the readers are found by what the schema says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["Misfit", "Reader", "json_of", "reader_of", "remember_reader", "wants_json"]

Reader = Callable[[str], Any]
"""From the text of an answer to its object; raises `Misfit`."""

MOST_READERS = 1000

_readers: dict[str, Reader] = {}


class Misfit(ValueError):  # noqa: N818 - a finding about an answer, not a failure
    """The text of an answer is not what was asked for; its words say where and why."""


def wants_json(wanted: Mapping[str, Any] | None) -> bool:
    """Return whether a `response_format` asks for JSON."""
    return bool(wanted) and (wanted or {}).get("type") in {"json_object", "json_schema"}


def remember_reader(schema: Mapping[str, Any], reader: Reader) -> None:
    """Have answers of a schema read by a function; the latest one for a schema is used."""
    key = _canonical(schema)
    _readers.pop(key, None)
    _readers[key] = reader
    while len(_readers) > MOST_READERS:
        _readers.pop(next(iter(_readers)), None)


def reader_of(wanted: Mapping[str, Any]) -> Reader | None:
    """Return what reads answers of a `response_format` in this process, if anything is known."""
    asked = wanted.get("json_schema")
    schema = asked.get("schema") if isinstance(asked, Mapping) else None
    return _readers.get(_canonical(schema)) if isinstance(schema, Mapping) else None


def json_of(text: str) -> Any:
    """Return the value of a JSON text.

    Raises:
        Misfit: It is none, and where.
    """
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Misfit(f"this is not JSON: {error.msg} at {place}") from None
    except RecursionError:
        raise Misfit("this is JSON that is nested too deeply") from None
    except ValueError as error:
        raise Misfit(f"this is not JSON: {error}") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _canonical(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, sort_keys=True, separators=(",", ":"))
