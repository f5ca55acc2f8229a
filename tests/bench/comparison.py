"""64 answers at once: whether the kernel keeps up, and stays free for what else there is."""

from __future__ import annotations

from tests.bench.harness import Bench
from tests.bench.report import Section

__all__ = ["measure"]

STREAMS = 64
TOKENS = 2_000
RATE = 100


def measure(bench: Bench) -> Section:
    """Measure a comparison of 64 rows, all of which are answered at once."""
    tokens = bench.count(TOKENS)
    found = bench.child("compare_child", bench.model, STREAMS, tokens, RATE)
    few = bench.child("compare_child", bench.model, STREAMS // 10, tokens, RATE)
    bare = bench.child("ask_child", bench.model, STREAMS, STREAMS, tokens, RATE)
    section = Section(f"{STREAMS} streams of a comparison at {RATE} tokens a second each")
    section.number(
        "kernel CPU, parts of a core",
        found["cpu"] / found["seconds"],
        "",
        floors=[("bare SDK", bare["cpu"] / bare["seconds"])],
        most=0.6,
        tenth=few["cpu"] / few["seconds"],
        most_growth=STREAMS / (STREAMS // 10),
    )
    section.number(
        "longest task of the loop, CPU", found["tasks"][0], "ms", most=0.05, tenth=few["tasks"][0]
    )
    # Python's own, among all that is loaded in the process.
    section.number("longest collection of garbage, CPU", found["collections"][0], "ms")
    # By the clock it may have waited for a busy core.
    section.number("longest time the loop was held up", found["stalls"][0], "ms")
    floors = [("their rate", tokens / RATE)]
    section.number("all of it", found["seconds"], "s", floors=floors)
    return section
