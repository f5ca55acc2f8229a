"""Watches one page and its kernel while an answer arrives."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
        browser = page.context.browser
        assert browser is not None
        self._browser = browser
        self._before = 0.0

    def start(self) -> None:
        """Watch from here on."""
        self._page.evaluate(OBSERVE, self._what)
        self._browser.start_tracing(page=self._page, categories=["toplevel"])
        self._before = self.task_time()

    def result(self) -> tuple[dict[str, Any], float]:
        """What was noted once the answer has ended, and the seconds spent on tasks.

        What the page noted has `longTasks`, by the clock; `tasks` are the longest by their CPU.
        """
        noted: dict[str, Any] = self._page.evaluate("benchResult()")
        spent = self.task_time() - self._before
        trace = json.loads(self._browser.stop_tracing())["traceEvents"]
        return {**noted, "tasks": sorted(_tasks(trace), reverse=True)[:100]}, spent

    def task_time(self) -> float:
        """Seconds that the page's main thread has worked so far."""
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return next(float(m["value"]) for m in metrics if m["name"] == "TaskDuration")


def _tasks(trace: list[dict[str, Any]]) -> Iterator[float]:
    """Give the seconds of CPU of each task of a page's main thread."""
    main = {
        (event["pid"], event["tid"])
        for event in trace
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    for event in trace:
        is_task = event["name"] == "ThreadControllerImpl::RunTask" and "tdur" in event
        if is_task and (event["pid"], event["tid"]) in main:
            yield event["tdur"] / 1e6


def kernel_cpu(notebook: NotebookPage) -> float:
    """Seconds of CPU that the kernel's process has used so far, in all threads."""
    return float(notebook.execute("import time; print(time.process_time())"))
