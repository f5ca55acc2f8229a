"""Comparing in a real page: columns asked from it, a grid begun from Python, and the web page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.browser.axe import Axe
from tests.browser.conftest import picture_if_failed
from tests.browser.harness.notebook import OpenNotebook, Theme
from tests.browser.page import Pages
from tests.browser.playground import PlaygroundView, pace, python, show, shown

# Of a name of its own: one that asks what another of its name has asked goes on with that.
GRID = """
import threading
from playground_widget import Variant, exact

more = threading.Event()
def words(output: str, row: object) -> int:
    if row["input"] != "first":
        more.wait(60)
    return len(output.split())

rows = [{"input": word, "expected": word} for word in ("first", "second", "third")]
comparison = pg.compare(
    rows,
    name="Echoes, {theme}",
    variants=[Variant(name="Same", model="demo-echo"), Variant(name="Broken", model="demo-cut")],
    scorers=[exact("expected", case=False), words],
    max_concurrency=2,
)
"""


def column(view: PlaygroundView, letter: str) -> Locator:
    return view.root.get_by_role("region", name=re.compile(f"^Variant {letter}:"))


def told(view: PlaygroundView, text: str) -> None:
    expect(view.root.locator(".pgw-bar__far")).to_contain_text(text)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_variants_answer_side_by_side_and_one_is_picked_and_used(
    open_notebook: OpenNotebook, theme: Theme
) -> None:
    notebook = open_notebook([show(**pace(rate=None, first_token=0))], theme=theme)
    notebook.run_all()
    view = shown(notebook)
    view.send("Say what you are")
    view.until_ended()
    view.button("Compare").click()
    expect(column(view, "B")).to_contain_text("Not asked yet")
    view.button("Edit variant B").click()
    dialog = view.root.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Model").fill("demo-echo")
    dialog.get_by_role("button", name="Done").click()
    expect(column(view, "B").locator(".pgw-pill--diff")).to_have_text("demo-echo")
    view.button("Run all").first.click()
    for letter in "AB":
        expect(column(view, letter).get_by_role("button", name="Pick")).to_be_enabled()
        expect(column(view, letter)).not_to_contain_text("changed since")
    expect(column(view, "B").locator("del").first).to_be_visible()
    axe = Axe(notebook.page)
    axe.look(f"columns, {theme}")

    column(view, "B").locator(".pgw-col__body").focus()
    notebook.page.keyboard.press("w")
    expect(column(view, "B").get_by_role("button", name="Winner")).to_be_visible()
    axe.look(f"a winner, {theme}")
    assert axe.found == []
    column(view, "B").get_by_role("button", name="More about variant B").click()
    view.root.get_by_role("menuitem", name="Use as next message").click()
    expect(view.messages().last).to_contain_text("Say what you are")
    assert python(notebook, "[pg[-1].text, pg[-1].model]") == ["Say what you are", "demo-echo"]
    notebook.execute("comparison = pg.comparison(pg.comparisons()[0].id)")
    assert python(notebook, "[rate.wins for rate in comparison.win_rates()]") == [0, 1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_rows_are_followed_paused_and_looked_at_by_the_keyboard(
    open_notebook: OpenNotebook, theme: Theme
) -> None:
    notebook = open_notebook([show(**pace(rate=None, first_token=0))], theme=theme)
    notebook.run_all()
    view = shown(notebook)
    notebook.execute(GRID.replace("{theme}", theme))
    grid = view.root.get_by_role("grid", name=f"Answers of Echoes, {theme}")
    expect(grid.locator("td[data-row='0'][data-column='0']")).to_contain_text("match")
    view.button("Pause").click()
    told(view, "pausing, 2 to end")
    notebook.execute("more.set()")
    told(view, "paused")
    view.button("Resume").click()
    told(view, "6 of 6 · 3 failed")
    broken = grid.locator("td[data-row='2'][data-column='1']")
    expect(broken).to_contain_text("dropped")
    axe = Axe(notebook.page)
    axe.look(f"grid, {theme}")

    grid.locator("td[tabindex='0']").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowLeft", "Enter"):
        notebook.page.keyboard.press(key)
    dialog = view.root.get_by_role("dialog")
    expect(dialog).to_contain_text("second")
    axe.look(f"an answer in full, {theme}")
    assert axe.found == []
    notebook.page.keyboard.press("Escape")
    expect(grid.locator("td[data-row='1'][data-column='0']")).to_be_focused()

    view.button("To DataFrame").click()
    view.root.get_by_role("button", name="Insert as a cell").click()
    expect(notebook.page.locator(".jp-Notebook")).to_contain_text("pg.compare(")
    frame = f"pg.comparison('Echoes, {theme}').to_frame()"
    assert python(notebook, f"int({frame}['output'].eq('second').sum())") == 1
    view.button("Chat").click()
    expect(view.composer).to_be_visible()


@pytest.fixture
def pages(
    context: BrowserContext, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Pages]:
    """A server, and pages on it; afterwards they have not complained."""
    made = Pages(context, tmp_path)
    yield made
    picture_if_failed(request.node, context.pages)
    made.server.stop()
    assert made.complaints == []


def test_the_page_compares_rows_of_a_file_and_has_it_after_a_restart(pages: Pages) -> None:
    view = pages.open()
    page = view.root.page
    view.button("Compare").click()
    view.button("Grid").click()
    page.locator("input[accept*=csv]").set_input_files(
        {
            "name": "birds.csv",
            "mimeType": "text/csv",
            "buffer": b"bird,size\nWhich bird is tall?,big\nWhich bird is small?,little\n",
        }
    )
    view.root.get_by_role("button", name=re.compile("^(Ask|Run)")).last.click()
    told(view, "4 of 4")
    expect(view.root.get_by_role("grid")).to_contain_text("Which bird is tall?")
    pages.kill()
    pages.start_again()
    page.reload()
    view.wait()
    view.button("Comparisons").click()
    view.root.get_by_role("button", name=re.compile("^birds")).click()
    told(view, "4 of 4")
