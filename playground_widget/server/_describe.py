"""Descriptions of a schema from docstrings, so that each is written once, where its code is."""

from __future__ import annotations

import inspect
import re
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
)

__all__ = ["describe", "follow_draft"]

_DEFINITION = "strawberry-definition"
_SECTION = re.compile(r"^(Args|Attributes|Returns|Raises|Example):$")
_NAMED = re.compile(r"^ {4}(\w+): (.*)$")


def describe(schema: GraphQLSchema) -> None:
    """Give types, fields, arguments and enum values the words of their docstrings, in place.

    `Attributes:` of a class describes its fields or its values, `Args:` of a method its
    arguments.
    """
    for kind in schema.type_map.values():
        definition = kind.extensions.get(_DEFINITION)
        if definition is None:
            continue
        if isinstance(kind, GraphQLEnumType):
            _describe_enum(kind, definition.wrapped_cls)
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            _describe_fields(kind, definition.origin)


def follow_draft(schema: GraphQLSchema) -> None:
    """Say two things in graphql-core's terms that Strawberry has in its own, in place.

    What may be left out has no default of null, and an input of exactly one field is `@oneOf`.
    """
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            kind.is_one_of = bool(getattr(kind.extensions.get(_DEFINITION), "is_one_of", False))
            inputs: list[GraphQLInputField | GraphQLArgument] = [*kind.fields.values()]
        elif isinstance(kind, GraphQLObjectType):
            inputs = [
                argument for field in kind.fields.values() for argument in field.args.values()
            ]
        else:
            continue
        for given in inputs:
            if given.default_value is None:
                given.default_value = Undefined


def _describe_enum(kind: GraphQLEnumType, cls: type) -> None:
    words, named = _read(cls)
    kind.description = words or None
    for name, value in kind.values.items():
        value.description = named.get(name)


def _describe_fields(
    kind: GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType, cls: type
) -> None:
    words, _ = _read(cls)
    kind.description = words or None
    named: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        named |= _read(base)[1]
    for field in kind.fields.values():
        own = field.extensions[_DEFINITION]
        field.description = named.get(own.python_name)
        if own.base_resolver is not None:
            field.description, arguments = _read(own.base_resolver.wrapped_func)
            if isinstance(field, GraphQLField):
                _describe_arguments(field, arguments)


def _describe_arguments(field: GraphQLField, named: dict[str, str]) -> None:
    for argument in field.args.values():
        own = argument.extensions[_DEFINITION]
        argument.description = named.get(own.python_name)


def _read(documented: Any) -> tuple[str, dict[str, str]]:
    """Return the words of a docstring before its sections, and those of each name in them."""
    text = vars(documented).get("__doc__") if inspect.isclass(documented) else documented.__doc__
    before: list[str] = []
    named: dict[str, list[str]] = {}
    section = at = ""
    for line in inspect.cleandoc(text or "").splitlines():
        if found := _SECTION.match(line):
            section, at = found[1], ""
        elif not section:
            before.append(line)
        elif section in {"Args", "Attributes"}:
            if found := _NAMED.match(line):
                at = found[1]
                named[at] = [found[2]]
            elif at and line.strip():
                named[at].append(line.strip())
    words = re.sub(r"(?<=\S)\n(?=\S)", " ", "\n".join(before)).strip()
    return words, {name: " ".join(lines) for name, lines in named.items()}
