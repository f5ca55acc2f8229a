"""What goes wrong with an operation, as the doors tell it before the schema is loaded."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphql import GraphQLFormattedError

__all__ = ["RefusedError", "TooManySubscriptionsError", "masked"]


_log = logging.getLogger("playground_widget")


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
