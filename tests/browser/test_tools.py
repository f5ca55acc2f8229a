"""Functions of the kernel as tools: calls, consent, results, Stop, and the switches."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import Axe
from tests.browser.harness.notebook import NotebookPage, OpenNotebook, Theme
from tests.browser.playground import PlaygroundView, pace, python, show, shown

TOOLS = """
import threading
import pandas as pd
from playground_widget import Tool

penguins = pd.DataFrame({"species": ["Adelie", "Gentoo"], "mass_g": [3701, 5076]})

def describe(frame: str, by: str = "species") -> pd.DataFrame:
    '''Count, mean and spread per group.'''
    return penguins

def run_sql(query: str) -> str:
    '''Run a query.'''
    return "2 rows"

def broken(name: str) -> str:
    '''Look a name up.'''
    raise KeyError(name)

gate = threading.Event()
def slow(n: int) -> str:
    '''Take a while.'''
    gate.wait(60)
    return "done"

pg.model = "demo-tools"
pg.tools = [describe, broken, slow, Tool(run_sql, confirm=True)]
"""


def opened(open_notebook: OpenNotebook, theme: Theme = "light") -> NotebookPage:
    notebook = open_notebook([show(**pace(rate=None, first_token=0))], theme=theme)
    notebook.run_all()
    shown(notebook)
    notebook.execute(TOOLS)
    return notebook


def results(view: PlaygroundView) -> Locator:
    return view.messages("tool")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_call_is_shown_with_its_table_and_asks_where_it_has_to(
    open_notebook: OpenNotebook, theme: Theme
) -> None:
    notebook = opened(open_notebook, theme)
    view = shown(notebook)
    view.send("describe penguins")
    view.until_ended()
    expect(results(view)).to_have_count(1)
    expect(results(view).first).to_contain_text("Result of describe")
    expect(results(view).first).to_contain_text("2 rows, ")
    expect(results(view).first.locator("table")).to_contain_text("Gentoo")

    view.send("run_sql 'select 1'")
    once = view.button("Run once")
    expect(once).to_be_visible()
    axe = Axe(notebook.page)
    axe.look(f"a call that asks, {theme}")
    assert axe.found == []
    once.click()
    view.until_ended()
    expect(results(view).last).to_contain_text("2 rows")
    assert python(notebook, "pg[-2].text") == "2 rows"

    view.send("run_sql 'select 2'")
    view.button("Refuse").click()
    view.until_ended()
    assert python(notebook, "pg[-2].error.kind") == "tool_refused"

    view.send("run_sql 'select 3'")
    view.button("Always run in this thread").click()
    view.until_ended()
    view.send("run_sql 'select 4'")
    view.until_ended()
    assert python(notebook, "pg[-2].text") == "2 rows"


def test_an_error_is_seen_and_a_result_can_be_edited(open_notebook: OpenNotebook) -> None:
    notebook = opened(open_notebook)
    view = shown(notebook)
    view.send("broken 'x'")
    view.until_ended()
    expect(results(view).last).to_contain_text("broken raised KeyError")
    result = results(view).last
    result.hover()
    result.get_by_role("button", name="Edit").click()
    box = result.get_by_role("textbox")
    box.fill("It is Gentoo.")
    result.get_by_role("button", name="Save and regenerate").click()
    view.until_ended()
    expect(view.messages().last).to_contain_text("It is Gentoo.")
    assert python(notebook, "pg[-2].text") == "It is Gentoo."


def test_stop_ends_a_call_that_does_not_end(open_notebook: OpenNotebook) -> None:
    notebook = opened(open_notebook)
    view = shown(notebook)
    view.send("slow 3")
    expect(results(view)).to_have_count(1)
    view.button("Stop").click()
    view.until_ended()
    assert python(notebook, "pg[-1].status") == "cancelled"
    notebook.execute("gate.set()")
    view.send("describe penguins")
    view.until_ended()
    expect(results(view).last.locator("table")).to_contain_text("Gentoo")


def test_a_tool_is_switched_off_in_the_parameters(open_notebook: OpenNotebook) -> None:
    notebook = opened(open_notebook)
    view = shown(notebook)
    view.button("Parameters").click()
    panel = view.root.get_by_role("complementary", name="Parameters").or_(
        view.root.get_by_role("dialog", name="Parameters")
    )
    switch = panel.get_by_role("switch", name="describe")
    expect(switch).to_be_checked()
    switch.click()
    expect(switch).not_to_be_checked()
    expect(panel).to_contain_text("Asks before each call.")
    off = "[t['name'] for t in pg._conversation.toolbox.to_list() if not t['enabled']]"
    assert python(notebook, off) == ["describe"]
