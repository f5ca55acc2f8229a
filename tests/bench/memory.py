"""The kernel's memory for each of 200 playgrounds."""

from __future__ import annotations

from statistics import median

from tests.bench.harness import Bench
from tests.bench.report import Section

__all__ = ["measure"]

PLAYGROUNDS = 200
REPEATS = 3


def measure(bench: Bench) -> Section:
    """Measure playgrounds on one store, shown or not, against empty anywidgets."""
    many = bench.count(PLAYGROUNDS)

    def each(what: str, count: int) -> float:
        found: list[float] = [bench.child("memory_child", what, count) for _ in range(REPEATS)]
        return median(found)

    empty = [("empty anywidget", each("empty", many))]
    section = Section(f"Memory of the kernel for each of {many} playgrounds")
    for what, label in (("playground", "not shown"), ("shown", "shown")):
        section.number(
            label,
            each(what, many),
            "kB",
            floors=empty,
            most=100_000,
            tenth=each(what, many // 10),
            most_growth=1.2,
        )
    return section
