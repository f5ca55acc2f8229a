"""Which variant won each row, and how often each did. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from playground_widget.compare._statistics import wilson
from playground_widget.compare._values import Plan

__all__ = ["Pick", "WinRate", "counted", "pick_from", "picked", "win_rates"]


class Pick(NamedTuple):
    """What was picked for a row.

    Args:
        variant: The number of the variant that won; `None` where the pick was taken back, which is
            kept since its names have been seen.
        sample: Which of its answers.
        blind: Whether it was made before the names of the variants were to be seen.
    """

    variant: int | None
    sample: int = 0
    blind: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return self._asdict()


class WinRate(NamedTuple):
    """How often a variant won.

    Args:
        variant: Its name.
        wins: How many rows it won.
        of: Of how many that count.
        rate: The share.
        low: The lower end of its Wilson score interval of 95 %.
        high: The upper end.

    Example:
        >>> pg = Playground(connection="demo", model="demo-fast")
        >>> comparison = pg.compare(["Hello"], [Variant(name="Plain"), Variant()]).result()
        >>> comparison.pick(0, "Plain")
        >>> comparison.win_rates()[0].rate
        1.0
    """

    variant: str
    wins: int
    of: int
    rate: float
    low: float
    high: float


def pick_from(data: Mapping[str, Any]) -> Pick:
    """Read what `Pick.to_dict` wrote."""
    return Pick(data["variant"], data["sample"], data["blind"])


def picked(
    picks: Mapping[int, Pick], row: int, variant: int | None, sample: int, *, blind: bool
) -> dict[int, Pick]:
    """Return the picks with another one for a row.

    Args:
        picks: Those so far.
        row: The number of the row.
        variant: The number of the variant that won, or `None` to take the pick back.
        sample: Which of its answers.
        blind: Whether names are hidden until a row is picked. One that is picked again has shown
            them, so that this pick is no blind one.
    """
    return {**picks, row: Pick(variant, sample, blind=blind and row not in picks)}


def counted(picks: Mapping[int, Pick], *, blind: bool) -> list[int]:
    """Return the variants that were picked; in a blind comparison those that were picked blind."""
    return [
        pick.variant
        for pick in picks.values()
        if pick.variant is not None and (pick.blind or not blind)
    ]


def win_rates(plan: Plan, picks: Mapping[int, Pick], *, blind: bool) -> list[WinRate]:
    """Return how often each variant won; nothing while no pick counts."""
    winners = counted(picks, blind=blind)
    found = []
    for number, candidate in enumerate(plan.candidates):
        wins = winners.count(number)
        estimate = wilson(wins, len(winners))
        if estimate is not None:
            of, rate, low, high = estimate
            found.append(WinRate(candidate.name, wins, of, rate, low, high))
    return found
