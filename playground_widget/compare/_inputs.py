"""What people pass as the inputs of a comparison, turned into rows."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from playground_widget.compare._values import Row
from playground_widget.errors import InputError
from playground_widget.frames import cell, cells_of
from playground_widget.text import clean_text, clean_texts

__all__ = ["INPUT", "rows_of", "rows_of_csv", "texts_of", "written"]

INPUT = "input"
"""What the column of a list of texts is called."""

_WANTED = (
    "inputs is a list of texts, a list of dicts, a DataFrame, the path of a CSV file, or None for "
    "the conversation as it is"
)


def rows_of(inputs: object) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """Return the names of the columns, and the rows.

    Args:
        inputs: A list of str, one of dicts, a pandas or polars DataFrame, the path of a CSV file
            whose first line names its columns, or `None` for one row without columns.

    Raises:
        InputError: It is none of these, or there are no rows.

    Example:
        >>> rows_of(["a", "b"])[1][1]
        Row(index=1, data={'input': 'b'})
    """
    if inputs is None:
        return (), (Row(0, {}),)
    return _checked(*_read(inputs))


def rows_of_csv(text: str) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """Return the names of the columns and the rows of a CSV file's text.

    Raises:
        InputError: It cannot be read, or there are no rows.
    """
    return _checked(*_lines("The file", text.removeprefix("\ufeff")))


def _checked(
    columns: list[str], rows: list[tuple[Any, ...]]
) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    if not rows or not columns:
        raise InputError("there is nothing to ask: the inputs have no rows or no columns")
    if twice := sorted({name for name in columns if columns.count(name) > 1}):
        raise InputError(f"two columns of the inputs are called {twice[0]!r}")
    return tuple(columns), tuple(
        Row(n, dict(zip(columns, row, strict=True))) for n, row in enumerate(rows)
    )


def texts_of(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of a row as they stand in a text, by column.

    Text is as it is, what is missing is nothing, anything else is JSON.

    Example:
        >>> texts_of({"n": 2, "of": None, "word": "a"})
        {'n': '2', 'of': '', 'word': 'a'}
    """
    return {name: written(value) for name, value in row.items()}


def written(value: Any) -> str:
    """Return a value as it stands in a text: text as it is, nothing for none, else JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _read(inputs: object) -> tuple[list[str], list[tuple[Any, ...]]]:
    frame = cells_of(inputs)
    if frame is not None:
        return frame
    if isinstance(inputs, os.PathLike) or (isinstance(inputs, str) and inputs.endswith(".csv")):
        return _file(Path(inputs))
    if isinstance(inputs, str) or not isinstance(inputs, Iterable):
        raise InputError(f"{_WANTED}; not {type(inputs).__name__}")
    items = list(inputs)
    if all(isinstance(item, str) for item in items):
        return [INPUT], [(clean_text(item),) for item in items]
    if all(isinstance(item, Mapping) for item in items):
        return _dicts(items)
    raise InputError(f"{_WANTED}; this list has something else in it")


def _dicts(items: Sequence[Mapping[Any, Any]]) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return rows that need not all have the same columns."""
    names = list(dict.fromkeys(name for item in items for name in item))
    rows = [tuple(_value(item.get(name)) for name in names) for item in items]
    return [clean_text(str(name)) for name in names], rows


def _value(value: Any) -> Any:
    """Return a value as JSON can hold it; lists and dicts that JSON knows stay what they are."""
    if isinstance(value, list | tuple | dict):
        try:
            return json.loads(json.dumps(clean_texts(value), allow_nan=False))
        except (TypeError, ValueError, RecursionError):
            return clean_text(str(value))
    return cell(value)


def _file(path: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} could not be read as CSV: {error}") from None
    return _lines(str(path), text)


def _lines(name: str, text: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline="")) if line]
    except csv.Error as error:
        raise InputError(f"{name} could not be read as CSV: {error}") from None
    if not lines:
        raise InputError(f"{name} is empty")
    columns, *rows = [[clean_text(text) for text in line] for line in lines]
    for number, row in enumerate(rows, start=1):
        if len(row) > len(columns):
            raise InputError(
                f"row {number} of {name} has {len(row)} values, and its first line names "
                f"{len(columns)} columns"
            )
    # What a line leaves out at its end is missing.
    return columns, [(*row, *[None] * (len(columns) - len(row))) for row in rows]
