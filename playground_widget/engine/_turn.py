"""One run: an answer, the calls it asks for, the answer to their results, and so on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from playground_widget.errors import ErrorInfo, PlaygroundError, RunError
from playground_widget.model import Message, ToolCall

if TYPE_CHECKING:
    from playground_widget.engine._answer import Answering
    from playground_widget.engine._calls import Calls
    from playground_widget.engine._feed import Feed
    from playground_widget.engine._run import Run

__all__ = ["Again", "Turn", "open_calls"]

_log = logging.getLogger("playground_widget")

Again = Callable[[str], Awaitable["Answering"]]
"""Starts the answer to a message: the result of the last call."""


class Turn:
    """Writes what one run asks for. Belongs to the loop's thread.

    Args:
        feed: Where the answers grow.
        run: The handle that its caller holds.
        first: Writes the first answer; or an answer whose calls are to be made first.
        calls: Makes the calls, or `None` where nothing can be called.
        again: Starts the next answer.
        most_rounds: How often results may be sent.
        changed: Called when another message is being written.
    """

    def __init__(
        self,
        feed: Feed,
        run: Run,
        first: Answering | Message,
        *,
        calls: Calls | None = None,
        again: Again | None = None,
        most_rounds: int = 0,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare; nothing is sent before `write`."""
        self._feed = feed
        self._run = run
        self._calls = calls
        self._again = again
        self._rounds = most_rounds
        self._changed = changed
        self._answering = None if isinstance(first, Message) else first
        self._last = first if isinstance(first, Message) else None
        self._answer = first.id if isinstance(first, Message) else first.message
        self._mine = {self._answer}
        self._calling = False
        self._stopped = False
        self._see_to_limit()

    @property
    def message(self) -> str:
        """The id of the answer that is being written, or whose calls are made."""
        return self._answer

    def covers(self, message: str) -> bool:
        """Return whether a message is one that this run writes or has written."""
        return message in self._mine

    def start(self, cancel: Callable[[], None]) -> None:
        """Give its caller the means to read and end the run, which has begun."""
        self._run._attach(  # noqa: SLF001 - the engine's side of a run
            lambda: self._feed.state.message(self._answer), cancel
        )

    def hurry(self) -> None:
        """End the wait before the next attempt."""
        if self._answering is not None:
            self._answering.hurry.set()

    def consent(self, message: str, *, allowed: bool, always: bool = False) -> bool:
        """Say whether a call may be made; return whether it was waiting for that."""
        return self._calls is not None and self._calls.answer(
            message, allowed=allowed, always=always
        )

    def give_up(self) -> bool:
        """Have the run end after what is being put away; return whether to cancel it at once.

        Between an answer and its calls, and while either is being kept, there is nothing to
        cancel: a second time, or there, it would hit what must be whole.
        """
        if self._stopped:
            return False
        self._stopped = True
        if self._answering is not None:
            return self._answering.give_up()
        return self._calling

    async def write(self) -> None:
        """Write answers and make their calls until there is nothing more to call."""
        message: Message | None = self._last
        error: BaseException | None = None
        try:
            while True:
                if self._answering is not None:
                    message, error = await self._answering.write()
                    self._answering = None
                assert message is not None  # noqa: S101 - an answer, or one to begin with
                calls = open_calls(message)
                if error is not None or not calls or self._is_stopped() or self._calls is None:
                    break
                if not await self._call(self._calls, message, calls):
                    break
        except PlaygroundError as failure:
            error = failure
        except Exception as bug:  # noqa: BLE001 - raised again from Run.result
            _log.exception("A run ended by a mistake of the playground")
            error = bug
        finally:
            self._run._finish(message, error)  # noqa: SLF001 - the engine's side of a run

    async def _call(self, calls: Calls, answer: Message, asked: tuple[ToolCall, ...]) -> bool:
        """Make the calls of an answer and start the next one; return whether that is to be."""
        messages = await calls.open(answer, asked)
        self._mine.update(message.id for message in messages)
        if self._is_stopped():
            await calls.drop(messages)
            return False
        self._calling = True
        self._changed()
        try:
            await calls.make(asked, messages)
        except asyncio.CancelledError:
            return False
        finally:
            self._calling = False
        if self._is_stopped() or self._again is None:
            return False
        self._rounds -= 1
        self._answering = await self._again(messages[-1].id)
        self._answer = self._answering.message
        self._mine.add(self._answer)
        self._see_to_limit()
        self._changed()
        if self._is_stopped():
            # Stopped while it started: it ends before anything is sent.
            self._answering.stop_at_once()
        return True

    def _is_stopped(self) -> bool:
        """Return whether it was stopped, which happens while something is waited for."""
        return self._stopped

    def _see_to_limit(self) -> None:
        if self._answering is not None and self._calls is not None and self._rounds <= 0:
            self._answering.check = _too_many


def open_calls(message: Message) -> tuple[ToolCall, ...]:
    """Return what an answer asks to be called: nothing where it did not come whole."""
    too_many = message.error is not None and message.error.kind == _TOO_MANY
    is_whole = message.role == "assistant" and (message.status == "complete" or too_many)
    return message.tool_calls if is_whole else ()


_TOO_MANY = "tool_rounds"


def _too_many(message: Message) -> RunError | None:
    """Return why an answer is the last one: it asks for more calls than may be made."""
    if not message.tool_calls:
        return None
    return RunError.of(
        ErrorInfo(
            kind=_TOO_MANY,
            title="The model asked for more rounds of calls than may be made",
            detail="What it asked for last was not called, and all results are kept. Go on with "
            "pg.send(), or raise pg.max_tool_rounds.",
            actions=("go_on",),
        )
    )
