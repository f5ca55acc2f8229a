"""20,000 tokens at full speed."""

from __future__ import annotations

from statistics import median

from tests.bench.harness import Bench
from tests.bench.report import Section
from tests.bench.streams import (
    REPEATS,
    add_long_tasks,
    all_shown,
    cpu_of,
    floors_of,
    middle,
    sdk,
)
from tests.bench.views import bare, plain, playground

__all__ = ["measure"]


def measure(bench: Bench) -> Section:
    """Measure what the playground adds to a stream that comes as fast as it can."""
    tokens = bench.count(20_000)
    loop = middle([sdk(bench, "loop", tokens, turn) for turn in range(REPEATS)])
    raw = middle([sdk(bench, "raw", tokens, turn) for turn in range(REPEATS)])
    least = all_shown(bench, bare, tokens)
    text = all_shown(bench, plain, tokens)
    ours = all_shown(bench, playground, tokens)
    tenth = all_shown(bench, playground, tokens // 10)

    section = Section(f"{tokens:,} tokens at full speed, the middle of {REPEATS} runs")
    page = middle([one.page for one in ours])
    floors = floors_of(
        loop, raw, middle([one.page for one in least]), middle([one.page for one in text])
    )
    section.number(
        "server's first token to first text in the page",
        page.first,
        "ms",
        floors=[(floor, seen.first) for floor, seen in floors],
    )
    section.number(
        "server's last token to full text",
        page.tail,
        "ms",
        floors=[(floor, seen.tail) for floor, seen in floors],
    )
    section.number(
        "server's first token to full text",
        page.whole,
        "s",
        floors=[(floor, seen.whole) for floor, seen in floors],
        most_ratio=0.5,
        tenth=middle([one.page for one in tenth]).whole,
        most_growth=11,
    )
    section.number(
        "a character from the server to the page",
        page.whole / ours[0].text,
        "us",
        floors=[(floor, seen.whole / ours[0].text) for floor, seen in floors],
    )
    section.number(
        "websocket bytes per byte of text",
        median(one.size / one.text for one in ours),
        "",
        floors=[("plain", median(one.size / one.text for one in text))],
        most=1.6,
    )
    section.number(
        "kernel CPU",
        median(one.kernel for one in ours),
        "s",
        floors=cpu_of(loop, raw, sorted(text, key=lambda one: one.kernel)[REPEATS // 2]),
    )
    section.number(
        "page CPU, main thread",
        median(one.page.cpu for one in ours),
        "s",
        floors=[
            ("plain", median(one.page.cpu for one in text)),
            ("bare page", median(one.page.cpu for one in least)),
        ],
    )
    add_long_tasks(section, ours, text[-1])
    return section
