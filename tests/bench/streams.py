"""An answer as it comes: 2,000 tokens at 100 a second, and 20,000 at full speed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from statistics import median

from tests.bench.harness import Bench, Seen, Stream
from tests.bench.report import Section
from tests.bench.views import Arrival, Show, bare, plain, playground

__all__ = ["fast", "steady"]

# Everything is loaded and compiled once before it counts; formulas come with the fourth paragraph.
WARM_UP = 400
REPEATS = 3
# The first and the last text come but once in a stream: short ones show them again.
SHORT = 100
SHORT_STREAMS = 4


def steady(bench: Bench) -> Section:
    """Measure what a reader feels: how late text is, and what it costs to show it."""
    tokens, rate = bench.count(2_000), 100.0
    # They wait for most of the time, so that they can do so together.
    streams = [(way, Stream(f"SDK {way} steadily", tokens, rate)) for way in ("loop", "raw")]
    started = [(stream, bench.start_sdk(stream, way)) for way, stream in streams]
    loop, raw = (bench.read_sdk(stream, process) for stream, process in started)
    least = _shown(bench, bare, tokens, rate)
    text = _shown(bench, plain, tokens, rate)
    ours = _shown(bench, playground, tokens, rate)

    section = Section(f"{tokens:,} tokens at 100 a second")
    floors = _floors(loop, raw, least.page, text.page)
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
    section.number("kernel CPU", ours.kernel, "s", floors=_cpu(loop, raw, text))
    # 7.5 s where plain text over a comm took 4.2 s.
    section.number(
        "page CPU, main thread",
        ours.page.cpu,
        "s",
        floors=[("plain", text.page.cpu), ("bare page", least.page.cpu)],
        most_ratio=7.5 / 4.2,
    )
    _add_long_tasks(section, [ours], text)
    return section


def fast(bench: Bench) -> Section:
    """Measure what the playground adds to a stream that comes as fast as it can."""
    tokens = bench.count(20_000)
    loop = _middle([_sdk(bench, "loop", tokens, turn) for turn in range(REPEATS)])
    raw = _middle([_sdk(bench, "raw", tokens, turn) for turn in range(REPEATS)])
    least = _all_shown(bench, bare, tokens)
    text = _all_shown(bench, plain, tokens)
    ours = _all_shown(bench, playground, tokens)

    section = Section(f"{tokens:,} tokens at full speed, the middle of {REPEATS} runs")
    page = _middle([one.page for one in ours])
    floors = _floors(
        loop, raw, _middle([one.page for one in least]), _middle([one.page for one in text])
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
        floors=_cpu(loop, raw, sorted(text, key=lambda one: one.kernel)[REPEATS // 2]),
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
    _add_long_tasks(section, ours, text[-1])
    return section


def _sdk(bench: Bench, way: str, tokens: int, turn: int) -> Seen:
    stream = Stream(f"SDK {way} {turn}", tokens, None)
    return bench.read_sdk(stream, bench.start_sdk(stream, way))


_View = Callable[[Bench], AbstractContextManager[Show]]


def _shown(bench: Bench, view: _View, tokens: int, rate: float) -> Arrival:
    name = view.__name__
    with view(bench) as show:
        show(Stream(f"{name} warm-up", WARM_UP, None))
        whole = show(Stream(f"{name} steadily", tokens, rate))
        short = [show(Stream(f"{name} {n}", SHORT, rate)) for n in range(SHORT_STREAMS)]
    seen = [whole.page, *(one.page for one in short)]
    first, tail = median(one.first for one in seen), median(one.tail for one in seen)
    return replace(whole, page=replace(whole.page, first=first, tail=tail))


def _all_shown(bench: Bench, view: _View, tokens: int) -> list[Arrival]:
    with view(bench) as show:
        show(Stream(f"{view.__name__} warm-up", WARM_UP, None))
        return [show(Stream(f"{view.__name__} {turn}", tokens, None)) for turn in range(REPEATS)]


def _middle(seen: Sequence[Seen]) -> Seen:
    return sorted(seen, key=lambda one: one.whole)[len(seen) // 2]


def _floors(loop: Seen, raw: Seen, least: Seen, text: Seen) -> list[tuple[str, Seen]]:
    return [("SDK", loop), ("SDK raw", raw), ("bare page", least), ("plain", text)]


def _cpu(loop: Seen, raw: Seen, text: Arrival) -> list[tuple[str, float]]:
    return [("SDK", loop.cpu), ("SDK raw", raw.cpu), ("plain", text.kernel)]


def _add_long_tasks(section: Section, ours: Sequence[Arrival], text: Arrival) -> None:
    """Add how some runs held up the page.

    By the clock a task is also long when it waits for a busy core; by its CPU it is not. The
    middle of the runs counts: one in a few meets a collection of all of JupyterLab's garbage.
    """
    section.number(
        "longest task, CPU",
        median(one.page.tasks[0] for one in ours),
        "ms",
        floors=[("plain", text.page.tasks[0])],
        most=0.050,
    )
    section.none(
        "tasks over 50 ms by the clock",
        round(median(one.page.held for one in ours)),
        floors=[("plain", text.page.held)],
    )
