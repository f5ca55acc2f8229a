"""Export and import of 10,000 messages, against Python's own JSON and against 1,000."""

from __future__ import annotations

from tests.bench.harness import Bench
from tests.bench.report import Section

__all__ = ["measure"]

MESSAGES = 10_000
STEPS = {
    "export json": "to JSON",
    "export ipynb": "to JSON",
    "export html": "to JSON",
    "import json": "from JSON",
    "import ipynb": "from JSON",
}


def measure(bench: Bench) -> Section:
    """Measure each kind of file that may be long."""
    many = bench.count(MESSAGES)
    few, found = (bench.child("files_child", count) for count in (many // 10, many))
    section = Section(f"Files of a thread of {many:,} messages, CPU")
    for step, floor in STEPS.items():
        floors = [(f"json, {floor}", found[floor])]
        section.number(step, found[step], "ms", floors=floors, tenth=few[step], most_growth=12)
    return section
