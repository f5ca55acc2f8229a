"""An answer as it comes: 2,000 tokens at 100 a second."""

from __future__ import annotations

from tests.bench.harness import Bench, Stream
from tests.bench.report import Section
from tests.bench.streams import add_long_tasks, cpu_of, floors_of, shown
from tests.bench.views import bare, plain, playground

__all__ = ["measure"]


def measure(bench: Bench) -> Section:
    """Measure what a reader feels: how late text is, and what it costs to show it."""
    tokens, rate = bench.count(2_000), 100.0
    # They wait for most of the time, so that they can do so together.
    streams = [(way, Stream(f"SDK {way} steadily", tokens, rate)) for way in ("loop", "raw")]
    started = [(stream, bench.start_sdk(stream, way)) for way, stream in streams]
    loop, raw = (bench.read_sdk(stream, process) for stream, process in started)
    least = shown(bench, bare, tokens, rate)
    text = shown(bench, plain, tokens, rate)
    ours = shown(bench, playground, tokens, rate)

    section = Section(f"{tokens:,} tokens at 100 a second")
    floors = floors_of(loop, raw, least.page, text.page)
    section.number(
        "server's first token to first text in the page",
        ours.page.first,
        "ms",
        floors=[(floor, seen.first) for floor, seen in floors],
        most=0.060,
    )
    section.number(
        "server's last token to full text",
        ours.page.tail,
        "ms",
        floors=[(floor, seen.tail) for floor, seen in floors],
        most=0.033,
    )
    section.number("websocket messages a second", ours.frames / ours.page.whole, "", most=35)
    # Each message has its headers and carries but a few words.
    section.number(
        "websocket bytes per byte of text",
        ours.size / ours.text,
        "",
        floors=[("plain", text.size / text.text)],
    )
    section.number("kernel CPU", ours.kernel, "s", floors=cpu_of(loop, raw, text))
    part = ours.kernel / ours.page.whole
    floors_of_part = [("SDK", loop.cpu / loop.whole), ("plain", text.kernel / text.page.whole)]
    section.number("kernel CPU, part of a core", part, "%", floors=floors_of_part, most=0.1)
    # 7.5 s where plain text over a comm took 4.2 s.
    section.number(
        "page CPU, main thread",
        ours.page.cpu,
        "s",
        floors=[("plain", text.page.cpu), ("bare page", least.page.cpu)],
        most_ratio=7.5 / 4.2,
    )
    add_long_tasks(section, [ours], text)
    return section
