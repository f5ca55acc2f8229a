"""A grid of 1,000 cells against as many requests by the bare SDK, and against 100 cells."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import fmean

from tests.bench.harness import Bench
from tests.bench.report import Section

__all__ = ["measure"]

CELLS = 1_000
CONCURRENCY = 16
TOKENS = 10
TURNS = 2


def measure(bench: Bench) -> Section:
    """Measure what a cell costs, of answers of 10 tokens at full speed, each kept in the store."""
    cells = bench.count(CELLS)
    bare: list[dict[str, float]] = []
    ours: list[dict[str, float]] = []
    small: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="playground-grid-") as folder:
        for turn in range(TURNS):
            bare.append(bench.child("ask_child", bench.model, cells, CONCURRENCY, TOKENS, 0))
            for count, found in ((cells, ours), (cells // 10, small)):
                store = Path(folder) / f"{turn}-{count}.sqlite"
                figures = (count, CONCURRENCY, TOKENS)
                found.append(bench.child("grid_child", bench.model, store, *figures))

    def each(found: list[dict[str, float]], what: str, count: int) -> float:
        return fmean(one[what] for one in found) / count

    section = Section(
        f"A grid of {cells:,} cells, {CONCURRENCY} at once, {TOKENS} tokens, mean of {TURNS} turns"
    )
    for what, label in (("cpu", "a cell, CPU"), ("seconds", "a cell, by the clock")):
        section.number(
            label,
            each(ours, what, cells),
            "us",
            floors=[("bare SDK", each(bare, what, cells))],
            most_ratio=1.5,
            tenth=each(small, what, cells // 10),
            most_growth=1.2,
        )
    return section
