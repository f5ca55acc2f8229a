"""Stop, pressed while a cell blocks the kernel."""

from __future__ import annotations

import time

from tests.bench.harness import Bench, Stream
from tests.bench.report import Section
from tests.bench.views import PLAYGROUND, start_code, watch_playground
from tests.browser.harness.notebook import NotebookPage
from tests.browser.playground import shown

__all__ = ["measure"]

KERNELS = ("ipykernel-6.29", "ipykernel-7.1", "python3")

# Long enough that a Stop which waits for the cell shows.
BLOCK = "import time; time.sleep(8)"

NOTE_CLICK = """button => button.addEventListener(
    "click", () => { globalThis.pressed = Date.now() / 1000; }, { capture: true })"""


def measure(bench: Bench) -> Section:
    """Measure the time from Stop to the end of the run, as the page and as the server see it."""
    section = Section("Stop to the end of the run, while a cell blocks the kernel")
    for kernel in KERNELS:
        with bench.notebook(
            [PLAYGROUND.replace("{model}", bench.model), BLOCK], kernel
        ) as notebook:
            version = notebook.execute("import ipykernel; print(ipykernel.__version__)").strip()
            page, server = _stopped(bench, notebook, kernel)
        section.number(
            f"ipykernel {version}", page, "ms", floors=[("connection closed", server)], most=0.300
        )
    return section


def _stopped(bench: Bench, notebook: NotebookPage, kernel: str) -> tuple[float, float]:
    notebook.run(0)
    view = shown(notebook)
    probe = watch_playground(bench, notebook).probe
    probe.start()
    label = f"stop on {kernel}"
    notebook.execute(start_code(Stream(label, 20_000, 200)))
    view.until_writing()
    notebook.run(1, wait=False)
    notebook.wait_until_busy()
    button = view.button("Stop")
    button.evaluate(NOTE_CLICK)
    button.click()
    noted, _ = probe.result()
    pressed = notebook.page.evaluate("pressed")
    return noted["ended"] - pressed, _closed(bench, label) - pressed


def _closed(bench: Bench, label: str) -> float:
    """When the server saw that its answer is not wanted any more."""
    while "ended" not in (times := bench.times(label)):
        time.sleep(0.01)
    return float(times["ended"])
