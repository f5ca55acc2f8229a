"""Whatever fits a strict schema fits the one that it was made of."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.schemas._strict import strict

names = st.sampled_from(["a", "b", "c"])
leaves: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"type": "string"},
        {"type": "string", "maxLength": 3},
        {"type": "string", "default": "x"},
        {"type": "integer", "minimum": 2},
        {"type": ["string", "null"]},
        {"type": "null"},
        {"const": 5, "title": "Five"},
        {"enum": ["x", "y"]},
        {"$ref": "#/$defs/D"},
        {"$ref": "#/$defs/D", "description": "words"},
        {"allOf": [{"$ref": "#/$defs/D"}], "default": None},
        {"not": {"type": "string"}},
        {},
    ]
)


def grown(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        objects(inner),
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        st.builds(lambda some: {"anyOf": some}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda some: {"oneOf": some}, st.lists(inner, min_size=1, max_size=2)),
    )


@st.composite
def objects(draw: st.DrawFn, inner: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    properties = draw(st.dictionaries(names, inner, max_size=3))
    made: dict[str, Any] = {"type": "object", "properties": properties}
    # Mostly all are required, as strict schemas need it.
    if draw(st.integers(0, 3)):
        made["required"] = list(properties)
    if draw(st.booleans()):
        made["additionalProperties"] = draw(st.sampled_from([False, False, True, {}]))
    return made


schemas = objects(st.recursive(leaves, grown, max_leaves=6))
values = st.recursive(
    st.sampled_from(["", "x", "long words", None, 1, 5, 2.5, True]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def fitting(draw: st.DrawFn, schema: dict[str, Any], whole: dict[str, Any]) -> Any:
    """Draw a value that fits a strict schema, or nearly."""
    if "$ref" in schema:
        return draw(fitting(whole["$defs"]["D"], whole))
    if "anyOf" in schema:
        return draw(fitting(draw(st.sampled_from(schema["anyOf"])), whole))
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))
    if schema.get("type") == "object":
        return {n: draw(fitting(s, whole)) for n, s in schema["properties"].items()}
    if schema.get("type") == "array":
        return draw(st.lists(fitting(schema["items"], whole), max_size=2))
    return draw(values)


@given(st.data(), schemas, st.sampled_from([{"type": "integer"}, {"enum": ["x", 5]}]))
def test_what_fits_the_strict_schema_fits_the_one_that_was_given(
    data: st.DataObject, schema: dict[str, Any], definition: dict[str, Any]
) -> None:
    given_schema = {**schema, "$defs": {"D": definition}}
    before = json.dumps(given_schema)
    made = strict(given_schema)
    assert json.dumps(given_schema) == before
    if made is None:
        return
    value = data.draw(fitting(made, made))
    if jsonschema.Draft202012Validator(made).is_valid(value):
        jsonschema.validate(value, given_schema)


@given(schemas)
def test_a_strict_schema_is_made_once(schema: dict[str, Any]) -> None:
    made = strict({**schema, "$defs": {"D": {"type": "integer"}}})
    if made is not None:
        assert strict(made) == made
