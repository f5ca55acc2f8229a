"""The parameters: a part of the front-end that comes when it is wanted, with its own styles."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.harness.notebook import OpenNotebook
from tests.browser.playground import show, shown, until_python

CELL = show(model="demo-fast")


def test_what_is_set_in_the_panel_is_set_in_python_and_the_other_way_round(
    open_notebook: OpenNotebook,
) -> None:
    notebook = open_notebook([CELL], own_page=True)
    notebook.run(0)
    view = shown(notebook)
    view.composer.press("Control+.")
    panel = view.root.get_by_role("complementary", name="Parameters")
    expect(panel).to_be_focused()
    panel.evaluate("panel => Promise.all(panel.getAnimations().map(each => each.finished))")
    # Its style sheet came with it: it stands at the right edge, as high as the messages.
    frame, place = view.root.locator(".pgw-body").bounding_box(), panel.bounding_box()
    assert frame is not None
    assert place is not None
    # A browser places boxes at fractions of a pixel.
    assert place["width"] == pytest.approx(304, abs=0.5)
    assert place["height"] == pytest.approx(frame["height"], abs=0.5)
    assert abs(frame["x"] + frame["width"] - place["x"] - place["width"]) <= 1

    panel.get_by_role("textbox", name="Temperature").fill("0.7")
    panel.get_by_role("slider", name="Top p").press("ArrowLeft")
    expect(panel.get_by_role("button", name="Reset all 2")).to_be_visible()
    panel.get_by_role("textbox", name="Seed").focus()
    until_python(notebook, "pg.params.to_dict()", {"temperature": 0.7, "top_p": 0.95})

    notebook.execute("pg.params = {'temperature': None, 'seed': 5}")
    expect(panel.get_by_role("textbox", name="Temperature")).to_have_value("")
    expect(panel.get_by_role("button", name="Reset all 2")).to_be_visible()

    panel.press("Escape")
    expect(panel).to_have_count(0)
    expect(view.button("Parameters")).to_be_focused()


def test_each_widget_of_a_page_has_panels_that_work(open_notebook: OpenNotebook) -> None:
    other = "other = Playground(connection=Connection('demo', server.base_url)); other"
    notebook = open_notebook([CELL, other])
    notebook.run_all()
    for cell in (0, 1):
        view = shown(notebook, cell)
        view.button("Parameters").click()
        panel = view.root.get_by_role("complementary", name="Parameters")
        panel.get_by_role("textbox", name="Seed").fill(str(cell))
        panel.get_by_role("textbox", name="Max tokens").focus()
        expect(panel.get_by_role("button", name="Reset all 1")).to_be_visible()
    until_python(notebook, "[pg.params.seed, other.params.seed]", [0, 1])
