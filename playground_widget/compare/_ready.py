"""The JSON of cells, made once for each, however often thousands of them are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from playground_widget.compare._summary import summary_of
from playground_widget.compare._values import Cell, Key, Plan
from playground_widget.compare._view import cell_to_dict

if TYPE_CHECKING:
    from playground_widget.engine import Engine

__all__ = ["Ready"]

_Made = dict[Key, tuple[Cell, dict[str, Any]]]


class Ready:
    """What is at hand of a comparison's cells. Belongs to the loop's thread."""

    def __init__(self) -> None:
        """Have nothing at hand."""
        self._made: _Made = {}

    def shown(self, cell: Cell) -> dict[str, Any]:
        """Return the JSON of a cell, which many share: it is not to be changed."""
        known = self._made.get(cell.key)
        if known is None or known[0] is not cell:
            known = self._made[cell.key] = (cell, cell_to_dict(cell))
        return known[1]

    async def prepare(
        self, engine: Engine, plan: Plan, cells: Mapping[Key, Cell]
    ) -> list[dict[str, Any]]:
        """Return what cells come to, and have their JSON at hand.

        That is much work for thousands of them, and is done on another thread.

        Args:
            engine: Whose threads these are.
            plan: What is asked.
            cells: The cells; they must not change meanwhile.
        """
        known = dict(self._made)

        def work() -> tuple[list[dict[str, Any]], _Made]:
            new = [cell for key, cell in cells.items() if key not in known or _other(known, cell)]
            made = {cell.key: (cell, cell_to_dict(cell)) for cell in new}
            return summary_of(plan, cells), made

        summary, made = await engine.wait(work)
        self._made.update(made)
        return summary


def _other(known: _Made, cell: Cell) -> bool:
    return known[cell.key][0] is not cell
