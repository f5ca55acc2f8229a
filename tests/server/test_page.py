"""The page's document, what it may load, and the extension itself."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

import playground_widget
from playground_widget.server._app import STATIC
from tests.server.conftest import BASE, ROOT, Jupyter


class Document(HTMLParser):
    """The elements of a document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] in {"script", "style"} and data.strip():
            self.words.append(data)

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and wanted.items() <= attributes.items()
        ]

    def one(self, tag: str, **wanted: str) -> dict[str, str | None]:
        (found,) = self.all(tag, **wanted)
        return found


@pytest.mark.parametrize("path", ["playground", "playground/", "playground/thread/abc"])
def test_the_page_says_where_everything_is(jupyter: Jupyter, path: str) -> None:
    with jupyter.client() as client:
        answer = client.get(f"{jupyter.url}{path}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = Document(answer.text)
    assert page.one("html")["lang"] == "en"
    assert page.one("noscript") == {}
    place = page.one("div", id="playground")
    assert place == {
        "id": "playground",
        "data-base-url": BASE,
        "data-graphql-url": f"{BASE}playground/graphql",
        "data-static-url": f"{BASE}static/playground/",
        "data-version": playground_widget.__version__,
    }


def test_the_page_has_no_script_or_style_of_its_own(jupyter: Jupyter) -> None:
    with jupyter.client() as client:
        answer = client.get(f"{jupyter.url}playground")
    page = Document(answer.text)
    assert page.words == []
    names = {name for _, attributes in page.elements for name in attributes}
    assert not {name for name in names if name.startswith("on") or name == "style"}
    script, styles = page.one("script"), page.all("link", rel="stylesheet")
    assert script["type"] == "module"
    early = page.one("link", rel="modulepreload")
    addresses = [script["src"], early["href"], *(style["href"] for style in styles)]
    # What the page has of its own comes after what it shares with the widget.
    names_in_order = ("page.js", "widget.js", "widget.css", "page.css")
    for address, name in zip(addresses, names_in_order, strict=True):
        assert address
        assert address.split("?")[0] == f"{BASE}static/playground/{name}"
        if (STATIC / name).exists():
            # A hash of what is in it, so that browsers may keep it.
            assert re.search(r"\?v=[0-9a-f]{32,}$", address)
            with jupyter.client() as client:
                file = client.get(f"http://127.0.0.1:{jupyter.port}{address}")
            assert file.status_code == 200
            assert file.content == (STATIC / name).read_bytes()
            assert "no-cache" not in file.headers.get("cache-control", "")


@pytest.mark.skipif(not (STATIC / "page.js").exists(), reason="the front-end is not built")
def test_what_is_loaded_early_is_the_one_module_that_the_page_imports(jupyter: Jupyter) -> None:
    with jupyter.client() as client:
        answer = client.get(f"{jupyter.url}playground")
    early = Document(answer.text).one("link", rel="modulepreload")["href"]
    script = (STATIC / "page.js").read_text(encoding="utf-8")
    imported = re.findall(r"\bfrom\s?[\"']\./([^\"']+)[\"']", script)
    assert [f"{BASE}static/playground/{name}" for name in imported] == [early]


def test_the_page_may_load_nothing_from_elsewhere(jupyter: Jupyter) -> None:
    with jupyter.client() as client:
        answer = client.get(f"{jupyter.url}playground")
    policy = dict(
        directive.strip().split(" ", 1)
        for directive in answer.headers["content-security-policy"].split(";")
    )
    host = f"127.0.0.1:{jupyter.port}"
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob: https: http:",
        "connect-src": f"'self' ws://{host} wss://{host}",
        "font-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
    }


def test_the_page_gives_its_script_what_a_post_needs(jupyter: Jupyter) -> None:
    with jupyter.client() as client:
        client.get(f"{jupyter.url}playground")
        (cookie,) = [cookie for cookie in client.cookies.jar if cookie.name == "_xsrf"]
    assert not cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.path == BASE


@pytest.mark.parametrize("path", ["playground/thread/a/b", "playground/x"])
def test_other_addresses_are_no_page(jupyter: Jupyter, path: str) -> None:
    with jupyter.client() as client:
        assert client.get(f"{jupyter.url}{path}").status_code == 404


def test_what_is_in_the_address_is_not_in_the_page(jupyter: Jupyter) -> None:
    with jupyter.client() as client:
        answer = client.get(f"{jupyter.url}playground/thread/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert answer.status_code == 200
    assert "alert" not in answer.text


def test_the_command_opens_the_page(start_jupyter: Callable[..., Jupyter]) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    home, _, name = declared["project"]["scripts"]["jupyter-playground"].partition(":")
    cls = name.split(".")[0]
    code = f"from {home} import {cls}; {name}()"
    jupyter = start_jupyter(program=("-c", code))
    with jupyter.client() as client:
        answer = client.get(jupyter.url)
    assert answer.status_code == 302
    assert answer.headers["location"].split("?")[0] == f"{BASE}playground"
    # Somebody is about to look at it, and must not have to wait for the store.
    end = time.monotonic() + 60
    while not (jupyter.log.parent / "threads.sqlite").exists():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_process_of_its_own_looks_through_what_it_loaded_once() -> None:
    program = (
        "import gc, sys; from playground_widget.server._app import _settle; _settle(); "
        "print('openai' in sys.modules, gc.get_freeze_count() > 100_000); "
        "print(len(gc.get_objects()) < 999)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "True True\nTrue\n"


def test_jupyter_is_told_of_the_extension() -> None:
    (point,) = playground_widget._jupyter_server_extension_points()
    assert point["app"].name == "playground"
    assert point["app"].__module__ == point["module"]
