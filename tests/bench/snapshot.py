"""What a widget takes in the kernel until its first snapshot has left."""

from __future__ import annotations

from statistics import median

from tests.bench.harness import Bench
from tests.bench.report import Section

__all__ = ["measure"]


def measure(bench: Bench) -> Section:
    """Measure a new playground and its widget against an empty anywidget."""
    found = bench.child("snapshot_child")
    empty, widget, pg = found["empty"], found["widget"], found["pg"]
    least = [("empty anywidget", median(empty["times"]))]
    section = Section("A widget in the kernel, until its first snapshot has left")
    section.number(
        "the widget of a playground", median(widget["times"]), "ms", floors=least, most_ratio=5
    )
    both = [a + b for a, b in zip(widget["times"], pg["times"], strict=True)]
    section.number("a playground and its widget", median(both), "ms", floors=least, most=0.050)
    # The program is sent once an instance, which is how anywidget has it.
    section.number(
        "first snapshot without the program",
        widget["size"] - found["code"],
        "kB",
        floors=[("empty anywidget", empty["size"])],
        most=20_000,
    )
    section.number(
        "first snapshot with the program",
        widget["size"],
        "kB",
        floors=[("empty anywidget", empty["size"])],
        most=300_000,
    )
    return section
