"""MCP servers as tools: a session with each, for as long as somebody uses it.

A session lives on the loop for async functions, where the calls of its tools run. It counts who
uses it: the tools of a playground, a call, whoever asks which tools there are. With the last of
them its connection ends, and with it the process that was started; the next call opens another.
"""

from __future__ import annotations

import asyncio
import atexit
import importlib
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from weakref import WeakSet

from playground_widget.engine._functions import Functions
from playground_widget.errors import InputError, SetupError, WouldBlockError
from playground_widget.model import Part
from playground_widget.text import clean_text
from playground_widget.tools import MCP, CallFailedError, Tool, fit_name, mcp_parts, tools_of

if TYPE_CHECKING:
    import mcp.types

    from playground_widget.engine._line import Line

__all__ = ["Offer", "ServerFunction", "Servers", "Uses"]

_PAGES = 100
_PATIENCE = 8.0
"""Seconds that the end of Python waits for servers: one that does not heed is killed by then."""

Dispatch = Callable[[Callable[[], object]], None]


class ServerSession:
    """What goes on with one server. `hold` and `release` are for any thread.

    Args:
        server: How it is reached.
        functions: Whose loop it lives on.
        dispatch: Runs callbacks of users.
    """

    def __init__(self, server: MCP, functions: Functions, dispatch: Dispatch) -> None:
        """Open nothing yet."""
        self.server = server
        self.name = ""
        self.line: Line | None = None
        self._functions = functions
        self._dispatch = dispatch
        self._users = 0
        self._lock = threading.Lock()

    def hold(self) -> None:
        """Keep the connection, once there is one, until `release`."""
        with self._lock:
            self._users += 1

    def release(self) -> None:
        """End the connection if nobody else holds it."""
        with self._lock:
            self._users -= 1
        if self._users == 0:
            self._functions.post(self._end_unused)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the connection meanwhile."""
        self.hold()
        try:
            yield
        finally:
            self.release()

    def _end_unused(self) -> None:
        if self._users == 0 and self.line is not None:
            line, self.line = self.line, None
            task = asyncio.get_running_loop().create_task(line.end())
            _ending.add(task)
            task.add_done_callback(_ending.discard)

    async def end(self) -> None:
        """End the connection, whoever holds it."""
        line, self.line = self.line, None
        if line is not None:
            await line.end()

    async def _open(self) -> tuple[Line, Any]:
        if self.line is None or self.line.has_ended:
            self.line = _module().Line(self.server)
        line = self.line
        return line, await line.client()

    async def tools(self) -> list[mcp.types.Tool]:
        """Return what the server has.

        Raises:
            CallFailedError: It does not say; the text says why.
        """
        line, client = await self._open()
        info = client.server_info
        self.name = info.name if info is not None else self.server.label
        found: list[mcp.types.Tool] = []
        cursor: str | None = None
        for _ in range(_PAGES):
            try:
                page = await client.list_tools(cursor=cursor)
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
        with self.held():
            line, client = await self._open()
            try:
                result = await self._ask(client, name, arguments)
            except Exception as error:  # noqa: BLE001 - a server may answer anything
                if not _is_forgotten(error):
                    raise await self._failed(line, error, name) from None
                # It was restarted, and knows this session no more: nothing was called.
                await line.end()
                line, client = await self._open()
                try:
                    result = await self._ask(client, name, arguments)
                except Exception as again:  # noqa: BLE001
                    raise await self._failed(line, again, name) from None
        try:
            return mcp_parts(result)
        except CallFailedError as error:
            raise CallFailedError(self.server.mask(str(error))) from None

    async def _ask(self, client: Any, name: str, arguments: dict[str, Any]) -> Any:
        tell = self.server.progress
        if tell is None:
            return await client.call_tool(name, arguments)

        async def progress(done: float, total: float | None, words: str | None) -> None:
            said = None if words is None else clean_text(words)
            self._dispatch(lambda: tell(name, done, total, said))

        return await client.call_tool(name, arguments, progress_callback=progress)

    async def _failed(self, line: Line, error: Exception, name: str) -> CallFailedError:
        """Return why something that was asked has no answer."""
        code = getattr(error, "code", None)
        if code is None or not _module().is_closed(error):
            # What SDK and server say is about the call; what they were given is not in it.
            words = str(error) or type(error).__name__
            return CallFailedError(self.server.mask(clean_text(words))[:2000])
        await line.end()
        why = line.why
        if not name:
            return CallFailedError(why)
        return CallFailedError(
            f"The connection to the server ended while {name} was called. It is not known whether "
            f"it was done; the next call connects again. {why}"
        )


_ending: set[asyncio.Task[None]] = set()
"""The loop itself keeps no strong reference to what it runs."""


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


class Uses:
    """The servers that somebody uses. Safe from any thread."""

    def __init__(self) -> None:
        """Use none."""
        self._held: frozenset[ServerSession] = frozenset()
        # A finalizer may come in the middle of anything on this thread.
        self._lock = threading.RLock()

    def take(self, tools: Iterable[Tool]) -> None:
        """Use the servers of these tools, and no others any more."""
        called = [tool.function for tool in tools]
        now = frozenset(each.session for each in called if isinstance(each, ServerFunction))
        with self._lock:
            before, self._held = self._held, now
        for session in now - before:
            session.hold()
        for session in before - now:
            session.release()

    def hold(self, session: ServerSession) -> None:
        """Use one more."""
        with self._lock:
            if session in self._held:
                return
            self._held |= {session}
        session.hold()

    def release(self) -> None:
        """Use none any more."""
        self.take(())


class Offer:
    """Tools that were given, with their servers held until they are in use.

    Args:
        tools: All of them.
        uses: Holds their servers.
    """

    def __init__(self, tools: tuple[Tool, ...], uses: Uses) -> None:
        """Made by `Servers.offer`."""
        self.tools = tools
        self._uses = uses

    def __enter__(self) -> Self:
        """Hold them meanwhile."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave them to whoever uses them by now."""
        self._uses.release()


