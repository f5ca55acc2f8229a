"""The instances that the demo model makes of JSON schemas."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.demo._pattern import UnknownPatternError, text_for
from playground_widget.demo._schema import Hints, SchemaError, instance

names = st.sampled_from(["name", "age", "email", "tags", "nested", "score", "when", "x y", "é"])
# Right and wrong places for a reference to point to.
places = st.sampled_from(["#", "#/properties/age", "#/enum/0", "#/items", "#/anyOf/0", "#/not"])
plain = st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=8)


def bounds(low: str, high: str, most: int) -> st.SearchStrategy[dict[str, int]]:
    """A schema with either bound, both or none, the lower not above the higher."""
    both = st.tuples(st.integers(0, most), st.integers(0, most)).map(sorted)
    return st.one_of(
        st.just({}),
        both.map(lambda pair: {low: pair[0]}),
        both.map(lambda pair: {high: pair[1]}),
        both.map(lambda pair: {low: pair[0], high: pair[1]}),
    )


def limits(low: int, width: int) -> st.SearchStrategy[dict[str, float]]:
    choices: list[dict[str, float]] = [
        {},
        {"minimum": low},
        {"maximum": low},
        {"minimum": low, "maximum": low + width},
        {"exclusiveMinimum": low, "exclusiveMaximum": low + width},
        {"minimum": low, "multipleOf": 5},
        {"multipleOf": 0.25},
    ]
    return st.sampled_from(choices)


def numeric() -> st.SearchStrategy[dict[str, Any]]:
    chosen = st.tuples(st.integers(-500, 500), st.integers(5, 300)).flatmap(
        lambda pair: limits(*pair)
    )
    kinds = st.sampled_from(["integer", "number"])
    return st.tuples(kinds, chosen).map(lambda both: {"type": both[0], **both[1]})


def textual() -> st.SearchStrategy[dict[str, Any]]:
    formats = ["date", "date-time", "time", "email", "uuid", "ipv4", "ipv6", "uri", "hostname"]
    patterns = [r"^[A-Z]{2}-\d{3}$", r"^\w+$", r"^(yes|no)$", r"^[^a-z]{3,5}$", r"^\+?\d{7,}$"]
    return st.one_of(
        bounds("minLength", "maxLength", 30),
        st.sampled_from(formats).map(lambda name: {"format": name}),
        st.sampled_from(patterns).map(lambda pattern: {"pattern": pattern}),
    ).map(lambda rest: {"type": "string", **rest})


def array_of(items: dict[str, Any], limits: dict[str, int], *, pair: bool) -> dict[str, Any]:
    if pair:
        return {"type": "array", "prefixItems": [items, {"type": "string"}], "maxItems": 2}
    return {"type": "array", "items": items, **limits}


def object_of(parts: dict[str, Any], required: list[str], *, closed: bool) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object", "properties": parts}
    schema["required"] = [name for name in required if name in parts]
    return schema | ({"additionalProperties": False} if closed else {})


def grown(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.builds(array_of, inner, bounds("minItems", "maxItems", 4), pair=st.booleans()),
        st.builds(
            object_of,
            st.dictionaries(names, inner, max_size=4),
            st.lists(names, unique=True, max_size=4),
            closed=st.booleans(),
        ),
        several.map(lambda branches: {"anyOf": branches}),
        inner.map(lambda one: {"allOf": [one, {"title": "also this"}]}),
        inner.map(lambda one: {"type": "object", "additionalProperties": one}),
    )


schemas = st.recursive(
    st.one_of(
        st.sampled_from([{"type": "boolean"}, {"type": "null"}, {"type": ["string", "null"]}, {}]),
        st.lists(plain, min_size=1, max_size=4).map(lambda values: {"enum": values}),
        plain.map(lambda value: {"const": value}),
        numeric(),
        textual(),
    ),
    grown,
    max_leaves=12,
)


def check(schema: Any, value: Any) -> None:
    formats = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema, format_checker=formats).validate(value)


@given(schemas, st.integers(0, 20))
def test_an_instance_is_valid_by_its_schema(schema: dict[str, Any], salt: int) -> None:
    check(schema, instance(schema, salt=salt))


@given(schemas, st.text(max_size=60))
def test_arguments_with_hints_are_valid_too(schema: dict[str, Any], message: str) -> None:
    check(schema, instance(schema, hints=Hints.of(message + ' 12 and 3.5 or "Aarhus"')))


@given(schemas)
def test_the_same_schema_gives_the_same_instance(schema: dict[str, Any]) -> None:
    assert instance(schema, salt=3) == instance(json.loads(json.dumps(schema)), salt=3)


@given(
    st.recursive(
        plain | places | st.floats(allow_nan=False),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    [
                        "type",
                        "properties",
                        "items",
                        "enum",
                        "$ref",
                        "anyOf",
                        "allOf",
                        "required",
                        "minimum",
                        "maxLength",
                        "pattern",
                        "multipleOf",
                        "additionalProperties",
                        "minItems",
                        "not",
                    ]
                ),
                inner,
                max_size=4,
            ),
        ),
        max_leaves=10,
    )
)
def test_what_is_no_schema_is_refused_or_satisfied_never_an_accident(schema: Any) -> None:
    try:
        value = instance(schema)
    except SchemaError:
        return
    json.dumps(value)


PERSON = {
    "$defs": {
        "Address": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "zip": {"type": "string", "minLength": 4}},
            "required": ["city", "zip"],
            "additionalProperties": False,
        }
    },
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer", "minimum": 0, "maximum": 150},
        "email": {"type": "string", "format": "email"},
        "addresses": {"type": "array", "items": {"$ref": "#/$defs/Address"}, "minItems": 1},
    },
    "required": ["name", "age", "email", "addresses"],
    "additionalProperties": False,
}
TREE = {
    "type": "object",
    "properties": {
        "value": {"type": "integer"},
        "children": {"type": "array", "items": {"$ref": "#"}},
        "next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]},
    },
    "required": ["value", "children", "next"],
}


@pytest.mark.parametrize(
    "schema",
    [
        PERSON,
        TREE,
        {"oneOf": [{"type": "number"}, {"type": "integer", "minimum": 5}, {"type": "string"}]},
        {"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": True, "minItems": 3},
        {
            "allOf": [{"$ref": "#/definitions/a"}, {"required": ["b"]}],
            "definitions": {"a": {"type": "object", "properties": {"b": {"const": 1}}}},
        },
        {"type": "object", "additionalProperties": {"type": "number"}, "minProperties": 3},
        {"not": {"type": "string"}, "type": ["string", "integer"]},
    ],
)
def test_references_recursion_and_exclusion_are_understood(schema: dict[str, Any]) -> None:
    check(schema, instance(schema))


@pytest.mark.parametrize(
    "schema",
    [
        False,
        {"type": "integer", "minimum": 3, "maximum": 2},
        {"enum": []},
        {"type": "string", "pattern": "(?<=a)b(?!c)$x"},
        {"$ref": "#"},
        {"$ref": "https://example.org/schema"},
        {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]},
        {"type": "object", "patternProperties": {"^a": {}}},
        {"type": "strong"},
        {"$ref": "#/title", "title": "no schema"},
        {"$ref": "#/default", "default": {"minimum": "low"}},
        {"$ref": "#/enum/0", "enum": [[]]},
        {"type": "string", "minLength": 10**9},
    ],
)
def test_a_schema_that_cannot_be_met_is_refused(schema: Any) -> None:
    with pytest.raises(SchemaError):
        instance(schema)


def test_values_suit_the_names_of_their_fields() -> None:
    value = instance(PERSON)
    assert value["name"] in {"Ada Lovelace", "Grace Hopper", "Alan Turing"}
    assert value["age"] in {36, 41, 28}
    assert value["addresses"][0]["city"] in {"Copenhagen", "Lisbon", "Kyoto"}


@given(
    st.from_regex(r"[a-z]{1,3}|\\d|\[a-c0-9\]|\(a\|b\)|\.", fullmatch=True),
    st.sampled_from(["", "*", "+", "?", "{2}", "{1,3}", "{2,}"]),
    st.integers(0, 4),
)
def test_a_text_for_a_pattern_matches_it(atom: str, times: str, extra: int) -> None:
    pattern = f"^(?:{atom}){times}z$"
    assert re.search(pattern, text_for(pattern, extra))


@pytest.mark.parametrize("pattern", ["(", "[", "a{", "*", r"(?=a)", r"(a)\1", "a" * 3 + "{99999}"])
def test_a_pattern_that_is_not_understood_is_said_to_be(pattern: str) -> None:
    with pytest.raises(UnknownPatternError):
        text_for(pattern)
