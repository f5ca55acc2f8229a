"""What the tests know of the playground's page: where things are, and how to read them."""

from __future__ import annotations

import json
import time
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.harness.notebook import NotebookPage

SHOW = """
from playground_widget import Connection, Playground
from playground_widget.demo import DemoServer
server = DemoServer().start()
pg = Playground(connection=Connection("demo", server.base_url), **{options})
pg
"""
"""A cell that shows a playground on a demo server of its own, so that tests can watch it."""


def show(**options: Any) -> str:
    """Return the cell that shows a playground with these options."""
    return SHOW.replace("{options}", repr(options)).strip()


def pace(**how: Any) -> dict[str, Any]:
    """Return the parameter that asks the demo server for this length and speed."""
    return {"extra": {"demo": how}}


class PlaygroundView:
    """One view of a playground in a page."""

    def __init__(self, within: Locator) -> None:
        self.root = within.locator(".pgw")
        self.log = self.root.get_by_role("log")
        self.composer = self.root.get_by_role("textbox", name="Message", exact=True)

    def wait(self) -> PlaygroundView:
        """Wait until it is shown and connected."""
        expect(self.root).to_be_visible(timeout=30_000)
        expect(self.composer).to_be_enabled(timeout=30_000)
        # One may write while a connection is made again, or for the first time, but not send.
        expect(self.root.get_by_text("Reconnecting")).to_have_count(0, timeout=30_000)
        return self

    def messages(self, role: str = "assistant") -> Locator:
        """The messages of a role on the active path."""
        return self.root.locator(f".pgw-msg--{role}")

    def button(self, name: str) -> Locator:
        """A button by its exact name."""
        return self.root.get_by_role("button", name=name, exact=True)

    def send(self, text: str) -> None:
        """Write a message, send it, and wait until its answer has begun."""
        answers = self.messages().count()
        self.composer.fill(text)
        self.composer.press("Enter")
        # One that calls a tool may have been followed by another already.
        expect(self.messages().nth(answers)).to_be_attached()

    def until_ended(self, timeout: float = 60) -> None:
        """Wait until no answer is being written here."""
        expect(self.log).to_have_attribute("aria-busy", "false", timeout=timeout * 1000)

    def until_writing(self) -> Locator:
        """Wait until an answer has some text, and return it."""
        text = self.messages().last.locator(".pgw-md")
        expect(text).not_to_be_empty(timeout=30_000)
        return text

    def answer_html(self, index: int = -1) -> str:
        """The rendered text of an answer, as HTML, once its formulas are shown."""
        expect(self.messages().nth(index).locator(".pgw-math > code")).to_have_count(0)
        html: str = self.messages().locator(".pgw-md").nth(index).inner_html()
        return html

    def paragraphs(self, index: int = -1) -> list[str]:
        """The text of each paragraph of an answer."""
        found: list[str] = (
            self.messages()
            .nth(index)
            .locator(".pgw-md > p")
            .evaluate_all("nodes => nodes.map(node => node.textContent)")
        )
        return found


def shown(notebook: NotebookPage, cell: int = 0) -> PlaygroundView:
    """The view below a cell, once it is there."""
    return PlaygroundView(notebook.output(cell)).wait()


def python(notebook: NotebookPage, expression: str) -> Any:
    """The value of a Python expression in the kernel, by way of JSON."""
    return json.loads(notebook.execute(f"import json; print(json.dumps({expression}))"))


def until_python(notebook: NotebookPage, expression: str, value: Any) -> None:
    """Wait until an expression has a value in the kernel.

    What a page asks for may be handled by another thread of the kernel than what a cell runs.
    """
    end = time.monotonic() + 20
    while (found := python(notebook, expression)) != value:
        assert time.monotonic() < end, found
        time.sleep(0.05)
