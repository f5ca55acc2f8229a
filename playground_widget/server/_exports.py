"""Exports: the request for one, and what it came to as a payload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from strawberry.scalars import JSON

from playground_widget.protocol import Export
from playground_widget.server._enums import ExportStyle
from playground_widget.server._inputs import (
    ExportThreadInput,
)
from playground_widget.server._payloads import (
    ExportCell,
    ExportFile,
    ExportThreadPayload,
)

__all__ = ["export_of", "exported"]


def export_of(given: ExportThreadInput) -> Export:
    """Return the request for an export."""
    named = ("style", "system", "params", "answers", "branches", "code_cells")
    # A null says no more than a field that is missing.
    said = {name: value for name in named if (value := getattr(given, name)) is not None}
    style = said.pop("style", ExportStyle.OPENAI)
    return Export(given.format.value, style.value, **said)


def exported(result: Mapping[str, Any]) -> ExportThreadPayload:
    """Return what an export came to."""
    if "cells" in result:
        cells = [
            ExportCell(
                type=cell["type"], source=cell["source"], metadata=JSON(cell.get("metadata") or {})
            )
            for cell in result["cells"]
        ]
        return ExportThreadPayload(cells=cells)
    file = ExportFile(name=result["name"], media_type=result["media_type"], text=result["text"])
    return ExportThreadPayload(file=file)
