"""One connection with an MCP server, from its start to its end.

Importing this file imports the package `mcp`, which takes a second: the first server of a process
does it, on the thread of whoever gives it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import Context
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

import httpx2
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CONNECTION_CLOSED

from playground_widget.text import clean_text
from playground_widget.tools import CallFailedError

if TYPE_CHECKING:
    from mcp.client import Transport
    from mcp.shared.message import SessionMessage

    from playground_widget.tools import MCP

__all__ = ["START_TIME", "Line", "is_closed"]

START_TIME = 60.0
"""Seconds that a server has to start and to say what it has: some are downloaded first."""

_WAIT = httpx2.Timeout(30.0, read=None)
"""As long as a call takes: `MCP(timeout=...)` and Stop end it, not the network."""

_LAST_WORDS = 600
_LAST_LINES = 3
_HTTP_ERROR = 400


class _WithoutContent(logging.Filter):
    """Leaves out of the SDK's log what a server wrote that is no message: there may be a key in it.

    `mcp.client.stdio` logs it with its traceback, which shows the line.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, without its traceback."""
        record.exc_info = None
        return True


logging.getLogger("mcp.client.stdio").addFilter(_WithoutContent())


class Line:
    """A connection with a server. Belongs to the loop for async functions.

    It begins at once, and ends by itself when the server does.

    Args:
        server: How it is reached.
    """

    def __init__(self, server: MCP) -> None:
        """Begin; `client` waits until it can be used."""
        self.server = server
        self.why: str = ""
        self._status: int | None = None
        self._words: _LastWords | None = None
        self._over = asyncio.Event()
        self._begun: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        # What the call had in its context that came first is no matter of the ones after it.
        self._task = asyncio.get_running_loop().create_task(self._run(), context=Context())

    @property
    def has_ended(self) -> bool:
        """Whether nothing can be asked over it any more."""
        return self._over.is_set() or self._task.done()

    async def client(self) -> Client:
        """Return what asks the server, once it answers.

        Raises:
            CallFailedError: It does not; the text says why.
        """
        either: list[asyncio.Future[Any]] = [self._begun, self._task]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not self._begun.done():
            raise CallFailedError(self.why)
        return self._begun.result()

    async def end(self) -> None:
        """End it, and return when a process that it had is gone."""
        self._over.set()
        if not self._begun.done():
            self._task.cancel()
        await self.ended()

    async def ended(self) -> None:
        """Return when it has ended."""
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        error: BaseException | None = None
        try:
            async with AsyncExitStack() as stack:
                async with asyncio.timeout(START_TIME):
                    transport = await self._transport(stack)
                    client = Client(transport, raise_exceptions=False)
                    await stack.enter_async_context(client)
                self._begun.set_result(client)
                await self._over.wait()
        except BaseException as raised:  # noqa: BLE001 - told in words to whoever asks the server
            error = raised
        self.why = self.server.mask(clean_text(self._told(error)))

    async def _transport(self, stack: AsyncExitStack) -> Transport:
        server = self.server
        env, headers = server.reveal()
        if server.command is None:
            return streamable_http_client(
                str(server.url), http_client=await stack.enter_async_context(self._http(headers))
            )
        parameters = _parameters(server, env)
        self._words = words = _LastWords()
        stack.callback(words.close)
        return _noticed(stdio_client(parameters, errlog=words.file), words, self._over.set)

    def _http(self, headers: dict[str, str]) -> httpx2.AsyncClient:
        async def note(response: httpx2.Response) -> None:
            self._status = response.status_code

        # Proxies of the environment are for the world outside, and would be asked for this too.
        local = httpx2.URL(str(self.server.url)).host in {"localhost", "127.0.0.1", "::1"}
        return httpx2.AsyncClient(
            headers=headers,
            timeout=_WAIT,
            trust_env=not local,
            event_hooks={"response": [note]},
        )

    # -- in words

    def _told(self, error: BaseException | None) -> str:
        """Return why it ended."""
        name = self.server.label
        cause = _first(error)
        if isinstance(cause, TimeoutError):
            return f"{name} did not answer within {START_TIME:g} s.{self._said()}"
        if self.server.url is not None:
            return self._told_of_http(name, cause)
        if isinstance(cause, _NotThereError):
            return str(cause)
        if isinstance(cause, OSError):
            return f"{name} cannot be started: {cause.strerror or cause}."
        if isinstance(cause, MCPError) and not is_closed(cause):
            return f"{name} refused to begin: {cause.message}."
        return f"{name} has ended.{self._said()}"

    def _told_of_http(self, name: str, cause: BaseException | None) -> str:
        if isinstance(cause, httpx2.TransportError):
            return f"{name} cannot be reached: {str(cause) or type(cause).__name__}."
        status = self._status or 0
        if status in {401, 403}:
            return f"{name} refused access (HTTP {status}). Give what it asks for as headers=."
        if status in {404, 405}:
            return f"There is no MCP server at {name} (HTTP {status})."
        if status >= _HTTP_ERROR:
            return f"{name} answered with an error (HTTP {status})."
        said = f": {cause}" if isinstance(cause, MCPError) else ""
        return f"{name} does not answer as an MCP server{said}."

    def _said(self) -> str:
        words = self._words.text() if self._words is not None else ""
        return f" Its last words: {words}" if words else ""


def is_closed(error: MCPError) -> bool:
    """Return whether an error says that the connection ended."""
    return error.code == CONNECTION_CLOSED


class _NotThereError(Exception):
    """What a command names does not exist; the text says what."""


def _parameters(server: MCP, env: dict[str, str]) -> StdioServerParameters:
    """Return how a server is started.

    Raises:
        _NotThereError: There is no such program or folder.
    """
    assert server.command is not None  # noqa: S101 - who calls has seen it
    if server.cwd is not None and not Path(server.cwd).is_dir():
        raise _NotThereError(f"{server.label} cannot be started: there is no folder {server.cwd}.")
    # `python` is to be the one with the packages of this notebook, also where no environment was
    # activated.
    path = env.get("PATH") or os.environ.get("PATH", os.defpath)
    path = os.pathsep.join([str(Path(sys.executable).parent), path])
    program = server.command[0]
    at = Path(server.cwd or ".", program) if os.path.dirname(program) else program  # noqa: PTH120
    found = shutil.which(at, path=path)
    if found is None:
        raise _NotThereError(
            f"{server.label} cannot be started: there is no program {program}. Install it, or give "
            "its whole path."
        )
    return StdioServerParameters(
        command=str(Path(found).absolute()),
        args=list(server.command[1:]),
        env={**env, "PATH": path},
        cwd=server.cwd,
    )


def _first(error: BaseException | None) -> BaseException | None:
    """Return the first of the errors of a group that is no cancellation, or the error itself."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    inner = [_first(each) for each in error.exceptions]
    return next((each for each in inner if not isinstance(each, asyncio.CancelledError)), inner[0])


