"""The README's figures are those that were measured."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(text))


def figures() -> list[str]:
    """The rows of the table in the README's section of figures."""
    section = (ROOT / "README.md").read_text("utf-8").split("\n## Figures\n")[1].split("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("|")][2:]


def test_each_figure_of_the_readme_stands_in_the_results() -> None:
    measured = numbers((ROOT / "tests" / "bench" / "RESULTS.md").read_text("utf-8"))
    rows = figures()
    assert rows
    for row in rows:
        assert numbers(row) <= measured, row
        assert numbers(row), row
