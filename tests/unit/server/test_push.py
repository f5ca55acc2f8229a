"""What a stream of events sends reaches a client that is slow, and ends one that does not read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any

import pytest
from tornado import httpserver, netutil, web

from playground_widget.server import _http
from playground_widget.server._http import GraphQLHandler
from playground_widget.server._limits import Limits

MUCH = b"x" * 40 * 2**20
"""More than the sockets of a machine hold."""


class Streaming(web.RequestHandler):
    """A handler that sends as the door of GraphQL does, whatever a test says."""

    does: Callable[[Any], Awaitable[None]]
    app = SimpleNamespace(limits=Limits(patience=0.5))
    _stream: asyncio.Task[None] | None = None
    _push = GraphQLHandler._push
    _beats = GraphQLHandler._beats
    _hang_up = GraphQLHandler._hang_up

    def initialize(self) -> None:
        self._turn = asyncio.Lock()

    async def get(self) -> None:
        await type(self).does(self)


@asynccontextmanager
async def asked(does: Callable[[Any], Awaitable[None]]) -> AsyncIterator[asyncio.StreamReader]:
    """Ask a server whose answer a test gives, and read nothing of that yet."""
    handler = type("Handler", (Streaming,), {"does": staticmethod(does)})
    sockets = netutil.bind_sockets(0, "127.0.0.1")
    server = httpserver.HTTPServer(web.Application([("/", handler)]))
    server.add_sockets(sockets)
    reader, writer = await asyncio.open_connection(*sockets[0].getsockname()[:2])
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    try:
        yield reader
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        server.stop()
        await server.close_all_connections()


async def test_a_sign_of_life_while_an_event_is_on_its_way_cuts_no_client_that_reads() -> None:
    both = asyncio.Event()
    done: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()

    async def does(handler: Any) -> None:
        event = asyncio.ensure_future(handler._push(MUCH))
        await asyncio.sleep(0)
        beat = asyncio.ensure_future(handler._push(b":\n\n"))
        await asyncio.sleep(0)
        both.set()
        done.set_result([*await asyncio.gather(event, beat, return_exceptions=True)])

    async with asked(does) as reader:
        await both.wait()
        left = len(MUCH)
        while left > 0:
            left -= len(await reader.read(2**20))
        assert await done == [None, None]


async def test_a_client_that_reads_no_sign_of_life_is_hung_up_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_http, "BEAT", 0.01)
    ended = asyncio.Event()

    async def does(handler: Any) -> None:
        handler._stream = asyncio.ensure_future(asyncio.Event().wait())
        handler.write(MUCH)
        handler.flush()
        await handler._beats()
        await asyncio.wait({handler._stream})
        assert handler._stream.cancelled()
        ended.set()

    async with asked(does) as reader:
        await ended.wait()
        with suppress(ConnectionError):
            while await reader.read(2**20):
                pass
        assert reader.at_eof() or reader.exception()
