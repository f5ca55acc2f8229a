"""CONTRIBUTING.md draws the map of the tree, and what it draws is there."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePath

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "playground_widget"
MAP = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

# Made by a build, a test run or the reader, so that a fresh checkout has none of them.
MADE = {
    ".venv",
    "name.test.tsx",
    "panels.js",
    "playground_widget/static/",
    "site/",
    "tests/browser/failures/",
}
ENDINGS = (".graphql", ".json", ".md", ".mjs", ".py", ".toml", ".ts", ".tsx", ".css", "/")
OF_OTHERS = {".git", ".hypothesis", ".kernels", ".lab42", ".venv", "__pycache__", "node_modules"}


def _quoted(text: str) -> list[str]:
    """Return what stands in backticks, without blocks of code."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def _section(name: str) -> str:
    found = re.search(rf"^## {re.escape(name)}\n(.*?)(?=^## |\Z)", MAP, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def _table(section: str, heads: str) -> list[list[str]]:
    """Return the cells of a table, row by row."""
    _, _, after = section.partition(f"{heads}\n")
    rows = re.match(r"(?:\|.*\n)+", after)
    assert rows is not None
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows[0].splitlines()[1:]]


@cache
def _tree() -> tuple[PurePath, ...]:
    """Return all files and folders of the checkout, as they are named from its root."""

    def inside(folder: Path) -> Iterator[PurePath]:
        for path in folder.iterdir():
            if path.name not in OF_OTHERS:
                yield path.relative_to(ROOT)
                if path.is_dir():
                    yield from inside(path)

    return tuple(inside(ROOT))


@cache
def _classes() -> dict[str, set[str]]:
    """Return the classes of the package, each with the names that its file has."""
    found: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, set()).update(re.findall(r"\w+", source))
    return found


def test_the_layers_are_those_that_import_linter_holds() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    held = [{name.strip() for name in layer.split("|")} for layer in layers]
    drawn: dict[int, set[str]] = {}
    for row, files, _ in _table(_section("Where things are"), "| row | file | holds |"):
        names = {name.removesuffix(".py") for name in _quoted(files)}
        drawn.setdefault(int(row), set()).update(names)
    assert list(drawn) == sorted(drawn, reverse=True)
    assert list(drawn.values()) == held


def test_every_module_of_the_package_has_its_row() -> None:
    there = {path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__"}
    there |= {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    rows = _table(_section("Where things are"), "| row | file | holds |")
    drawn = [name.removesuffix(".py") for _, files, _ in rows for name in _quoted(files)]
    assert sorted(drawn) == sorted(there)


@pytest.mark.parametrize(
    "name", sorted({n for n in _quoted(MAP) if n.endswith(ENDINGS) and " " not in n} - MADE)
)
def test_every_file_it_names_is_there(name: str) -> None:
    wanted = name.removesuffix("/")
    assert any(path.match(wanted) for path in _tree())


def test_the_files_of_the_server_are_in_its_folder() -> None:
    rows = _table(_section("The server"), "| file | holds |")
    named = [name for cells in rows for cell in cells for name in _quoted(cell)]
    missing = [
        name for name in named if name.endswith(".py") and not list((PACKAGE / "server").glob(name))
    ]
    assert not missing


@pytest.mark.parametrize(
    "name", sorted({n for n in _quoted(MAP) if re.fullmatch(r"_?[A-Z]\w*[a-z]\.\w+(\(\))?", n)})
)
def test_every_member_of_a_class_it_names_is_there(name: str) -> None:
    kind, _, member = name.removesuffix("()").partition(".")
    assert member in _classes().get(kind, ())


def test_every_file_that_the_sources_name_is_there() -> None:
    there = {path.name for path in _tree()}
    gone = [
        (path.relative_to(ROOT), name)
        for path in PACKAGE.rglob("*.py")
        for name in re.findall(r"`[\w/.]*?(\w+\.py)`", path.read_text(encoding="utf-8"))
        if name not in there
    ]
    assert not gone


def test_every_folder_of_tests_is_told_once() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    there = {f"tests/{path.relative_to(ROOT / 'tests').parts[0]}/" for path in folders}
    rows = _table(_section("How the tests are organised"), "| folder | holds |")
    told = [_quoted(folder)[0] for folder, _ in rows]
    assert len(told) == len(set(told))
    assert there <= set(told)


def test_every_target_of_make_it_names_is_one() -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        word
        for quoted in (*_quoted(MAP), *re.findall(r"^make [a-z -]*", MAP, re.MULTILINE))
        for made in re.findall(r"(?:^|\s)make ([a-z][a-z -]*)", quoted)
        for word in made.split()
    }
    assert named
    assert not named - targets
