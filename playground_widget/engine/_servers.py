"""What is given as tools, turned into tools: those of MCP servers too, and who uses which."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self
from weakref import WeakMethod, WeakSet

from playground_widget.engine._functions import Functions
from playground_widget.engine._session import (
    Dispatch,
    News,
    ServerFunction,
    ServerSession,
    ending,
    load,
)
from playground_widget.errors import InputError, SetupError, WouldBlockError
from playground_widget.tools import MCP, CallFailedError, Tool, fit_name, tools_of

if TYPE_CHECKING:
    import mcp.types

__all__ = ["Offer", "Servers", "Uses", "renewed"]

_PATIENCE = 8.0
"""Seconds that the end of Python waits for servers: one that does not heed is killed by then."""


class Uses:
    """The servers that somebody uses. Safe from any thread.

    Args:
        told: A method that is called when one of them has other tools, on the loop for async
            functions; its object is not kept alive by this.
    """

    def __init__(self, told: Callable[[News], None] | None = None) -> None:
        """Use none."""
        self._told: WeakMethod[Callable[[News], None]] | None = told and WeakMethod(told)
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
            session.watch(self)
        for session in before - now:
            session.unwatch(self)
            session.release()

    def heard(self, news: News) -> None:
        """Pass on that a server has other tools."""
        told = None if self._told is None else self._told()
        if told is not None and news.session in self._held:
            told(news)

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
            load()
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

        async def end() -> None:
            sessions = [session.end() for session in tuple(self._sessions)]
            await asyncio.gather(*sessions, *ending, return_exceptions=True)

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


def renewed(tools: tuple[Tool, ...], news: News) -> tuple[Tool, ...]:
    """Return tools with those of a server as they are now, in their place.

    What was set for one of them stays: its name for the model, whether it asks, how long it may
    take. New ones are added where all were taken that there were.
    """
    session, before, now = news
    only = session.server.only
    wanted = {told.name: told for told in now if only is None or told.name in only}
    mine: dict[str, Tool] = {}
    for tool in tools:
        if isinstance(tool.function, ServerFunction) and tool.function.session is session:
            mine[tool.function.name] = tool
    kept = [_renewed(tool, wanted[name], before) for name, tool in mine.items() if name in wanted]
    missing = [name for name in before if name not in mine and (only is None or name in only)]
    others = [tool for tool in tools if tool not in mine.values()]
    taken = {tool.name for tool in (*others, *kept)}
    added = [] if missing else [name for name in wanted if name not in before]
    for name in added:
        short = fit_name(name)
        free = _free(short if short not in taken else fit_name(f"{session.name}_{name}"), taken)
        kept.append(_Candidate(session, wanted[name]).tool(free))
    at = next((i for i, tool in enumerate(tools) if tool in mine.values()), len(tools))
    return (*tools[:at], *kept, *(tool for tool in tools[at:] if tool not in mine.values()))


def _renewed(tool: Tool, told: mcp.types.Tool, before: Mapping[str, mcp.types.Tool]) -> Tool:
    """Return a tool with what its server says of it now."""
    assert isinstance(tool.function, ServerFunction)  # noqa: S101 - who calls has seen it
    if before.get(told.name) == told:
        return tool
    new = _Candidate(tool.function.session, told).tool(tool.name)
    return Tool(
        tool.function,
        name=tool.name,
        description=new.description,
        parameters=new.parameters,
        confirm=tool.confirm,
        timeout=tool.timeout,
    )


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
        yield each.tool(_free(full, taken))


def _free(name: str, taken: set[str]) -> str:
    """Return a name that no other tool has, which is taken from now on."""
    chosen, number = name, 2
    while chosen in taken:
        chosen, number = f"{name[:60]}_{number}", number + 1
    taken.add(chosen)
    return chosen
