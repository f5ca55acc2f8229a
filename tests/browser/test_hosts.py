"""The same conversation in each host, and what is shown of a saved one. marimo has a file."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.axe import Axe
from tests.browser.conftest import picture_if_failed
from tests.browser.conversation import converse
from tests.browser.harness.jupyter import start_jupyter
from tests.browser.harness.notebook import NotebookPage, OpenNotebook
from tests.browser.playground import pace, show, shown
from tests.conftest import ROOT

LONG = pace(tokens=100_000, rate=60, first_token=0)
# Something that a page could fetch without being asked.
PICTURE = "pg.add('![Spy](https://spy.example.org/a.png) and <img src=//spy.example.org/b>')"
# nbconvert's template loads these itself, whatever is in the notebook.
NBCONVERT = {"cdnjs.cloudflare.com", "cdn.jsdelivr.net", "unpkg.com"}
FIXTURE = ROOT / "tests" / "fixtures" / "protocol" / "answer.json"
STATIC = ROOT / "playground_widget" / "static"


def test_a_conversation_in_jupyterlab_and_its_notebook_as_html(
    open_notebook: OpenNotebook, context: BrowserContext
) -> None:
    notebook = open_notebook([show(**LONG)], kernel="python3")
    notebook.run(0)
    view = shown(notebook)
    converse(view)
    axe = Axe(notebook.page)
    notebook.page.emulate_media(reduced_motion="reduce")
    name = "JupyterLab Dark High Contrast"
    notebook.command("apputils:change-theme", {"theme": name})
    expect(view.root).to_have_attribute("data-theme", "dark")
    axe.look(name)
    assert axe.found == []

    notebook.execute(PICTURE)
    expect(view.messages("user").last).to_contain_text("Spy")
    expect(notebook.output(0).locator("[data-pgw-transcript]")).to_contain_text("Spy")
    saved = nbformat.from_dict(notebook.save())  # type: ignore[no-untyped-call]
    exporter = HTMLExporter()  # type: ignore[no-untyped-call]
    html, _ = exporter.from_notebook_node(saved)
    file = notebook.path.with_suffix(".html")
    file.write_text(html)
    page = context.new_page()
    errors: list[str] = []
    hosts = asked_of(page)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(file.as_uri())
    transcript = page.locator("[data-pgw-transcript]")
    expect(transcript).to_be_visible()
    for text in ("Which bird is the smallest?", "Spy", "Go on with Playground(thread="):
        expect(transcript).to_contain_text(text)
    expect(transcript.locator("img, script, iframe")).to_have_count(0)
    assert hosts - NBCONVERT == set()
    assert [error for error in errors if "require is not defined" not in error] == []


def test_a_conversation_in_notebook_7(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([show(**LONG)], host="notebook", kernel="python3")
    notebook.run(0)
    converse(shown(notebook))


STRICT = """<!doctype html>
<meta http-equiv="Content-Security-Policy" content="default-src 'none';
  script-src 'nonce-test' blob:; style-src 'unsafe-inline'; img-src data:">
<title>A host</title><p id="around">Around</p><div id="host"></div>
<script nonce="test">
  "use strict";
  for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"])
    Object.defineProperty(window, name, { get() { throw new DOMException(name) } });
  Object.defineProperty(document, "cookie", { get() { throw new DOMException("cookie") } });
  window.broken = [];
  document.addEventListener("securitypolicyviolation",
    event => window.broken.push(event.violatedDirective + " " + event.sample));
  window.start = async (code, css, snapshot) => {
    const root = document.querySelector("#host").attachShadow({ mode: "open" });
    root.append(Object.assign(document.createElement("style"), { textContent: css }));
    const el = root.appendChild(document.createElement("div"));
    const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    const widget = (await import(url)).default();
    const listeners = new Map();
    const state = { thread: snapshot, delta: {}, control: "" };
    window.tell = (name, value) => {
        state[name] = value;
        for (const each of listeners.get("change:" + name) ?? []) each();
    };
    window.sent = [];
    const model = {
        get: name => state[name],
        set: (name, value) => { state[name] = value; },
        send: content => window.sent.push(content),
        on: (event, call) => listeners.set(event, [...(listeners.get(event) ?? []), call]),
        off() {},
    };
    const { signal } = new AbortController();
    await widget.initialize({ model, signal });
    await widget.render({ model, el, signal });
  };
