"""Everything public says what it is for, what it takes, and shows it."""

from __future__ import annotations

import doctest
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import playground_widget
from docs_pages import on_page_markdown
from playground_widget import Comparison, Run, demo, errors
from playground_widget.compare import Cell, Plan, Progress, Score, WinRate
from playground_widget.provider import ModelInfo
from playground_widget.server import schema
from playground_widget.store import ComparisonInfo, ThreadInfo
from playground_widget.variables import Variables

DOCS = Path(__file__).parents[2] / "docs"

# What public names return, and people therefore read of.
RETURNED = (
    Cell,
    ComparisonInfo,
    ModelInfo,
    Plan,
    Progress,
    Score,
    ThreadInfo,
    Variables,
    WinRate,
    errors.ErrorInfo,
)

# Nobody makes these by hand: what they are made of is no part of what they are.
MADE_BY_OTHERS = (Comparison, Run, demo.RequestRecord)

HOMES = (
    (playground_widget, [name for name in playground_widget.__all__ if name != "__version__"]),
    (demo, demo.__all__),
    (schema, ["schema", "sdl"]),
)


def _members(name: str, cls: type) -> Iterator[tuple[str, Any]]:
    for base in cls.__mro__:
        if not base.__module__.startswith("playground_widget"):
            continue
        for member, value in vars(base).items():
            kinds = (classmethod, staticmethod, property)
            if not member.startswith("_") and (
                inspect.isfunction(value) or isinstance(value, kinds)
            ):
                yield f"{name}.{member}", getattr(value, "__func__", value)


def _public() -> dict[str, Any]:
    found = {name: getattr(home, name) for home, names in HOMES for name in names}
    found |= {cls.__name__: cls for cls in RETURNED}
    for name, value in list(found.items()):
        if inspect.isclass(value):
            found |= dict(_members(name, value))
    return found


PUBLIC = _public()


def _doc(value: Any) -> str:
    """Return the docstring of its own, not that of what it inherits from."""
    own = vars(value).get("__doc__") if inspect.isclass(value) else value.__doc__
    return inspect.cleandoc(own or "")


def _parameters(value: Any) -> set[str]:
    """Return the names of what a caller may pass."""
    if isinstance(value, property) or value in MADE_BY_OTHERS:
        return set()
    if inspect.isclass(value) and issubclass(value, tuple):
        return set(vars(value)["_fields"])
    if inspect.isclass(value) and issubclass(value, Exception):
        return set()
    made_by = vars(value).get("__init__") if inspect.isclass(value) else value
    return set(inspect.signature(made_by or value).parameters) - {"self", "cls"}


def _said(doc: str) -> set[str]:
    """Return the names in the section on arguments."""
    args = re.search(r"^Args:\n((?: .*\n|\n)*)", f"{doc}\n", re.MULTILINE)
    return set(re.findall(r"^ {4}\**(\w+):", args[1] if args else "", re.MULTILINE))


@pytest.mark.parametrize("name", PUBLIC)
def test_an_example_shows_it_and_is_run(name: str) -> None:
    examples = doctest.DocTestParser().get_examples(_doc(PUBLIC[name]))
    assert any(not example.options.get(doctest.SKIP) for example in examples)


@pytest.mark.parametrize("name", PUBLIC)
def test_each_argument_is_said_what_it_is(name: str) -> None:
    assert _said(_doc(PUBLIC[name])) == _parameters(PUBLIC[name])


def test_each_public_name_is_in_the_reference() -> None:
    pages = "\n".join(page.read_text("utf-8") for page in DOCS.glob("reference/*.md"))
    shown = set(re.findall(r"^::: playground_widget\.(\S+)$", pages, re.MULTILINE))
    classes = {entry.rpartition(".")[2] for entry in shown}
    whole = {"errors"} & shown
    missing = {
        name
        for name in playground_widget.__all__
        if name not in classes | {"__version__"} and not (name.endswith("Error") and whole)
    }
    assert not missing


@pytest.mark.parametrize("page", sorted(DOCS.glob("**/*.md")), ids=lambda page: page.stem)
def test_a_page_has_the_sections_of_the_readme_that_it_asks_for(page: Path) -> None:
    asked = page.read_text("utf-8")
    made = on_page_markdown(asked)
    assert "<!-- README" not in made
    assert ("<!-- README" in asked) == (made != asked)
