"""What a function takes: its JSON schema, and how a model's arguments are read.

Importing this file imports pydantic, which takes a while: the first tool of a process does it.
"""

from __future__ import annotations

import functools
import inspect
import json
import typing
import warnings
from collections.abc import Callable, Mapping
from typing import Annotated, Any, NotRequired, Optional, Required, Unpack

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PydanticUserError,
    ValidationError,
    create_model,
)
from pydantic.fields import FieldInfo
from pydantic.json_schema import PydanticJsonSchemaWarning
from pydantic_core import from_json

from playground_widget.errors import InputError
from playground_widget.text import clean_text, clean_texts
from playground_widget.tools._arguments import Arguments, ArgumentsError, Signature
from playground_widget.tools._docstrings import documented
from playground_widget.tools._hints import hints_of, with_members, words_beside

__all__ = ["signature_of"]

_MOST_FAULTS = 5

_LEFT_OUT = object()
"""The default of what a TypedDict does not require: JSON cannot hold it, so it is in no schema."""


def signature_of(
    function: Callable[..., Any], name: str, parameters: Mapping[str, Any] | None = None
) -> Signature:
    """Return what a function takes, from its hints and docstring.

    Args:
        function: The function.
        name: What it is called in errors.
        parameters: A JSON schema to use in place of the hints.

    Raises:
        InputError: A model cannot give what it takes.
    """
    about, of_each = documented(function)
    if parameters is not None:
        schema = _of_ones_own(parameters, name)
        described = schema.get("properties")
        names = tuple(described) if isinstance(described, dict) else ()
        return Signature(names, about, schema, _as_written)
    hints = hints_of(function)
    taken = _unpacked(_taken(function, name), hints)
    model, fields = _model(taken, hints, of_each, name)
    try:
        with warnings.catch_warnings():
            # A default that JSON cannot hold is left out of the schema, and still is the default.
            warnings.simplefilter("ignore", PydanticJsonSchemaWarning)
            made = model.model_json_schema(by_alias=True)
    except PydanticUserError as error:
        raise _unusable(name, error) from None
    schema = _plain(made)
    schema.pop("description", None)
    schema.setdefault("properties", {})
    names = tuple(each.name for each in taken if each.kind is not each.VAR_KEYWORD)
    return Signature(
        names, about, clean_texts(schema), functools.partial(_checked, model, fields, taken)
    )


def _of_ones_own(parameters: object, name: str) -> dict[str, Any]:
    """Return a JSON schema that was given, if it can be sent."""
    if not isinstance(parameters, Mapping):
        raise InputError(
            f"the parameters of {name} are a JSON schema, such as "
            '{"type": "object", "properties": {...}}; of a pydantic model: model_json_schema()'
        )
    try:
        schema: dict[str, Any] = clean_texts(parameters)
        json.dumps(schema, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"the parameters of {name} cannot be written as JSON: {error}") from None
    return schema


def _taken(function: Callable[..., Any], name: str) -> tuple[inspect.Parameter, ...]:
    try:
        taken = tuple(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        raise InputError(
            f"nothing tells which arguments {name} takes; give Tool(..., parameters=) a JSON schema"
        ) from None
    for each in taken:
        if each.kind is each.VAR_POSITIONAL:
            raise InputError(
                f"{name} takes *{each.name}, which a model cannot fill: it gives arguments by name"
            )
    # What a partial gives by name is settled, as what it gives by position is.
    given = function.keywords if isinstance(function, functools.partial) else {}
    return tuple(each for each in taken if each.name not in given)


def _unpacked(
    taken: tuple[inspect.Parameter, ...], hints: dict[str, Any]
) -> tuple[inspect.Parameter, ...]:
    """Return parameters with `**options: Unpack[Options]` as what the TypedDict names.

    The types of these are added to the hints.
    """
    last = taken[-1] if taken else None
    hint = hints.get(last.name) if last is not None else None
    if last is None or last.kind is not last.VAR_KEYWORD or typing.get_origin(hint) is not Unpack:
        return taken
    (options,) = typing.get_args(hint)
    made = []
    for name, inner in typing.get_type_hints(options, include_extras=True).items():
        # Where annotations are text, `__required_keys__` does not see these two.
        said = typing.get_origin(inner)
        needed = said is Required or (said is not NotRequired and name in options.__required_keys__)
        hints[name] = typing.get_args(inner)[0] if said in {Required, NotRequired} else inner
        default = inspect.Parameter.empty if needed else _LEFT_OUT
        made.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default))
    return (*taken[:-1], *made)


