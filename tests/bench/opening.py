"""Opening a thread of 2,000 messages, in the kernel and in the page, against one of 200."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.harness import Bench
from tests.bench.made_threads import keep, thread_of
from tests.bench.report import Section
from tests.bench.threads import SHOW, TIMED
from tests.browser.playground import shown

__all__ = ["measure"]

MESSAGES = 2_000
ROUNDS = 3


def measure(bench: Bench) -> Section:
    """Measure from nothing to a snapshot, and from a click to the last message in sight."""
    many = bench.count(MESSAGES)
    section = Section(f"Opening a thread of {many:,} messages")
    kernel: list[dict[str, Any]] = []
    page: list[float] = []
    with tempfile.TemporaryDirectory(prefix="playground-opening-") as folder:
        for count in (many // 10, many):
            thread = thread_of(count, count, random.Random(count))
            store = Path(folder) / f"{count}.sqlite"
            keep(store, thread)
            kernel.append(bench.child("opening_child", store, thread.id))
            page.append(_clicked(bench, store, count))
    few, all_ = kernel
    section.number(
        "kernel, from nothing to a snapshot, CPU",
        median(all_["times"]),
        "ms",
        floors=[("the texts as JSON", median(all_["json"]))],
        tenth=median(few["times"]),
        most_growth=11,
    )
    section.number("snapshot", all_["size"], "kB", tenth=few["size"], most_growth=10.5)
    section.number(
        "page, from click to the last message", page[1], "ms", tenth=page[0], most_growth=11
    )
    return section


def _clicked(bench: Bench, store: Path, number: int) -> float:
    times: list[float] = []
    with bench.notebook([SHOW.format(store=str(store))]) as notebook:
        for _ in range(ROUNDS):
            notebook.run(0)
            view = shown(notebook)
            view.root.locator("button[aria-label='Threads']").click()
            view.root.locator(".pgw-thread").first.wait_for()
            what = [".pgw-thread__open", "click", "", [".pgw-log", f"mark{number}x"]]
            times.append(notebook.page.evaluate(TIMED, what))
    return median(times)
