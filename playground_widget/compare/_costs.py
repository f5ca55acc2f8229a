"""What a cell is likely to cost: known before it is asked, so that a limit is not passed."""

from __future__ import annotations

from collections.abc import Iterable

from playground_widget.compare._asked import tokens_of
from playground_widget.compare._values import Cell, Key, Plan
from playground_widget.errors import InputError
from playground_widget.provider import rate

__all__ = ["Costs", "check_cost"]

OUTPUT = 1000
"""Tokens of an answer that nothing is known of."""

MILLION = 1_000_000


class Costs:
    """What the cells of a comparison cost so far, and what the next ones may.

    Args:
        plan: What is asked.
        cells: Those that have ended.
    """

    def __init__(self, plan: Plan, cells: Iterable[Cell] = ()) -> None:
        """Begin with what is known."""
        self.plan = plan
        self._most: dict[int, float] = {}
        self._tokens: dict[int, int] = {}
        self._seen: set[int] = set()
        self.spent: float = 0.0
        self.is_known: bool = False
        for cell in cells:
            self.note(cell)

    def note(self, cell: Cell) -> None:
        """Take what a cell cost."""
        if cell.status == "complete":
            self._seen.add(cell.variant)
        if cell.usage is not None:
            written = max(cell.usage.output_tokens, self._tokens.get(cell.variant, 0))
            self._tokens[cell.variant] = written
        if cell.cost is not None:
            self.is_known = True
            self.spent += cell.cost
            self._most[cell.variant] = max(cell.cost, self._most.get(cell.variant, 0.0))

    def tokens(self, key: Key) -> int:
        """Return about how many tokens a request and its answer have."""
        limit = self.plan.candidates[key.variant].params.max_tokens
        written = self._tokens.get(key.variant) or limit or OUTPUT
        return tokens_of(self.plan, key) + written

    def estimate(self, key: Key) -> float | None:
        """Return what a cell may cost: as much as the dearest one of its variant so far.

        Before there is one, the price list is asked. `None` means that nothing is known yet; what
        does not say what it cost counts as free.
        """
        known = self._most.get(key.variant)
        if known is not None:
            return known
        asked = self.plan.candidates[key.variant]
        prices = rate(asked.model, asked.connection.base_url)
        if prices == (None, None):
            return 0.0 if key.variant in self._seen else None
        read = tokens_of(self.plan, key)
        written = asked.params.max_tokens or OUTPUT
        return (read * (prices.input or 0.0) + written * (prices.output or 0.0)) / MILLION

    def fits(self, key: Key, running: Iterable[Key]) -> bool:
        """Return whether a cell can be asked beside those that are running."""
        most = self.plan.max_cost
        if most is None:
            return True
        beside = tuple(running)
        own = self.estimate(key)
        if own is None and any(other.variant == key.variant for other in beside):
            # The first one tells.
            return False
        return self.spent + sum(self.estimate(each) or 0.0 for each in (*beside, key)) <= most


def check_cost(max_cost: object) -> None:
    """Refuse a limit that is none.

    Raises:
        InputError: It is no number of US dollars.
    """
    is_number = isinstance(max_cost, int | float) and not isinstance(max_cost, bool)
    if max_cost is not None and not (is_number and max_cost >= 0):  # type: ignore[operator]
        raise InputError("max_cost is a number of US dollars, 0 or more")
