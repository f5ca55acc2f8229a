"""How much one request or one client may ask."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


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
