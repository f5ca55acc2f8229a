"""A conversation with everything that a person does in one, the same in every host."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.playground import PlaygroundView

__all__ = ["converse"]


def converse(view: PlaygroundView) -> None:
    """Send, stop, edit, look at another version, regenerate, compare, and open the export.

    The answers have to be long (`playground.pace`), since each of them is stopped.
    """
    view.send("Which bird is the heaviest?")
    _stop(view)

    view.messages("user").last.focus()
    view.root.page.keyboard.press("Enter")
    edit = view.root.get_by_role("textbox", name="Edit message")
    expect(edit).to_be_focused()
    edit.fill("Which bird is the smallest?")
    edit.press("Control+Enter")
    expect(edit).to_have_count(0)
    _version(view, 2, "Which bird is the smallest?")
    _stop(view)

    view.messages("user").last.focus()
    view.root.page.keyboard.press("ArrowLeft")
    _version(view, 1, "Which bird is the heaviest?")
    view.root.page.keyboard.press("ArrowRight")
    _version(view, 2, "Which bird is the smallest?")

    answer = view.messages().last
    answer.hover()
    answer.get_by_role("button", name="Regenerate").first.click()
    expect(answer.get_by_role("group", name="Version 2 of 2")).to_be_visible()
    _stop(view)

    view.button("Compare").click()
    for letter in "AB":
        expect(view.root.get_by_role("region", name=f"Variant {letter}:")).to_be_visible()
    view.button("Chat").click()
    view.button("Export").click()
    dialog = view.root.get_by_role("dialog", name="Export")
    expect(dialog).to_contain_text("Which bird is the smallest?")
    dialog.press("Escape")
    expect(dialog).to_have_count(0)
    expect(view.button("Export")).to_be_focused()


def _stop(view: PlaygroundView) -> None:
    view.until_writing()
    view.button("Stop").click()
    view.until_ended()
    expect(view.messages().last).to_contain_text("Stopped")


def _version(view: PlaygroundView, number: int, text: str) -> None:
    message = view.messages("user").last
    expect(message.get_by_role("group", name=f"Version {number} of 2")).to_be_visible()
    expect(message).to_contain_text(text)
