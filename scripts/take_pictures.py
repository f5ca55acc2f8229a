"""Takes the README's pictures from a real notebook: `make pictures`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

import tests.conftest  # noqa: E402, F401 - an empty home for Jupyter, before it starts
from find_browser import find_browser  # noqa: E402
from tests.browser.conftest import BROWSER_ARGUMENTS  # noqa: E402
from tests.browser.harness.jupyter import start_jupyter  # noqa: E402
from tests.browser.harness.notebook import NotebookPage, Theme  # noqa: E402
from tests.browser.playground import shown  # noqa: E402

CELL = """
from playground_widget import Playground
pg = Playground(title="Temperature")
pg
""".strip()
QUESTION = "What does the temperature do? Show me the maths."
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


def main() -> None:
    """Take both pictures."""
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
        finally:
            browser.close()
            server.process.stop()


if __name__ == "__main__":
    main()
