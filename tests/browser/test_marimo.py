"""The playground in marimo: the same widget over another host's transport."""

from __future__ import annotations

import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conversation import converse
from tests.browser.harness.process import ServerProcess
from tests.browser.playground import PlaygroundView

APP = """
import marimo
app = marimo.App()

@app.cell
def _():
    from playground_widget import Playground
    pg = Playground("You are brief.", extra={"demo": {"tokens": 100_000, "rate": 60}})
    pg.add("Hello from Python")
    pg
    return (pg,)

if __name__ == "__main__":
    app.run()
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture
def marimo(tmp_path: Path) -> Iterator[str]:
    """A marimo server that shows a playground, and where it is."""
    (tmp_path / "app.py").write_text(APP)
    port = free_port()
    command = [
        *(sys.executable, "-m", "marimo", "--yes", "run", "app.py"),
        *("--headless", "--no-token", "--host", "127.0.0.1", "--port", str(port)),
    ]
    url = f"http://127.0.0.1:{port}"
    with ServerProcess(command, cwd=tmp_path, log=tmp_path / "server.log") as server:
        server.wait_until(lambda: answers(url))
        yield url


def test_a_conversation_in_marimo(context: BrowserContext, marimo: str) -> None:
    page = context.new_page()
    page.goto(marimo)
    root = page.locator(".pgw")
    expect(root).to_have_attribute("data-host", "marimo", timeout=60_000)
    expect(root.locator(".pgw-msg--user")).to_contain_text("Hello from Python")
    converse(PlaygroundView(page.locator("body")).wait())
