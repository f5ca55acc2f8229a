"""The calls that one answer asks for: each made, with its result kept as a message."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import secrets
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from playground_widget.errors import ConflictError, ErrorInfo, StoreError
from playground_widget.events import Asking, Delta, Started
from playground_widget.model import Consent, Message, Part, Status, Text, Timing, ToolCall
from playground_widget.text import clean_text
from playground_widget.tools import Arguments, ArgumentsError, CallFailedError, Tool, result_parts

if TYPE_CHECKING:
    from playground_widget.engine._feed import Feed
    from playground_widget.engine._functions import Functions, Returned
    from playground_widget.model import Thread

__all__ = ["CONSENT_TIME", "Calls", "Toolset"]

_log = logging.getLogger("playground_widget")

CONSENT_TIME = 600.0
"""Seconds until a call that nobody allowed counts as refused."""

_LONGEST_ERROR = 2000


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


class _CallError(Exception):
    """A call came to nothing.

    Attributes:
        info: What the page shows.
        told: What the model is told.
    """

    def __init__(self, info: ErrorInfo, told: str) -> None:
        super().__init__(info.title)
        self.info = info
        self.told = told


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
        self._functions = functions
        self._toolset = toolset
        self._queue = queue
        self._asked: dict[str, asyncio.Future[bool]] = {}
        self._began: dict[str, float] = {}

    async def open(self, answer: Message, calls: tuple[ToolCall, ...]) -> list[Message]:
        """Put a message for the result of each call below the answer, one after the other.

        Raises:
            PlaygroundError: The thread cannot be written, or was deleted.
        """
        parent = answer.id
        made: list[Message] = []
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
            parts = await self._result(call, message)
            status = "complete"
        except _CallError as failure:
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

    async def _result(self, call: ToolCall, message: Message) -> tuple[Part, ...]:
        tool = self._toolset.tools.get(call.name)
        if tool is None:
            raise _unknown(call.name, self._toolset.tools)
        # Reading may run code of users too: validators of types.
        fit = await self._call(partial(tool.read, call.arguments))
        if isinstance(fit.error, ArgumentsError):
            raise _unfit(call.name, str(fit.error))
        if fit.error is not None:
            raise _raised(tool.name, fit.error)
        given: Arguments = fit.value
        await self._consented(tool, dict(given.kwargs), message)
        self._began[message.id] = _now()
        returned = await self._called(tool, partial(tool.function, *given.args, **given.kwargs))
        # Turning it into parts may run code of the object, such as its `repr`.
        read = await self._call(lambda: result_parts(returned))
        if read.error is not None:
            raise _raised(tool.name, read.error)
        parts: tuple[Part, ...] = read.value
        return parts

    async def _called(self, tool: Tool, function: Callable[[], Any]) -> Any:
        try:
            async with asyncio.timeout(tool.timeout):
                returned = await self._call(_as_async(function) if tool.is_async else function)
        except TimeoutError:
            raise _late(tool) from None
        if returned.error is not None:
            raise _raised(tool.name, returned.error)
        return returned.value

    async def _call(self, function: Callable[[], Any]) -> Returned:
        return await self._functions.call(function, self._toolset.context, self._queue)

    # -- consent

    async def _consented(self, tool: Tool, arguments: dict[str, Any], message: Message) -> None:
        """Return when the call may be made.

        Raises:
            _CallError: It may not.
        """
        if tool.confirm is False or self._toolset.is_allowed(tool.name):
            return
        if callable(tool.confirm):
            decided = await self._call(partial(tool.confirm, tool.name, arguments))
            if decided.error is not None:
                raise _raised(tool.name, decided.error)
            if not decided.value:
                raise _refused(tool.name, "Its confirm function said no.")
            return
        if not self._toolset.may_ask():
            raise _unasked(tool.name)
        if not await self._asks(message.id):
            raise _refused(tool.name, "Nothing was called, and the model was told.")

    async def _asks(self, message: str) -> bool:
        answer = self._asked[message] = asyncio.get_running_loop().create_future()
        await self._say(message, Consent(wait=CONSENT_TIME, until=time.time() + CONSENT_TIME))
        try:
            async with asyncio.timeout(CONSENT_TIME):
                allowed: bool = await answer
                return allowed
        except TimeoutError:
            minutes = int(CONSENT_TIME / 60)
            raise _refused(
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


def _as_async(function: Callable[[], Any]) -> Callable[[], Awaitable[Any]]:
    async def call() -> Any:
        return await function()

    return call


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


# ------------------------------------------------------------------------------- in words

_STOPPED = "The call was stopped before it had ended."


def _unknown(name: str, known: dict[str, Tool]) -> _CallError:
    names = ", ".join(known) or "none"
    info = ErrorInfo(
        kind="tool_unknown",
        title=f"There is no tool {name[:80]!r}",
        detail=f"The model was told which there are: {names[:300]}.",
    )
    return _CallError(info, f"Error: there is no tool {name!r}. Available: {names}.")


def _unfit(name: str, why: str) -> _CallError:
    info = ErrorInfo(
        kind="tool_arguments",
        title=f"The arguments of {name} do not fit",
        detail=f"{why}. It was not called, and the model was told.",
    )
    return _CallError(info, f"Error: the arguments do not fit: {why}")


def _failed(name: str, why: str) -> _CallError:
    detail = f"{why}{'' if why.endswith('.') else '.'} The model was told."
    info = ErrorInfo(kind="tool_failed", title=f"{name} failed", detail=detail)
    return _CallError(info, f"Error: {why}")


def _raised(name: str, error: BaseException) -> _CallError:
    if isinstance(error, CallFailedError):
        return _failed(name, clean_text(_words(error)))
    kind, words = type(error).__name__, clean_text(_words(error))
    told = f"{kind}: {words}" if words else kind
    frames = traceback.extract_tb(error.__traceback__)
    where = f" In {frames[-1].name}, line {frames[-1].lineno}." if frames else ""
    info = ErrorInfo(
        kind="tool_failed",
        title=f"{name} raised {kind}",
        detail=f"{words}{'' if words.endswith('.') or not words else '.'}{where} "
        "The model was told.".strip(),
    )
    return _CallError(info, f"Error: {told}")


def _words(error: BaseException) -> str:
    try:
        return str(error)[:_LONGEST_ERROR].strip()
    except Exception:  # noqa: BLE001 - code of users
        return ""


def _late(tool: Tool) -> _CallError:
    after = f"{tool.timeout:g} s"
    left = "It was cancelled" if tool.is_async else "It goes on by itself, and its result is lost"
    info = ErrorInfo(
        kind="tool_timeout",
        title=f"{tool.name} took longer than {after}",
        detail=f"{left}. The model was told.",
    )
    return _CallError(info, f"Error: no result after {after}.")


def _refused(name: str, why: str) -> _CallError:
    info = ErrorInfo(kind="tool_refused", title=f"{name} was not allowed", detail=why)
    return _CallError(info, "Error: the user did not allow this call.")


def _unasked(name: str) -> _CallError:
    info = ErrorInfo(
        kind="tool_refused",
        title=f"{name} asks before each call, and nobody is there to be asked",
        detail="Show the playground in a notebook, or give Tool(..., confirm=function) a function "
        "that decides. Nothing was called, and the model was told.",
    )
    return _CallError(info, "Error: this call needs to be allowed, and nobody is there to ask.")


def _mistake(name: str) -> ErrorInfo:
    return ErrorInfo(
        kind="internal",
        title=f"{name} could not be called",
        detail="The playground made a mistake: see the kernel's log.",
    )
