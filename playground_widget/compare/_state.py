"""What there is of a comparison: its cells, its name, who won, and who is told of that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from playground_widget.compare._costs import Costs
from playground_widget.compare._pace import Pace
from playground_widget.compare._picks import Pick, picked, win_rates
from playground_widget.compare._ready import Ready
from playground_widget.compare._summary import Summing
from playground_widget.compare._telling import (
    CellFinished,
    Listener,
    Picked,
    Progress,
    Renamed,
    Telling,
)
from playground_widget.compare._values import Cell, Key, Plan
from playground_widget.engine import Engine
from playground_widget.errors import InputError, NotFoundError
from playground_widget.store import Comparisons, StoredCell

__all__ = ["ComparisonState", "cell_of", "stored"]


def stored(cell: Cell) -> StoredCell:
    """Return a cell as the store keeps it."""
    return StoredCell(*cell.key, cell.status, cell.to_dict())


def cell_of(kept: StoredCell) -> Cell:
    """Return a cell that the store kept."""
    status: Any = kept.status
    return Cell.from_dict(Key(kept.row, kept.variant, kept.sample), status, kept.facts)


class ComparisonState:
    """One comparison, without what asks for it. Belongs to the loop's thread, as a runner.

    Args:
        engine: Whose loop it is.
        kept: Where it is kept.
        comparison: Its id there.
        name: What it is called.
        plan: What it asks.
    """

    def __init__(
        self, engine: Engine, kept: Comparisons, *, comparison: str, name: str, plan: Plan
    ) -> None:
        """Begin with cells that wait."""
        self.id = comparison
        self.name: str = name
        self.plan: Plan = plan
        self.picks: Mapping[int, Pick] = {}
        self.blind: bool = False
        self.is_deleted = False
        self.status: str = "paused"
        self.reason: str | None = None
        self.cells: dict[Key, Cell] = {key: Cell(**key._asdict()) for key in plan.places()}
        self.telling: Telling = Telling(engine.loop, self.progress)
        self._summing = Summing(engine, lambda: (self.plan, dict(self.cells)), self.telling.tell)
        self._ready = Ready()
        self._noting = asyncio.Lock()
        # What it will be when what is being asked has ended.
        self._stop: str | None = None
        self._engine = engine
        self._kept = kept
        self._costs = Costs(plan)
        self._pace = Pace()

    # -- reading

    @property
    def cost(self) -> float | None:
        """What it has cost in US dollars, or `None` if nothing of that is known."""
        return self._costs.spent if self._costs.is_known else None

    def belongs_to(self, engine: Engine) -> bool:
        """Return whether this is run by an engine: after a fork there is another one."""
        return self._engine is engine

    def progress(self) -> Progress:
        """Return how far it is."""
        counts = dict.fromkeys(("complete", "failed", "cancelled", "running", "waiting"), 0)
        for cell in self.cells.values():
            counts[cell.status] += 1
        waiting = counts.pop("waiting")
        rate = self._pace.rate(self._engine.loop.time())
        left = (waiting + counts["running"]) / rate if rate and self.status == "running" else None
        return Progress(
            status=self.status,
            reason=self.reason,
            total=len(self.cells),
            **counts,
            cost=self.cost,
            rate=rate,
            left=left,
            pausing=self._stop == "paused",
        )

    def shown(self, cell: Cell) -> dict[str, Any]:
        """Return the JSON of one of its cells, which is not to be changed."""
        return self._ready.shown(cell)

    async def ready(self) -> list[dict[str, Any]]:
        """Return what the answers come to, and have them at hand as JSON."""
        return await self._ready.prepare(self._engine, self.plan, dict(self.cells))

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call a function with what happens from now on; return what ends that."""
        return self.telling.listen(listener)

    def _has_answer(self, variant: int) -> bool:
        """Return whether anything was answered that a variant asked."""
        return any(
            cell.status == "complete" for cell in self.cells.values() if cell.variant == variant
        )

    # -- what it is told

    async def pick(self, row: int, variant: int | None, sample: int = 0) -> None:
        """Say which variant won a row; `None` takes that back.

        Raises:
            NotFoundError: There is no such row, variant or sample.
        """
        plan = self.plan
        for name, number, count in (
            ("row", row, len(plan.rows)),
            ("variant", variant or 0, len(plan.candidates)),
            ("sample", sample, plan.samples),
        ):
            if number not in range(count):
                raise NotFoundError(f"there is no {name} {number}; there are {count}")
        async with self._noting:
            picks = picked(self.picks, row, variant, sample, blind=self.blind)
            noted = {str(at): pick.to_dict() for at, pick in picks.items()}
            await asyncio.wrap_future(self._kept.note(self.id, picks=noted))
            self.picks = picks
        self.telling.tell(Picked(picks, win_rates(plan, picks, blind=self.blind)))

    async def rename(self, name: str) -> None:
        """Call it something else.

        Raises:
            InputError: That is no name.
        """
        if not name.strip():
            raise InputError("the name of a comparison is a text")
        await asyncio.wrap_future(self._kept.rename(self.id, name))
        self._rename(name)

    def _rename(self, name: str) -> None:
        if name != self.name:
            self.name = name
            self.telling.tell(Renamed(name))

    def _put(self, cell: Cell) -> None:
        """Have a cell that has ended."""
        self.cells[cell.key] = cell
        self.telling.tell(CellFinished(cell))
        if self.telling.has_listeners:
            self._summing.note()