class Servers:
    """The sessions of one process.

    Args:
        functions: Whose loop they live on.
        dispatch: Runs callbacks of users.
    """

    def __init__(self, functions: Functions, dispatch: Dispatch) -> None:
        """Begin without any."""
        self._functions = functions
        self._dispatch = dispatch
        self._process = os.getpid()
        self._ends_at_exit = False
        self._sessions: WeakSet[ServerSession] = WeakSet()
        self._lock = threading.Lock()

    def offer(self, values: object) -> Offer:
        """Return functions, tools and the tools of servers, as tools.

        Servers are asked at the same time. Use it in a `with`, for as long as it takes until
        something else holds the servers: it starts them.

        Raises:
            InputError: Something cannot be a tool.
            SetupError: A server does not say what it has; the text says why.
            WouldBlockError: An async function of a tool asks, on whose loop servers are asked.
        """
        if isinstance(values, MCP | Tool) or not isinstance(values, Iterable):
            raise InputError("tools are a list of functions, Tools and MCP servers")
        given = list(values)
        uses = Uses()
        asked: dict[MCP, tuple[ServerSession, Future[list[mcp.types.Tool]]]] = {}
        try:
            for server in dict.fromkeys(each for each in given if isinstance(each, MCP)):
                session = self._session(server)
                uses.hold(session)
                asked[server] = (session, self._functions.spawn(session.tools()))
            offered: list[Tool | _Candidate] = []
            for each in given:
                if isinstance(each, MCP):
                    offered.extend(_candidates(*asked[each]))
                else:
                    offered.append(each if isinstance(each, Tool) else Tool(each))
            return Offer(tools_of(_named(offered)), uses)
        except BaseException:
            for _, future in asked.values():
                future.cancel()
            uses.release()
            raise

    def _session(self, server: MCP) -> ServerSession:
        """Return the session with a server: one for all who are given the same."""
        if self._functions.inside():
            raise WouldBlockError(
                "An async tool cannot give MCP servers to a playground: its own loop asks them. "
                "Use a plain function here."
            )
        try:
            _module()
        except ImportError:
            raise SetupError(
                "MCP servers need the package mcp, version 2.3 or later, which is not installed: "
                'pip install "playground_widget[mcp]"'
            ) from None
        with self._lock:
            for session in self._sessions:
                if session.server is server:
                    return session
            if not self._ends_at_exit:
                self._ends_at_exit = True
                atexit.register(self._end)
            made = ServerSession(server, self._functions, self._dispatch)
            self._sessions.add(made)
            return made

    def _end(self) -> None:
        """Leave no process behind."""
        if os.getpid() != self._process:
            return
        sessions = [session for session in self._sessions if session.line is not None]

        async def end() -> None:
            ending = (session.end() for session in sessions)
            await asyncio.gather(*ending, *_ending, return_exceptions=True)

        if sessions or _ending:
            with suppress(TimeoutError):
                self._functions.spawn(end()).result(_PATIENCE)


class _Candidate(NamedTuple):
    """A tool of a server that has no name for the model yet."""

    session: ServerSession
    told: mcp.types.Tool

    def tool(self, name: str) -> Tool:
        """Return it as a tool."""
        server, told = self.session.server, self.told
        parameters = {"type": "object", "properties": {}, **told.input_schema}
        return Tool(
            ServerFunction(self.session, told.name),
            name=name,
            description=told.description or told.title or "",
            parameters=parameters,
            confirm=server.confirm,
            timeout=server.timeout,
        )


def _candidates(
    session: ServerSession, asked: Future[list[mcp.types.Tool]]
) -> Iterator[_Candidate]:
    """Give the tools of a server that are wanted, once it has said which there are."""
    try:
        found = asked.result()
    except CallFailedError as error:
        raise SetupError(str(error)) from None
    only, names = session.server.only, [tool.name for tool in found]
    if missing := [name for name in only or () if name not in names]:
        raise InputError(
            f"{session.server.label} has no tool {missing[0]!r}; it has {', '.join(names)[:500]}"
        )
    for tool in found:
        if only is None or tool.name in only:
            yield _Candidate(session, tool)


def _named(offered: list[Tool | _Candidate]) -> Iterator[Tool]:
    """Give tools, with the name of its server before each name that others have too."""
    wanted = [each.name if isinstance(each, Tool) else fit_name(each.told.name) for each in offered]
    count = Counter(wanted)
    taken = {each.name for each in offered if isinstance(each, Tool)}
    for each, name in zip(offered, wanted, strict=True):
        if isinstance(each, Tool):
            yield each
            continue
        full = name if count[name] == 1 else fit_name(f"{each.session.name}_{name}")
        chosen, number = full, 2
        while chosen in taken:
            chosen, number = f"{full[:60]}_{number}", number + 1
        taken.add(chosen)
        yield each.tool(chosen)


def _is_forgotten(error: Exception) -> bool:
    """Return whether a server knows nothing of the session: HTTP 404, in the protocol's words."""
    return str(error) == "Session terminated"


def _module() -> Any:
    return importlib.import_module("playground_widget.engine._line")
