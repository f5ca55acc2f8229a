"""JSON as it comes in and goes out, whatever is in it."""

from __future__ import annotations

import json
from typing import Any, Never

import orjson

__all__ = ["encode", "parse"]


def parse(data: str | bytes) -> Any:
    """Read JSON.

    Raises:
        ValueError: It is none, or nested too deeply.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        # Takes half a surrogate pair, which a browser's JSON can have and orjson refuses.
        return json.loads(data, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _refuse(constant: str) -> Never:
    raise ValueError(f"{constant} is no JSON")


def encode(value: Any) -> bytes:
    """Return a value as JSON in UTF-8."""
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
    except (TypeError, ValueError):
        # Half a surrogate pair, or a number of more than 64 bits.
        return json.dumps(value, separators=(",", ":")).encode()
