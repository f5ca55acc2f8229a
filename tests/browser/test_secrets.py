"""A key that was given, found or typed is used, and afterwards seen nowhere."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness.frames import Frame
from tests.browser.harness.notebook import NotebookPage, OpenNotebook
from tests.browser.playground import PlaygroundView, python, shown

GIVEN, FOUND, WRONG, TYPED, MISTYPED = KEYS = [
    f"{prefix}{secrets.token_urlsafe(24)}" for prefix in ("sk-proj-", "", "sk-", "gsk_", "")
]
"""Given to `Connection`, found in the environment, given and refused, typed, and typed wrong."""

PIECE = 8
"""So many characters of a key in a row are not there by chance."""

# The kernel gets the keys from a file, so that the notebook and its frames need not hold them.
SETUP = """
import io, json, logging, os, pathlib
os.environ["OPENAI_LOG"] = "debug"  # before the SDK is imported
log = io.StringIO()
logging.basicConfig(stream=log, level=logging.DEBUG, force=True)
for name in ("asyncio", "openai", "httpx", "httpx2", "httpcore", "playground_widget", "tornado"):
    logging.getLogger(name).setLevel(logging.DEBUG)
from playground_widget import Connection, Playground
from playground_widget.demo import DemoServer
server = DemoServer().start()
def key(name):
    return json.loads(pathlib.Path({file!r}).read_text())[name]
"""

WITH_A_KEY = """
server.api_key = key("given")
given = Playground(model="demo-fast", connection=Connection("mine", server.base_url, key("given")))
given.send("Hello")
given
"""

FROM_THE_ENVIRONMENT = """
server.api_key = os.environ["OPENAI_API_KEY"] = key("found")
os.environ["OPENAI_BASE_URL"] = server.base_url
found = Playground(model="demo-fast")
found.send("Hello")
del os.environ["OPENAI_API_KEY"]
found
"""

REFUSED = """
wrong = Playground(model="demo-fast", connection=Connection("mine", server.base_url, key("wrong")))
wrong.send("Hello")
"""

TO_TYPE_IN = """
server.api_key = key("typed")
typed = Playground(model="demo-fast", connection="demo")
typed
"""

SEARCH = """
import copy, pickle, pprint, traceback

def dumped(value, depth=5, seen=()):
    '''Yield all that can be seen of an object by its attributes, and theirs.'''
    yield repr(value)
    yield str(value)
    if depth == 0 or id(value) in seen or isinstance(value, (str, bytes, int, float, type(None))):
        return
    seen = (*seen, id(value))
    names = {n for kind in type(value).__mro__ for n in getattr(kind, "__slots__", ())}
    names |= set(getattr(value, "__dict__", ()))
    inner = [getattr(value, name, None) for name in names]
    if isinstance(value, dict):
        inner += [*value, *value.values()]
    elif isinstance(value, (list, tuple, set)):
        inner += value
    for item in inner:
        if not callable(item):
            yield from dumped(item, depth - 1, seen)

def places():
    yield "log", [log.getvalue()]
    for name, pg in {"given": given, "found": found, "wrong": wrong, "typed": typed}.items():
        yield name, dumped(pg)
        yield name + ".connection", dumped(pg.connection)
        yield name + ".messages", dumped(pg.messages)
        yield name + ".thread", [pprint.pformat(pg.thread), repr(pickle.dumps(pg.messages))]
        yield name + ".to_openai()", [json.dumps(pg.to_openai())]
        yield name + ".widget", [repr(pg.widget.get_state()), repr(pg.widget.present()),
                                 repr(pg.widget._repr_mimebundle_()), repr(pg.widget)]
        yield name + " copied", [repr(copy.copy(pg.connection)), repr(copy.deepcopy(pg.connection))]
        try:
            yield name + " pickled", [repr(pickle.dumps(pg.connection))]
        except TypeError as error:
            yield name + " not pickled", [str(error)]
    try:
        wrong.send("Hello")
    except Exception as error:
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        yield "traceback", ["".join(told.format())]
        yield "error", dumped(error)
        yield "error pickled", [repr(pickle.dumps(error.info))]

def holds_a_key(text):
    return any(k[at:at + PIECE] in text for k in keys for at in range(len(k) - PIECE + 1))

PIECE, keys = {piece}, list(json.loads(pathlib.Path({file!r}).read_text()).values())
looked_at, held = 0, []
for place, texts in places():
    for text in texts:
        looked_at += 1
        if holds_a_key(text):
            held.append(place)
