"""Structured output in the page: the tree of an answer, and asking again."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.axe import Axe
from tests.browser.harness.notebook import OpenNotebook, Theme
from tests.browser.page import Pages, thread_of
from tests.browser.playground import pace, show, shown

PENGUIN = """
from pydantic import BaseModel, field_validator
class Penguin(BaseModel):
    species: str
    islands: list[str]
pg.params = {"response_format": Penguin}
"""

NEVER = """
from pydantic import BaseModel, field_validator
class Never(BaseModel):
    word: str
    @field_validator("word")
    @classmethod
    def refuse(cls, value):
        raise ValueError("never right")
pg.params = {"response_format": Never}
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_answer_is_a_tree_and_an_object_in_the_kernel(
    open_notebook: OpenNotebook, theme: Theme
) -> None:
    notebook = open_notebook([show(**pace(rate=None, first_token=0))], theme=theme)
    notebook.run_all()
    view = shown(notebook)
    notebook.execute(PENGUIN)
    view.send("Which is heaviest?")
    view.until_ended()
    answer = view.messages().last
    expect(answer.locator(".pgw-tree__key", has_text="species")).to_be_visible()
    expect(answer.locator(".pgw-note")).to_have_count(0)
    axe = Axe(notebook.page)
    axe.look("a tree")
    assert axe.found == []
    answer.get_by_role("button", name="JSON", exact=True).click()
    expect(answer.locator(".pgw-json pre")).to_contain_text('"species"')
    notebook.execute("assert isinstance(pg[-1].parsed, Penguin)")


def test_what_does_not_fit_says_why_and_is_asked_for_again(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([show(**pace(rate=None, first_token=0))])
    notebook.run_all()
    view = shown(notebook)
    notebook.execute(NEVER)
    view.send("Say a word.")
    view.until_ended()
    note = view.messages().last.locator(".pgw-note")
    expect(note).to_contain_text("at .word: Value error, never right")
    note.get_by_role("button", name="Ask again with the reason").click()
    expect(view.messages().last.get_by_label("Version 2 of 2")).to_be_visible()
    view.until_ended()
    notebook.execute("assert pg[-1].reasked == pg.branches(-1)[0].id")


UPDATE = """
mutation Update($input: UpdateThreadInput!) {
  updateThread(input: $input) { error { title } }
}
"""
SCHEMA = {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]}


def test_the_page_of_a_server_shows_it_too(context: BrowserContext, tmp_path: Path) -> None:
    pages = Pages(context, tmp_path)
    view = pages.open()
    view.send("Hello")
    view.until_ended()
    wanted = {"type": "json_schema", "json_schema": {"name": "word", "schema": SCHEMA}}
    params = {"max_tokens": 1, "response_format": wanted, **pace(rate=None, first_token=0)}
    asked = {"threadId": thread_of(view.root.page), "params": params}
    answer = pages.server.ask(UPDATE, {"input": asked})
    assert answer["updateThread"]["error"] is None
    view.send("Say a word.")
    view.until_ended()
    note = view.messages().last.locator(".pgw-note")
    expect(note).to_contain_text("the answer was cut off at the most tokens it may have")
    expect(view.messages().last.locator(".pgw-tree")).to_contain_text("It ends here")
    pages.server.ask(UPDATE, {"input": {**asked, "params": {"max_tokens": None}}})
    note.get_by_role("button", name="Ask again with the reason").click()
    expect(view.messages().last.get_by_label("Version 2 of 2")).to_be_visible()
    view.until_ended()
    tree = view.messages().last.locator(".pgw-tree")
    expect(tree.locator(".pgw-tree__key", has_text="word")).to_be_visible()
    pages.server.stop()
    assert pages.complaints == []
