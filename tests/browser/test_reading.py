"""What is being read stays where it is."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.browser.harness.notebook import OpenNotebook
from tests.browser.playground import pace, show, shown


def _place(log: Locator) -> int:
    place: int = log.evaluate("log => log.scrollTop")
    return place


def test_the_pointer_leaving_a_long_message_moves_nothing(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([show(model="demo-long", **pace(tokens=3000))])
    notebook.run(0)
    view = shown(notebook)
    view.send("Count")
    view.until_ended()
    view.log.hover()
    notebook.page.mouse.wheel(0, -900)
    view.button("Jump to latest").wait_for()
    before = _place(view.log)
    assert before > 0

    view.root.locator(".pgw-head").hover()
    # Layout with the message taken to be out of sight has happened after two frames.
    notebook.page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    assert _place(view.log) == before
