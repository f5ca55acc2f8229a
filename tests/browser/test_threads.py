"""The drawer of threads, in a real notebook."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.harness.notebook import OpenNotebook
from tests.browser.playground import pace, python, show, shown

THREE = """
for title in ("Confounders", "Interview summaries", "Regex for ISO dates"):
    pg.new_thread(title=title)
    pg.add("A message of " + title)
""".strip()


def test_threads_are_found_opened_renamed_deleted_and_brought_back(
    open_notebook: OpenNotebook,
) -> None:
    notebook = open_notebook([show(model="demo-echo", store=":memory:")])
    notebook.run(0)
    view = shown(notebook)
    notebook.execute(THREE)
    expect(view.messages("user")).to_contain_text(["A message of Regex for ISO dates"])

    view.button("Threads").click()
    rows = view.root.locator(".pgw-thread")
    expect(rows).to_have_count(3)
    search = view.root.get_by_role("searchbox", name="Search threads")
    search.fill("interv")
    expect(rows).to_have_count(1)
    search.press("Enter")
    expect(view.messages("user")).to_contain_text(["A message of Interview summaries"])
    assert python(notebook, "pg.title") == "Interview summaries"


def test_an_answer_goes_on_while_another_thread_is_shown(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(
        [show(store=":memory:", title="Long", **pace(tokens=20_000, rate=100))]
    )
    notebook.run(0)
    view = shown(notebook)
    view.send("Tell me all")
    view.until_writing()
    notebook.execute("other = pg.new_thread(title='Short'); pg.add('hi')")
    expect(view.messages("user")).to_contain_text(["hi"])
    expect(view.messages()).to_have_count(0)
    notebook.execute("pg.open('Long')")
    expect(view.messages()).to_have_count(1)
    before = len(view.until_writing().inner_text())
    expect(view.log).to_have_attribute("aria-busy", "true")
    notebook.page.wait_for_function(
        "before => document.querySelector('.pgw-msg--assistant').innerText.length > before + 200",
        arg=before,
    )
    view.button("Stop").click()
    view.until_ended()
    assert python(notebook, "pg[-1].status") == "cancelled"
