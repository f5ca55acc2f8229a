"""Why an answer is not what was asked for, with the place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground_widget.model import Message, Misfit, Reader, Refusal, json_of, reader_of, wants_json
from playground_widget.text import clean_text, described_error

__all__ = ["class_reader", "misfit", "place_of", "schema_reader"]

MOST_REASONS = 5
LONGEST_REASON = 300


def misfit(message: Message) -> str | None:
    """Return why a whole answer does not fit the format it was asked for in, or `None`.

    It runs a class's own validators, which are code of the user. A refusal and an answer that
    calls tools are not looked at: they are not meant to fit.

    Example:
        >>> from playground_widget.model import Params, Text
        >>> asked = Params(response_format={"type": "json_object"})
        >>> misfit(Message(id="a", parent=None, role="assistant", content=(Text("{}"),)))
        >>> misfit(
        ...     Message(id="a", parent=None, role="assistant", content=(Text("{"),), params=asked)
        ... )
        'this is not JSON: Expecting property name enclosed in double quotes at line 1, column 2'
    """
    wanted = message.params.response_format if message.params else None
    if wanted is None or not wants_json(wanted) or message.status != "complete":
        return None
    if message.tool_calls or any(isinstance(part, Refusal) for part in message.content):
        return None
    try:
        (reader_of(wanted) or _reader_for(wanted))(message.text)
    except Misfit as found:
        # A validator may quote what the answer says, which JSON can have any character in.
        reason = clean_text(str(found))
        if message.finish_reason == "length":
            return f"the answer was cut off at the most tokens it may have; {reason}"
        return reason
    return None


def class_reader(adapter: Any) -> Reader:
    """Return what makes the objects of a class.

    Args:
        adapter: A pydantic `TypeAdapter`.
    """

    def read(text: str) -> Any:
        from pydantic import ValidationError  # noqa: PLC0415 - slow to load, and rarely needed

        json_of(text)
        try:
            return adapter.validate_json(text)
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=False, include_input=False)
            raise Misfit(_listed((place_of(e["loc"]), e["msg"]) for e in found)) from None
        except Exception as error:  # noqa: BLE001 - a validator of the user's may raise anything
            raise Misfit(_listed([("", described_error(error, LONGEST_REASON))])) from None

    return read


def schema_reader(schema: Mapping[str, Any]) -> Reader:
    """Return what reads the answers of a JSON schema as plain JSON.

    Raises:
        ValueError: It is no JSON schema.
    """
    find = _finder(schema)

    def read(text: str) -> Any:
        value = json_of(text)
        found = find(value)
        if found:
            raise Misfit(_listed(found))
        return value

    return read


def place_of(path: Iterable[object]) -> str:
    """Return where something is in a JSON value.

    Example:
        >>> place_of(["items", 2, "unit price"])
        '.items[2]["unit price"]'
    """
    words = []
    for step in path:
        if isinstance(step, int):
            words.append(f"[{step}]")
        elif re.fullmatch(r"\w+", str(step)):
            words.append(f".{step}")
        else:
            words.append('["' + str(step).replace('"', '\\"') + '"]')
    return "".join(words)


def _reader_for(wanted: Mapping[str, Any]) -> Reader:
    """Return what reads answers where no class is known: by the schema, if there is a usable one.

    A schema that only the service understands is no reason to say that an answer doesn't fit it.
    """
    asked = wanted.get("json_schema")
    schema = asked.get("schema") if isinstance(asked, Mapping) else None
    if not isinstance(schema, Mapping):
        return json_of
    try:
        return schema_reader(schema)
    except ValueError:
        return json_of


def _finder(schema: Mapping[str, Any]) -> Callable[[Any], list[tuple[str, str]]]:
    """Return a function from a value to what is wrong with it: places and words."""
    # Slow to load, and rarely needed.
    from jsonschema import FormatChecker  # noqa: PLC0415
    from jsonschema.exceptions import SchemaError, best_match  # noqa: PLC0415
    from jsonschema.validators import Draft202012Validator, validator_for  # noqa: PLC0415
    from referencing import Registry  # noqa: PLC0415
    from referencing.exceptions import Unresolvable  # noqa: PLC0415

    kind = validator_for(schema, default=Draft202012Validator)
    try:
        # Patterns are JavaScript's: what Python makes of them is seen when they are used.
        kind.check_schema(schema, format_checker=FormatChecker(()))
    except SchemaError as error:
        place = place_of(error.path)
        raise ValueError(f"{'at ' + place + ': ' if place else ''}{error.message}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    # An empty registry of its own: nothing is fetched because a schema names an address.
    registry: Registry[Any] = Registry()
    validator = kind(schema, registry=registry)

    def find(value: Any) -> list[tuple[str, str]]:
        found = []
        try:
            for error in validator.iter_errors(value):
                deepest = best_match([error]) or error
                found.append((place_of(deepest.absolute_path), str(deepest.message)))
        except (Unresolvable, RecursionError, re.error):
            # A schema that can't be followed here, such as one with a pattern of JavaScript's, is
            # no reason to say that an answer doesn't fit it.
            return []
        return found

    return find


def _listed(found: Iterable[tuple[str, str]]) -> str:
    reasons = [f"at {place or 'the top'}: {_short(words)}" for place, words in found]
    more = len(reasons) - MOST_REASONS
    return "; ".join(reasons[:MOST_REASONS]) + (f"; and {more} more" if more > 0 else "")


def _short(words: str) -> str:
    words = " ".join(words.split()).rstrip(".")
    return words if len(words) <= LONGEST_REASON else words[: LONGEST_REASON - 1] + "…"
