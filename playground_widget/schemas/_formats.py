"""The `response_format` of a class or a schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from typing import Any, get_origin, overload

from playground_widget.errors import InputError
from playground_widget.model import Params, Reader, remember_reader
from playground_widget.schemas._check import class_reader, schema_reader
from playground_widget.schemas._strict import strict

__all__ = ["params_of", "response_format"]

LONGEST_NAME = 64

_TYPES = frozenset(["object", "array", "string", "number", "integer", "boolean", "null"])
_SCHEMA_WORDS = frozenset(["$ref", "$defs", "properties", "anyOf", "oneOf", "allOf", "enum"])


@overload
def params_of(changes: Params) -> Params: ...
@overload
def params_of(changes: Mapping[str, Any]) -> dict[str, Any]: ...
def params_of(changes: Mapping[str, Any] | Params) -> dict[str, Any] | Params:
    """Return parameters as they were passed, with a class as their answer format made JSON.

    Raises:
        InputError: The answer format is none.
    """
    if isinstance(changes, Params):
        wanted = changes.response_format
        if wanted is None:
            return changes
        return replace(changes, response_format=response_format(wanted))
    made = dict(changes)
    if made.get("response_format") is not None:
        made["response_format"] = response_format(made["response_format"])
    return made


def response_format(wanted: object) -> dict[str, Any]:
    """Return the answer format of a class or a schema, as the Chat Completions API takes it.

    It is `strict` where OpenAI's rules for that can be met without another meaning: each object
    closed, each field given. Answers of this format become typed objects in this process.

    Args:
        wanted: A pydantic model class, a dataclass, a TypedDict (before Python 3.12 that of
            `typing_extensions`, as pydantic needs it), or a JSON schema as a dict. A dict that
            is a `response_format` already, such as `{"type": "json_object"}`, is returned as it
            is.

    Raises:
        InputError: It is none of these, or has no JSON schema.

    Example:
        >>> from dataclasses import dataclass
        >>> @dataclass
        ... class Penguin:
        ...     name: str
        >>> response_format(Penguin)["json_schema"]["name"]
        'Penguin'
    """
    if isinstance(wanted, Mapping):
        return _of_dict(dict(wanted))
    if not _is_class(wanted):
        raise InputError(
            "response_format is a pydantic model class, a dataclass, a TypedDict, or a JSON schema "
            f"as a dict, not {_named(wanted)}"
        )
    return _of_class(wanted)


def _of_class(wanted: Any) -> dict[str, Any]:
    # Slow to load, and rarely needed.
    from pydantic import PydanticUserError, TypeAdapter  # noqa: PLC0415

    try:
        adapter: Any = TypeAdapter(wanted)
        schema = adapter.json_schema()
    except PydanticUserError as error:
        said = str(error).split("\n", 1)[0]
        raise InputError(f"{_named(wanted)} has no JSON schema: {said}") from None
    except NameError as error:
        raise InputError(
            f"{_named(wanted)} has no JSON schema: {error}. Define what it names before it."
        ) from None
    return _made(_named(wanted), schema, class_reader(adapter))


def _of_dict(wanted: dict[str, Any]) -> dict[str, Any]:
    kind = wanted.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if not (_TYPES.issuperset(map(str, kinds)) or (kind is None and _SCHEMA_WORDS & set(wanted))):
        return wanted
    try:
        reader = schema_reader(wanted)
    except ValueError as error:
        raise InputError(f"response_format is no JSON schema: {error}") from None
    return _made(str(wanted.get("title") or "answer"), wanted, reader)


def _made(name: str, schema: dict[str, Any], reader: Reader) -> dict[str, Any]:
    closed = strict(schema)
    sent = schema if closed is None else closed
    remember_reader(sent, reader)
    fit = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_")[:LONGEST_NAME] or "answer"
    return {
        "type": "json_schema",
        "json_schema": {"name": fit, "strict": closed is not None, "schema": sent},
    }


def _is_class(wanted: object) -> bool:
    origin = get_origin(wanted) or wanted
    if not isinstance(origin, type):
        return False
    # Known by what they have: pydantic need not be loaded to look, and there are two TypedDicts.
    is_typed_dict = issubclass(origin, dict) and hasattr(origin, "__required_keys__")
    return is_dataclass(origin) or is_typed_dict or hasattr(origin, "__pydantic_validator__")


def _named(wanted: object) -> str:
    name = getattr(wanted, "__name__", None)
    return name if isinstance(name, str) else str(wanted)[:60]
