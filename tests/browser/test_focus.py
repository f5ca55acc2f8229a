"""The focus stays in the conversation when the message that had it gives way to another."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.harness.notebook import OpenNotebook
from tests.browser.playground import python, show, shown


def test_the_keys_go_on_working_after_each_change(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([show(model="demo-echo")])
    notebook.run(0)
    view = shown(notebook)
    view.send("one")
    view.until_ended()
    notebook.execute("pg.edit(0, 'two', rerun=True)")
    focused = view.root.locator("article:focus")
    press = notebook.page.keyboard.press

    expect(view.messages("user")).to_contain_text(["two"])
    view.messages("user").focus()
    press("ArrowLeft")
    expect(view.messages("user")).to_contain_text(["one"])
    expect(focused).to_contain_text("one")
    press("ArrowRight")
    expect(focused).to_contain_text("two")
    press("a")
    expect(view.root.get_by_role("textbox", name="Message to insert before")).to_be_focused()
    notebook.page.keyboard.type("before")
    press("Enter")
    expect(view.messages("user")).to_contain_text(["before", "two"])
    expect(focused).to_have_count(1)
    press("End")
    press("d")
    press("d")
    expect(view.messages()).to_have_count(0)
    expect(focused).to_contain_text("two")
    press("z")
    expect(view.messages()).to_have_count(1)
    assert python(notebook, "[each.text for each in pg.messages]") == ["before", "two", "two"]
