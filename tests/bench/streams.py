"""What the measurements of a stream share: it is shown by several, and compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from statistics import median

from tests.bench.harness import Bench, Seen, Stream
from tests.bench.report import Section
from tests.bench.views import Arrival, Show

__all__ = [
    "REPEATS",
    "add_long_tasks",
    "all_shown",
    "cpu_of",
    "floors_of",
    "middle",
    "sdk",
    "shown",
]

# Everything is loaded and compiled once before it counts; formulas come with the fourth paragraph.
WARM_UP = 400
REPEATS = 3
# The first and the last text come but once in a stream: short ones show them again.
SHORT = 100
SHORT_STREAMS = 4


def sdk(bench: Bench, way: str, tokens: int, turn: int) -> Seen:
    stream = Stream(f"SDK {way} {turn}", tokens, None)
    return bench.read_sdk(stream, bench.start_sdk(stream, way))


_View = Callable[[Bench], AbstractContextManager[Show]]


def shown(bench: Bench, view: _View, tokens: int, rate: float) -> Arrival:
    name = view.__name__
    with view(bench) as show:
        show(Stream(f"{name} warm-up", WARM_UP, None))
        whole = show(Stream(f"{name} steadily", tokens, rate))
        short = [show(Stream(f"{name} {n}", SHORT, rate)) for n in range(SHORT_STREAMS)]
    seen = [whole.page, *(one.page for one in short)]
    first, tail = median(one.first for one in seen), median(one.tail for one in seen)
    return replace(whole, page=replace(whole.page, first=first, tail=tail))


def all_shown(bench: Bench, view: _View, tokens: int) -> list[Arrival]:
    with view(bench) as show:
        show(Stream(f"{view.__name__} warm-up", WARM_UP, None))
        return [show(Stream(f"{view.__name__} {turn}", tokens, None)) for turn in range(REPEATS)]


def middle(seen: Sequence[Seen]) -> Seen:
    return sorted(seen, key=lambda one: one.whole)[len(seen) // 2]


def floors_of(loop: Seen, raw: Seen, least: Seen, text: Seen) -> list[tuple[str, Seen]]:
    return [("SDK", loop), ("SDK raw", raw), ("bare page", least), ("plain", text)]


def cpu_of(loop: Seen, raw: Seen, text: Arrival) -> list[tuple[str, float]]:
    return [("SDK", loop.cpu), ("SDK raw", raw.cpu), ("plain", text.kernel)]


def add_long_tasks(section: Section, ours: Sequence[Arrival], text: Arrival) -> None:
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
