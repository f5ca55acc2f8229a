"""A cell from its first request to its answer: the calls of tools between, and the last check."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from playground_widget.compare._asked import body_of
from playground_widget.compare._gate import AskCell, Gate, Question, Tell
from playground_widget.compare._steps import Step
from playground_widget.compare._values import Cell, Key, Plan
from playground_widget.engine import Caller, CallError, Engine, checked
from playground_widget.errors import ErrorInfo
from playground_widget.model import (
    Message,
    Params,
    Part,
    Text,
    Timing,
    ToolCall,
    Usage,
    json_of,
    text_of,
    wants_json,
)
from playground_widget.tools import Tool

__all__ = ["Rounds"]

_log = logging.getLogger("playground_widget")

LONGEST_RESULT = 10_000
"""The most characters of a result that are kept."""


class Rounds:
    """The rounds of one cell: ask, make the calls that are asked for, ask again with the results.

    The calls are made in this process, wherever the asking is done. Belongs to the loop's thread.

    Args:
        plan: What is asked.
        key: Which cell.
        ask: Asks once for it.
        engine: Calls functions.
        context: What they are called in.
        owner: What waits for the calls, and which they must not wait for.
    """

    def __init__(
        self,
        plan: Plan,
        key: Key,
        *,
        ask: AskCell,
        engine: Engine,
        context: contextvars.Context,
        owner: object,
    ) -> None:
        """Ask nothing yet."""
        self._plan = plan
        self._key = key
        self._candidate = plan.candidates[key.variant]
        self._ask = ask
        tools = {tool.name: tool for tool in self._candidate.tools}
        self._caller = Caller(engine.functions, tools, context, owner)
        self._turns: list[Message] = []
        self._cell: Cell | None = None

    def stopped(self, output: str) -> Cell:
        """Return the cell as it is where it was cancelled, with the words that came."""
        before = self._cell or Cell(**self._key._asdict())
        return replace(before, status="cancelled", output=output)

    async def answer(self, gate: Gate, tell: Tell) -> Cell:
        """Ask, call and ask again; return the cell, `complete` or `failed`."""
        rounds = 0
        while True:
            body = body_of(self._plan, self._key, self._turns)
            cell = await self._ask(
                Question(self._key, self._candidate.connection, body), gate, tell
            )
            asked = tuple(replace(step, round=rounds) for step in cell.steps)
            before = self._cell
            self._cell = cell = _joined(before, replace(cell, steps=asked))
            if cell.status != "complete" or not asked or not self._candidate.tools:
                return await _read(cell, self._candidate.params)
            if rounds >= self._plan.max_tool_rounds:
                return replace(cell, status="failed", error=_TOO_MANY)
            if cell.output:
                tell("\n\n")
            made = await self._call(cell.output, asked)
            steps = (*(before.steps if before else ()), *made)
            self._cell = replace(cell, steps=steps)
            rounds += 1

    async def _call(self, said: str, asked: Sequence[Step]) -> list[Step]:
        """Make the calls of one round at the same time, and return them with what came of them."""
        calls = [ToolCall(id=step.id, name=step.name, arguments=step.arguments) for step in asked]
        words = (Text(said),) if said else ()
        self._turns.append(_message("assistant", (*words, *calls)))
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._one(call)) for call in calls]
        made: list[Step] = []
        for step, task in zip(asked, tasks, strict=True):
            parts, error, duration = task.result()
            self._turns.append(_message("tool", parts, step.id))
            result = "\n\n".join(map(text_of, parts))
            beside = said or None if not made else None
            made.append(
                replace(
                    step,
                    said=beside,
                    result=_shortened(result),
                    error=error,
                    duration=duration,
                )
            )
        return made

    async def _one(self, call: ToolCall) -> tuple[tuple[Part, ...], str | None, float]:
        """Return the result of a call, why it came to nothing, and how long it took."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        error = None
        try:
            parts = await self._caller.result(call, self._consented)
        except CallError as failure:
            parts, error = (Text(failure.told),), failure.info.title
        return parts, error, loop.time() - began

    async def _consented(self, tool: Tool, arguments: Mapping[str, Any]) -> None:
        # Those that ask a person are not in a comparison.
        if callable(tool.confirm):
            await self._caller.decided(tool, arguments)


def _message(role: Any, content: tuple[Part, ...], call: str | None = None) -> Message:
    # Ids are of no matter to a service.
    return Message(id=role, parent=None, role=role, content=content, tool_call_id=call)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_RESULT else text[: LONGEST_RESULT - 1] + "…"


def _joined(before: Cell | None, cell: Cell) -> Cell:
    """Return a cell after one more request: its last words, and what all requests came to."""
    if before is None:
        return cell
    return replace(
        cell,
        steps=(*before.steps, *cell.steps),
        usage=_sum(before.usage, cell.usage),
        timing=_span(before.timing, cell.timing),
    )


def _sum(one: Usage | None, other: Usage | None) -> Usage | None:
    if one is None or other is None:
        return one or other
    pairs = {f.name: (getattr(one, f.name), getattr(other, f.name)) for f in fields(Usage)}
    known = {name: [n for n in pair if n is not None] for name, pair in pairs.items()}
    return Usage(**{name: sum(values) for name, values in known.items() if values})


def _span(one: Timing | None, other: Timing | None) -> Timing | None:
    """Return how long requests took together, without the calls between them."""
    if one is None or other is None:
        return one or other
    reasoning = [each for each in (one.reasoning, other.reasoning) if each is not None]
    return Timing(
        duration=one.duration + other.duration,
        first_token=one.first_token,
        reasoning=sum(reasoning) if reasoning else None,
    )


async def _read(cell: Cell, params: Params) -> Cell:
    """Return a whole answer with its JSON, or with why it does not fit what was asked for."""
    is_open = any(step.result is None for step in cell.steps)
    if cell.status != "complete" or cell.refused or is_open:
        return cell
    if not wants_json(params.response_format):
        return cell
    message = replace(
        _message("assistant", (Text(cell.output),)),
        params=params,
        finish_reason=cell.finish_reason,
    )
    # On a thread of its own: validators are code of the user.
    invalid = (await checked(message)).invalid
    return replace(cell, invalid=invalid, parsed=json_of(cell.output) if invalid is None else None)


_TOO_MANY = ErrorInfo(
    kind="tool_rounds",
    title="The model asked for more rounds of calls than may be made",
    detail="What it asked for last was not called. Raise pg.max_tool_rounds and compare again.",
)
