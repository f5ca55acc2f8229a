"""What is left of a conversation when its kernel is gone, and how it comes back."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.harness.jupyter import Host
from tests.browser.harness.notebook import NotebookPage, OpenNotebook
from tests.browser.playground import python, show, shown

NAMED = """
from playground_widget import Playground
pg = Playground(thread="{title}", connection="demo", model="demo-fast")
pg
""".strip()


def transcript(notebook: NotebookPage, cell: int = 0) -> Locator:
    return notebook.output(cell).locator("[data-pgw-transcript]")


@pytest.mark.parametrize("host", ["lab", "notebook"])
def test_the_transcript_is_there_when_the_kernel_is_not(
    open_notebook: OpenNotebook, host: Host
) -> None:
    notebook = open_notebook([show(model="demo-echo")], host=host)
    notebook.run(0)
    view = shown(notebook)
    view.send("Remember the penguins")
    view.until_ended()
    expect(transcript(notebook)).to_be_attached()
    expect(transcript(notebook)).to_be_hidden()
    thread = python(notebook, "pg.thread.id")
    expect(transcript(notebook)).to_contain_text("Remember the penguins")

    saved = notebook.save()
    (bundle,) = [
        output["data"]
        for output in saved["cells"][0]["outputs"]
        if "text/markdown" in output["data"]
    ]
    for form in ("text/html", "text/markdown", "text/plain"):
        text = "".join(bundle[form])
        assert "Remember the penguins" in text
        assert f"Playground(thread={'&quot;' if form == 'text/html' else chr(34)}{thread}" in text

    # The page comes back to a kernel that knows nothing of this widget, but with its state.
    notebook.server.end_kernels(notebook.name)
    notebook.reload()
    expect(transcript(notebook)).to_be_visible()
    expect(transcript(notebook)).to_contain_text("Remember the penguins")
    expect(notebook.output(0).locator(".pgw-frame")).to_be_hidden()

    # And without that state: the widget alone would only say that there is no model.
    notebook.server.end_kernels(notebook.name)
    notebook.errors.allow("widget model not found", "Jupyter's widgets say so of this notebook")
    saved["metadata"].pop("widgets", None)
    notebook.path.write_text(json.dumps(saved))
    notebook.reload()
    expect(transcript(notebook)).to_be_visible()
    expect(transcript(notebook)).to_contain_text("Go on with Playground(thread=")


def test_running_the_cell_again_after_a_restart_brings_the_conversation_back(
    open_notebook: OpenNotebook,
) -> None:
    notebook = open_notebook([NAMED.format(title="Kept across a restart")])
    notebook.run(0)
    view = shown(notebook)
    view.send("Remember the penguins")
    view.until_ended()
    answer = view.answer_html()
    notebook.evaluate("await panel.sessionContext.restartKernel();")
    notebook.wait_until_idle()
    notebook.run(0)
    view = shown(notebook)
    expect(view.messages("user")).to_contain_text(["Remember the penguins"])
    assert view.answer_html() == answer
    view.send("And the seals")
    view.until_ended()
    assert python(notebook, "len(pg)") == 4


def test_what_is_being_typed_outlives_a_new_transcript(open_notebook: OpenNotebook) -> None:
    without = "none = Playground(transcript=False, connection='demo', messages='a')\nnone"
    notebook = open_notebook([show(model="demo-echo"), without])
    notebook.run(0)
    view = shown(notebook)
    view.composer.fill("half a question")
    notebook.execute("pg.send('from Python')")
    expect(transcript(notebook)).to_contain_text("from Python")
    expect(view.composer).to_have_value("half a question")

    notebook.run(1)
    shown(notebook, 1)
    assert [sorted(output["data"]) for output in notebook.outputs(1)] == [
        ["application/vnd.jupyter.widget-view+json", "text/plain"]
    ]
