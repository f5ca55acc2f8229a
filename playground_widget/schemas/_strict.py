"""A schema in the form that a strict service takes, where that means the same.

The rules are those of OpenAI's guide to structured outputs, "Supported schemas". A schema is only
rewritten where each answer that fits the new one fits the old one too; what has no such form is
sent as it is, without `strict`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["strict"]

MOST_PROPERTIES = 5000
MOST_DEPTH = 10
MOST_VALUES = 1000

_ANNOTATIONS = frozenset(
    ["$comment", "$id", "$schema", "default", "deprecated", "examples", "readOnly", "writeOnly"]
)
_KNOWN = frozenset(
    [
        "$defs",
        "$ref",
        "additionalProperties",
        "anyOf",
        "description",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "items",
        "maxItems",
        "maximum",
        "minItems",
        "minimum",
        "multipleOf",
        "pattern",
        "properties",
        "required",
        "title",
        "type",
    ]
)
_FORMATS = frozenset(
    ["date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "time", "uuid"]
)


class _Unfit(Exception):  # noqa: N818 - an answer of the rewriting, not a failure
    """This schema has no strict form."""


def strict(schema: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a schema that a strict service takes and that means the same, or `None`.

    Example:
        >>> strict({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]})[
        ...     "additionalProperties"
        ... ]
        False
        >>> strict({"type": "object", "additionalProperties": {"type": "string"}}) is None
        True
    """
    rewriting = _Rewriting(schema)
    try:
        made = rewriting.root()
    except (_Unfit, RecursionError):
        return None
    within = rewriting.properties <= MOST_PROPERTIES and rewriting.values <= MOST_VALUES
    return made if within else None


class _Rewriting:
    """One schema on its way; counts what the service limits."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Hold the schema as it was given."""
        self._given = schema
        self.properties = 0
        self.values = 0

    def root(self) -> dict[str, Any]:
        given = self._given
        definitions = given.get("$defs", {})
        if not isinstance(definitions, Mapping):
            raise _Unfit
        whole = {name: value for name, value in given.items() if name != "$defs"}
        if "$ref" in whole:
            # The root has to be an object itself; a recursive class begins with a reference.
            whole = self._inlined(whole)
        made = self._schema(whole, 0)
        if made.get("type") != "object":
            raise _Unfit
        if definitions:
            made["$defs"] = {name: self._schema(each, 0) for name, each in definitions.items()}
        return made

    def _schema(self, given: object, depth: int) -> dict[str, Any]:
        if not isinstance(given, Mapping) or depth > MOST_DEPTH:
            raise _Unfit
        schema = {name: value for name, value in given.items() if name not in _ANNOTATIONS}
        if "$ref" in schema:
            if set(schema) == {"$ref"}:
                self._target(schema["$ref"])
                return schema
            # Words beside a reference are refused: they go into what it stands for.
            return self._schema(self._inlined(schema), depth)
        schema = _plainer(schema)
        if not set(schema) <= _KNOWN or not ({"type", "anyOf", "enum"} & set(schema)):
            raise _Unfit
        self.values += len(schema.get("enum", ()))
        if schema.get("format", "date") not in _FORMATS:
            raise _Unfit
        if "anyOf" in schema:
            schema["anyOf"] = [self._schema(each, depth + 1) for each in schema["anyOf"]]
        kinds = schema.get("type", ())
        kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
        if "object" in kinds or "properties" in schema:
            self._object(schema, given, depth)
        if "array" in kinds:
            schema["items"] = self._schema(schema.get("items"), depth + 1)
        return schema

    def _object(self, schema: dict[str, Any], given: Mapping[str, Any], depth: int) -> None:
        """Close an object and have all its fields be given."""
        # A service that leaves it open would send fields that nobody named; a closed one fits too.
        if schema.get("additionalProperties") not in (None, False):
            raise _Unfit
        properties = schema.get("properties")
        if not isinstance(properties, Mapping):
            # An object of any fields; closed, it could only ever be empty.
            raise _Unfit
        needed = given.get("required", [])
        for name, each in properties.items():
            if name not in needed and not self._can_be_given(each):
                raise _Unfit
        self.properties += len(properties)
        schema["properties"] = {n: self._schema(s, depth + 1) for n, s in properties.items()}
        schema["required"] = list(properties)
        schema["additionalProperties"] = False

    def _can_be_given(self, schema: object) -> bool:
        """Return whether an optional field loses nothing by being given always.

        One with a default or that may be null says "nothing" by that; one that may only be left
        out can't.
        """
        if not isinstance(schema, Mapping):
            return False
        if "default" in schema or schema.get("type") == "null":
            return True
        kinds = schema.get("type")
        return (isinstance(kinds, list) and "null" in kinds) or any(
            isinstance(each, Mapping) and each.get("type") == "null"
            for each in schema.get("anyOf", ())
        )

    def _inlined(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        rest = {name: value for name, value in schema.items() if name != "$ref"}
        target = self._target(schema["$ref"])
        if set(rest) & set(target) - {"title", "description", *_ANNOTATIONS}:
            raise _Unfit
        return {**target, **rest}

    def _target(self, reference: object) -> Mapping[str, Any]:
        start = "#/$defs/"
        if reference == "#":
            return self._given
        if not isinstance(reference, str) or not reference.startswith(start):
            raise _Unfit
        name = reference[len(start) :].replace("~1", "/").replace("~0", "~")
        found = self._given.get("$defs", {}).get(name)
        if not isinstance(found, Mapping):
            raise _Unfit
        return found


def _plainer(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with the words that have a plainer twin replaced by it."""
    made = dict(schema)
    if "const" in made:
        made.setdefault("enum", [made.pop("const")])
    if "oneOf" in made and "discriminator" in made:
        # The discriminator tells the cases apart, so that exactly one is at least one.
        del made["discriminator"]
        made.setdefault("anyOf", made.pop("oneOf"))
    several = made.get("allOf")
    if isinstance(several, list) and len(several) == 1 and isinstance(several[0], Mapping):
        del made["allOf"]
        if set(several[0]) & set(made):
            raise _Unfit
        made |= several[0]
    for name in ("anyOf", "enum"):
        if name in made and not (isinstance(made[name], list) and made[name]):
            raise _Unfit
    return made