</script>
"""


def test_a_host_may_forbid_all_but_the_widget_and_nothing_outside_of_it_is_touched(
    context: BrowserContext,
) -> None:
    # As in VS Code's and Colab's outputs: a shadow root, a strict policy, no memory, no network.
    page = context.new_page()
    hosts = asked_of(page)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.set_content(STRICT)
    golden = json.loads(FIXTURE.read_text())
    before = page.evaluate("document.body.children.length + document.head.children.length")
    code, css = ((STATIC / f"widget.{kind}").read_text() for kind in ("js", "css"))
    page.evaluate("given => start(...given)", [code, css, golden["snapshot"]])
    for batch in golden["batches"]:
        page.evaluate("batch => tell('delta', batch)", batch)
    root = page.locator("#host .pgw")
    expect(root.locator(".pgw-msg--assistant .pgw-md")).to_contain_text("Hello there.")
    root.get_by_role("textbox", name="Message", exact=True).fill("Hi")
    root.get_by_role("button", name="Send").click()
    page.wait_for_function("() => sent.some(({ type }) => type === 'send')")
    root.get_by_role("button", name="More", exact=True).click()
    expect(root.get_by_role("menu")).to_be_visible()
    # What is outside of the root that it was given is as it was.
    after = page.evaluate("document.body.children.length + document.head.children.length")
    assert after == before
    assert page.locator("#around").evaluate("around => around.outerHTML") == (
        '<p id="around">Around</p>'
    )
    assert page.evaluate("document.adoptedStyleSheets.length") == 0
    assert page.evaluate("broken") == []
    assert complaints == []
    assert hosts == set()


def asked_of(page: Page) -> set[str]:
    """The hosts that a page asks for something; it gets nothing of them."""
    hosts: set[str] = set()

    def refuse(route: Route) -> None:
        hosts.add(urlsplit(route.request.url).netloc)
        route.abort()

    page.route("http*://**/*", refuse)
    return hosts


# --- an older JupyterLab: `make test-lab42` -------------------------------------------------------


@pytest.fixture
def lab42(
    context: BrowserContext,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[NotebookPage]:
    """A notebook in the JupyterLab of the Python that PGW_LAB42 names, on a kernel of this one."""
    python = os.environ.get("PGW_LAB42")
    if not python:
        pytest.skip("PGW_LAB42 names no Python with JupyterLab 4.2: make test-lab42")
    spec = Path(os.environ["JUPYTER_DATA_DIR"]) / "kernels" / "playground" / "kernel.json"
    spec.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    # Its own path, since whoever runs the tests may have another version installed.
    content = {"argv": command, "display_name": "playground", "language": "python"}
    spec.write_text(json.dumps({**content, "env": {"PYTHONPATH": str(ROOT)}}))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", python)
        server = start_jupyter("lab", tmp_path)
    server.write_notebook("conversation.ipynb", [show(**LONG)], kernel="playground")
    notebook = NotebookPage(context.new_page(), server, "conversation.ipynb")
    try:
        notebook.open()
        yield notebook
        picture_if_failed(request.node, [notebook.page])
        # Now and then that version has an error of its own; what is ours comes from a blob.
        own = re.compile(r"uncaught: (?!.*blob:).*/static/lab/", re.DOTALL)
        assert [said for said in notebook.errors.unexpected if not own.match(said)] == []
    finally:
        notebook.page.close()
        server.end_kernels(notebook.name)
        server.process.stop()


def test_a_conversation_in_jupyterlab_4_2(lab42: NotebookPage) -> None:
    assert str(lab42.evaluate("return app.version;")).startswith("4.2.")
    lab42.run(0)
    converse(shown(lab42))
