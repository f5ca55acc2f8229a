"""Importing the package is quick: what is large is loaded when it is needed."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

import playground_widget

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import sys
sys.path.insert(0, {root!r})
before = set(sys.modules)
{statement}
print(sorted({heavy!r} & (set(sys.modules) - before)))
"""

HEAVY = {"openai", "httpx2", "genai_prices", "pandas", "numpy", "matplotlib", "PIL", "pydantic"}


@pytest.mark.parametrize(
    ("statement", "heavy"),
    [
        (
            "import playground_widget",
            HEAVY | {"sqlalchemy", "anywidget", "asyncio", "importlib.metadata"},
        ),
        # The demo's server is for those who have no key.
        (
            "from playground_widget import Playground",
            HEAVY | {"playground_widget.demo", "anywidget", "ipywidgets", "IPython", "markdown_it"},
        ),
    ],
)
def test_importing_loads_neither_the_sdk_nor_what_only_few_need(
    statement: str, heavy: set[str]
) -> None:
    program = PROGRAM.format(root=str(ROOT), statement=statement, heavy=heavy)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"


def test_the_version_is_that_of_the_installed_package() -> None:

    assert playground_widget.__version__ == importlib.metadata.version("playground_widget")
