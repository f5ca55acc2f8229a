"""One request for a cell, from this process: sent once, and read to its end."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from playground_widget.compare._gate import Door, Question, Tell
from playground_widget.compare._steps import Step
from playground_widget.compare._values import Cell
from playground_widget.engine import Seen
from playground_widget.errors import ErrorInfo
from playground_widget.provider import Chunk, Delta, Opened, ToolDelta, explain

__all__ = ["attempt"]


async def attempt(question: Question, gate: Door, tell: Tell) -> Cell:
    """Ask once and return the cell, `complete` or `failed`."""
    return await _Attempt(question, gate, tell).run()


class _Attempt:
    """One request. Belongs to the thread of the loop that it runs on."""

    def __init__(self, question: Question, gate: Door, tell: Tell) -> None:
        self._question = question
        self._gate = gate
        self._tell = tell
        self._seen = Seen(question.connection.mask)
        self._words: list[str] = []
        self._calls: dict[int, ToolDelta] = {}
        self._refused: bool | None = None
        self._sent_at = _now()

    async def run(self) -> Cell:
        error = await self._read()
        seen, asked = self._seen, str(self._question.body["model"])
        return Cell(
            **self._question.key._asdict(),
            status="complete" if error is None else "failed",
            output="".join(self._words),
            refused=self._refused,
            steps=tuple(
                Step(id=call.id, name=call.name, arguments=call.arguments)
                for _, call in sorted(self._calls.items())
            ),
            usage=seen.priced(asked, self._question.connection),
            timing=seen.timing(self._sent_at, _now()),
            error=error,
            request_id=seen.request_id,
            model=seen.model or asked,
            finish_reason=seen.finish_reason,
        )

    async def _read(self) -> ErrorInfo | None:
        """Read the answer, and return why that failed if it did."""
        connection, body = self._question.connection, self._question.body
        failure: Exception | None = None
        try:
            # The first one of a process loads the SDK, which is no part of an answer's time.
            await connection.prepare()
            await self._gate.open()
            self._sent_at = _now()
            async with aclosing(connection.stream(body)) as stream:
                async for chunks in stream:
                    now = _now()
                    for chunk in chunks:
                        self._seen.take(chunk, now)
                        self._take(chunk)
        except Exception as error:  # noqa: BLE001 - explained below
            failure = error
        if failure is None:
            return None
        # Outside of `except`, so that no traceback leads to the request and its key.
        model, tokens = str(body["model"]), self._seen.tokens
        told = explain(failure, connection, model=model, had_text=tokens > 0, tokens=tokens)
        return told.info

    def _take(self, chunk: Chunk) -> None:
        match chunk:
            case Opened():
                self._gate.opened(chunk.limits)
            case ToolDelta():
                before = self._calls.get(chunk.index)
                arguments = (before.arguments if before else "") + chunk.arguments
                name = chunk.name or (before.name if before else "")
                self._calls[chunk.index] = ToolDelta(chunk.index, chunk.id, name, arguments)
            case Delta() if chunk.kind != "reasoning":
                if chunk.kind == "refusal":
                    self._refused = True
                self._words.append(chunk.text)
                self._tell(chunk.text)


def _now() -> float:
    return asyncio.get_running_loop().time()
