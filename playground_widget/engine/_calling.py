"""One call of a function that a model asked for: its arguments, its consent, its result.

Where the result goes is the matter of whoever asks: a message of a thread, a cell of a comparison.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import traceback
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from playground_widget.errors import ErrorInfo
from playground_widget.model import Part, ToolCall
from playground_widget.text import clean_text
from playground_widget.tools import Arguments, ArgumentsError, CallFailedError, Tool, result_parts

if TYPE_CHECKING:
    from playground_widget.engine._functions import Functions, Returned

__all__ = ["CallError", "Caller", "Consent", "refused", "unasked"]

Consent = Callable[[Tool, Mapping[str, Any]], Awaitable[None]]
"""Returns when a call may be made with these arguments, or raises `CallError`."""

_LONGEST_ERROR = 2000


class CallError(Exception):
    """A call came to nothing.

    Attributes:
        info: What the page shows.
        told: What the model is told.
    """

    def __init__(self, info: ErrorInfo, told: str) -> None:
        super().__init__(info.title)
        self.info = info
        self.told = told


class Caller:
    """Calls the functions of users off the loop. Belongs to the loop's thread.

    Args:
        functions: Calls them.
        tools: By name.
        context: What they are called in.
        queue: Whoever waits for them, which they must not wait for.
    """

    def __init__(
        self,
        functions: Functions,
        tools: Mapping[str, Tool],
        context: contextvars.Context,
        queue: object,
    ) -> None:
        """Call nothing yet."""
        self._functions = functions
        self._tools = tools
        self._context = context
        self._queue = queue

    async def result(
        self, call: ToolCall, consented: Consent, begin: Callable[[], None] = lambda: None
    ) -> tuple[Part, ...]:
        """Make a call and return its result.

        Args:
            call: What the model asked for.
            consented: Waited for before the function is called.
            begin: Called when the function is.

        Raises:
            CallError: It came to nothing; the error has words for the page and for the model.
        """
        tool = self._tools.get(call.name)
        if tool is None:
            raise _unknown(call.name, self._tools)
        # Reading may run code of users too: validators of types.
        fit = await self._call(partial(tool.read, call.arguments))
        if isinstance(fit.error, ArgumentsError):
            raise _unfit(call.name, str(fit.error))
        if fit.error is not None:
            raise _raised(tool.name, fit.error)
        given: Arguments = fit.value
        await consented(tool, tool.named(given))
        begin()
        returned = await self._called(tool, partial(tool.function, *given.args, **given.kwargs))
        # Turning it into parts may run code of the object, such as its `repr`.
        read = await self._call(lambda: result_parts(returned))
        if read.error is not None:
            raise _raised(tool.name, read.error)
        parts: tuple[Part, ...] = read.value
        return parts

    async def decided(self, tool: Tool, arguments: Mapping[str, Any]) -> None:
        """Return if the function that decides in a person's place says yes.

        Raises:
            CallError: It says no, or raises.
        """
        assert callable(tool.confirm)  # noqa: S101 - seen by whoever asks
        decided = await self._call(partial(tool.confirm, tool.name, arguments))
        if decided.error is not None:
            raise _raised(tool.name, decided.error)
        if not decided.value:
            raise refused(tool.name, "Its confirm function said no.")

    async def _called(self, tool: Tool, function: Callable[[], Any]) -> Any:
        try:
            async with asyncio.timeout(tool.timeout):
                call = _as_async(function) if tool.is_async else partial(_whole, function)
                returned = await self._call(call)
        except TimeoutError:
            raise _late(tool) from None
        if returned.error is not None:
            raise _raised(tool.name, returned.error)
        return returned.value

    async def _call(self, function: Callable[[], Any]) -> Returned:
        return await self._functions.call(function, self._context, self._queue)


def _whole(function: Callable[[], Any]) -> Any:
    """Return what a function returns, or a list of what it yields, which takes its time too."""
    value = function()
    return list(value) if inspect.isgenerator(value) else value


def _as_async(function: Callable[[], Any]) -> Callable[[], Awaitable[Any]]:
    async def call() -> Any:
        return await function()

    return call


# ------------------------------------------------------------------------------- in words


def _unknown(name: str, known: Mapping[str, Tool]) -> CallError:
    names = ", ".join(known) or "none"
    info = ErrorInfo(
        kind="tool_unknown",
        title=f"There is no tool {name[:80]!r}",
        detail=f"The model was told which there are: {names[:300]}.",
    )
    return CallError(info, f"Error: there is no tool {name!r}. Available: {names}.")


def _unfit(name: str, why: str) -> CallError:
    info = ErrorInfo(
        kind="tool_arguments",
        title=f"The arguments of {name} do not fit",
        detail=f"{why}. It was not called, and the model was told.",
    )
    return CallError(info, f"Error: the arguments do not fit: {why}")


def _failed(name: str, why: str) -> CallError:
    detail = f"{why}{'' if why.endswith('.') else '.'} The model was told."
    info = ErrorInfo(kind="tool_failed", title=f"{name} failed", detail=detail)
    return CallError(info, f"Error: {why}")


def _raised(name: str, error: BaseException) -> CallError:
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
    return CallError(info, f"Error: {told}")


def _words(error: BaseException) -> str:
    try:
        return str(error)[:_LONGEST_ERROR].strip()
    except Exception:  # noqa: BLE001 - code of users
        return ""


def _late(tool: Tool) -> CallError:
    after = f"{tool.timeout:g} s"
    left = "It was cancelled" if tool.is_async else "It goes on by itself, and its result is lost"
    info = ErrorInfo(
        kind="tool_timeout",
        title=f"{tool.name} took longer than {after}",
        detail=f"{left}. The model was told.",
    )
    return CallError(info, f"Error: no result after {after}.")


def refused(name: str, why: str) -> CallError:
    info = ErrorInfo(kind="tool_refused", title=f"{name} was not allowed", detail=why)
    return CallError(info, "Error: the user did not allow this call.")


def unasked(name: str) -> CallError:
    info = ErrorInfo(
        kind="tool_refused",
        title=f"{name} asks before each call, and nobody is there to be asked",
        detail="Show the playground in a notebook, or give Tool(..., confirm=function) a function "
        "that decides. Nothing was called, and the model was told.",
    )
    return CallError(info, "Error: this call needs to be allowed, and nobody is there to ask.")
