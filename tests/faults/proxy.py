"""A proxy between the OpenAI SDK and the demo server, which spoils answers on their way.

The demo's answer is read whole before any of it is passed on, so that a test knows to the byte
what arrived before something went wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypeVar

if TYPE_CHECKING:
    from playground_widget.demo import DemoServer

__all__ = ["Asked", "Exchange", "How", "Proxy"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came.

    Args:
        method: `GET` or `POST`.
        path: Of its address.
        headers: By lower-case name.
        body: Its bytes.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Exchange:
    """One request, and the means to answer it well or badly.

    Attributes:
        asked: The request.
        number: How many came before it since the proxy was told what to do.
        said: What was sent of the answer's body up to the fault.
        elsewhere: The address of another host.
    """

    def __init__(self, proxy: Proxy, asked: Asked, number: int, streams: Streams) -> None:
        self.asked = asked
        self.number = number
        self.said = b""
        self.elsewhere = proxy.elsewhere
        self._proxy = proxy
        self._reader, self._writer = streams

    async def answer(self) -> bytes:
        """Ask the demo server, and return the body of its answer."""
        self._proxy.reached += self.asked.method == "POST"
        return await self._proxy.pass_on(self.asked)

    async def events(self) -> list[bytes]:
        """Ask the demo server, and return the events of its answer, each with its empty line."""
        return [event + b"\n\n" for event in (await self.answer()).split(b"\n\n") if event]

    async def start(self, status: int = 200, **headers: str) -> None:
        """Send how the answer begins."""
        lines = {"content-type": "text/event-stream", "transfer-encoding": "chunked"}
        lines |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = [f"HTTP/1.1 {status} Said", *(f"{name}: {text}" for name, text in lines.items())]
        await self._write("\r\n".join([*head, "", ""]).encode())

    async def send(self, data: bytes, *, counts: bool = True) -> None:
        """Send a piece of the body; what does not count is the fault itself."""
        if counts:
            self.said += data
        if data:
            await self._write(b"%x\r\n%b\r\n" % (len(data), data))

    async def end(self) -> None:
        """End the answer as it should end; the connection serves the next request."""
        await self._write(b"0\r\n\r\n")

    async def whole(self, data: bytes, status: int = 200, **headers: str) -> None:
        """Send an answer that is no stream."""
        await self.start(status, **{"content_type": "application/json", **headers})
        await self.send(data, counts=False)
        await self.end()

    def reset(self) -> None:
        """Reset the connection, as a machine does that crashed."""
        ends = self._writer.get_extra_info("socket")
        ends.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def hang(self) -> None:
        """Send nothing more, and wait until the client has left."""
        await self._reader.read(1)
        self._writer.close()

    async def _write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()


How = Callable[[Exchange], Awaitable[None]]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def pass_through(exchange: Exchange) -> None:
    """Give the demo's answer as it is."""
    body = await exchange.answer()
    kind = "application/json" if body.startswith(b"{") else "text/event-stream"
    await exchange.start(content_type=kind)
    await exchange.send(body)
    await exchange.end()


@dataclass
class Proxy:
    """A proxy on a port of the loopback, with a thread of its own.

    Args:
        demo: Whom it asks.
        tls: What it speaks TLS with.
        elsewhere: The address of another host.

    Attributes:
        exchanges: The requests for an answer since `do`, and what was sent.
        reached: How many of them the demo server was asked.
        connections: How often somebody connected.
    """

    demo: DemoServer
    tls: ssl.SSLContext | None = None
    elsewhere: str = ""
    exchanges: list[Exchange] = field(default_factory=list)
    reached: int = 0
    connections: int = 0
    _how: How = pass_through

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault-proxy")
        self._thread.start()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._call(self._settle())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def url(self, host: str = "127.0.0.1") -> str:
        """Where it is, for a connection."""
        return f"http{'s' if self.tls else ''}://{host}:{self.port}/v1"

    def do(self, how: How = pass_through) -> None:
        """Answer from now on like this; by default, well."""
        self._how = how
        self.exchanges, self.reached, self.connections = [], 0, 0

    def open(self) -> None:
        """Listen, on the port of before if there was one."""
        self._call(self._open())

    def close(self) -> None:
        """Listen no more, and end all connections: who connects is refused."""
        self._call(self._close())

    async def pass_on(self, asked: Asked) -> bytes:
        """Ask the demo server, and return the body of its answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.demo.port)
        skipped = {"host", "connection", "accept-encoding"}
        headers = [f"{n}: {v}" for n, v in asked.headers.items() if n not in skipped]
        # In HTTP/1.0 a body is what comes until the connection ends.
        lines = [
            f"{asked.method} {asked.path} HTTP/1.0",
            f"host: 127.0.0.1:{self.demo.port}",
            *headers,
        ]
        writer.write("\r\n".join([*lines, "", ""]).encode() + asked.body)
        answer = await reader.read()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        return answer.partition(b"\r\n\r\n")[2]

    # -- on its loop

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _open(self) -> None:
        self._server = await asyncio.start_server(
            self._accept, "127.0.0.1", self.port, ssl=self.tls
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            writer.transport.abort()

    async def _settle(self) -> None:
        """Wait until whatever serves a connection has noticed that it ended."""
        mine = asyncio.current_task()
        await asyncio.gather(*(t for t in asyncio.all_tasks() if t is not mine))

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        self.connections += 1
        try:
            while asked := await _read(reader):
                exchange = Exchange(self, asked, len(self.exchanges), (reader, writer))
                if asked.method == "GET":  # which models there are: no part of an answer
                    await pass_through(exchange)
                    continue
                self.exchanges.append(exchange)
                await self._how(exchange)
        except ConnectionError:
            pass  # the client left, or was thrown out
        finally:
            self._writers.discard(writer)
            writer.close()
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    """Return the next request, or `None` when there are no more."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        headers = {n.lower(): v for n, v in (line.split(": ", 1) for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    except asyncio.IncompleteReadError:
        return None
    method, path, _ = first.split()
    return Asked(method, path, headers, body)
