"""The playground's page on a server of the test's own."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.playground import PlaygroundView
from tests.server.conftest import Jupyter, start

__all__ = ["Pages"]


ABOUT_TRIES = (
    "net::",
    "503 (Service Unavailable)",
    "WebSocket is closed before the connection is established",
)
"""What the browser itself says of each try while a server is away, or has only just begun."""


class Pages:
    """A server that can be killed and started again, and the pages that were opened on it."""

    def __init__(self, context: BrowserContext, folder: Path) -> None:
        self.context = context
        self.folder = folder
        self.server: Jupyter = start(folder)
        self.complaints: list[str] = []
        self.hosts: set[str] = set()

    @property
    def database(self) -> Path:
        return self.folder / "threads.sqlite"

    def open(self, path: str = "playground", *, wait: bool = True) -> PlaygroundView:
        """Open a page and wait until it is connected."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self._listen(said.type, said.text))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        page.goto(f"{self.server.url}{path}?token={self.server.token}")
        view = PlaygroundView(page.locator("body"))
        return view.wait() if wait else view

    def _listen(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not any(each in text for each in ABOUT_TRIES):
            self.complaints.append(text)

    def kill(self) -> None:
        """End the server without a word."""
        self.server.process.send_signal(signal.SIGKILL)
        self.server.process.wait(10)

    def start_again(self) -> None:
        """Start it with the same address and the same token."""
        self.server = start(self.folder, port=self.server.port, token=self.server.token)


def thread_of(page: Page) -> str:
    """The id in the address of a page."""
    expect(page).to_have_url(re.compile(r"/playground/thread/\w+$"))
    return page.url.rsplit("/", 1)[1]
