"""Comparing loads nothing that only few need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

PROGRAM = """
import sys
sys.path.insert(0, {root!r})
import playground_widget.compare
heavy = {{"pandas", "polars", "numpy", "matplotlib", "jsonschema", "pydantic", "openai"}}
heavy |= {{"dask", "distributed"}}
print(sorted(heavy & set(sys.modules)))
"""


def test_no_library_for_tables_plots_or_schemas_is_loaded_before_it_is_used() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(root=str(ROOT))], capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "[]"
