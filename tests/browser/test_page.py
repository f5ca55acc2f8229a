"""The playground as a page of a Jupyter server: a conversation, its addresses, and faults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from playground_widget.demo import DemoServer
from tests.browser.axe import Axe
from tests.browser.conftest import picture_if_failed
from tests.browser.harness.notebook import OpenNotebook
from tests.browser.page import Pages, thread_of
from tests.browser.playground import PlaygroundView, show, shown
from tests.server.kernel import Kernel

SLOWLY = {"extra": {"demo": {"tokens": 100_000, "rate": 60, "first_token": 0}}}
UPDATE = """
mutation Update($input: UpdateThreadInput!) {
  updateThread(input: $input) { revision error { title } }
}
"""


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


@pytest.fixture
def demo_url() -> Iterator[str]:
    with DemoServer() as server:
        yield server.base_url


def set_pace(pages: Pages, thread: str) -> None:
    answer = pages.server.ask(UPDATE, {"input": {"threadId": thread, "params": SLOWLY}})
    assert answer["updateThread"]["error"] is None


def answer_text(view: PlaygroundView) -> str:
    return view.messages().last.locator(".pgw-md").inner_text()


def test_a_conversation_has_an_address_and_every_page_on_it_shows_it(pages: Pages) -> None:
    view = pages.open()
    page = view.root.page
    view.send("Which bird is the heaviest?")
    view.until_writing()
    thread = thread_of(page)
    other = pages.open(f"playground/thread/{thread}")
    other.until_ended()
    said = answer_text(other)
    page.bring_to_front()
    view.until_ended()
    assert answer_text(view) == said
    expect(page).to_have_title("Which bird is the heaviest?")
    expect(view.root.locator(".pgw-thread.is-current")).to_contain_text("Which bird is")

    page.reload()
    view.wait()
    assert thread_of(page) == thread
    assert answer_text(view) == said
    # What one page does the other shows.
    view.button("Add a system prompt").click()
    prompt = view.root.get_by_role("textbox", name="System prompt")
    prompt.fill("Answer in verse.")
    prompt.press("Control+s")
    expect(other.messages("system")).to_contain_text("Answer in verse.")
    # Nothing came from anywhere else.
    assert pages.hosts == {f"127.0.0.1:{pages.server.port}"}


def test_back_and_forward_go_from_thread_to_thread(pages: Pages) -> None:
    view = pages.open()
    page = view.root.page
    view.send("First")
    view.until_ended()
    first = thread_of(page)
    view.button("New thread").first.click()
    expect(view.messages()).to_have_count(0)
    view.send("Second")
    view.until_ended()
    second = thread_of(page)
    assert second != first
    page.go_back()
    expect(view.messages("user")).to_contain_text("First")
    assert thread_of(page) == first
    page.go_forward()
    expect(view.messages("user")).to_contain_text("Second")


def test_a_thread_that_is_not_there_says_so_and_there_is_a_way_on(pages: Pages) -> None:
    view = pages.open("playground/thread/nowhere", wait=False)
    expect(view.root.get_by_role("heading", name="This thread is not here")).to_be_visible()
    view.root.get_by_role("alert").get_by_role("button", name="New thread").click()
    expect(view.composer).to_be_enabled()


def test_a_server_that_was_killed_and_started_again_has_lost_nothing(pages: Pages) -> None:
    view = pages.open()
    page = view.root.page
    view.send("Begin")
    view.until_ended()
    set_pace(pages, thread_of(page))
    view.send("Write until you are stopped.")
    view.until_writing()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.pgw-msg--assistant .pgw-md')].at(-1)"
        ".textContent.length > 200"
    )
    pages.kill()
    expect(view.root.get_by_text("Reconnecting").first).to_be_visible()
    seen = answer_text(view)
    expect(view.root.get_by_role("heading", name="The server does not answer")).to_be_visible()
    pages.start_again()
    expect(view.composer).to_be_enabled()
    expect(view.root.get_by_role("button", name="Continue").first).to_be_visible()
    kept = answer_text(view)
    # The last quarter of a second may be missing: at this pace a few words.
    assert kept.startswith(seen[:-150])
    assert view.messages().count() == 2
    view.root.get_by_role("button", name="Continue").first.click()
    view.until_writing()
    view.button("Stop").click()
    view.until_ended()
    assert answer_text(view).startswith(kept[:-20])


def test_what_was_being_written_stays_over_a_restart(pages: Pages) -> None:
    view = pages.open()
    view.composer.fill("Half a thought")
    pages.kill()
    expect(view.root.get_by_text("Reconnecting").first).to_be_visible()
    pages.start_again()
    expect(view.root.get_by_text("Reconnecting")).to_have_count(0)
    expect(view.composer).to_have_value("Half a thought")
    view.composer.press("Enter")
    view.until_ended()
    expect(view.messages("user")).to_contain_text("Half a thought")


def test_a_kernel_s_answer_is_seen_and_stopped_on_the_page(pages: Pages, demo_url: str) -> None:
    kernel = Kernel(pages.database, demo_url)
    try:
        kernel.do_now("add", text="From a notebook")
        view = pages.open(f"playground/thread/{kernel.thread}")
        expect(view.messages("user")).to_contain_text("From a notebook")
        kernel.do_now("send", text="Go on", tokens=100_000, rate=60)
        view.until_writing()
        view.button("Stop").click()
        view.until_ended()
        ended = kernel.do_now("wait")
        assert ended["status"] == "cancelled"
        first = ended["text"].split("\n", 1)[0]
        assert "".join(letter for letter in first if letter.isalpha()) in "".join(
            letter for letter in answer_text(view) if letter.isalpha()
        )
    finally:
        kernel.end()


def test_a_thread_of_a_notebook_opens_as_a_page_and_both_stay_in_step(
    open_notebook: OpenNotebook,
) -> None:
    notebook = open_notebook([show(model="demo-fast")])
    notebook.run(0)
    view = shown(notebook)
    view.send("Hello from the notebook")
    view.until_ended()
    view.button("More").click()
    with notebook.page.context.expect_page() as opened:
        view.root.get_by_role("menuitem", name="Open as a page").click()
    page = PlaygroundView(opened.value.locator("body")).wait()
    expect(page.messages("user")).to_contain_text("Hello from the notebook")
    notebook.execute("pg.add('And another')")
    expect(page.messages("user").last).to_contain_text("And another")
    page.composer.fill("From the page")
    page.composer.press("Alt+Enter")
    notebook.page.bring_to_front()
    expect(view.messages("user").last).to_contain_text("From the page")
    opened.value.close()


def test_what_needs_a_notebook_says_so(pages: Pages) -> None:
    view = pages.open()
    view.send("Show me some code.")
    view.until_ended()
    view.root.page.keyboard.press("Control+Shift+E")
    dialog = view.root.get_by_role("dialog")
    expect(dialog).to_contain_text("Cells can be inserted from a notebook")
    expect(dialog.get_by_role("button", name="Insert")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_page(pages: Pages, theme: str) -> None:
    view = pages.open()
    page: Page = view.root.page
    page.emulate_media(reduced_motion="reduce", color_scheme="dark" if theme == "dark" else "light")
    expect(view.root).to_have_attribute("data-theme", theme)
    axe = Axe(page)
    axe.look("empty")
    view.send("Show me a table, some code and a formula.")
    view.until_ended()
    axe.look("conversation")
    for width, height in ((900, 800), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        axe.look(f"{width} pixels wide")
    view.button("Threads").click()
    expect(view.root.get_by_role("searchbox")).to_be_visible()
    axe.look("threads, narrow")
    page.set_viewport_size({"width": 1280, "height": 900})
    pages.kill()
    expect(view.root.get_by_role("heading", name="The server does not answer")).to_be_visible()
    axe.look("the server is away")
    assert axe.found == []
