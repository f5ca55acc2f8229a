"""One answer, from its request to its end: attempts, the growing text, and what is kept."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from playground_widget.engine._attempts import repeated
from playground_widget.engine._fit import checked
from playground_widget.engine._passage import at_limit
from playground_widget.engine._seen import Seen
from playground_widget.errors import ConflictError, ErrorInfo, PlaygroundError, RunError, StoreError
from playground_widget.events import Delta, DeltaKind, Retrying
from playground_widget.model import Message, Refusal, Retry, Status, ToolCall
from playground_widget.model import Text as TextPart
from playground_widget.provider import Delta as Text
from playground_widget.provider import Opened, ToolDelta, explain

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from playground_widget.engine._feed import Feed
    from playground_widget.engine._passage import Passage
    from playground_widget.engine._run import Run
    from playground_widget.engine._wire import Recording
    from playground_widget.provider import Chunk, Connection

__all__ = ["Answering", "Ask"]

Ask = Callable[[], Awaitable[dict[str, Any]]]

_log = logging.getLogger("playground_widget")


class Answering:
    """Writes one answer into a feed. Belongs to the loop's thread.

    Args:
        feed: Where the answer grows.
        run: The handle that its caller holds.
        message: The answer as it has started in the feed: streaming, with the text that it
            continues if any.
        ask: Returns the exact request; called for each attempt.
        connection: Where it is sent.
        passage: Lets its requests through.
        advise: Adds to an error what only the conversation knows.
        ended: Called with the answer once it is finished, and waited for.
        recording: Keeps what is sent and what comes back, for a look at it.
        record: Whether what the service sends is kept, word for word.
    """

    def __init__(
        self,
        feed: Feed,
        run: Run,
        message: Message,
        *,
        ask: Ask,
        connection: Connection,
        passage: Passage,
        advise: Callable[[ErrorInfo], ErrorInfo],
        ended: Callable[[Message], Awaitable[None]],
        recording: Recording,
        record: bool = False,
    ) -> None:
        """Prepare; nothing is sent before `write`."""
        self._feed = feed
        self._run = run
        self._message = message
        # Held here too: when this computer slept, another one may have put the run away.
        self._live = feed.state.live[message.id]
        self._ask = ask
        self._connection = connection
        self._passage = passage
        self._number = 0
        self._model = message.model or ""
        self._advise = advise
        self._on_end = ended
        self._recording = recording
        self._record = partial(feed.record, message.id) if record else None
        self._seen = Seen(connection.mask)
        self._calls: dict[int, int] = {}
        self._sent_at = 0.0
        self.hurry: asyncio.Event = asyncio.Event()
        self._is_ending = False
        self._is_unwanted = False
        # A last look at a whole answer: returns why it failed all the same.
        self.check: Callable[[Message], RunError | None] = lambda _: None

    @property
    def message(self) -> str:
        """The id of the answer."""
        return self._message.id

    def give_up(self) -> bool:
        """Return whether it is to be cancelled, which it is once and not while it is kept."""
        if self._is_ending:
            return False
        self._is_ending = True
        return True

    def stop_at_once(self) -> None:
        """Have it end without anything being sent."""
        self._is_unwanted = True

    async def write(self) -> tuple[Message, BaseException | None]:
        """Ask, take the answer as it comes, and keep it, whatever happens.

        Returns:
            The answer as it is kept, and why it failed.
        """
        feed = self._feed
        status: Status = "failed"
        error: BaseException | None = None
        message = self._message
        try:
            if self._is_unwanted:
                status = "cancelled"
            else:
                await self._attempts()
                error = self.check(replace(message, content=self._live.freeze()))
                status = "failed" if error else "complete"
        except asyncio.CancelledError:
            status = "cancelled"
        except RunError as failure:
            error = failure
        except Exception as bug:  # noqa: BLE001 - raised again from Run.result
            _log.exception("A run ended by a mistake of the playground")
            error = bug
        finally:
            # The safety net: whatever came is kept, and everybody learns that it ended.
            self._is_ending = True
            message = self._ended(status, error)
            try:
                message = await feed.finish(await checked(message))
                await self._on_end(message)
            except Exception as bug:  # noqa: BLE001 - raised again from Run.result
                _log.exception("The end of a run met a mistake of the playground")
                error = error or bug
            if isinstance(error, RunError):
                error = RunError.of(error.info, message)
        return message, error

    # -- attempts

    async def _attempts(self) -> None:
        await repeated(
            self._attempt,
            attempts=self._connection.max_attempts,
            has_come=lambda: self._seen.tokens > 0,
            pause=self._pause,
        )

    async def _pause(self, retry: Retry) -> None:
        """Wait in everybody's sight; `hurry` ends the wait."""
        if retry.error.kind == "rate_limited":
            self._passage.refused(retry.wait)
        started = self._now()
        self.hurry.clear()
        await self._waits(retry)
        try:
            async with asyncio.timeout(retry.wait):
                await self.hurry.wait()
        except TimeoutError:
            pass
        self._recording.waiting(self._now() - started)
        await self._waits(None)

    async def _held(self, wait: float | None) -> None:
        """Tell everybody that the request waits for what was set, or (`None`) not any more."""
        held = Retry(
            attempt=self._number,
            attempts=self._connection.max_attempts,
            wait=wait or 0.0,
            error=at_limit(self._connection),
        )
        await self._waits(None if wait is None else held)

    async def _waits(self, retry: Retry | None) -> None:
        """Tell everybody about a wait; a store that cannot be written is no reason to end."""
        told = None if retry is None else replace(retry, until=time.monotonic() + retry.wait)
        with suppress(StoreError, ConflictError):
            await self._feed.commit(lambda _: Retrying(self._message.id, told), insist=True)

    async def _attempt(self) -> None:
        self._seen = Seen(self._connection.mask)
        self._calls.clear()
        self._number += 1
        self._sent_at = self._now()
        failure: Exception | None = None
        try:
            body = await self._ask()
        except PlaygroundError as error:
            raise self._explain(error) from None
        self._model = str(body["model"])
        try:
            # The first one of a process loads the SDK, which is no part of an answer's time.
            await self._connection.prepare()
            await self._passage.open(self.hurry, self._held)
            self._sent_at = self._now()
            async with aclosing(self._stream(body)) as stream:
                async for chunks in stream:
                    self._fold(chunks)
        except Exception as error:  # noqa: BLE001 - explained below
            failure = error
        self._passage.settle(self._seen.usage)
        if failure is not None:
            # Outside of `except`, so that no traceback leads to the request and its key.
            raise self._explain(failure, body) from None

    def _stream(self, body: dict[str, Any]) -> AsyncGenerator[list[Chunk], None]:
        return self._connection.stream(body, self._record, self._recording)

    def _explain(self, failure: Exception, body: dict[str, Any] | None = None) -> RunError:
        tokens = self._seen.tokens
        parts = self._live.freeze()
        calls = any(isinstance(part, ToolCall) for part in parts)
        told = explain(
            failure,
            self._connection,
            model=self._model,
            had_text=tokens > 0,
            tokens=tokens,
            body=body,
            words=not calls and any(isinstance(part, TextPart | Refusal) for part in parts),
            calls=calls,
        )
        self._recording.failed(told.info.title)
        return RunError.of(self._advise(told.info))

    # -- what comes

    def _fold(self, chunks: list[Chunk]) -> None:
        """Take what one read of the network brought."""
        now = self._now()
        words: list[str] = []
        for chunk in chunks:
            self._seen.take(chunk, now)
            match chunk:
                case Opened():
                    self._passage.opened(chunk.limits)
                case ToolDelta():
                    self._grow_call(chunk)
                case Text():
                    self._grow(chunk.kind, chunk.text)
                    if chunk.kind != "reasoning":
                        words.append(chunk.text)
        if words:
            self._run._wrote("".join(words))  # noqa: SLF001

    def _grow(self, kind: DeltaKind, text: str) -> None:
        """Add words to the last part, or open a new part when their kind is another."""
        if not text:
            return
        part, last, length = self._live.last()
        if last != kind:
            part, length = part + 1, 0
        self._add(Delta(self._message.id, part, length, text, kind, self._seen.tokens))

    def _grow_call(self, chunk: ToolDelta) -> None:
        """Add to the arguments of a tool call; each call is a part of its own."""
        live = self._live
        part = self._calls.get(chunk.index)
        call = None
        if part is None:
            part = self._calls[chunk.index] = live.last()[0] + 1
            call = (chunk.id or "", chunk.name or "")
            length = 0
        else:
            length = live.lengths[part]
        tokens = self._seen.tokens
        self._add(Delta(self._message.id, part, length, chunk.arguments, "tool_call", tokens, call))

    def _add(self, delta: Delta) -> None:
        if not self._feed.grow(delta):
            self._live.append(delta)

    # -- the end

    def _ended(self, status: Status, error: BaseException | None) -> Message:
        """Return the answer as it is kept."""
        seen, now = self._seen, self._now()
        info: ErrorInfo | None = None
        if isinstance(error, RunError):
            info = error.info
        elif error is not None:
            info = ErrorInfo(
                kind="internal",
                title="The playground made a mistake",
                detail=f"What came so far is kept. {type(error).__name__}: see the kernel's log.",
                actions=("regenerate",),
            )
        return replace(
            self._message,
            content=self._live.freeze(),
            status=status,
            model=seen.model or self._model or None,
            finish_reason=seen.finish_reason,
            usage=seen.priced(self._model, self._connection),
            timing=seen.timing(self._sent_at, now),
            error=info,
            request_id=seen.request_id,
            tokens=None if seen.usage or not seen.tokens else seen.tokens,
            retry=None,
            logprobs=(*(self._message.logprobs or ()), *seen.logprobs) or None,
        )

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
