"""How one cell is asked. The one place that would be another on another machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any, NamedTuple

from playground_widget.compare._values import Cell, Key
from playground_widget.engine import Limiter, Permit, Seen, repeated
from playground_widget.errors import RunError
from playground_widget.model import Retry
from playground_widget.provider import Connection, Delta, Opened, explain

__all__ = ["AskCell", "Gate", "Question", "Tell", "ask"]


class Question(NamedTuple):
    """What is asked.

    Args:
        key: For which cell.
        connection: Where.
        body: The exact request.
    """

    key: Key
    connection: Connection
    body: Mapping[str, Any]


Tell = Callable[[str], None]
"""Called with the words of an answer as they come."""


class Gate:
    """Lets the attempts of one question through, each when the service's limits allow it.

    Args:
        limiter: Of the connection.
        tokens: About how many the question and its answer have.
        permit: For the first attempt, if there is one already.
    """

    def __init__(self, limiter: Limiter, tokens: float, permit: Permit | None = None) -> None:
        """Begin closed."""
        self._limiter = limiter
        self._tokens = tokens
        self._permit = permit
        self._passed: Permit | None = None

    async def open(self) -> None:
        """Wait until a request may be sent; it is sent now."""
        permit = self._permit or await self._limiter.acquire(self._tokens)
        self._permit, self._passed = None, permit
        permit.sent()

    def opened(self, chunk: Opened) -> None:
        """Take what the service says of its limits."""
        self._limiter.learn(chunk.limits)

    def refused(self, wait: float) -> None:
        """Ask nothing of this service for so long."""
        self._limiter.hold(wait)

    def settle(self, seen: Seen) -> None:
        """Say how many tokens it came to."""
        if self._passed is not None and seen.usage is not None:
            self._passed.settle(seen.usage.input_tokens + seen.usage.output_tokens)


AskCell = Callable[[Question, Gate, Tell], Awaitable[Cell]]
"""Asks a cell and returns it, `complete` or `failed`. When it is cancelled, it raises that."""


async def ask(question: Question, gate: Gate, tell: Tell) -> Cell:
    """Ask a cell from this process."""
    return await _Asking(question, gate, tell).run()


class _Asking:
    """One question. Belongs to the loop's thread."""

    def __init__(self, question: Question, gate: Gate, tell: Tell) -> None:
        self._question = question
        self._gate = gate
        self._tell = tell
        self._seen = Seen(question.connection.mask)
        self._words: list[str] = []
        self._sent_at = self._now()

    async def run(self) -> Cell:
        error = None
        try:
            await repeated(
                self._attempt,
                attempts=self._question.connection.max_attempts,
                has_come=lambda: self._seen.tokens > 0,
                pause=self._pause,
            )
        except RunError as failure:
            error = failure.info
            wait = error.facts.get("retry_after")
            if isinstance(wait, int | float):
                # Too long for this one; the others wait rather than fail in turn.
                self._gate.refused(wait)
        seen = self._seen
        self._gate.settle(seen)
        output = "".join(self._words)
        model = str(self._question.body["model"])
        return Cell(
            **self._question.key._asdict(),
            status="complete" if error is None else "failed",
            output=output,
            parsed=_parsed(self._question.body, output) if error is None else None,
            usage=seen.priced(model, self._question.connection),
            timing=seen.timing(self._sent_at, self._now()),
            error=error,
            request_id=seen.request_id,
            model=seen.model or model,
            finish_reason=seen.finish_reason,
        )

    async def _pause(self, retry: Retry) -> None:
        if retry.error.kind == "rate_limited":
            # The others need not find out for themselves.
            self._gate.refused(retry.wait)
        else:
            await asyncio.sleep(retry.wait)

    async def _attempt(self) -> None:
        connection = self._question.connection
        self._seen = Seen(connection.mask)
        failure: Exception | None = None
        try:
            # The first one of a process loads the SDK, which is no part of an answer's time.
            await connection.prepare()
            await self._gate.open()
            self._sent_at = self._now()
            async with aclosing(connection.stream(self._question.body)) as stream:
                async for chunks in stream:
                    now = self._now()
                    for chunk in chunks:
                        self._seen.take(chunk, now)
                        if isinstance(chunk, Opened):
                            self._gate.opened(chunk)
                        elif isinstance(chunk, Delta) and chunk.kind != "reasoning":
                            self._words.append(chunk.text)
                            self._tell(chunk.text)
        except Exception as error:  # noqa: BLE001 - explained below
            failure = error
        if failure is not None:
            # Outside of `except`, so that no traceback leads to the request and its key.
            model, tokens = str(self._question.body["model"]), self._seen.tokens
            raise explain(
                failure, connection, model=model, had_text=tokens > 0, tokens=tokens
            ) from None

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _parsed(body: Mapping[str, Any], output: str) -> Any:
    """Return the answer as JSON, where JSON was asked for and came."""
    wanted = body.get("response_format") or body.get("text", {}).get("format", {})
    if wanted.get("type") not in {"json_object", "json_schema"}:
        return None
    try:
        return json.loads(output)
    except ValueError:
        return None
