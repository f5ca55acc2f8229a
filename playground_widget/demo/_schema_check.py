"""Says whether a value fits a JSON schema, for the keywords the demo model knows."""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

__all__ = ["KNOWN", "SchemaError", "fits", "resolve", "types_of"]

_KEYWORDS = """
type enum const $ref allOf anyOf oneOf not properties required additionalProperties minProperties
maxProperties items prefixItems minItems maxItems uniqueItems minimum maximum exclusiveMinimum
exclusiveMaximum multipleOf minLength maxLength pattern format
"""
_NOTES = """
$schema $id $defs $comment $anchor definitions title description default examples deprecated
readOnly writeOnly nullable contentMediaType contentEncoding discriminator strict name
"""
KNOWN = frozenset((_KEYWORDS + _NOTES).split())


class SchemaError(Exception):
    """The schema is malformed, uses an unknown keyword, or no value can be found for it."""


def resolve(reference: object, root: Any) -> Any:
    """Return what a local reference such as ``#/$defs/Point`` points to.

    Raises:
        SchemaError: It points nowhere, or out of the schema.
    """
    if not isinstance(reference, str) or not reference.startswith("#"):
        msg = f"reference {reference!r} is not local"
        raise SchemaError(msg)
    found = root
    for step in reference[1:].split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict) and key in found:
            found = found[key]
        elif isinstance(found, list) and key.isdecimal() and int(key) < len(found):
            found = found[int(key)]
        else:
            msg = f"reference {reference!r} points nowhere"
            raise SchemaError(msg)
    return found


def types_of(value: object) -> set[str]:
    """Return the JSON schema types that a value has."""
    match value:
        case None:
            return {"null"}
        case bool():
            return {"boolean"}
        case int():
            return {"integer", "number"}
        case float():
            return {"integer", "number"} if value.is_integer() else {"number"}
        case str():
            return {"string"}
        case list():
            return {"array"}
        case _:
            return {"object"}


def fits(value: Any, schema: Any, root: Any, depth: int = 0) -> bool:
    """Return whether ``value`` is an instance of ``schema``, a part of the schema ``root``."""
    if isinstance(schema, bool):
        return schema
    if depth > 100:
        msg = "references go round in circles"
        raise SchemaError(msg)

    def inner(part: Any, of: Any) -> bool:
        return fits(part, of, root, depth + 1)

    types = types_of(value)
    kind = schema.get("type")
    if kind is not None and not types & set([kind] if isinstance(kind, str) else kind):
        return False
    if "enum" in schema and not any(_same(value, one) for one in schema["enum"]):
        return False
    if "const" in schema and not _same(value, schema["const"]):
        return False
    if "$ref" in schema and not inner(value, resolve(schema["$ref"], root)):
        return False
    if not all(inner(value, branch) for branch in schema.get("allOf", ())):
        return False
    if "anyOf" in schema and not any(inner(value, branch) for branch in schema["anyOf"]):
        return False
    if "oneOf" in schema and sum(inner(value, branch) for branch in schema["oneOf"]) != 1:
        return False
    if "not" in schema and inner(value, schema["not"]):
        return False
    if "number" in types:
        return _number_fits(value, schema)
    if isinstance(value, str):
        return _text_fits(value, schema)
    if isinstance(value, list):
        return _array_fits(value, schema, inner)
    if isinstance(value, dict):
        return _object_fits(value, schema, inner)
    return True


def _same(one: object, other: object) -> bool:
    # In JSON true is not 1, though Python thinks so; 1 and 1.0 are the same.
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return one == other


def _number_fits(value: float, schema: dict[str, Any]) -> bool:
    step = schema.get("multipleOf")
    if step is not None and not (value % step == 0 or float(value / step).is_integer()):
        return False
    return (
        ("minimum" not in schema or value >= schema["minimum"])
        and ("maximum" not in schema or value <= schema["maximum"])
        and ("exclusiveMinimum" not in schema or value > schema["exclusiveMinimum"])
        and ("exclusiveMaximum" not in schema or value < schema["exclusiveMaximum"])
    )


def _text_fits(value: str, schema: dict[str, Any]) -> bool:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        return False
    if "pattern" in schema and not _compiled(schema["pattern"]).search(value):
        return False
    test = _FORMATS.get(schema.get("format", ""))
    if test is None:
        return True
    try:
        return bool(test(value))
    except ValueError:
        return False


def _array_fits(
    value: list[Any], schema: dict[str, Any], inner: Callable[[Any, Any], bool]
) -> bool:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return False
    first = schema.get("prefixItems", [])
    rest = schema.get("items", True)
    if not all(
        inner(item, first[index] if index < len(first) else rest)
        for index, item in enumerate(value)
    ):
        return False
    return not schema.get("uniqueItems") or not any(
        _same(one, other) for index, one in enumerate(value) for other in value[:index]
    )


def _object_fits(
    value: dict[str, Any], schema: dict[str, Any], inner: Callable[[Any, Any], bool]
) -> bool:
    if not schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value)):
        return False
    if not set(schema.get("required", ())) <= value.keys():
        return False
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    return all(inner(part, known.get(name, others)) for name, part in value.items())


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        msg = f"pattern {pattern!r} is no regular expression that can be read"
        raise SchemaError(msg) from None


_FORMATS: dict[str, Callable[[str], object]] = {
    "date": date.fromisoformat,
    "date-time": lambda text: datetime.fromisoformat(text).tzinfo is not None,
    "time": re.compile(r"\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)").fullmatch,
    "duration": re.compile(r"P(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?").fullmatch,
    "email": re.compile(r"[^@\s]+@[^@\s]+").fullmatch,
    "hostname": re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*").fullmatch,
    "ipv4": ipaddress.IPv4Address,
    "ipv6": ipaddress.IPv6Address,
    "uri": re.compile(r"[a-z][a-z0-9+.-]*:\S+").fullmatch,
    "uuid": uuid.UUID,
}
