"""How a cell is asked: once, and again where what failed passes by itself."""

from __future__ import annotations

import asyncio
from functools import partial

from playground_widget.compare._attempt import attempt
from playground_widget.compare._gate import AskCell, Gate, Question, Tell
from playground_widget.compare._values import Cell
from playground_widget.engine import repeated
from playground_widget.errors import RunError
from playground_widget.model import Retry

__all__ = ["asking"]


def asking(attempt: AskCell = attempt) -> AskCell:
    """Return what asks for cells, each as often as its connection allows while nothing has come.

    Args:
        attempt: Asks once: from this process, or wherever else.
    """

    async def ask(question: Question, gate: Gate, tell: Tell) -> Cell:
        found: list[Cell] = []

        async def once() -> None:
            cell = await attempt(question, gate, tell)
            found.append(cell)
            if cell.error is not None:
                raise RunError.of(cell.error)

        try:
            await repeated(
                once,
                attempts=question.connection.max_attempts,
                has_come=lambda: bool(found[-1].output or found[-1].steps),
                pause=partial(_pause, gate),
            )
        except RunError as failure:
            wait = failure.info.facts.get("retry_after")
            if isinstance(wait, int | float):
                # Too long for this one; the others wait rather than fail in turn.
                gate.refused(wait)
        gate.settle(found[-1].usage)
        return found[-1]

    return ask


async def _pause(gate: Gate, retry: Retry) -> None:
    if retry.error.kind == "rate_limited":
        # The others need not find out for themselves.
        gate.refused(retry.wait)
    else:
        await asyncio.sleep(retry.wait)
