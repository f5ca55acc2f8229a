"""The keywords of JSON schemas that the demo model knows, and what each may be.

A keyword that is not known would be passed over in silence, and one with a wrong value would lead
astray; both are refused before anything is made of the schema. The API takes any keyword in the
parameters of a function, so that those which are not known are left out there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

__all__ = ["SchemaError", "check_keywords", "known_keywords", "resolve"]

_TYPES = {"null", "boolean", "integer", "number", "string", "array", "object"}
# Beyond these nothing is made: they are mistakes, or meant to be.
_FAR = 1e100
_FINE = 1e-9
_MOST = 10_000


class SchemaError(Exception):
    """The schema is malformed, uses an unknown keyword, or no value can be found for it."""


def resolve(reference: object, root: Any) -> Any:
    """Return what a local reference such as `#/$defs/Point` points to.

    Raises:
        SchemaError: It points nowhere, or out of the schema.
    """
    if not isinstance(reference, str) or not reference.startswith("#"):
        raise SchemaError(f"reference {reference!r} is not local")
    found = root
    for step in reference[1:].split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict) and key in found:
            found = found[key]
        elif isinstance(found, list) and key.isdecimal() and int(key) < len(found):
            found = found[int(key)]
        else:
            raise SchemaError(f"reference {reference!r} points nowhere")
    return found


def check_keywords(schema: Any) -> None:
    """Raise `SchemaError` for what is no schema, or for a keyword that is not understood."""
    waiting, seen = [schema], set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, bool):
            continue
        if not isinstance(part, dict):
            raise SchemaError("a schema must be an object or a boolean")
        for keyword, value in part.items():
            _check_value(keyword, value)
            waiting += _inside(keyword, value)
        # What is referred to may stand where no schema is looked for.
        reference = part.get("$ref")
        if reference is not None and reference not in seen:
            seen.add(reference)
            waiting.append(resolve(reference, schema))


def known_keywords(schema: Any) -> Any:
    """Return a schema without the keywords that are not known.

    Raises:
        SchemaError: It is nested too deeply.
    """
    try:
        return _known(schema)
    except RecursionError:
        raise SchemaError("it is nested too deeply") from None


def _known(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in _NAMED and isinstance(value, dict):
            kept[keyword] = {name: _known(part) for name, part in value.items()}
        elif keyword in _LISTS and isinstance(value, list):
            kept[keyword] = [_known(part) for part in value]
        elif keyword in _VALUES or keyword in _NOTES:
            kept[keyword] = _known(value) if keyword in _ONE else value
    return kept


def _check_value(keyword: str, value: Any) -> None:
    if keyword in _NOTES or keyword.startswith("x-"):
        return
    if keyword not in _VALUES:
        raise SchemaError(f"'{keyword[:100]}' is not permitted")
    if not _VALUES[keyword](value):
        raise SchemaError(f"'{keyword}' has a value it can't have")


def _inside(keyword: str, value: Any) -> list[Any]:
    """Return the schemas that are the value of a keyword."""
    if keyword in _ONE:
        return [value]
    if keyword in _LISTS:
        return list(value)
    return list(value.values()) if keyword in _NAMED else []


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _FAR


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _least(value: Any) -> bool:
    return _count(value) and value <= _MOST


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _types(value: Any) -> bool:
    kinds = [value] if isinstance(value, str) else value
    return _texts(kinds) and bool(kinds) and set(kinds) <= _TYPES


def _pattern(value: Any) -> bool:
    try:
        re.compile(value)
    except (re.error, TypeError, OverflowError):
        return False
    return True


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kind)


_ONE = {"items", "additionalProperties", "propertyNames", "not"}
_LISTS = {"allOf", "anyOf", "oneOf", "prefixItems"}
_NAMED = {"properties", "$defs", "definitions"}
_VALUES: dict[str, Callable[[Any], bool]] = {
    "type": _types,
    "enum": _is(list),
    "const": lambda _: True,
    "$ref": _is(str),
    "required": _texts,
    "format": _is(str),
    "pattern": _pattern,
    "uniqueItems": _is(bool),
    "multipleOf": lambda value: _number(value) and value >= _FINE,
    **dict.fromkeys(_ONE, lambda _: True),
    **dict.fromkeys(_LISTS, _is(list)),
    **dict.fromkeys(_NAMED, _is(dict)),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _number),
    **dict.fromkeys(("minLength", "minItems", "minProperties"), _least),
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties"), _count),
}
# Keywords that only describe.
_NOTES = frozenset(
    re.findall(
        r"\S+",
        """
        $schema $id $comment $anchor title description default examples deprecated readOnly
        writeOnly contentMediaType contentEncoding discriminator
        """,
    )
)
