"""Fixtures for tests in a real browser: `open_notebook` is the one most tests need."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from find_browser import find_browser
from tests.browser.harness.jupyter import Host, JupyterServer, start_jupyter
from tests.browser.harness.kernels import NAME, ForkedKernels
from tests.browser.harness.notebook import NotebookPage, OpenNotebook, Theme
from tests.browser.harness.shared import SharedPage

FAILURES = Path(__file__).resolve().parent / "failures"
"""Where the pages of failed tests are kept as pictures."""

# How long to wait before giving up: a guard for a busy machine, not a measure of speed.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

_failed = pytest.StashKey[bool]()
_numbers = itertools.count(1)

BROWSER_ARGUMENTS = [
    "--no-sandbox",  # refused to root, which CI is; the pages are our own
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remembers a failure, so that fixtures can picture the page before it closes."""
    report = yield
    if report.when == "call":
        item.stash[_failed] = report.failed
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this process."""
    executable = find_browser()
    if executable is None:
        pytest.fail("no browser: run `make browser`, or python scripts/find_browser.py --install")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, args=BROWSER_ARGUMENTS, headless=True
        )
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of the test's own: no cookies, no local storage."""
    context = _profile(browser)
    yield context
    context.close()


def _profile(browser: Browser) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    return context


class Bench:
    """What tests of a host share in this process: its server and a page."""

    def __init__(self, server: JupyterServer, context: BrowserContext) -> None:
        self.server = server
        self.context = context
        self.shared = SharedPage(context, server)


@pytest.fixture(scope="session")
def notebooks(browser: Browser) -> Iterator[BrowserContext]:
    """The profile of all notebooks: what one has loaded the next finds in the browser's cache."""
    context = _profile(browser)
    yield context
    context.close()


@pytest.fixture(scope="session")
def forked_kernels() -> Iterator[ForkedKernels]:
    """What forks the kernels of notebooks that ask for no version."""
    kernels = ForkedKernels()
    yield kernels
    kernels.close()


def _bench(host: Host, context: BrowserContext, factory: pytest.TempPathFactory) -> Iterator[Bench]:
    server = start_jupyter(host, factory.mktemp(host))
    bench = Bench(server, context)
    yield bench
    server.process.stop()


@pytest.fixture(scope="session")
def jupyterlab(
    notebooks: BrowserContext,
    forked_kernels: ForkedKernels,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Bench]:
    """One JupyterLab server for all tests of this process."""
    yield from _bench("lab", notebooks, tmp_path_factory)


@pytest.fixture(scope="session")
def notebook7(
    notebooks: BrowserContext,
    forked_kernels: ForkedKernels,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Bench]:
    """One Notebook 7 server for all tests of this process."""
    yield from _bench("notebook", notebooks, tmp_path_factory)


@pytest.fixture
def open_notebook(request: pytest.FixtureRequest) -> Iterator[OpenNotebook]:
    """Opens notebooks; afterwards ends their kernels, and fails if a page complained."""
    opened: list[tuple[NotebookPage, Bench]] = []

    def open_one(
        cells: list[str],
        *,
        host: Host = "lab",
        kernel: str = NAME,
        theme: Theme = "light",
        viewport: tuple[int, int] = (1280, 900),
        own_page: bool = False,
    ) -> NotebookPage:
        bench: Bench = request.getfixturevalue("jupyterlab" if host == "lab" else "notebook7")
        # Notebook 7 has one notebook in a page, and a second one of a test finds the first there.
        shares = host == "lab" and not own_page and not opened
        name = f"test-{next(_numbers)}.ipynb"
        bench.server.write_notebook(name, cells, kernel=kernel)
        page = bench.shared.take() if shares else bench.context.new_page()
        page.set_viewport_size({"width": viewport[0], "height": viewport[1]})
        notebook = NotebookPage(page, bench.server, name)
        opened.append((notebook, bench))
        if shares:
            notebook.open_here()
        else:
            notebook.open()
        notebook.set_theme(theme)
        return notebook

    yield open_one

    picture_if_failed(request.node, [notebook.page for notebook, _ in opened])
    failed = request.node.stash.get(_failed, True)
    for notebook, bench in opened:
        bench.shared.give_back(notebook.page, spoiled=failed)
        bench.server.end_kernels(notebook.name)
        if not notebook.page.is_closed():
            notebook.detach()
    complaints = [message for notebook, _ in opened for message in notebook.errors.unexpected]
    assert not complaints, "the page complained:\n" + "\n".join(complaints)


@pytest.fixture
def screenshot(tmp_path: Path) -> Callable[[Page, str], Path]:
    """Saves a picture of a page in the test's own folder and returns where."""

    def take(page: Page, name: str) -> Path:
        path = tmp_path / f"{name}.png"
        page.screenshot(path=path)
        return path

    return take


def picture_if_failed(test: pytest.Item, pages: list[Page]) -> None:
    """Keep pictures of the pages of a test that failed."""
    if not test.stash.get(_failed, False):
        return
    FAILURES.mkdir(exist_ok=True)
    name = re.sub(r"[^\w.-]+", "-", test.name)
    for number, page in enumerate(pages):
        page.screenshot(path=FAILURES / f"{name}-{number}.png")
