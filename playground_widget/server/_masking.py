"""What of an error a client is told: no secret it sent itself, and nothing of the inside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graphql import GraphQLError, GraphQLFormattedError

from playground_widget.errors import PlaygroundError
from playground_widget.server._faults import masked
from playground_widget.server._refusals import refusal_of

__all__ = ["before_execution", "formatted", "secrets_in"]

_SECRET = re.compile(r"key|secret|token|password", re.IGNORECASE)
_LITERAL = re.compile(
    r"(?:key|secret|token|password)\w*\W{0,4}?:?\s*(?:\"+([^\"\n]*)|([^\s\",:{}()\[\]]+))",
    re.IGNORECASE,
)
_SHORTEST = 4
"""Characters that a text must have to be taken for a secret."""

# Where graphql-core begins to quote what it was given.
_QUOTES = (
    (
        re.compile(r"(found|Unexpected) (Name|Int|Float|String|BlockString) .*", re.DOTALL),
        r"\1 \2.",
    ),
    (re.compile(r"(sequence|got|within String): '.*", re.DOTALL), r"\1 something else."),
    (re.compile(r"[,.]? [Ff]ound: .*", re.DOTALL), "."),
    (re.compile(r" value: .*", re.DOTALL), " value."),
    (re.compile(r"Value '.*' does not exist", re.DOTALL), "This value does not exist"),
)


def secrets_in(query: str, variables: Mapping[str, Any] | None) -> frozenset[str]:
    """Return the texts of a request that may be secret: values whose name says so."""
    found = {first or second for first, second in _LITERAL.findall(query)}
    _collect(variables, found, secret=False)
    return frozenset(text for text in found if len(text) >= _SHORTEST)


def _collect(value: object, found: set[str], *, secret: bool) -> None:
    if isinstance(value, str):
        if secret:
            found.add(value)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            _collect(item, found, secret=secret or _SECRET.search(str(name)) is not None)
    elif isinstance(value, Sequence):
        for item in value:
            _collect(item, found, secret=secret)


def formatted(
    errors: Iterable[GraphQLError], hidden: Iterable[str] = ()
) -> list[GraphQLFormattedError]:
    """Return the errors of an execution as a client is told them.

    What the package raises on purpose is told in its words. Anything else is logged under an id,
    and that is told.

    Args:
        errors: What was raised.
        hidden: Texts that must not be in a message.
    """
    return [_without(_told(error), hidden) for error in errors]


def _told(error: GraphQLError) -> GraphQLFormattedError:
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    if cause is None:
        return error.formatted
    told = error.formatted
    if isinstance(cause, PlaygroundError):
        refusal = refusal_of(cause)
        told["message"] = refusal.title
        code = type(refusal).__name__
        told["extensions"] = {"code": code, "kind": refusal.kind, "detail": refusal.detail}
        return told
    return {**told, **masked(cause)}


def before_execution(
    errors: Iterable[GraphQLError], hidden: Iterable[str] = ()
) -> list[GraphQLFormattedError]:
    """Return the errors of a document or of its variables, without the values that they quote.

    graphql-core quotes what it could not read, and that may be a key to a service.
    """
    return [_without(_unquoted(error), hidden) for error in errors]


def _unquoted(error: GraphQLError) -> GraphQLFormattedError:
    told = error.formatted
    message = error.message
    for quote, instead in _QUOTES:
        message = quote.sub(instead, message)
    told["message"] = message
    return told


def _without(told: GraphQLFormattedError, hidden: Iterable[str]) -> GraphQLFormattedError:
    for text in hidden:
        if text in told["message"]:
            told["message"] = told["message"].replace(text, "…")
    return told