def _model(
    taken: tuple[inspect.Parameter, ...],
    hints: Mapping[str, Any],
    of_each: Mapping[str, str],
    name: str,
) -> tuple[type[BaseModel], dict[str, str]]:
    """Return a model of the parameters, and its fields by parameter.

    Its fields have names of their own, since a parameter may be called as a method of the model.
    """
    made: dict[str, Any] = {}
    fields: dict[str, str] = {}
    base: type[BaseModel] = _Closed
    try:
        for each in taken:
            hint = _hint_of(each, hints, name)
            if each.kind is each.VAR_KEYWORD:
                base = _open(hint)
                continue
            fields[each.name] = field = f"argument_{len(fields)}"
            default = ... if each.default is each.empty else each.default
            if about := of_each.get(each.name) or words_beside(hints.get(each.name)):
                hint = Annotated[hint, Field(description=about)]
            made[field] = (Annotated[hint, Field(alias=each.name)], default)
        return create_model(name, __base__=base, **made), fields
    except (PydanticUserError, TypeError) as error:
        raise _unusable(name, error) from None


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", protected_namespaces=())


def _open(hint: Any) -> type[BaseModel]:
    """Return a model that takes anything more, of one type."""
    config = ConfigDict(extra="allow", protected_namespaces=())
    return create_model("Open", __config__=config, __pydantic_extra__=(dict[str, hint], ...))


def _hint_of(each: inspect.Parameter, hints: Mapping[str, Any], name: str) -> Any:
    """Return the type of a parameter."""
    hint = hints.get(each.name, Any)
    if isinstance(hint, str):
        raise InputError(f"the type of {each.name} in {name}, {hint!r}, cannot be found")
    hint = with_members(hint)
    # `= None` is how many say that a value may be missing, and models write null for it.
    return Optional[hint] if each.default is None else hint  # noqa: UP045 - a hint may be any object


def _unusable(name: str, error: Exception) -> InputError:
    first = str(error).splitlines()[0].split(". ")[0].removesuffix(".")
    return InputError(
        f"a model cannot give what {name} takes: {first}. Use types that JSON can hold, such as "
        "str, int, a list of these or a pydantic model, and look up the object by its name."
    )


def _plain(schema: Any) -> Any:
    """Return a schema without the titles that pydantic makes up, and without what JSON cannot hold.

    That is a default or a limit of infinity, say, which the function still has.
    """
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {}
    for key, value in schema.items():
        if key in {"properties", "$defs"} and isinstance(value, dict):
            kept[key] = {name: _plain(each) for name, each in value.items()}
        elif isinstance(value, float) or key in {"default", "const", "enum", "examples"}:
            if _is_json(value):
                kept[key] = value
        elif key != "title":
            kept[key] = _plain(value)
    return kept


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        return False
    return True


# ------------------------------------------------------------------- what a model wrote


def _as_written(text: str) -> Arguments:
    try:
        # Not orjson, which rounds whole numbers beyond 64 bits.
        given = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise ArgumentsError(f"the arguments are no JSON: {error}") from None
    if not isinstance(given, dict):
        raise ArgumentsError("the arguments are no JSON object")
    return Arguments((), given)


def _checked(
    model: type[BaseModel],
    fields: Mapping[str, str],
    taken: tuple[inspect.Parameter, ...],
    text: str,
) -> Arguments:
    try:
        given = model.model_validate_json(text)
    except ValidationError as error:
        raise ArgumentsError(_faults(error)) from None
    args: list[Any] = []
    kwargs: dict[str, Any] = dict(given.model_extra or {})
    for each in taken:
        field = fields.get(each.name)
        if field is None:
            continue
        if each.kind is each.POSITIONAL_ONLY:
            args.append(getattr(given, field))
        # What was left out is left to the function, unless it only says what pydantic would take.
        elif field in given.model_fields_set or isinstance(each.default, FieldInfo):
            kwargs[each.name] = getattr(given, field)
    return Arguments(tuple(args), kwargs)


def _faults(error: ValidationError) -> str:
    """Return what is wrong where, for the model and for the page."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    said = [
        f"{'.'.join(str(at) for at in fault['loc'])}: {fault['msg']}".removeprefix(": ")
        for fault in found[:_MOST_FAULTS]
    ]
    if len(found) > _MOST_FAULTS:
        said.append(f"and {len(found) - _MOST_FAULTS} more")
    return clean_text("; ".join(said))