found_log = len(log.getvalue())
"""


def holds_a_key(text: str | bytes) -> bool:
    """Return whether eight characters of a key stand in a text, in a row."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return any(key[at : at + PIECE] in text for key in KEYS for at in range(len(key) - PIECE + 1))


def type_a_key(view: PlaygroundView, button: str, key: str) -> None:
    """Open the form for a key, type it and send the form."""
    view.root.get_by_role("menuitem", name=button).or_(view.button(button)).first.click()
    view.root.get_by_label("API key").fill(key)
    view.button("Use this key").click()
    expect(view.root.get_by_role("dialog")).to_have_count(0)


@pytest.fixture
def saving_widget_state(open_notebook: OpenNotebook) -> Iterator[OpenNotebook]:
    """Have JupyterLab save the state of widgets in notebooks, as its menu does."""
    opened: list[NotebookPage] = []

    def open_one(cells: list[str]) -> NotebookPage:
        notebook = open_notebook(cells, own_page=True)
        notebook.command("@jupyter-widgets/jupyterlab-manager:saveWidgetState")
        opened.append(notebook)
        return notebook

    yield open_one  # type: ignore[misc]  # it takes no options
    for notebook in opened:
        notebook.command("@jupyter-widgets/jupyterlab-manager:saveWidgetState")


def in_the_page(page: Page) -> str:
    """Return all that a page holds as text: its elements, fields and storages."""
    text: str = page.evaluate(
        """
        () => JSON.stringify([
            document.documentElement.outerHTML,
            [...document.querySelectorAll("input, textarea")].map(field => field.value),
            { ...localStorage }, { ...sessionStorage }, document.cookie, history.state,
            location.href,
        ])
        """
    )
    return text


def carries_a_typed_key(frame: Frame) -> bool:
    """Return whether a frame brings a typed key to the kernel, beside its request."""
    assert frame.message is not None
    content = frame.message["content"]
    return (
        frame.direction == "sent"
        and frame.msg_type == "comm_msg"
        and content["data"]["content"]["type"] == "connect"
        and frame.message["buffers"] in ([TYPED.encode()], [MISTYPED.encode()])
        and not holds_a_key(json.dumps(content))
    )


def test_a_key_is_found_nowhere(saving_widget_state: OpenNotebook, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    names = ("given", "found", "wrong", "typed", "mistyped")
    file.write_text(json.dumps(dict(zip(names, KEYS, strict=True))))
    notebook = saving_widget_state(
        [
            SETUP.replace("{file!r}", repr(str(file))),
            WITH_A_KEY,
            FROM_THE_ENVIRONMENT,
            "%xmode Verbose",
            REFUSED,
            "%tb Verbose",
            "wrong",
            TO_TYPE_IN,
        ]
    )
    bodies: list[bytes] = []
    notebook.page.on("request", lambda request: bodies.append(request.post_data_buffer or b""))
    for cell in range(8):
        notebook.run(cell)
    assert python(notebook, "[given[-1].status, found[-1].status]") == ["complete", "complete"]
    assert "KeyRefusedError" in json.dumps(notebook.outputs(4))
    assert "KeyRefusedError" in json.dumps(notebook.outputs(5))

    view = shown(notebook, 7)
    type_a_key(view, "Add a key", MISTYPED)
    view.send("Hello")
    expect(view.root.get_by_role("alert")).to_contain_text("key")
    view.until_ended()
    type_a_key(view, "Change key", TYPED)
    view.send("Hello again")
    view.until_ended()
    assert python(notebook, "typed[-1].status") == "complete"

    notebook.execute(SEARCH.replace("{file!r}", repr(str(file))).replace("{piece}", str(PIECE)))
    assert python(notebook, "held") == []
    assert python(notebook, "looked_at > 100 and found_log > 1000") is True

    saved = notebook.save()
    states = saved["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    assert any(state["model_module"] == "anywidget" for state in states.values())
    assert not holds_a_key(json.dumps(saved))
    assert not holds_a_key(notebook.path.read_bytes())
    assert not holds_a_key(in_the_page(notebook.page))
    assert bodies
    assert not any(holds_a_key(body) for body in bodies)

    carrying = [frame for frame in notebook.frames.frames if holds_a_key(frame.data)]
    assert len(carrying) == len([MISTYPED, TYPED])
    assert all(carries_a_typed_key(frame) for frame in carrying)
