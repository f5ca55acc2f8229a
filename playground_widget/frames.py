"""DataFrames as message parts, the text that the model reads and a preview for people; as markdown.

Whatever has the shape of a pandas or polars frame will do; neither is imported here.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import re
import struct
from typing import TYPE_CHECKING, Any

from playground_widget.errors import InputError
from playground_widget.model import Table
from playground_widget.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "PREVIEW",
    "ROWS",
    "cell",
    "cells_of",
    "in_microseconds",
    "is_missing",
    "markdown_from_object",
    "table_from_object",
]

ROWS = 200
"""The most rows that are sent to the model."""
COLUMNS = 200
"""The most columns that are sent to the model."""
CHARACTERS = 100_000
"""About the most characters that are sent to the model."""
PREVIEW = 50
"""The most rows, and columns, of the preview."""
CELL = 200
"""The most characters of a cell of the preview."""

_EXACT = 2**53  # whole numbers beyond it change in a browser
_Cell = str | int | float | bool | None


def table_from_object(value: object) -> Table | None:
    """Return the part of a DataFrame or Series, or `None` for anything else.

    Raises:
        InputError: It has no rows or no columns, or does not know yet how many, as a LazyFrame.

    Example:
        >>> import pandas as pd
        >>> print(table_from_object(pd.DataFrame({"a": [1, 2]})).text)
        a
        1
        2
    """
    frame, name = _as_frame(value)
    if frame is None:
        return None
    try:
        count, width = (int(n) for n in frame.shape)
    except TypeError:
        # Of Dask it is a promise of a number.
        raise InputError(
            "this table does not say how many rows it has before it is computed: compute it first, "
            "with .compute() if it is of Dask"
        ) from None
    if not count or not width:
        raise InputError(f"this table is empty: it has {count} rows and {width} columns")
    columns, found = _read(frame)
    rows = [tuple(cell(value) for value in row) for row in found]
    return Table(
        text=_text(columns, rows, count, len(columns)),
        columns=tuple(column[:CELL] for column in columns[:PREVIEW]),
        rows=tuple(tuple(map(_short, row[:PREVIEW])) for row in rows[:PREVIEW]),
        shape=(count, len(columns)),
        name=name,
    )


def markdown_from_object(value: object) -> str | None:
    r"""Return a DataFrame or Series as a markdown table, or `None` for anything else.

    It has at most as many rows, columns and characters as are sent of a table, and says so where
    something was left out.

    Example:
        >>> import pandas as pd
        >>> print(markdown_from_object(pd.DataFrame({"a": [1, None], "b": ["x|y", "z"]})))
        | a | b |
        | --- | --- |
        | 1.0 | x\|y |
        |  | z |
    """
    frame, _ = _as_frame(value)
    if frame is None:
        return None
    columns, found = _read(frame)
    rows = [tuple(cell(each) for each in row) for row in found]
    shown = columns[:COLUMNS]
    lines = [_line(shown), _line(["---"] * len(shown))]
    length = sent = 0
    for row in rows:
        line = _line(row[:COLUMNS])
        length += len(line) + 1
        if length > CHARACTERS and sent:
            break
        lines.append(line)
        sent += 1
    left_out = _left_out(sent, int(frame.shape[0]), len(columns))
    return "\n".join([*lines, left_out] if left_out else lines)


def _line(cells: Iterable[_Cell]) -> str:
    """Return a row of a markdown table; a line break would end it, and a bar a cell."""
    texts = ("" if cell is None else " ".join(str(cell).splitlines()) for cell in cells)
    return "| " + " | ".join(text.replace("|", "\\|") for text in texts) + " |"


def cells_of(value: object) -> tuple[list[str], list[tuple[_Cell, ...]]] | None:
    """Return the columns and all rows of a DataFrame or Series, or `None` for anything else.

    An index is not among the columns.

    Example:
        >>> import pandas as pd
        >>> cells_of(pd.DataFrame({"a": [1, 2]}))
        (['a'], [(1,), (2,)])
    """
    frame, _ = _as_frame(value)
    if frame is None:
        return None
    columns = [_name(column) for column in frame.columns]
    return columns, [tuple(cell(value) for value in row) for row in _rows(frame)]


def _as_frame(value: Any) -> tuple[Any, str | None]:
    """Return a frame to read and its name; a Series is a frame of one column.

    Raises:
        InputError: It is a query that was not run yet.
    """
    # Asked of the class: on an instance of polars' LazyFrame the question itself is costly.
    has = {name for name in _NEEDED if hasattr(type(value), name)}
    if {"columns", "shape", "head"} <= has and has & {"iter_rows", "itertuples"}:
        return value, None
    if {"to_frame", "shape", "head", "name"} <= has:
        named = None if value.name in {None, ""} else _name(value.name)
        return value.to_frame(named or "value"), named
    if type(value).__name__ == "LazyFrame" and {"columns", "head"} <= has:
        raise InputError("a LazyFrame has no rows before it is run: pass what its .collect() gives")
    return None, None


_NEEDED = ("columns", "shape", "head", "iter_rows", "itertuples", "to_frame", "name")


def _read(frame: Any) -> tuple[list[str], Iterable[Sequence[Any]]]:
    """Return the names of the columns and the first rows."""
    columns = [_name(column) for column in frame.columns]
    head = frame.head(ROWS)
    rows = _rows(head)
    if hasattr(head, "iter_rows"):
        return columns, rows
    index = head.index
    if type(index).__name__ == "RangeIndex" and index.name is None:
        return columns, rows
    # An index that says something is data too.
    keys = [key if getattr(index, "nlevels", 1) > 1 else (key,) for key in index]
    names = [_name(name) if name is not None else "index" for name in index.names]
    return names + columns, (key + tuple(row) for key, row in zip(keys, rows, strict=True))


def _rows(frame: Any) -> Iterable[Sequence[Any]]:
    """Return the rows of a frame, without its index."""
    by_rows = hasattr(frame, "iter_rows")
    rows: Iterable[Sequence[Any]] = (
        frame.iter_rows() if by_rows else frame.itertuples(index=False, name=None)
    )
    # Of these pandas and polars give the nearest double, which has digits that nobody wrote.
    narrow = [_narrow(kind) for kind in getattr(frame, "dtypes", ())]
    if not any(narrow):
        return rows
    return (
        tuple(
            _as_written(value, kind) if kind else value
            for value, kind in zip(row, narrow, strict=True)
        )
        for row in rows
    )


def _narrow(kind: object) -> tuple[str, Iterable[int]] | None:
    """Return which narrow floats a column has; those of polars may be in its lists and structs."""
    found = set(_FLOATS.findall(str(kind).lower()))
    return _NARROW.get(found.pop()) if len(found) == 1 else None


def _as_written(value: Any, kind: tuple[str, Iterable[int]]) -> Any:
    """Return a value with the narrow floats in it as they were written."""
    if isinstance(value, float):
        return _shortest(value, kind)
    if isinstance(value, list):
        return [_as_written(each, kind) for each in value]
    if isinstance(value, dict):
        return {name: _as_written(each, kind) for name, each in value.items()}
    return value


_NARROW = {"float16": ("e", range(3, 6)), "float32": ("f", range(6, 10))}
"""How `struct` calls a type of floats, and how many digits a number of it may need."""

_FLOATS = re.compile(r"float\d+")


def _shortest(value: float, kind: tuple[str, Iterable[int]]) -> float:
    """Return what has the fewest digits of all that are this number as a narrow float."""
    form, digits = kind
    same = struct.pack(form, value)
    shorter = (float(f"{value:.{count}g}") for count in digits)
    return next((each for each in shorter if struct.pack(form, each) == same), value)


def _name(column: object) -> str:
    """Return a column's name as text; the levels of a column index are joined."""
    levels = column if isinstance(column, tuple) else (column,)
    return clean_text(" / ".join(str(level) for level in levels))


