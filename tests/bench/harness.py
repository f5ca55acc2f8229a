"""What the measurements share: the demo model, a JupyterLab, a browser, and their clocks."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from find_browser import find_browser
from tests.browser.conftest import BROWSER_ARGUMENTS, PATIENCE
from tests.browser.harness.jupyter import JupyterServer, start_jupyter
from tests.browser.harness.notebook import NotebookPage
from tests.browser.harness.process import ServerProcess

__all__ = ["Bench", "Seen", "Stream", "bench"]

ROOT = Path(__file__).resolve().parents[2]
OBSERVE = Path(__file__).with_name("observe.js").read_text()


@dataclass(frozen=True, slots=True)
class Stream:
    """What is asked of the demo model.

    Args:
        label: The message, by which the server's times are found again.
        tokens: How many; the text is markdown of all kinds.
        rate: Tokens per second, `None` for full speed.
    """

    label: str
    tokens: int
    rate: float | None

    @property
    def steering(self) -> dict[str, Any]:
        """The field of the request that the demo model obeys."""
        return {"tokens": self.tokens, "rate": self.rate, "first_token": 0}

    @property
    def plain_body(self) -> dict[str, Any]:
        """The request as JSON."""
        message = {"role": "user", "content": self.label}
        return {
            "model": "demo-long",
            "messages": [message],
            "stream": True,
            "demo": self.steering,
        }

    @property
    def sdk_body(self) -> dict[str, Any]:
        """The request as arguments of the SDK."""
        body = self.plain_body
        return {
            "model": body["model"],
            "messages": body["messages"],
            "extra_body": {"demo": body["demo"]},
        }


@dataclass(frozen=True, slots=True)
class Seen:
    """How a stream arrived somewhere.

    Args:
        first: Seconds from the server's first token to the first text.
        tail: Seconds from the server's last token to the full text.
        whole: Seconds from the server's first token to the full text.
        ended: Seconds from the server's first token to the end of the run, if it shows.
        cpu: Seconds of CPU of the process that read it, of a page: of its main thread.
        held: How often a task held up the page for over 50 ms by the clock.
        tasks: The seconds of CPU of the page's longest tasks, longest first.
    """

    first: float
    tail: float
    whole: float
    ended: float
    cpu: float
    held: int = 0
    tasks: tuple[float, ...] = ()


class Bench:
    """What is running while measurements are made."""

    def __init__(self, model: str, scratch: Path, stack: ExitStack, *, quick: bool) -> None:
        self._scratch = scratch
        self._stack = stack
        self._numbers = itertools.count(1)
        self.model = model
        self.quick = quick

    @cached_property
    def _jupyter(self) -> JupyterServer:
        """A JupyterLab, started by the first measurement that needs one."""
        jupyter = start_jupyter("lab", self._scratch)
        self._stack.callback(jupyter.process.stop)
        return jupyter

    @cached_property
    def _browser(self) -> Browser:
        """A browser, started by the first measurement that needs one."""
        executable = find_browser()
        if executable is None:
            raise RuntimeError("no browser: run `make browser`")
        playwright = self._stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=executable, args=BROWSER_ARGUMENTS, headless=True
        )
        self._stack.callback(browser.close)
        return browser

    def child(self, program: str, *arguments: object) -> Any:
        """Run a program of this folder in a process of its own, and return what it printed."""
        command = [sys.executable, "-m", f"tests.bench.{program}", *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(done.stdout)

    def count(self, full: int) -> int:
        """The count to use, a tenth of the full one in a quick run."""
        return max(1, full // 10) if self.quick else full

    def times(self, label: str) -> dict[str, Any]:
        """When the tokens of an answer left the server, in seconds since 1970."""
        query = urllib.parse.urlencode({"of": label})
        with urllib.request.urlopen(f"{self.model}/times?{query}") as answer:  # noqa: S310 - ours
            times: dict[str, Any] = json.load(answer)
        return times

    def seen(self, label: str, there: dict[str, Any], cpu: float) -> Seen:
        """What a reader noted, relative to the server's times."""
        here = self.times(label)
        return Seen(
            first=there["first"] - here["first"],
            tail=there["last"] - here["last"],
            whole=there["last"] - here["first"],
            ended=there.get("ended", there["last"]) - here["first"],
            cpu=cpu,
            held=len(there.get("longTasks", ())),
            tasks=tuple(there.get("tasks", ())),
        )

    @contextmanager
    def page(self) -> Iterator[Page]:
        """A page in a profile of its own."""
        context = self._browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(PATIENCE)
        yield context.new_page()
        context.close()

    @contextmanager
    def notebook(self, cells: list[str], kernel: str = "python3") -> Iterator[NotebookPage]:
        """A notebook with a kernel of its own, open in a page of its own."""
        name = f"bench-{next(self._numbers)}.ipynb"
        self._jupyter.write_notebook(name, cells, kernel=kernel)
        with self.page() as page:
            notebook = NotebookPage(page, self._jupyter, name)
            notebook.open()
            try:
                yield notebook
            finally:
                self._jupyter.end_kernels(name)

    def start_sdk(self, stream: Stream, way: str) -> subprocess.Popen[str]:
        """Start the SDK alone on a stream; `read_sdk` waits for it."""
        command = [sys.executable, "-m", "tests.bench.sdk", self.model]
        return subprocess.Popen(
            [*command, json.dumps(stream.sdk_body), way],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read_sdk(self, stream: Stream, process: subprocess.Popen[str]) -> Seen:
        """Wait for the SDK alone and return what it noted."""
        said, _ = process.communicate()
        if process.returncode:
            raise RuntimeError("the SDK alone failed; it says why above")
        there = json.loads(said)
        return self.seen(stream.label, there, there["cpu"])


@contextmanager
def bench(*, quick: bool) -> Iterator[Bench]:
    """Start the demo model, and whatever else is asked for; end it afterwards."""
    with tempfile.TemporaryDirectory(prefix="playground-bench-") as folder, ExitStack() as stack:
        scratch = Path(folder)
        log = scratch / "model.log"
        command = [sys.executable, "-m", "tests.bench.server"]
        model = stack.enter_context(ServerProcess(command, cwd=ROOT, log=log))
        model.wait_until(lambda: log.read_text().endswith("\n"))
        yield Bench(log.read_text().strip(), scratch, stack, quick=quick)
