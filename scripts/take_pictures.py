"""Takes the README's pictures from a real notebook and a real page: `make pictures`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

import tests.conftest  # noqa: E402, F401 - an empty home for Jupyter, before it starts
from find_browser import find_browser  # noqa: E402
from tests.browser.conftest import BROWSER_ARGUMENTS  # noqa: E402
from tests.browser.harness.jupyter import JupyterServer, start_jupyter  # noqa: E402
from tests.browser.harness.notebook import NotebookPage, Theme  # noqa: E402
from tests.browser.playground import PlaygroundView, shown  # noqa: E402

CELL = """
from playground_widget import Playground
pg = Playground(title="Temperature")
pg
""".strip()
QUESTION = "What does the temperature do? Show me the maths."
SAID = ("What is a confounder?", "Show me a table of three birds.", "Show me some code.")
THEMES: tuple[Theme, ...] = ("light", "dark")


def take(notebook: NotebookPage, theme: Theme) -> None:
    """Have a conversation, and save a picture of the cell that shows it."""
    notebook.open()
    notebook.set_theme(theme)
    notebook.evaluate("app.shell.collapseLeft();")
    notebook.run(0)
    view = shown(notebook)
    view.root.locator(".pgw-frame").evaluate("frame => { frame.style.height = '700px'; }")
    view.send(QUESTION)
    view.until_ended()
    notebook.execute("pg.regenerate()")
    expect(view.root.locator(".pgw-math > code")).to_have_count(0)
    notebook.page.mouse.move(0, 0)
    notebook.page.wait_for_timeout(500)  # a shadow fades out
    picture = ROOT / "docs" / f"playground-{theme}.png"
    notebook.cell(0).screenshot(path=picture)
    print(picture.relative_to(ROOT), picture.stat().st_size)


def talk(page: Page, server: JupyterServer) -> str:
    """Hold some conversations on the page of a server, and return the address of the last."""
    view = PlaygroundView(page.locator("body"))
    for question in SAID:
        page.goto(f"{server.url}playground?token={server.token}")
        view.wait()
        view.send(question)
        view.until_ended()
    return page.url


def take_page(page: Page, server: JupyterServer, address: str, theme: Theme) -> None:
    """Save a picture of a thread on its page."""
    page.goto(f"{address}?token={server.token}")
    view = PlaygroundView(page.locator("body")).wait()
    expect(view.messages()).to_have_count(1)
    expect(view.root.locator(".pgw-math > code")).to_have_count(0)
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    picture = ROOT / "docs" / f"page-{theme}.png"
    page.screenshot(path=picture)
    print(picture.relative_to(ROOT), picture.stat().st_size)


def main() -> None:
    """Take all four pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = start_jupyter("lab", Path(folder))
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_ARGUMENTS)
        try:
            for theme in THEMES:
                context = browser.new_context(
                    viewport={"width": 1040, "height": 1000}, device_scale_factor=1.5
                )
                server.write_notebook(f"{theme}.ipynb", [CELL])
                take(NotebookPage(context.new_page(), server, f"{theme}.ipynb"), theme)
                context.close()
            address = talk(browser.new_page(), server)
            for theme in THEMES:
                context = browser.new_context(
                    viewport={"width": 1240, "height": 780},
                    device_scale_factor=1.5,
                    color_scheme=theme,
                )
                take_page(context.new_page(), server, address, theme)
                context.close()
        finally:
            browser.close()
            server.process.stop()


if __name__ == "__main__":
    main()
