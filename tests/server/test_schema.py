"""The schema as text is the schema, and says what everything in it is."""

from __future__ import annotations

import re

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
    validate_schema,
)

from playground_widget.server.schema import SDL, schema, sdl

BUILT_IN = {"ID", "Int", "Float", "String", "Boolean"}


def own_types() -> dict[str, object]:
    return {
        name: kind
        for name, kind in schema().type_map.items()
        if not name.startswith("__") and name not in BUILT_IN
    }


def test_the_committed_text_is_the_schema() -> None:
    said = "run: python -m playground_widget.server.schema"
    assert SDL.read_text(encoding="utf-8") == sdl(), said


def test_the_text_can_be_read_by_others() -> None:
    assert validate_schema(build_schema(sdl())) == []


def test_every_type_field_and_argument_has_a_description() -> None:
    lacking: list[str] = []
    for name, kind in own_types().items():
        if not getattr(kind, "description", None):
            lacking.append(name)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for field_name, field in kind.fields.items():
                lacking += [] if field.description else [f"{name}.{field_name}"]
                for argument, given in getattr(field, "args", {}).items():
                    lacking += [] if given.description else [f"{name}.{field_name}({argument})"]
    assert lacking == []


def test_enum_values_are_upper_case() -> None:
    enums = [kind for kind in own_types().values() if isinstance(kind, GraphQLEnumType)]
    assert enums
    assert all(re.fullmatch(r"[A-Z][A-Z_]*", value) for kind in enums for value in kind.values)


def test_a_key_can_be_given_and_never_be_asked_for() -> None:
    given, told = set(), set()
    for name, kind in own_types().items():
        if isinstance(kind, GraphQLInputObjectType):
            given |= {f"{name}.{field}" for field in kind.fields if "key" in field.lower()}
        elif isinstance(kind, GraphQLObjectType):
            told |= {field for field in kind.fields if "key" in field.lower()}
    assert given == {"AddConnectionInput.apiKey", "UseConnectionInput.apiKey"}
    assert told == {"keyTail", "keySource"}


def test_inputs_and_payloads_are_named_after_their_mutation() -> None:
    mutation = schema().mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        stem = name[0].upper() + name[1:]
        assert str(field.type) == f"{stem}Payload!"
        assert str(field.args["input"].type) == f"{stem}Input!"
        payload = schema().type_map[f"{stem}Payload"]
        assert isinstance(payload, GraphQLObjectType)
        assert {"clientMutationId", "error"} <= set(payload.fields)
