"""A session with an MCP server, and its tools as functions.

A session lives on the loop for async functions, where the calls of its tools run. It counts who
uses it: the tools of a playground, a call, whoever asks which tools there are. With the last of
them its connection ends, and with it the process that was started; the next call opens another.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from weakref import WeakSet

from playground_widget.engine._functions import Functions
from playground_widget.model import Part
from playground_widget.text import clean_text
from playground_widget.tools import MCP, CallFailedError, mcp_parts

if TYPE_CHECKING:
    import mcp.types

    from playground_widget.engine._news import NewsLine

__all__ = ["Dispatch", "News", "ServerFunction", "ServerSession", "ending", "load"]

_log = logging.getLogger("playground_widget")

_PAGES = 100

Dispatch = Callable[[Callable[[], object]], None]

ending: set[asyncio.Task[None]] = set()
"""Connections that end: the loop itself keeps no strong reference to what it runs."""


class News(NamedTuple):
    """That a server has other tools.

    Args:
        session: With the server.
        before: What it had, by name.
        now: What it has.
    """

    session: ServerSession
    before: Mapping[str, mcp.types.Tool]
    now: list[mcp.types.Tool]


class Watcher(Protocol):
    """Who wants to hear of other tools."""

    def heard(self, news: News) -> None:
        """Take them; called on the loop for async functions."""
        ...


class ServerSession:
    """What goes on with one server. `hold`, `release`, `watch` and `unwatch` are for any thread.

    Args:
        server: How it is reached.
        functions: Whose loop it lives on.
        dispatch: Runs callbacks of users.
    """

    def __init__(self, server: MCP, functions: Functions, dispatch: Dispatch) -> None:
        """Open nothing yet."""
        self.server = server
        self.name: str = ""
        self.line: NewsLine | None = None
        self._functions = functions
        self._dispatch = dispatch
        self._users = 0
        self._over = False
        self._known: dict[str, mcp.types.Tool] = {}
        self._watchers: WeakSet[Watcher] = WeakSet()
        self._looking: asyncio.Task[None] | None = None
        self._again = False

    def hold(self) -> None:
        """Keep the connection, once there is one, until `release`."""
        self._functions.post(partial(self._count, 1))

    def release(self) -> None:
        """End the connection if nobody else holds it."""
        self._functions.post(partial(self._count, -1))

    def _count(self, step: int) -> None:
        # On the loop, and without a lock: a finalizer of a playground may come in between anywhere.
        self._users += step
        if self._users == 0 and self.line is not None:
            line, self.line = self.line, None
            task = asyncio.get_running_loop().create_task(line.end())
            ending.add(task)
            task.add_done_callback(ending.discard)

    async def end(self) -> None:
        """End the connection for good, whoever holds it: Python ends."""
        self._over = True
        line, self.line = self.line, None
        if line is not None:
            await line.end()

    def watch(self, watcher: Watcher) -> None:
        """Tell of other tools, until that is gone or `unwatch` is called."""
        self._functions.post(partial(self._watchers.add, watcher))

    def unwatch(self, watcher: Watcher) -> None:
        """Tell nothing more."""
        self._functions.post(partial(self._watchers.discard, watcher))

    async def _open(self) -> tuple[NewsLine, Any]:
        if self._over:
            raise CallFailedError("Python is ending. Nothing was called.")
        if self.line is None or self.line.has_ended:
            self.line = load().NewsLine(self.server, self._changed)
        line = self.line
        return line, await line.client()

    async def tools(self) -> list[mcp.types.Tool]:
        """Return what the server has.

        Raises:
            CallFailedError: It does not say; the text says why.
        """
        line, client = await self._open()
        found = await self._list(line, client)
        self._known = {tool.name: tool for tool in found}
        return found

    def _changed(self) -> None:
        """Look which tools there are now; what is said meanwhile comes to one more look."""
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._look())
        else:
            self._again = True

    async def _look(self) -> None:
        try:
            while True:
                self._again = False
                line = self.line
                if line is None or line.has_ended:
                    return
                found = await self._list(line, await line.client(), anew=True)
                news = News(self, self._known, found)
                self._known = {tool.name: tool for tool in found}
                for watcher in tuple(self._watchers):
                    watcher.heard(news)
                if not self._again:
                    return
        except CallFailedError as error:
            _log.warning("The tools that a server has now are not known: %s", error)
        finally:
            self._looking = None

    async def _list(self, line: NewsLine, client: Any, *, anew: bool = False) -> list[Any]:
        info = client.server_info
        self.name = info.name if info is not None else self.server.label
        found: list[mcp.types.Tool] = []
        cursor: str | None = None
        mode = "refresh" if anew else "use"
        for _ in range(_PAGES):
            try:
                page = await client.list_tools(cursor=cursor, cache_mode=mode)
            except Exception as error:  # noqa: BLE001 - a server may answer anything
                raise await self._failed(line, error, "") from None
            found.extend(page.tools)
            cursor = page.next_cursor
            if cursor is None:
                break
        return found

    async def call(self, name: str, arguments: dict[str, Any]) -> list[Part]:
        """Call a tool of the server and return what it returned.

        Raises:
            CallFailedError: It came to nothing; the text says why.
        """
        self._count(1)
        try:
            result = await self._asked(name, arguments)
        finally:
            self._count(-1)
        try:
            return mcp_parts(result)
        except CallFailedError as error:
            raise CallFailedError(self.server.mask(str(error))) from None

    async def _asked(self, name: str, arguments: dict[str, Any]) -> Any:
        line, client = await self._open()
        try:
            return await self._ask(client, name, arguments)
        except Exception as error:  # noqa: BLE001 - a server may answer anything
            if not _is_forgotten(error):
                raise await self._failed(line, error, name) from None
        # It was restarted, and knows this session no more: nothing was called.
        await line.end()
        line, client = await self._open()
        try:
            return await self._ask(client, name, arguments)
        except Exception as error:  # noqa: BLE001
            raise await self._failed(line, error, name) from None

    async def _ask(self, client: Any, name: str, arguments: dict[str, Any]) -> Any:
        tell = self.server.progress
        if tell is None:
            return await client.call_tool(name, arguments)

        async def progress(done: float, total: float | None, words: str | None) -> None:
            said = None if words is None else clean_text(words)
            self._dispatch(lambda: tell(name, done, total, said))

        return await client.call_tool(name, arguments, progress_callback=progress)

    async def _failed(self, line: NewsLine, error: Exception, name: str) -> CallFailedError:
        """Return why something that was asked has no answer."""
        code = getattr(error, "code", None)
        if code is None or not load().is_closed(error):
            words = _words(error, self.server.label)
            return CallFailedError(self.server.mask(clean_text(words))[:2000])
        await line.end()
        why = line.why
        if not name:
            return CallFailedError(why)
        return CallFailedError(
            f"The connection to the server ended while {name} was called. It is not known whether "
            f"it was done; the next call connects again. {why}"
        )


class ServerFunction:
    """A tool of a server, as an async function.

    Args:
        session: With the server.
        name: What the server calls it.
    """

    __slots__ = ("name", "session")

    def __init__(self, session: ServerSession, name: str) -> None:
        """Ask nothing."""
        self.session = session
        self.name = name

    async def __call__(self, /, **arguments: Any) -> list[Part]:
        """Call it on the server."""
        return await self.session.call(self.name, arguments)

    def __repr__(self) -> str:
        """Show what is called where."""
        return f"<{self.name} of {self.session.server.label}>"


def _words(error: Exception, label: str) -> str:
    """Return what an error says, without the server's answer where that is what it is about."""
    faults = getattr(error, "errors", None)
    if not callable(faults):
        return str(error) or type(error).__name__
    first = faults(include_input=False, include_url=False, include_context=False)[0]
    where = ".".join(str(at) for at in first["loc"])
    return f"{label} answered what the protocol does not allow: {where}: {first['msg']}."


def _is_forgotten(error: Exception) -> bool:
    """Return whether a server knows nothing of the session: HTTP 404, in the protocol's words."""
    return str(error) == "Session terminated"


def load() -> Any:
    """Return what connects; the first call of a process imports `mcp`.

    Raises:
        ImportError: It is not installed, or too old.
    """
    return importlib.import_module("playground_widget.engine._news")
