"""Variables in a real notebook: seen, set, blocking, filled in, changed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.axe import Axe
from tests.browser.harness.notebook import OpenNotebook, Theme
from tests.browser.playground import pace, python, show, shown

FAST = pace(tokens=10, rate=None, first_token=0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_variable_is_set_in_the_page_or_the_notebook_and_followed(
    open_notebook: OpenNotebook, theme: Theme
) -> None:
    notebook = open_notebook(
        [show(system="Answer in {{language}}.", store=":memory:", model="demo-echo", **FAST)]
    )
    notebook.set_theme(theme)
    notebook.run(0)
    view = shown(notebook)
    send = view.root.get_by_role("button", name="Send")
    view.composer.fill("Say {{word}} twice")
    expect(view.root.locator(".pgw-box__hint")).to_have_text("Set {{language}}, {{word}} to send")
    expect(send).to_be_disabled()

    # A cell of the notebook sets one, the page the other.
    notebook.execute("language = 'English'")
    expect(view.root.locator(".pgw-chip").first).to_have_text("{{language}}English")
    view.root.locator(".pgw-chip--empty").click()
    view.root.get_by_role("textbox", name="Value").fill("penguin")
    axe = Axe(notebook.page)
    axe.look("the card of a variable")
    view.root.get_by_role("textbox", name="Value").press("Enter")
    expect(send).to_be_enabled()
    assert python(notebook, "dict(pg.variables)") == {"word": "penguin"}

    view.composer.press("Enter")
    expect(view.messages()).to_have_count(1)
    view.until_ended()
    assert python(notebook, "pg[-1].variables") == {"language": "English", "word": "penguin"}
    expect(view.messages("user").locator(".pgw-var")).to_have_text("{{word}}")
    assert view.root.locator(".pgw-changed").count() == 0

    notebook.execute("language = 'French'")
    expect(view.root.locator(".pgw-changed")).to_have_text("language has changed")
    view.root.locator(".pgw-changed").click()
    axe.look("what has changed")
    assert axe.found == []
    view.root.get_by_role("dialog").get_by_role("button", name="Regenerate").click()
    expect(view.root.locator(".pgw-changed")).to_have_count(0)
    view.until_ended()
    assert python(notebook, "pg[-1].variables['language']") == "French"