class _LastWords:
    """The end of what a program writes to its standard error, which nobody else reads."""

    def __init__(self) -> None:
        reads, writes = os.pipe()
        self.file: TextIO = os.fdopen(writes, "w")
        self._tail = b""
        self._thread = threading.Thread(
            target=Context().run, args=(self._read, reads), name="playground-mcp", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Keep no end of it; the program has its own."""
        self.file.close()

    def _read(self, reads: int) -> None:
        with os.fdopen(reads, "rb", buffering=0) as pipe:
            while chunk := pipe.read(4096):
                self._tail = (self._tail + chunk)[-4 * _LAST_WORDS :]

    def text(self) -> str:
        """Return the last lines, as far as they have come."""
        self.close()
        # It ends with the program, unless something that the program started lives on.
        self._thread.join(0.5)
        lines = self._tail.decode("utf-8", "replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        return " / ".join(said[-_LAST_LINES:])[-_LAST_WORDS:]


@asynccontextmanager
async def _noticed(
    transport: Any, words: _LastWords, ended: Callable[[], None]
) -> AsyncIterator[tuple[Noticed, Any]]:
    """Open a transport, and call a function when nothing more comes from the other side."""
    async with transport as (read, write):
        words.close()
        yield Noticed(read, ended), write


class Noticed:
    """A stream of messages that says when it ends: a client does not tell by itself."""

    def __init__(self, stream: Any, ended: Callable[[], None]) -> None:
        self._stream = stream
        self._ended = ended

    async def receive(self) -> SessionMessage | Exception:
        try:
            received: SessionMessage | Exception = await self._stream.receive()
        except Exception:
            self._ended()
            raise
        return received

    async def aclose(self) -> None:
        await self._stream.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        try:
            following: SessionMessage | Exception = await anext(self._stream)
        except Exception:
            self._ended()
            raise
        return following

    async def __aenter__(self) -> Self:
        await self._stream.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        closed: bool | None = await self._stream.__aexit__(kind, error, trace)
        return closed
