"""From running a cell to a widget that can be written into."""

from __future__ import annotations

from tests.bench.harness import Bench
from tests.bench.report import Section
from tests.bench.views import PLAIN, PLAYGROUND
from tests.browser.harness.notebook import NotebookPage

__all__ = ["measure"]

# Runs the active cell and waits, frame by frame, until something is there and usable.
RUN = """
void app.commands.execute("notebook:run-cell");
const start = performance.now();
const cell = panel.content.activeCell.node;
for (let found = null; !found; found = cell.querySelector(argument)) {
  await new Promise((resolve) => requestAnimationFrame(resolve));
}
return (performance.now() - start) / 1000;
"""


def measure(bench: Bench) -> Section:
    """Measure the first widget of a fresh kernel and page, imports included, and the second."""
    section = Section("Running a cell to a widget that can be used")
    ours = _shown(bench, PLAYGROUND, ".pgw textarea:enabled")
    text = _shown(bench, PLAIN, ".plain")
    for which, value, floor in zip(("first", "second"), ours, text, strict=True):
        section.number(f"{which} of a kernel", value, "ms", floors=[("plain", floor)])
    return section


def _shown(bench: Bench, cell: str, selector: str) -> tuple[float, float]:
    source = cell.replace("{model}", bench.model)
    with bench.notebook([source, source]) as notebook:
        return _run(notebook, 0, selector), _run(notebook, 1, selector)


def _run(notebook: NotebookPage, cell: int, selector: str) -> float:
    notebook.select(cell)
    seconds = float(notebook.evaluate(RUN, selector))
    notebook.wait_until_idle()
    return seconds
