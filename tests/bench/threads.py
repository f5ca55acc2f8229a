"""The list of threads, search and opening one, in a store of many against a store of few."""

from __future__ import annotations

import random
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.harness import Bench
from tests.bench.made_threads import keep, thread_of
from tests.bench.report import Section
from tests.browser.harness.notebook import NotebookPage
from tests.browser.playground import shown

__all__ = ["SHOW", "TIMED", "measure"]

MANY, MESSAGES = 5000, 40
ROUNDS = 5

SHOW = """
from playground_widget import Playground
pg = Playground(store={store!r}, connection="demo")
pg
""".strip()

# From the moment of the click to the frame in which what was asked for is in the page.
TIMED = """async ([selector, event, value, wanted]) => {
    const view = document.querySelectorAll('.pgw')[0].parentElement;
    const target = view.querySelector(selector);
    const begin = performance.now();
    if (event === 'click') target.click();
    else {
        target.value = value;
        target.dispatchEvent(new Event('input', { bubbles: true }));
    }
    const there = () => [...view.querySelectorAll(wanted[0])]
        .some(each => each.textContent.includes(wanted[1]));
    while (!there() && performance.now() - begin < 20000) {
        await new Promise(requestAnimationFrame);
    }
    return (performance.now() - begin) / 1000;
}"""


def _fill(path: Path, count: int) -> None:
    draw = random.Random(count)
    keep(path, *(thread_of(n, MESSAGES, draw) for n in range(count)))


def _measured(notebook: NotebookPage, last: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"drawer": [], "search": [], "rare": [], "open": []}

    def timed(name: str, *what: Any) -> None:
        found[name].append(notebook.page.evaluate(TIMED, list(what)))

    for turn in range(ROUNDS):
        # A widget of its own each time, which has asked for nothing yet.
        notebook.run(0)
        view = shown(notebook)
        rows = [".pgw-thread", "Study"]
        timed("drawer", "button[aria-label='Threads']", "click", "", rows)
        view.root.locator(".pgw-thread").first.wait_for()
        search = "input[type=search]"
        timed("search", search, "input", "penguin tab", [".pgw-thread mark", "penguin"])
        wanted = last - turn
        timed("rare", search, "input", f"mark{wanted}x", [".pgw-thread mark", f"mark{wanted}x"])
        row = ".pgw-thread__open"
        timed("open", row, "click", "", [".pgw-log", f"mark{wanted}x"])
    return found


def measure(bench: Bench) -> Section:
    """Measure clicks in a store of 5,000 threads and 200,000 messages, and of a tenth."""
    many = bench.count(MANY)
    section = Section(f"A store of {many:,} threads and {many * MESSAGES:,} messages, from click")
    times: list[dict[str, Sequence[float]]] = []
    with tempfile.TemporaryDirectory(prefix="playground-threads-") as folder:
        for count in (many // 10, many):
            path = Path(folder) / f"{count}.sqlite"
            _fill(path, count)
            with bench.notebook([SHOW.format(store=str(path))]) as notebook:
                times.append(dict(_measured(notebook, count - 1)))
    words = {
        "drawer": "drawer open",
        "search": "search for words of every message",
        "rare": "search for a word of one thread",
        "open": "thread open",
    }
    for name, label in words.items():
        small, large = (statistics.median(each[name]) for each in times)
        section.number(label, large, "ms", most=0.150, tenth=small, most_growth=2)
    return section
