"""Threads to files and cells, and back, as a page asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground_widget.compare import target_of
from playground_widget.conversation._ids import new_id
from playground_widget.conversation._variables import present_values
from playground_widget.errors import InputError
from playground_widget.export import Options, export, from_json, from_notebook, to_cells
from playground_widget.model import Thread
from playground_widget.protocol import Export
from playground_widget.provider import Connection
from playground_widget.tools import Tool
from playground_widget.variables import Variables

__all__ = ["LARGEST_FILE", "export_of", "read_file"]

_UNCHANGED = "Nothing was changed."

LARGEST_FILE = 50_000_000
"""Characters of a file that is read; a larger one is no conversation."""


def export_of(
    thread: Thread,
    connection: Connection,
    variables: Variables,
    tools: Sequence[Tool],
    request: Export,
) -> dict[str, Any]:
    """Return what a page shows, inserts or downloads.

    It may wait, and runs the code of the variables' values.
    """
    options = Options(
        system=request.system,
        params=request.params,
        answers=request.answers,
        branches=request.branches,
        code_cells=request.code_cells,
    )
    target = target_of(connection, present_values(thread, variables), tools)
    style: Any = request.style
    if request.format == "cells":
        cells = to_cells(thread, style, options, target)
        return {"cells": [cell.to_dict() for cell in cells]}
    format_: Any = request.format
    made = export(thread, format_, style, options, target)
    return {"name": made.name, "media_type": made.media_type, "text": made.text}


def read_file(name: str, text: str) -> tuple[Thread, ...]:
    """Return the threads of a file.

    Args:
        name: The name of the file, whose ending says what it is.
        text: What is in it.

    Raises:
        InputError: There is no thread in it that can be read; nothing was changed.
    """
    if len(text) > LARGEST_FILE:
        raise InputError(
            f"{name} is larger than 50 MB, which no conversation is. Nothing was changed."
        )
    try:
        if name.lower().endswith(".ipynb"):
            return (from_notebook(text),)
        found = from_json(text, new_id)
    except InputError as error:
        said = str(error).removesuffix(_UNCHANGED).rstrip(". ")
        raise InputError(f"{said}. {_UNCHANGED}") from None
    if not found:
        raise InputError(f"There is no conversation in {name}. Nothing was changed.")
    return found
