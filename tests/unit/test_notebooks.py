"""The notebooks that people read hold what was said, and nothing that only a machine reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_keeps_no_program_of_the_widget(path: Path) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    # A host that saves widgets puts the whole front-end there, as old as the last save.
    assert "widgets" not in notebook["metadata"]
    data = [
        output.get("data", {}) for cell in notebook["cells"] for output in cell.get("outputs", [])
    ]
    assert all("application/vnd.jupyter.widget-view+json" not in each for each in data)
