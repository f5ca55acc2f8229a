"""What a delta costs at the end of an endless block: js/bench, in a page of its own."""

from __future__ import annotations

import os
import re
import subprocess

from find_browser import find_browser
from frontend import JS, find_node
from tests.bench.harness import Bench
from tests.bench.report import Section

__all__ = ["measure"]

# Of these the cost is to stay flat; the others are for comparison.
FLAT = ("list", "loose list", "table", "fence")


def measure(_: Bench) -> Section:
    """Run the benchmark of the renderer."""
    node = find_node()
    if node is None:
        raise RuntimeError("no Node: run `make js`")
    said = subprocess.run(
        [node, "bench/markdown-run.mjs"],
        cwd=JS,
        env={**os.environ, "CHROMIUM": str(find_browser())},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    section = Section("Markdown: the last tenth of an endless block's deltas relative to the first")
    for name, ratio in re.findall(r"endless (.*): ([\d.]+)", said):
        section.number(name, float(ratio), "", most=2 if name in FLAT else None)
    return section
