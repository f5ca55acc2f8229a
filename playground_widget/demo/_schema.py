"""Makes an instance of a JSON schema: the same schema and salt always give the same one.

Each part is chosen by its name (`email` gets an address, `age` a plausible age) and adjusted
to its limits. What is chosen is then checked against the whole schema, and other choices are tried
until one fits; a schema for which none does is refused, as the API refuses what it cannot follow.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any
from zlib import crc32

from playground_widget.demo._pattern import UnknownPatternError, text_for
from playground_widget.demo._schema_check import fits, same
from playground_widget.demo._schema_keywords import SchemaError, check_keywords, resolve
from playground_widget.demo._schema_words import FORMATS, number_for, text_named

__all__ = ["Hints", "SchemaError", "instance"]

_ATTEMPTS = 24
_STEPS = 5_000
_WORDY = 1_000
_DEEP = 4
_DEEPEST = 60
_NONE = object()


@dataclass(slots=True)
class Hints:
    """Words and numbers of the message, used for the arguments of a tool before made-up ones."""

    texts: list[str] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    message: str = ""

    @classmethod
    def of(cls, message: str) -> Hints:
        """Collect the quoted texts, names and numbers of a message."""
        quoted = re.findall(r"[\"“`']([^\"”`'\n]{1,200})[\"”`']", message)
        names = re.findall(r"(?<=[a-z,] )[A-Z][\w-]+(?: [A-Z][\w-]+)*", message)
        numbers = re.findall(r"(?<![\w.])-?\d{1,15}(?:\.\d{1,6})?(?![\w])", message)
        return cls(
            [*quoted, *(name for name in names if name not in quoted)],
            [float(number) if "." in number else int(number) for number in numbers],
            message,
        )


def instance(schema: Any, *, salt: int = 0, hints: Hints | None = None) -> Any:
    """Return a value that fits `schema`.

    Args:
        schema: A JSON schema, references within it allowed.
        salt: Another number gives another value where the schema leaves a choice.
        hints: What the value should be about.

    Raises:
        SchemaError: The schema is malformed, uses an unknown keyword, or nothing was found.
    """
    try:
        check_keywords(schema)
        value = next(_Maker(schema, salt, hints or Hints()).values(schema, "", 0), _NONE)
    except RecursionError:
        raise SchemaError("it is nested too deeply") from None
    if value is _NONE:
        raise SchemaError("no value fits it")
    return value


@dataclass(slots=True)
class _Maker:
    root: Any
    salt: int
    hints: Hints
    steps: int = 0

    def pick(self, name: str, attempt: int = 0) -> int:
        return crc32(name.encode(errors="surrogatepass")) // 7 + self.salt + attempt

    def values(self, schema: Any, name: str, depth: int) -> Iterator[Any]:
        """Yield values that fit, most natural first."""
        for value in islice(self.guesses(schema, name, depth), _ATTEMPTS):
            if fits(value, schema, self.root):
                yield value

    def first(self, schema: Any, name: str, depth: int) -> Any:
        for value in self.values(schema, name, depth):
            return value
        raise SchemaError(f"no value fits '{name[:100]}'")

    def guesses(self, schema: Any, name: str, depth: int) -> Iterator[Any]:
        self.steps += 1
        if self.steps > _STEPS or depth > _DEEPEST:
            raise SchemaError("it is too deep or too large")
        if isinstance(schema, bool):
            yield from [text_named(name, self.pick(name))] if schema else ()
            return
        if "$ref" in schema:
            rest = {key: part for key, part in schema.items() if key != "$ref"}
            target = resolve(schema["$ref"], self.root)
            yield from self.guesses(_merged(rest, target), name, depth + 1)
        elif "allOf" in schema:
            rest = {key: part for key, part in schema.items() if key != "allOf"}
            for branch in schema["allOf"]:
                rest = _merged(rest, self.opened(branch, depth))
            yield from self.guesses(rest, name, depth + 1)
        elif "anyOf" in schema or "oneOf" in schema:
            yield from self.branches(schema, name, depth)
        elif "const" in schema:
            yield schema["const"]
        elif "enum" in schema:
            yield from self.rotated(schema["enum"], name)
        else:
            kinds = schema.get("type") or _implied(schema)
            for kind in self.by_depth([kinds] if isinstance(kinds, str) else kinds, depth):
                yield from islice(self.of_type(kind, schema, name, depth), _ATTEMPTS // 2)

    def opened(self, schema: Any, depth: int) -> Any:
        # Below an allOf a reference must be followed before its keywords can be combined.
        while isinstance(schema, dict) and "$ref" in schema:
            depth += 1
            if depth > _DEEPEST:
                raise SchemaError("references go round in circles")
            rest = {key: part for key, part in schema.items() if key != "$ref"}
            schema = _merged(rest, resolve(schema["$ref"], self.root))
        return schema

    def branches(self, schema: dict[str, Any], name: str, depth: int) -> Iterator[Any]:
        keyword = "anyOf" if "anyOf" in schema else "oneOf"
        rest = {key: part for key, part in schema.items() if key != keyword}
        branches = schema[keyword]
        if depth >= _DEEP:
            # A recursive schema ends through its simplest branch.
            branches = sorted(branches, key=_size)
        for branch in branches:
            merged = _merged(rest, branch)
            try:
                yield from islice(self.guesses(merged, name, depth + 1), _ATTEMPTS // 4)
            except SchemaError:
                if self.steps > _STEPS:
                    raise

    def rotated(self, values: list[Any], name: str) -> Iterator[Any]:
        said = [
            value
            for value in values
            if isinstance(value, str) and value and value.lower() in self.hints.message.lower()
        ]
        yield from said
        start = self.pick(name) % max(1, len(values))
        yield from values[start:] + values[:start]

    def by_depth(self, kinds: list[str], depth: int) -> list[str]:
        simple = [kind for kind in kinds if kind not in {"object", "array"}]
        if depth >= _DEEP:
            return sorted(kinds, key=lambda kind: (kind != "null", kind not in simple))
        return sorted(kinds, key=lambda kind: kind == "null")

    def of_type(self, kind: str, schema: dict[str, Any], name: str, depth: int) -> Iterator[Any]:
        match kind:
            case "null":
                yield None
            case "boolean":
                first = self.pick(name) % 2 == 0
                yield from (first, not first)
            case "integer" | "number":
                yield from self.numbers(schema, name, whole=kind == "integer")
            case "string":
                yield from self.texts(schema, name)
            case "array":
                yield from self.arrays(schema, name, depth)
            case "object":
                yield from self.objects(schema, depth)
            case _:
                raise SchemaError(f"'{str(kind)[:100]}' is not a type")

    def numbers(self, schema: dict[str, Any], name: str, *, whole: bool) -> Iterator[float]:
        low = max(schema.get("minimum", -math.inf), schema.get("exclusiveMinimum", -math.inf))
        high = min(schema.get("maximum", math.inf), schema.get("exclusiveMaximum", math.inf))
        natural: float = number_for(name, self.pick(name), whole=whole)
        natural = min(max(natural, low), high)
        step = schema.get("multipleOf", 1 if whole else None)
        if self.hints.numbers:
            number = self.hints.numbers[0]
            if fits(number, schema, self.root) and not (whole and number % 1):
                self.hints.numbers.pop(0)
                yield int(number) if whole else number
        if step is None:
            middle = low + (high - low) / 2 if math.isfinite(high - low) else natural
            yield from (natural, middle, low + 1, high - 1, 0)
            return
        start = math.ceil(low / step) if math.isfinite(low) else math.floor(natural / step)
        if natural > low:
            start = max(start, math.floor(natural / step))
        # Multiples of a decimal are not all exact; those by powers of two are.
        for times in (start, start + 1, start - 1, 0, 1, -1, 2, 4, 8, *range(start, start + 8)):
            value = times * step
            yield round(value) if whole else value

    def texts(self, schema: dict[str, Any], name: str) -> Iterator[str]:
        if "pattern" in schema:
            for extra in (0, 1, 2, 3, 5, 8, schema.get("minLength", 0)):
                try:
                    yield text_for(schema["pattern"], extra)
                except UnknownPatternError:
                    break
        if schema.get("format") in FORMATS:
            choices = FORMATS[schema["format"]]
            start = self.pick(name) % len(choices)
            yield from choices[start:] + choices[:start]
        for text in list(self.hints.texts):
            if fits(text, schema, self.root):
                self.hints.texts.remove(text)
                yield text
        shortest = schema.get("minLength", 0)
        longest = schema.get("maxLength", math.inf)
        for attempt in range(4):
            text = text_named(name, self.pick(name, attempt))
            while len(text) < shortest:
                text += " and " + text if len(text) < _WORDY else "." * (shortest - len(text))
            yield (
                text
                if len(text) <= longest
                else text[: int(longest)].rstrip().ljust(min(shortest, int(longest)), ".")
            )

    def arrays(self, schema: dict[str, Any], name: str, depth: int) -> Iterator[list[Any]]:
        prefix = schema.get("prefixItems", [])
        least = schema.get("minItems", 0)
        most = schema.get("maxItems", math.inf)
        wanted = least if depth >= _DEEP else max(least, len(prefix), 2 + self.pick(name) % 2)
        for length in (int(min(wanted, most)), least, 0):
            items: list[Any] = []
            for index in range(length):
                part = prefix[index] if index < len(prefix) else schema.get("items", True)
                # Another name for each item, so that they differ.
                choices = self.values(part, f"{name}.{index}", depth + 1)
                if schema.get("uniqueItems"):
                    choices = (value for value in choices if _new(value, items))
                found = list(islice(choices, 1))
                if not found:
                    break
                items += found
            yield items

    def objects(self, schema: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
        properties = schema.get("properties", {})
        required = schema.get("required", [])
        others = schema.get("additionalProperties", True)
        made: dict[str, Any] = {}
        for key in [*properties, *(key for key in required if key not in properties)]:
            if key in required:
                made[key] = self.first(properties.get(key, others), key, depth + 1)
            elif depth < _DEEP:
                # An optional part for which nothing is found is left out.
                made.update(
                    (key, value)
                    for value in islice(self.values(properties[key], key, depth + 1), 1)
                )
        optional = [key for key in made if key not in required]
        while len(made) > schema.get("maxProperties", math.inf) and optional:
            del made[optional.pop()]
        wanted = schema.get("minProperties", 0)
        if not properties and others not in (True, False) and depth < _DEEP:
            wanted = max(wanted, min(2, schema.get("maxProperties", 2)))
        for key in islice(self.keys(schema, depth), wanted if others is not False else 0):
            if len(made) >= wanted:
                break
            if key not in made:
                made[key] = self.first(others, key, depth + 1)
        yield made

    def keys(self, schema: dict[str, Any], depth: int) -> Iterator[str]:
        """Yield names for properties that have none."""
        if "propertyNames" in schema:
            wanted = _merged(schema["propertyNames"], {"type": "string"})
            yield from dict.fromkeys(self.values(wanted, "key", depth + 1))
        else:
            yield from (f"key{number}" for number in count(1))


def _implied(schema: dict[str, Any]) -> str:
    """Return the type that the keywords speak of, where none is given."""
    for kind, keywords in {
        "object": (
            "properties",
            "required",
            "additionalProperties",
            "propertyNames",
            "minProperties",
        ),
        "array": ("items", "prefixItems", "minItems", "maxItems", "uniqueItems"),
        "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    }.items():
        if any(keyword in schema for keyword in keywords):
            return kind
    return "string"


def _merged(one: Any, other: Any) -> Any:
    """Return a schema that asks for both, as far as the guesses need it."""
    if isinstance(one, bool):
        return other if one else False
    if isinstance(other, bool):
        return one if other else False
    merged = {**other, **one}
    for keyword in one.keys() & other:
        if keyword in _BRANCHING:
            branch = {keyword: other[keyword]}
            merged["allOf"] = [*merged.get("allOf", []), branch]
        elif keyword in _COMBINED:
            merged[keyword] = _COMBINED[keyword](one[keyword], other[keyword])
    return merged


def _both_properties(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    shared = {name: _merged(one[name], other[name]) for name in one.keys() & other}
    return {**other, **one, **shared}


def _both_types(one: Any, other: Any) -> list[str]:
    mine = [one] if isinstance(one, str) else one
    theirs = [other] if isinstance(other, str) else other
    # An integer is a number as well.
    return [
        kind
        for kind in dict.fromkeys([*mine, *theirs])
        if all(
            kind in kinds or (kind == "integer" and "number" in kinds) for kinds in (mine, theirs)
        )
    ]


_BRANCHING = {"allOf", "anyOf", "oneOf"}
_COMBINED: dict[str, Callable[[Any, Any], Any]] = {
    "properties": _both_properties,
    "required": lambda one, other: list(dict.fromkeys([*other, *one])),
    "enum": lambda one, other: [value for value in one if value in other],
    "type": _both_types,
    "additionalProperties": _merged,
    "propertyNames": _merged,
    "items": _merged,
    "not": lambda one, other: {"anyOf": [one, other]},
    **dict.fromkeys(("minimum", "exclusiveMinimum"), max),
    **dict.fromkeys(("minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum"), min),
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties"), min),
}


def _size(schema: Any) -> int:
    """Return how far a branch is from a plain value; the smallest ends a recursion."""
    if isinstance(schema, bool):
        return 0
    if schema.get("type") == "null" or "const" in schema or "enum" in schema:
        return 0
    return 2 if "$ref" in schema or schema.get("type") in {"object", "array"} else 1


def _new(value: Any, items: list[Any]) -> bool:
    return not any(same(value, item) for item in items)
