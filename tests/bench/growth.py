"""What a turn costs when twenty have gone before, each with the same answer."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from tests.bench.harness import Bench, Stream
from tests.bench.report import Section
from tests.bench.views import PLAYGROUND, Arrival, start_code, watch_playground
from tests.browser.playground import shown

__all__ = ["measure"]

TURNS = 20
# The medians of a few turns stand for turn 2 and turn 20, since one is at the mercy of chance.
AROUND = 3
WARM_UP = 6


def measure(bench: Bench) -> Section:
    """Measure how the cost of a turn grows with the conversation."""
    tokens = bench.count(300)
    with bench.notebook([PLAYGROUND.replace("{model}", bench.model)]) as notebook:
        watched = watch_playground(bench, notebook)

        def talk(turns: int) -> list[Arrival]:
            notebook.run(0)
            shown(notebook)
            streams = [Stream(f"turn {turn}", tokens, 200) for turn in range(1, turns + 1)]
            return [watched.show(stream, start_code(stream)) for stream in streams]

        # In a page that is not warm the early turns would be the costly ones.
        talk(WARM_UP)
        turns = talk(TURNS)
    early, late = turns[1 : 1 + AROUND], turns[-AROUND:]
    costs: tuple[tuple[str, str, Callable[[Arrival], float]], ...] = (
        ("kernel CPU", "ms", lambda one: one.kernel),
        ("page CPU, main thread", "ms", lambda one: one.page.cpu),
        ("websocket bytes", "kB", lambda one: one.size),
    )
    section = Section(f"Turn {TURNS} relative to turn 2, equal answers of {tokens} tokens")
    for what, unit, cost in costs:
        section.number(
            what,
            median(map(cost, late)),
            unit,
            floors=[("turn 2", median(map(cost, early)))],
            most_ratio=1.1,
        )
    return section
