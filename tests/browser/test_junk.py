"""What any page sends on the widget's comm leaves the playground and its views as they were."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import expect

from tests.browser.harness.notebook import NotebookPage, OpenNotebook
from tests.browser.playground import python, show, shown

JUNK: list[Any] = [
    None,
    7,
    "stop",
    [],
    [{"type": "stop"}],
    {},
    {"type": "send"},
    {"type": "launch"},
    {"type": ["send"]},
    {"type": "send", "content": "text"},
    {"type": "send", "content": []},
    {"type": "send", "content": [{"type": "text"}]},
    {"type": "send", "content": [{"type": "image", "url": "javascript:x"}]},
    {"type": "send", "content": [{"type": "text", "text": "x"}], "api_key": "x"},
    {"type": "edit", "message": "none", "content": [{"type": "text", "text": "x"}], "rerun": False},
    {"type": "delete", "messages": ["none"]},
    {"type": "select", "message": {"__proto__": "x"}},
    {"type": "set", "params": {"temperature": "hot"}},
    {"type": "set", "thread": {}},
    {"type": "connect", "name": "x", "base_url": "file:///etc/passwd"},
    {"type": "asset", "name": "../__init__.py"},
    {"type": "\ud800"},
]

SEND = """
const kernel = panel.sessionContext.session.kernel;
const send = (data, number) => kernel.sendShellMessage({
    header: { msg_id: `junk-${number}`, msg_type: "comm_msg", session: kernel.clientId,
              username: kernel.username, date: new Date().toISOString(), version: "5.3" },
    parent_header: {}, metadata: {}, channel: "shell", buffers: [],
    content: { comm_id: argument.comm, data },
}, false, true);
argument.junk.forEach((content, number) => {
    if (content instanceof Object && !Array.isArray(content)) content.request = `junk-${number}`;
    send({ method: "custom", content }, number);
});
const state = { thread: null, delta: { events: [{ type: "selected", revision: 99, head: null }] } };
send({ method: "update", state, buffer_paths: [] }, "update");
"""


def answers(notebook: NotebookPage) -> dict[str, list[str]]:
    """Return the kernel's answers to each request, from all frames so far."""
    found: dict[str, list[str]] = {}
    for data in notebook.frames.comm_data("received"):
        for event in data.get("state", {}).get("delta", {}).get("events", []):
            if event["type"] in {"done", "refused"}:
                found.setdefault(event["request"], []).append(event["type"])
    return found


def test_junk_on_the_comm_is_refused_and_changes_nothing(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([show(model="demo-fast")])
    notebook.run(0)
    view = shown(notebook)
    notebook.execute("pg.add('First'); pg.add('Second')")
    expect(view.messages("user")).to_have_count(2)
    whole = "[json.loads(json.dumps(pg.thread.to_dict())), repr(pg.connection)]"
    before = python(notebook, whole)
    html = view.log.inner_html()

    comm = python(notebook, "pg.widget.comm.comm_id")
    notebook.evaluate(SEND, {"comm": comm, "junk": JUNK})
    assert python(notebook, whole) == before
    assert view.log.inner_html() == html
    # Answers come with the next batch, in order, so that those to the junk come before this one's.
    view.send("Hello")
    view.until_ended()
    given = answers(notebook)
    named = [f"junk-{number}" for number, junk in enumerate(JUNK) if isinstance(junk, dict)]
    assert {name: given.get(name) for name in named} == {name: ["refused"] for name in named}
    assert python(notebook, "[m.role for m in pg.messages]") == ["user"] * 3 + ["assistant"]


def test_a_picture_at_an_impossible_address_does_not_break_the_page(
    open_notebook: OpenNotebook,
) -> None:
    notebook = open_notebook([show(model="demo-fast")])
    notebook.run(0)
    view = shown(notebook)
    part = {"type": "image_url", "image_url": {"url": "http://["}}
    message = json.dumps({"role": "user", "content": [part, {"type": "text", "text": "What?"}]})
    notebook.execute(f"pg.add({message})")
    expect(view.messages("user")).to_contain_text("cannot be shown")
