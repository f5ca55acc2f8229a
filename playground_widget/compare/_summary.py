"""What the answers of each variant come to, as a page shows it; made anew while cells end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from playground_widget.compare._report import figures, measures, scores
from playground_widget.compare._telling import Summary
from playground_widget.compare._values import Cell, Key, Plan
from playground_widget.errors import ClosedError

if TYPE_CHECKING:
    from playground_widget.engine import Engine

__all__ = ["Summing", "summary_of"]

PAUSE = 1.0
"""Seconds between two summaries."""


def summary_of(plan: Plan, cells: Mapping[Key, Cell]) -> list[dict[str, Any]]:
    """Return a line for each variant.

    Its `measures` are the means of the scores with their intervals; `first_token` and `duration` in
    seconds and `speed` in tokens a second are means, `tokens` and `cost` sums. What is not known is
    `None`.
    """
    names = scores(cells.values())
    found: dict[str, dict[str, Any]] = {each.name: {} for each in plan.candidates}
    for variant, measure, estimate in measures(plan, cells, (), names):
        found[variant][measure] = estimate._asdict()
    lines = []
    for number, candidate in enumerate(plan.candidates):
        own = [c for c in cells.values() if c.variant == number and c.status == "complete"]
        paid = [c.cost for c in cells.values() if c.variant == number and c.cost is not None]
        lines.append(
            {
                "variant": candidate.name,
                "measures": found[candidate.name],
                "first_token": _mean(c.timing.first_token for c in own if c.timing),
                "speed": _mean(map(_speed, own)),
                "tokens": sum(int(figures(c)["tokens"] or 0) for c in own),
                "cost": sum(paid) if paid else None,
                "duration": _mean(c.timing.duration for c in own if c.timing),
            }
        )
    return lines


def _speed(cell: Cell) -> float | None:
    """Return how many tokens a second an answer had, from its first token on."""
    if cell.timing is None or cell.timing.first_token is None or cell.usage is None:
        return None
    time = cell.timing.duration - cell.timing.first_token
    return cell.usage.output_tokens / time if time > 0 else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


class Summing:
    """Tells what a comparison comes to after cells have ended, at most once a second.

    Belongs to the loop's thread; the figures are made on another one.

    Args:
        engine: Whose loop it is.
        present: Returns what is asked, and the cells as they are.
        tell: Called with each summary.
    """

    def __init__(
        self,
        engine: Engine,
        present: Callable[[], tuple[Plan, dict[Key, Cell]]],
        tell: Callable[[Summary], None],
    ) -> None:
        """Tell nothing yet."""
        self._engine = engine
        self._present = present
        self._tell = tell
        self._work: asyncio.Task[None] | None = None
        self._again = False

    def note(self) -> None:
        """Have a summary told, now or a second after the last one."""
        if self._work is None:
            self._work = self._engine.loop.create_task(self._run())
        else:
            self._again = True

    async def _run(self) -> None:
        try:
            while True:
                self._again = False
                lines = await self._engine.wait(summary_of, *self._present())
                self._tell(Summary(lines))
                await asyncio.sleep(PAUSE)
                if not self._again:
                    return
        except ClosedError:
            # Python ends, and nobody is left who could be told.
            pass
        finally:
            self._work = None
