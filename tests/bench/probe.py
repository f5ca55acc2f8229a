"""Watches one page and its kernel while an answer arrives."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.bench.harness import OBSERVE
from tests.browser.harness.notebook import NotebookPage

__all__ = ["PageProbe", "kernel_cpu"]


class PageProbe:
    """Notes when text appears in a page, and what the page spends on it.

    Args:
        page: The page, which shows what is watched already.
        root: Selects an element that stays and in which everything happens.
        text: Selects the element of an answer's text: the one that is added, or the only one.
        ended: Selects something in the page once the answer has ended.
    """

    def __init__(self, page: Page, *, root: str, text: str, ended: str) -> None:
        self._page = page
        self._what = {"root": root, "text": text, "ended": ended}
        self._session = page.context.new_cdp_session(page)
        # The thread's own clock: a task that waits for a busy core has not worked.
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._before = 0.0

    def start(self) -> None:
        """Watch from here on."""
        self._page.evaluate(OBSERVE, self._what)
        self._before = self.task_time()

    def result(self) -> tuple[dict[str, Any], float]:
        """What was noted once the answer has ended, and the seconds spent on tasks."""
        noted: dict[str, Any] = self._page.evaluate("benchResult()")
        return noted, self.task_time() - self._before

    def task_time(self) -> float:
        """Seconds that the page's main thread has worked so far."""
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return next(float(m["value"]) for m in metrics if m["name"] == "TaskDuration")


def kernel_cpu(notebook: NotebookPage) -> float:
    """Seconds of CPU that the kernel's process has used so far, in all threads."""
    return float(notebook.execute("import time; print(time.process_time())"))
