"""The built files keep to what every host allows: the webviews of VS Code and Colab, strict pages.

anywidget itself needs two things of a host: a module imported from a blob, and a `style` element
for the widget's style sheet. Nothing here needs more. Style sheets that come later are adopted, and
styles of single elements are set as properties, which no policy forbids.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

STATIC = ROOT / "playground_widget" / "static"
SCRIPTS = ["widget.js", "page.js", "panels.js", "math.js", "code.js", "tree.js"]
SHEETS = ["widget.css", "page.css"]
PAGE = ROOT / "playground_widget" / "server" / "templates" / "page.html"

# Names that are never loaded: of XML's namespaces, and the example in the dialog for a server.
NAMES = {
    "http://www.w3.org/1998/Math/MathML",
    "http://www.w3.org/1999/xhtml",
    "http://www.w3.org/2000/svg",
    "http://localhost:11434/v1",
}
# What is written becomes a link: `www.example.org`, and an address in angle brackets.
BUILT = re.compile(r"https?://(?:\$\{\w+\})?")

FORBIDDEN = {
    "text as code": r"(?<![\w.$])eval\(|new Function\b|(?<![\w.$])Function\(",
    "text as code, later": r"set(?:Timeout|Interval)\([\"'`]",
    "a module of another place": r"(?<![\w.$])import\(\s*[\"'`]",
    "modules of another loader": r"(?<![\w.$])require(?:js)?\(\s*[\"'`\[]|\bdefine\.amd\b",
    "the classic notebook": r"window\.(?:Jupyter|IPython|require)\b",
    "a handler as text": r"setAttribute\(\s*[\"'`]on",
    "markup as text": r"insertAdjacentHTML|outerHTML\s*=|document\.write",
    "the page around it": r"document\.(?:body|head)\.(?:append|prepend|insert|replace|inner)",
    "elements that load": r"createElement\(\s*[\"'`](?:script|link|iframe|object|embed|base)\b",
    "work beside the page": r"new (?:Shared)?Worker\(|serviceWorker",
}

# Prism would start a worker where it is asked to look for code in the page; it is only given text.
UNUSED = {("code.js", "work beside the page")}


def built(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*SCRIPTS, *SHEETS])
def test_no_file_knows_an_address(name: str) -> None:
    found = set(re.findall(r"https?://[^\s\"'`()<>\\]*", built(name)))
    assert {address for address in found - NAMES if not BUILT.fullmatch(address)} == set()
    assert not re.search(r"[\"'`]//[a-z0-9-]+\.[a-z]", built(name))


@pytest.mark.parametrize("what", FORBIDDEN)
@pytest.mark.parametrize("name", SCRIPTS)
def test_no_script_does_what_a_host_forbids(name: str, what: str) -> None:
    if (name, what) in UNUSED:
        return
    found = re.search(f".{{0,60}}(?:{FORBIDDEN[what]}).{{0,60}}", built(name))
    assert found is None, found


@pytest.mark.parametrize("name", SCRIPTS)
def test_only_the_page_has_a_memory_and_a_cookie(name: str) -> None:
    found = set(re.findall(r"\b(?:localStorage|sessionStorage|indexedDB|cookie)\b", built(name)))
    assert found == ({"localStorage", "cookie"} if name == "page.js" else set())


def test_the_page_does_without_its_memory_where_there_is_none() -> None:
    text = built("page.js")
    for at in re.finditer("localStorage", text):
        assert re.search(r"try\{[^{}]*$", text[: at.start()]), text[at.start() - 80 : at.end()]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_makes_no_style_element_but_the_one_beside_a_widget(name: str) -> None:
    made = re.findall(r"createElement\([\"'`]style[\"'`]\)", built(name))
    assert len(made) == (1 if name == "widget.js" else 0)


def test_the_widget_exports_nothing_that_a_host_takes_for_a_widget_of_another_kind() -> None:
    (names,) = re.findall(r"export\{([^{}]*)\}", built("widget.js"))
    exported = {name.split(" as ")[-1] for name in names.split(",")}
    # anywidget looks for `render` beside the default, and others may for `initialize`.
    assert "default" in exported
    assert not exported & {"render", "initialize"}


@pytest.mark.parametrize("name", [*SHEETS, "panels.js"])
def test_a_style_sheet_loads_nothing(name: str) -> None:
    assert not re.search(r"@import|@font-face|url\((?![\"']?(?:data:|#))", built(name))


def test_a_style_sheet_says_nothing_of_what_is_outside_of_the_widget() -> None:
    text = re.sub(r"@keyframes[^{]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", built("widget.css"))
    for selector in re.findall(r"(?:^|(?<=\}))([^{}@]+)\{", _outermost(text)):
        for each in re.split(r",(?![^()]*\))", selector):
            assert each.strip().startswith(".pgw"), each


def test_the_page_has_neither_script_nor_style_of_its_own() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|https?:", text)


def test_the_sources_never_make_markup_of_text_nor_look_for_code_in_the_page() -> None:
    sources = [
        path
        for path in (ROOT / "js" / "src").rglob("*.ts*")
        if ".test." not in path.name and "testing" not in path.parts
    ]
    assert len(sources) > 100
    assert [path for path in sources if _has_markup(path)] == []


def _has_markup(path: Path) -> bool:
    return bool(
        re.search(
            r"innerHTML|dangerouslySetInnerHTML|highlight(?:All|Element)\b",
            path.read_text(encoding="utf-8"),
        )
    )


def _outermost(text: str) -> str:
    """The rules of a style sheet without what is nested in them, and those of its media queries."""
    kept: list[str] = []
    depth = 0
    at_rules: list[int] = []
    head = ""
    for character in text:
        if character == "{":
            if head.strip().startswith("@") and depth == len(at_rules):
                at_rules.append(depth)
            elif depth == len(at_rules):
                kept.append(head + "{}")
            depth += 1
            head = ""
        elif character == "}":
            depth -= 1
            if at_rules and at_rules[-1] == depth:
                at_rules.pop()
            head = ""
        elif character == ";":
            head = ""
        else:
            head += character
    return "".join(kept)
