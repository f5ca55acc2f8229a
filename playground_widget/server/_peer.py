"""One client of `graphql-transport-ws`: what may come when, its operations, and their end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Protocol

from playground_widget.server._asked import Asked
from playground_widget.server._faults import RefusedError, TooManySubscriptionsError, masked
from playground_widget.server._frames import (
    Complete,
    FrameError,
    Init,
    Ping,
    Pong,
    Subscribe,
    message,
    read_frame,
)
from playground_widget.server._json import encode

if TYPE_CHECKING:
    from playground_widget.server._execute import Operations

__all__ = ["Peer", "Wire", "WireClosedError"]

LONGEST_REASON = 123
"""Bytes that a WebSocket can carry as the reason of its end."""


class WireClosedError(Exception):
    """Nothing more can be sent."""


class Wire(Protocol):
    """What carries the messages."""

    async def send(self, data: bytes) -> None:
        """Send a message, and wait until the client can take another.

        Raises:
            WireClosedError: The client is gone or does not read.
        """

    def hang_up(self, code: int, reason: str) -> None:
        """Close the connection."""


class Peer:
    """The server's side of one connection.

    It closes with 4400 for what is no message, 4401 for an operation before the
    acknowledgement, 4403 for a user who may ask nothing, 4408 without `connection_init` in time,
    4409 for an id in use, 4429 for a second `connection_init`, 4500 for an error of its own.

    Args:
        operations: Executes what is asked.
        wire: Carries the messages.
        may: Says whether the user may execute a kind of operation.
        client: Where it comes from, for the limits.
    """

    def __init__(
        self,
        operations: Operations,
        wire: Wire,
        may: Callable[[str], Awaitable[bool]],
        client: str,
    ) -> None:
        """Wait for `connection_init`, but not for ever."""
        self._operations = operations
        self._limits = operations.service.limits
        self._wire = wire
        self._may = may
        self._client = client
        self._initialised = self._acknowledged = self._closed = False
        self._running: dict[str, asyncio.Task[None]] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._timer = asyncio.get_running_loop().call_later(self._limits.init, self._too_late)

    def _too_late(self) -> None:
        self._close(4408, "Connection initialisation timeout")

    async def receive(self, data: str | bytes) -> None:
        """Handle what came; after the end nothing is."""
        if self._closed:
            return
        try:
            await self._handle(data)
        except FrameError as error:
            self._close(4400, str(error))
        except WireClosedError:
            self.leave()
        except Exception as error:  # noqa: BLE001 - logged; this connection alone ends
            masked(error)
            self._close(4500, "Internal server error")

    async def _handle(self, data: str | bytes) -> None:
        match read_frame(data):
            case Init():
                await self._begin()
            case Ping(payload):
                await self._wire.send(message("pong", payload=encode(payload) if payload else None))
            case Pong():
                pass
            case Subscribe(identity, asked):
                self._subscribe(identity, asked)
            case Complete(identity):
                if task := self._running.pop(identity, None):
                    task.cancel()

    async def _begin(self) -> None:
        if self._initialised:
            self._close(4429, "Too many initialisation requests")
            return
        self._initialised = True
        self._timer.cancel()
        if not await self._may("query"):
            self._close(4403, "Forbidden")
            return
        # Before it is sent: the answer to it may be faster than this is told of the sending.
        self._acknowledged = True
        await self._wire.send(message("connection_ack"))

    def _subscribe(self, identity: str, asked: Asked) -> None:
        if not self._acknowledged:
            self._close(4401, "Unauthorized")
        elif identity in self._running:
            self._close(4409, f"Subscriber for {identity} already exists")
        else:
            task = asyncio.get_running_loop().create_task(self._run(identity, asked))
            self._running[identity] = task
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def _run(self, identity: str, asked: Asked) -> None:
        try:
            try:
                if len(self._running) > self._limits.per_connection:
                    raise TooManySubscriptionsError
                await self._execute(identity, asked)
            finally:
                # From here on the id can be used again.
                if self._running.get(identity) is asyncio.current_task():
                    del self._running[identity]
            await self._wire.send(message("complete", identity))
        except WireClosedError:
            self.leave()
        except RefusedError as refused:
            await self._tell(identity, encode(refused.errors))
        except TooManySubscriptionsError:
            await self._tell(identity, encode([{"message": "Subscription limit reached"}]))
        except Exception as error:  # noqa: BLE001 - logged, and told under its id
            await self._tell(identity, encode([masked(error)]))

    async def _tell(self, identity: str, errors: bytes) -> None:
        try:
            await self._wire.send(message("error", identity, errors))
        except WireClosedError:
            self.leave()

    async def _execute(self, identity: str, asked: Asked) -> None:
        operation = self._operations.read(asked)
        if not await self._may(operation.kind):
            error = f"You may not execute a {operation.kind} here."
            raise RefusedError([{"message": error, "extensions": {"code": "FORBIDDEN"}}])
        if operation.kind != "subscription":
            result = await self._operations.execute(operation)
            await self._wire.send(message("next", identity, result))
            return
        with self._operations.service.subscribed(self._client):
            async with aclosing(self._operations.stream(operation)) as stream:
                async for result in stream:
                    await self._wire.send(message("next", identity, result))

    def _close(self, code: int, reason: str) -> None:
        if not self._closed:
            self.leave()
            cut = reason.encode()[:LONGEST_REASON].decode(errors="ignore")
            self._wire.hang_up(code, cut)

    def leave(self) -> None:
        """End all operations: the connection is over."""
        self._closed = True
        self._timer.cancel()
        mine = asyncio.current_task()
        for task in self._running.values():
            if task is not mine:
                task.cancel()
        self._running.clear()

    async def settled(self) -> None:
        """Wait until all operations have ended."""
        if self._ending:
            await asyncio.wait(self._ending)

    def close(self, code: int, reason: str) -> None:
        """Close the connection from this side."""
        self._close(code, reason)
