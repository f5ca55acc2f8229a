"""What is asked and how much may be: what the doors know before the schema is loaded."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from graphql import GraphQLFormattedError

__all__ = ["Asked", "Limits", "RefusedError", "TooManySubscriptionsError", "masked"]

_log = logging.getLogger("playground_widget")


class Asked(NamedTuple):
    """An operation as it came in.

    Args:
        query: The document.
        variables: The values of its variables.
        name: Of the operation, where the document has several.
    """

    query: str
    variables: Mapping[str, Any] | None = None
    name: str | None = None

    def __repr__(self) -> str:
        """Leave document and variables out: there may be a key to a service in them."""
        return f"Asked(name={self.name!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one request or one client may ask.

    Args:
        depth: How deep the fields of a document may be nested.
        aliases: How many aliases a document may have.
        tokens: How many words and signs a document may have.
        body: Bytes of an HTTP request's body.
        message: Bytes of a WebSocket message.
        per_connection: Operations at a time on one WebSocket.
        per_client: Subscriptions at a time from one address.
        init: Seconds that a WebSocket has to say `connection_init`.
        patience: Seconds that a client may leave what was written to it unread.
        introspection: Whether the schema can be asked for.
    """

    depth: int = 20
    aliases: int = 50
    tokens: int = 5000
    body: int = 64 * 2**20
    message: int = 2**20
    per_connection: int = 200
    per_client: int = 1000
    init: float = 10.0
    patience: float = 30.0
    introspection: bool = True


class RefusedError(Exception):
    """An operation is not executed, or its stream ended with an error.

    Attributes:
        errors: What the client is told.
    """

    def __init__(self, errors: list[GraphQLFormattedError]) -> None:
        """Keep the errors."""
        super().__init__("the operation was refused")
        self.errors = errors


class TooManySubscriptionsError(Exception):
    """A client has as many subscriptions as it may have."""


def masked(error: BaseException) -> GraphQLFormattedError:
    """Log an error that nobody meant to raise, and return what a client is told of it."""
    identity = secrets.token_hex(4)
    _log.error("Error %s while a request was carried out", identity, exc_info=error)
    return {
        "message": f"An error occurred. The server's log has it under {identity}.",
        "extensions": {"code": "INTERNAL_SERVER_ERROR", "id": identity},
    }
