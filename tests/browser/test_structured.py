"""Structured output in the page: the tree of an answer, and asking again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.axe import Axe
from tests.browser.harness.notebook import OpenNotebook, Theme
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
