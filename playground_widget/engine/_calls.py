"""The calls that one answer asks for: each made, with its result kept as a message."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from playground_widget.engine._calling import Caller, CallError, refused, unasked
from playground_widget.errors import ConflictError, ErrorInfo, PlaygroundError, StoreError
from playground_widget.events import Asking, Delta, Started
from playground_widget.model import Consent, Message, Part, Status, Text, Timing, ToolCall
from playground_widget.tools import Tool

if TYPE_CHECKING:
    from playground_widget.engine._feed import Feed
    from playground_widget.engine._functions import Functions
    from playground_widget.model import Thread

__all__ = ["CONSENT_TIME", "Calls", "Toolset"]

_log = logging.getLogger("playground_widget")

CONSENT_TIME = 600.0
"""Seconds until a call that nobody allowed counts as refused."""


class Toolset(NamedTuple):
    """What answers of one run may call, and how.

    Args:
        tools: By name.
        context: What plain and async functions are called in.
        may_ask: Returns whether somebody is there who could be asked.
        is_allowed: Returns whether a tool need not ask, by name.
        allow: Notes that a tool need not ask any more.
        most_rounds: How often the model may be asked again with results.
    """

    tools: dict[str, Tool]
    context: contextvars.Context
    may_ask: Callable[[], bool]
    is_allowed: Callable[[str], bool]
    allow: Callable[[str], None]
    most_rounds: int


class Calls:
    """Makes the calls of one run. Belongs to the loop's thread.

    Args:
        feed: Where results become messages.
        functions: Calls them off the loop.
        toolset: What may be called.
        queue: Of the conversation, which these functions must not wait for.
    """

    def __init__(self, feed: Feed, functions: Functions, toolset: Toolset, queue: object) -> None:
        """Prepare; nothing is called."""
        self._feed = feed
        self._toolset = toolset
        self._caller = Caller(functions, toolset.tools, toolset.context, queue)
        self._asked: dict[str, asyncio.Future[bool]] = {}
        self._began: dict[str, float] = {}

    async def open(self, answer: Message, calls: tuple[ToolCall, ...]) -> list[Message]:
        """Put a message for the result of each call below the answer, one after the other.

        Raises:
            PlaygroundError: The thread cannot be written, or was deleted; no call is left open.
        """
        parent = answer.id
        made: list[Message] = []
        try:
            for call in calls:
                message = Message(
                    id=secrets.token_hex(6),
                    parent=parent,
                    role="tool",
                    content=(),
                    status="streaming",
                    created=time.time(),
                    tool_call_id=call.id,
                )
                await self._feed.commit(partial(_started, message), insist=True)
                made.append(message)
                parent = message.id
        except PlaygroundError:
            await self.drop(made)
            raise
        return made

    async def make(self, calls: tuple[ToolCall, ...], messages: list[Message]) -> None:
        """Make calls at the same time, and return when each has its result.

        Being cancelled ends them: what has no result by then says so.
        """
        async with asyncio.TaskGroup() as group:
            for call, message in zip(calls, messages, strict=True):
                group.create_task(self._one(call, message))

    async def drop(self, messages: list[Message]) -> None:
        """End calls that were not begun."""
        for message in messages:
            await self._keep(message, "cancelled", (Text(_STOPPED),), None)

    def answer(self, message: str, *, allowed: bool, always: bool = False) -> bool:
        """Say whether a call may be made; return whether it was waiting for that."""
        asked = self._asked.get(message)
        if asked is None or asked.done():
            return False
        asked.set_result(allowed)
        if allowed and always:
            call = self._feed.state.thread.messages[message]
            name = _name_of(self._feed.state.thread, call)
            if name is not None:
                self._toolset.allow(name)
        return True

    # -- one call

    async def _one(self, call: ToolCall, message: Message) -> None:
        status: Status = "cancelled"
        parts: tuple[Part, ...] = (Text(_STOPPED),)
        info: ErrorInfo | None = None
        self._began[message.id] = _now()
        try:
            parts = await self._caller.result(
                call, partial(self._consented, message.id), partial(self._begin, message.id)
            )
            status = "complete"
        except CallError as failure:
            status, info, parts = "failed", failure.info, (Text(failure.told),)
        except Exception:  # noqa: BLE001 - kept with the call, and the others go on
            _log.exception("A call of a tool met a mistake of the playground")
            status, info = "failed", _mistake(call.name)
            parts = (Text("Error: the call could not be made."),)
        finally:
            await self._keep(message, status, parts, info)

    async def _keep(
        self,
        message: Message,
        status: Status,
        parts: tuple[Part, ...],
        info: ErrorInfo | None,
    ) -> None:
        """End a call's message with what came of it."""
        began = self._began.pop(message.id, None)
        if all(isinstance(part, Text) for part in parts):
            for index, part in enumerate(parts):
                assert isinstance(part, Text)  # noqa: S101 - seen above
                self._feed.grow(Delta(message.id, index, 0, part.text))
        ended = replace(
            message,
            content=parts,
            status=status,
            error=info,
            timing=None if began is None else Timing(duration=_now() - began),
        )
        await self._feed.finish(ended)

    def _begin(self, message: str) -> None:
        self._began[message] = _now()

    # -- consent

    async def _consented(self, message: str, tool: Tool, arguments: Mapping[str, Any]) -> None:
        """Return when the call may be made.

        Raises:
            CallError: It may not.
        """
        if tool.confirm is False or self._toolset.is_allowed(tool.name):
            return
        if callable(tool.confirm):
            await self._caller.decided(tool, arguments)
            return
        if not self._toolset.may_ask():
            raise unasked(tool.name)
        if not await self._asks(message):
            raise refused(tool.name, "Nothing was called, and the model was told.")

    async def _asks(self, message: str) -> bool:
        answer = self._asked[message] = asyncio.get_running_loop().create_future()
        until = time.monotonic() + CONSENT_TIME
        await self._say(message, Consent(wait=CONSENT_TIME, until=until))
        try:
            async with asyncio.timeout(CONSENT_TIME):
                allowed: bool = await answer
                return allowed
        except TimeoutError:
            minutes = int(CONSENT_TIME / 60)
            raise refused(
                _name_of(self._feed.state.thread, self._feed.state.thread.messages[message])
                or "the tool",
                f"Nobody answered within {minutes} minutes. Nothing was called.",
            ) from None
        finally:
            del self._asked[message]
            await self._say(message, None)

    async def _say(self, message: str, consent: Consent | None) -> None:
        """Tell everybody; a store that cannot be written is no reason to end."""
        try:
            await self._feed.commit(lambda _: Asking(message, consent), insist=True)
        except (StoreError, ConflictError):
            _log.warning("That a tool asks could not be stored", exc_info=True)


def _started(message: Message, thread: Thread) -> Started:
    """Return the start of a call, which moves the head only if that is where it goes on."""
    goes_on = thread.head is None or thread.head == message.parent
    return Started(message, message.id if goes_on else str(thread.head))


def _name_of(thread: Thread, message: Message) -> str | None:
    """Return which function a call's message belongs to."""
    at = message.parent
    while at is not None:
        for call in thread.messages[at].tool_calls:
            if call.id == message.tool_call_id:
                return call.name
        at = thread.messages[at].parent
    return None


def _now() -> float:
    return asyncio.get_running_loop().time()


_STOPPED = "The call was stopped before it had ended."


def _mistake(name: str) -> ErrorInfo:
    return ErrorInfo(
        kind="internal",
        title=f"{name} could not be called",
        detail="The playground made a mistake: see the kernel's log.",
    )
