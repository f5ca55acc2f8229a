"""GraphQL over a WebSocket, by the protocol `graphql-transport-ws`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import ws_authenticated
from jupyter_server.base.websocket import WebSocketMixin
from tornado.httputil import HTTPServerRequest
from tornado.iostream import StreamClosedError
from tornado.routing import PathMatches
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from playground_widget.server._door import Door
from playground_widget.server._peer import Peer, WireClosedError

if TYPE_CHECKING:
    from playground_widget.server._execute import Operations

__all__ = ["GraphQLWebSocket", "WebSocketPath"]

PROTOCOL = "graphql-transport-ws"

TOO_BIG = 1009
TRY_AGAIN = 1013
"""The code for a client that does not read: it may come again, and then gets a snapshot."""

SLOWEST = 2**16
"""Bytes a second that a client has to take beyond the time that it may take for anything."""


class WebSocketPath(PathMatches):
    """Matches a path for WebSockets alone, so that both doors have one address."""

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        """Return the arguments of the handler, or `None` where this is no WebSocket."""
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return None
        return super().match(request)


class GraphQLWebSocket(WebSocketMixin, WebSocketHandler, Door):
    """One connection. What it says is in `_peer.py`.

    Beside the protocol's own codes it closes with 1001 when the server ends, 1009 for a message
    that is too large, and 1013 when the client did not read for 30 seconds.
    """

    _operations: Operations
    _peer: Peer | None = None
    _unread = 0

    @property
    def max_message_size(self) -> int:
        """Bytes from which on a message is not even read; before that it is refused politely."""
        return 4 * self.app.limits.message

    @ws_authenticated
    async def get(self, *args: Any, **kwargs: Any) -> None:
        """Open the connection, for a user who is known and a page of an origin that is allowed."""
        self._operations = await self.app.operations()
        await super().get(*args, **kwargs)

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """Choose the one protocol that is spoken here."""
        return PROTOCOL if PROTOCOL in subprotocols else None

    def open(self, *args: str, **kwargs: str) -> None:
        """Begin, and ping from time to time, as Jupyter does."""
        super().open(*args, **kwargs)
        if self.selected_subprotocol is None:
            self.close(4406, "Subprotocol not acceptable")
            return
        self._peer = Peer(self._operations, self, self.may, self.request.remote_ip or "")
        self.app.peers.add(self._peer)

    async def on_message(self, message: str | bytes) -> None:
        """Handle a message before the next one is read."""
        if self._peer is None:
            return
        size = len(message if isinstance(message, bytes) else message.encode())
        if size > self.app.limits.message:
            self._peer.close(TOO_BIG, f"A message has at most {self.app.limits.message} bytes")
        else:
            await self._peer.receive(message)

    def on_close(self) -> None:
        """End what the client asked for."""
        super().on_close()
        if self._peer is not None:
            self._peer.leave()
            self.app.peers.discard(self._peer)

    # -- what carries the messages of a peer

    async def send(self, data: bytes) -> None:
        """Send a message, and wait until the client can take another.

        Raises:
            WireClosedError: The client is gone or does not read.
        """
        self._unread += len(data)
        try:
            async with asyncio.timeout(self.app.limits.patience + self._unread / SLOWEST):
                await self.write_message(data)
        except TimeoutError:
            if self._peer is not None:
                self._peer.close(TRY_AGAIN, "What was sent was not read")
            raise WireClosedError from None
        except (WebSocketClosedError, StreamClosedError):
            raise WireClosedError from None
        finally:
            self._unread -= len(data)

    def hang_up(self, code: int, reason: str) -> None:
        """Close the connection; tornado cuts it when the client does not answer."""
        self.close(code, reason)
