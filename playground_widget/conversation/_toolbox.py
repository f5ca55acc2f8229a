"""The functions that the model may call: given from Python, switched and allowed from any door."""

from __future__ import annotations

import contextvars
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any

from playground_widget.engine import News, Toolset, Uses, renewed
from playground_widget.errors import InputError, NotFoundError
from playground_widget.tools import Tool

__all__ = ["Toolbox"]

ROUNDS = 20
"""How often results are sent in one run, unless told otherwise."""


class Toolbox:
    """The tools of one playground. Belongs to the loop's thread, except `tools`.

    Args:
        may_ask: Returns whether somebody is there who can be asked before a call.
        changed: Called when there is something else to see.
        post: Runs a function on the loop's thread.
    """

    def __init__(
        self,
        may_ask: Callable[[], bool],
        changed: Callable[[], None],
        post: Callable[..., None],
    ) -> None:
        """Begin without any."""
        self.tools: tuple[Tool, ...] = ()
        self.most_rounds: int = ROUNDS
        self._context = contextvars.Context()
        self._may_ask = may_ask
        self._changed = changed
        self._off: set[str] = set()
        self._always: set[tuple[str, str]] = set()
        self._post = post
        self._uses = Uses(self._hear)
        # A playground that is thrown away without being closed leaves no process of a server.
        weakref.finalize(self, self._uses.release).atexit = False

    def use(self, tools: tuple[Tool, ...], context: contextvars.Context) -> None:
        """Offer these from the next run on, and call them in a copy of this context.

        What was said of a tool that is given again under its name holds for the new one, unless
        it asks and the old one did not.
        """
        self._uses.take(tools)
        before = {tool.name: tool for tool in self.tools}
        self.tools, self._context = tools, context
        kept = {tool.name for tool in tools if tool.name in before}
        self._off &= kept
        self._always = {(thread, name) for thread, name in self._always if name in kept}
        self._changed()

    def _hear(self, news: News) -> None:
        self._post(self._renew, news)

    def _renew(self, news: News) -> None:
        """Offer what a server has now in place of what it had."""
        before = {tool.name: tool.to_dict() for tool in self.tools}
        self.tools = renewed(self.tools, news)
        same = {tool.name for tool in self.tools if before.get(tool.name) == tool.to_dict()}
        # What was allowed once and for all was another tool.
        self._always = {(thread, name) for thread, name in self._always if name in same}
        self._changed()

    def close(self) -> None:
        """Leave the servers of tools, once nothing runs any more."""
        self._uses.release()

    def switch(self, name: str, *, enabled: bool) -> None:
        """Offer a tool or not.

        Raises:
            NotFoundError: There is none of this name.
        """
        if all(tool.name != name for tool in self.tools):
            raise NotFoundError(f"there is no tool {name[:80]!r}")
        if enabled:
            self._off.discard(name)
        else:
            self._off.add(name)
        self._changed()

    def limit(self, rounds: object) -> None:
        """Set how often results are sent in one run.

        Raises:
            InputError: It is no whole number of 0 or more.
        """
        if isinstance(rounds, bool) or not isinstance(rounds, int) or rounds < 0:
            raise InputError("max_tool_rounds is a whole number of 0 or more")
        self.most_rounds = rounds

    def offered(self) -> tuple[Tool, ...]:
        """Return those that the next run may call."""
        return tuple(tool for tool in self.tools if tool.name not in self._off)

    def toolset(self, thread: str) -> Toolset:
        """Return what the next run in a thread may call."""
        return Toolset(
            tools={tool.name: tool for tool in self.offered()},
            context=self._context,
            may_ask=self._may_ask,
            is_allowed=partial(self._is_allowed, thread),
            allow=partial(self._allow, thread),
            most_rounds=self.most_rounds,
        )

    def _is_allowed(self, thread: str, name: str) -> bool:
        return (thread, name) in self._always

    def _allow(self, thread: str, name: str) -> None:
        self._always.add((thread, name))

    def to_list(self) -> list[dict[str, Any]]:
        """Return what a page shows of them."""
        return [
            {
                **tool.to_dict(),
                "signature": tool.signature,
                "confirm": bool(tool.confirm),
                "enabled": tool.name not in self._off,
            }
            # A copy, since a page's first snapshot is taken on the thread that shows it.
            for tool in tuple(self.tools)
        ]
