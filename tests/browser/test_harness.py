"""That the harness drives real notebooks: what it says was seen in the page was there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.harness.jupyter import Host
from tests.browser.harness.notebook import OpenNotebook

COUNTER = """
import anywidget, traitlets

class Counter(anywidget.AnyWidget):
    _esm = '''
    export default {
      render({ model, el }) {
        const button = document.createElement("button");
        button.className = "counter";
        const show = () => { button.textContent = `count ${model.get("count")}`; };
        button.onclick = () => model.send({ clicked: true });
        model.on("change:count", show);
        show();
        el.append(button);
      },
    };
    '''
    count = traitlets.Int(0).tag(sync=True)

counter = Counter()
counter.on_msg(lambda widget, content, buffers: setattr(widget, "count", widget.count + 1))
counter
"""


@pytest.mark.parametrize("host", ["lab", "notebook"])
def test_widget_runs_and_its_messages_are_recorded(open_notebook: OpenNotebook, host: Host) -> None:
    notebook = open_notebook([COUNTER, "print(counter.count)"], host=host, theme="dark")
    notebook.run(0)
    button = notebook.output(0).locator("button.counter")
    expect(button).to_have_text("count 0")

    mark = notebook.frames.mark()
    button.click()
    expect(button).to_have_text("count 1")
    sent = list(notebook.frames.comm_data("sent", since=mark))
    received = list(notebook.frames.comm_data("received", since=mark))
    assert {"method": "custom", "content": {"clicked": True}} in sent
    assert [data["state"] for data in received if data["method"] == "update"] == [{"count": 1}]

    notebook.run(1)
    assert [output["text"] for output in notebook.outputs(1)] == ["1\n"]
    assert notebook.execute("print(counter.count + 1)") == "2\n"


def test_second_view_of_an_output_follows_the_first(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([COUNTER])
    notebook.run(0)
    view = notebook.create_output_view(0)
    notebook.output(0).locator("button.counter").click()
    expect(view.locator("button.counter")).to_have_text("count 1")


def test_saved_notebook_comes_back_after_a_reload(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["value = 1", "print(value)"])
    notebook.run_all()
    saved = notebook.save()
    notebook.reload()
    assert notebook.sources() == ["value = 1", "print(value)"]
    assert notebook.outputs(1) == saved["cells"][1]["outputs"] != []
    assert notebook.execute("print(value)") == "1\n"


@pytest.mark.parametrize("kernel", ["ipykernel-6.29", "ipykernel-7.1"])
def test_older_kernel_runs_that_version_with_the_same_packages(
    open_notebook: OpenNotebook, kernel: str
) -> None:
    notebook = open_notebook(
        ["import ipykernel, anywidget\nprint(ipykernel.__version__)"], kernel=kernel
    )
    notebook.run_all()
    (output,) = notebook.outputs(0)
    assert output["text"].startswith(kernel.removeprefix("ipykernel-"))


def test_uncaught_error_of_a_page_is_noticed(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([])
    assert notebook.errors.unexpected == []
    with notebook.page.expect_event("pageerror"):
        notebook.page.evaluate("setTimeout(() => { throw new Error('on purpose') })")
    assert "on purpose" in notebook.errors.unexpected[0]
    notebook.errors.allow("on purpose", "this test throws it")
