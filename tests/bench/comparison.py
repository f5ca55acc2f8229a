"""64 answers at once: whether the kernel keeps up, and stays free for what else there is."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.bench.harness import ROOT, Bench
from tests.bench.report import Section

__all__ = ["comparison"]

STREAMS = 64
TOKENS = 2_000
RATE = 100


def comparison(bench: Bench) -> Section:
    """Measure a comparison of 64 rows, all of which are answered at once."""
    tokens = bench.count(TOKENS)
    figures = map(str, (STREAMS, tokens, RATE))
    command = [sys.executable, "-m", "tests.bench.compare_child", bench.model, *figures]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    section = Section(f"{STREAMS} streams of a comparison at {RATE} tokens a second each")
    section.number("kernel CPU, parts of a core", found["cpu"] / found["seconds"], "", most=0.6)
    section.number("longest task of the loop, CPU", found["tasks"][0], "ms", most=0.05)
    # By the clock it may have waited for a busy core.
    section.number("longest time the loop was held up", found["stalls"][0], "ms")
    floors = [("their rate", tokens / RATE)]
    section.number("all of it", found["seconds"], "s", floors=floors)
    return section