def cell(value: Any) -> _Cell:
    """Return a cell as JSON can hold it; what is missing is `None`, times are ISO 8601.

    A list or a dict, as polars has them in columns of lists and structs, is JSON as text.
    """
    # Before the rest: NaT is a datetime by type, and what is masked has a number in it.
    if is_missing(value):
        value = None
    elif hasattr(value, "item") and getattr(value, "shape", None) == ():
        kind = _NARROW.get(str(getattr(value, "dtype", "")))
        value = in_microseconds(value).item()  # a numpy number or time
        if kind is not None:
            value = _shortest(value, kind)
    if value is None:
        return None
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bool) or (isinstance(value, int) and abs(value) <= _EXACT):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else value if math.isfinite(value) else str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return f"({len(value)} bytes)"
    return _nested(value) if isinstance(value, list | dict) else clean_text(str(value))


def _nested(value: list[Any] | dict[Any, Any]) -> str:
    """Return a list or dict as JSON; what is in it is written as it would be in a cell."""
    try:
        return json.dumps(_inside(value), ensure_ascii=False)
    except RecursionError:
        return clean_text(str(value))


def _inside(value: Any) -> Any:
    if isinstance(value, list):
        return [_inside(each) for each in value]
    if isinstance(value, dict):
        return {clean_text(str(name)): _inside(each) for name, each in value.items()}
    # No browser takes it for a number in here.
    return value if type(value) is int else cell(value)


def is_missing(value: object) -> bool:
    """Return whether a value is one with which pandas or NumPy says that there is none."""
    return type(value).__name__ in {"NAType", "NaTType", "MaskedConstant"}


def in_microseconds(value: Any) -> Any:
    """Return times of NumPy in the finest unit that Python's own have: finer ones become integers.

    Anything else is returned as it is.
    """
    unit = str(getattr(value, "dtype", "")) if type(value).__module__ == "numpy" else ""
    if unit not in {"datetime64[ns]", "timedelta64[ns]"}:
        return value
    return value.astype(unit.replace("ns", "us"))


def _short(value: _Cell) -> _Cell:
    return value[: CELL - 1] + "…" if isinstance(value, str) and len(value) > CELL else value


def _text(columns: list[str], rows: list[tuple[_Cell, ...]], count: int, width: int) -> str:
    """Return the table as CSV, followed by what was left out of it."""
    file = io.StringIO()
    write = csv.writer(file, lineterminator="\n").writerow
    write(columns[:COLUMNS])
    sent = 0
    for row in rows:
        before = file.tell()
        write(["" if value is None else value for value in row[:COLUMNS]])
        if file.tell() > CHARACTERS and sent:
            file.truncate(before)
            file.seek(before)
            break
        sent += 1
    file.write(_left_out(sent, count, width))
    return file.getvalue().rstrip("\n")


def _left_out(sent: int, count: int, width: int) -> str:
    """Return words for what was left out of a table; empty where nothing was."""
    parts = []
    if sent < count:
        parts.append(f"{sent:,} of {count:,} rows")
    if width > COLUMNS:
        parts.append(f"{COLUMNS:,} of {width:,} columns")
    return f"(the first {' and '.join(parts)})" if parts else ""
