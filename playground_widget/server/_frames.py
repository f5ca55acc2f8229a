"""The messages of `graphql-transport-ws`, checked before anything looks at them.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from playground_widget.server._asked import Asked
from playground_widget.server._json import encode, parse

__all__ = [
    "Complete",
    "Frame",
    "FrameError",
    "Init",
    "Ping",
    "Pong",
    "Subscribe",
    "message",
    "read_frame",
]


class FrameError(Exception):
    """What came is no message of the protocol; the text says why."""


class Init(NamedTuple):
    """The client wants to begin."""


class Ping(NamedTuple):
    """The client wants to know that this is alive."""

    payload: Mapping[str, Any] | None


class Pong(NamedTuple):
    """The client is alive."""


class Subscribe(NamedTuple):
    """The client asks for an operation."""

    id: str
    asked: Asked


class Complete(NamedTuple):
    """The client wants no more of an operation."""

    id: str


Frame = Init | Ping | Pong | Subscribe | Complete


def read_frame(data: str | bytes) -> Frame:
    """Read a message of a client.

    Raises:
        FrameError: It is none.
    """
    if not isinstance(data, str):
        raise FrameError("A message is text, not binary")
    try:
        given = parse(data)
    except ValueError:
        raise FrameError("A message is JSON") from None
    if not isinstance(given, dict):
        raise FrameError("A message is an object")
    kind = given.get("type")
    if kind in ("connection_init", "ping", "pong"):
        payload = _optional(given, "payload", dict)
        if kind == "ping":
            return Ping(payload)
        return Init() if kind == "connection_init" else Pong()
    if kind == "subscribe":
        return Subscribe(_id(given), _payload(given))
    if kind == "complete":
        return Complete(_id(given))
    raise FrameError("The type of the message is unknown")


def _id(given: Mapping[str, Any]) -> str:
    identity = given.get("id")
    if not isinstance(identity, str) or not identity:
        raise FrameError("The id is a text that is not empty")
    return identity


def _payload(given: Mapping[str, Any]) -> Asked:
    payload = given.get("payload")
    if not isinstance(payload, dict):
        raise FrameError("The payload of subscribe is an object")
    query = payload.get("query")
    if not isinstance(query, str):
        raise FrameError("The query is a text")
    _optional(payload, "extensions", dict)
    name = _optional(payload, "operationName", str)
    return Asked(query, _optional(payload, "variables", dict), name or None)


def _optional(given: Mapping[str, Any], name: str, kind: type) -> Any:
    value = given.get(name)
    if value is not None and not isinstance(value, kind):
        raise FrameError(f"{name} has the wrong type")
    return value


def message(kind: str, identity: str | None = None, payload: bytes | None = None) -> bytes:
    """Return a message to a client.

    Args:
        kind: Its type.
        identity: Of the operation.
        payload: JSON, which may be shared by many messages.
    """
    pieces = [b'{"type":"%b"' % kind.encode()]
    if identity is not None:
        pieces.append(b',"id":%b' % encode(identity))
    if payload is not None:
        pieces.append(b',"payload":%b' % payload)
    return b"".join((*pieces, b"}"))
