"""Says whether a value fits a JSON schema, for the keywords the demo model knows."""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from playground_widget.demo._schema_keywords import SchemaError, resolve

__all__ = ["fits", "same"]

_DEEPEST = 100


def fits(value: Any, schema: Any, root: Any, depth: int = 0) -> bool:
    """Return whether `value` is an instance of `schema`, a part of the schema `root`."""
    if isinstance(schema, bool):
        return schema
    if depth > _DEEPEST:
        raise SchemaError("references go round in circles")
    place = _Place(schema, root, depth)
    return all(
        _CHECKS[keyword](value, wanted, place)
        for keyword, wanted in schema.items()
        if keyword in _CHECKS
    )


def same(one: object, other: object) -> bool:
    """Return whether two values are the same JSON: true is not 1, and 1 is 1.0."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return one == other


@dataclass(frozen=True, slots=True)
class _Place:
    """The schema that a keyword stands in."""

    schema: dict[str, Any]
    root: Any
    depth: int

    def fits(self, value: Any, schema: Any) -> bool:
        return fits(value, schema, self.root, self.depth + 1)


_Check = Callable[[Any, Any, _Place], bool]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _type(value: Any, wanted: Any, _: _Place) -> bool:
    kinds = [wanted] if isinstance(wanted, str) else wanted
    return any(_TYPES[kind](value) for kind in kinds)


def _multiple(value: Any, step: Any, _: _Place) -> bool:
    return bool(value % step == 0 or float(value / step).is_integer())


def _format(value: str, name: Any, _: _Place) -> bool:
    test = _FORMATS.get(name)
    try:
        return test is None or bool(test(value))
    except ValueError:
        return False


def _items(value: list[Any], rest: Any, place: _Place) -> bool:
    first = len(place.schema.get("prefixItems", ()))
    return all(place.fits(item, rest) for item in value[first:])


def _unique(value: list[Any], wanted: Any, _: _Place) -> bool:
    pairs = ((one, other) for index, one in enumerate(value) for other in value[:index])
    return not wanted or not any(same(one, other) for one, other in pairs)


def _properties(value: dict[str, Any], known: Any, place: _Place) -> bool:
    return all(place.fits(part, known[name]) for name, part in value.items() if name in known)


def _others(value: dict[str, Any], wanted: Any, place: _Place) -> bool:
    known = place.schema.get("properties", ())
    return all(place.fits(part, wanted) for name, part in value.items() if name not in known)


def _numbers(check: Callable[[Any, Any], bool]) -> _Check:
    return lambda value, wanted, _: not _is_number(value) or check(value, wanted)


def _for(kind: type, check: _Check) -> _Check:
    """A keyword that says nothing about values of another type."""
    return lambda value, wanted, place: not isinstance(value, kind) or check(value, wanted, place)


_TYPES: dict[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "number": _is_number,
    "integer": lambda value: _is_number(value) and float(value).is_integer(),
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
_CHECKS: dict[str, _Check] = {
    "type": _type,
    "enum": lambda value, wanted, _: any(same(value, one) for one in wanted),
    "const": lambda value, wanted, _: same(value, wanted),
    "$ref": lambda value, wanted, place: place.fits(value, resolve(wanted, place.root)),
    "allOf": lambda value, wanted, place: all(place.fits(value, one) for one in wanted),
    "anyOf": lambda value, wanted, place: any(place.fits(value, one) for one in wanted),
    "oneOf": lambda value, wanted, place: sum(place.fits(value, one) for one in wanted) == 1,
    "not": lambda value, wanted, place: not place.fits(value, wanted),
    "minimum": _numbers(lambda value, wanted: value >= wanted),
    "maximum": _numbers(lambda value, wanted: value <= wanted),
    "exclusiveMinimum": _numbers(lambda value, wanted: value > wanted),
    "exclusiveMaximum": _numbers(lambda value, wanted: value < wanted),
    "multipleOf": lambda value, step, place: not _is_number(value) or _multiple(value, step, place),
    "minLength": _for(str, lambda value, wanted, _: len(value) >= wanted),
    "maxLength": _for(str, lambda value, wanted, _: len(value) <= wanted),
    "pattern": _for(str, lambda value, wanted, _: bool(re.search(wanted, value))),
    "format": _for(str, _format),
    "minItems": _for(list, lambda value, wanted, _: len(value) >= wanted),
    "maxItems": _for(list, lambda value, wanted, _: len(value) <= wanted),
    "uniqueItems": _for(list, _unique),
    "prefixItems": _for(
        list, lambda value, wanted, place: all(map(place.fits, value, wanted[: len(value)]))
    ),
    "items": _for(list, _items),
    "minProperties": _for(dict, lambda value, wanted, _: len(value) >= wanted),
    "maxProperties": _for(dict, lambda value, wanted, _: len(value) <= wanted),
    "required": _for(dict, lambda value, wanted, _: set(wanted) <= value.keys()),
    "properties": _for(dict, _properties),
    "additionalProperties": _for(dict, _others),
    "propertyNames": _for(
        dict, lambda value, wanted, place: all(place.fits(name, wanted) for name in value)
    ),
}
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
