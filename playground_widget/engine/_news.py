"""A connection with an MCP server that hears when the server has other tools.

Servers of the first protocols say so unasked; those of 2026-07-28 and later only to who listens.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from contextvars import Context
from typing import TYPE_CHECKING, Any

from playground_widget.engine._line import Line, Noticed, is_closed

if TYPE_CHECKING:
    from mcp import Client
    from mcp.client import Transport
    from mcp.shared.message import SessionMessage

    from playground_widget.tools import MCP

__all__ = ["NewsLine", "is_closed"]

_CHANGED = "notifications/tools/list_changed"


class NewsLine(Line):
    """A connection that calls a function when the server has other tools.

    Args:
        server: How it is reached.
        changed: That function; on the loop for async functions.
    """

    def __init__(self, server: MCP, changed: Callable[[], None]) -> None:
        """Begin, as any connection."""
        self._changed = changed
        self._listening: asyncio.Task[None] | None = None
        super().__init__(server)

    async def client(self) -> Client:
        """Return what asks the server, once it answers.

        Raises:
            CallFailedError: It does not; the text says why.
        """
        client = await super().client()
        if self._listening is None:
            listen = _listen(client)
            self._listening = asyncio.get_running_loop().create_task(listen, context=Context())
        return client

    async def end(self) -> None:
        """End it, and return when a process that it had is gone."""
        if self._listening is not None:
            self._listening.cancel()
        await super().end()

    async def _transport(self, stack: AsyncExitStack) -> Transport:
        return _overheard(await super()._transport(stack), self._changed)


async def _listen(client: Client) -> None:
    """Have a server tell of changes, for as long as the connection lasts."""
    # Most have no such thing, and whatever ends it, the connection itself says why.
    with suppress(Exception):
        async with client.listen(tools_list_changed=True) as news:
            async for _ in news:
                # It was overheard on its way here.
                pass


@asynccontextmanager
async def _overheard(
    transport: Any, changed: Callable[[], None]
) -> AsyncIterator[tuple[_Overheard, Any]]:
    async with transport as (read, write):
        yield _Overheard(read, changed), write


class _Overheard(Noticed):
    """A stream of messages that says when one tells of other tools."""

    def __init__(self, stream: Any, changed: Callable[[], None]) -> None:
        super().__init__(stream, lambda: None)
        self._changed = changed

    async def receive(self) -> SessionMessage | Exception:
        return self._seen(await super().receive())

    async def __anext__(self) -> SessionMessage | Exception:
        return self._seen(await super().__anext__())

    def _seen(self, received: SessionMessage | Exception) -> SessionMessage | Exception:
        message = None if isinstance(received, Exception) else received.message
        if getattr(message, "method", None) == _CHANGED:
            self._changed()
        return received
