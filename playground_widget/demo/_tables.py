"""Finds a table in a message and says a few true things about it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from statistics import fmean

__all__ = ["Table", "about", "find"]

_MISSING = {"", "nan", "na", "n/a", "none", "null", "<na>", "nat", "-"}
_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][-+]?\d+)?")
_SHOWN = 8
# Rows and columns that make a table.
_LEAST = 2
_HEADING = 60
_READ = 200_000
# Numbers that are written in full; others have three digits and an exponent.
_EXACT, _LARGE, _SMALL = 1e15, 1e9, 0.01


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text cells; every row has a cell for every column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def numbers(self, column: int) -> list[tuple[int, float]] | None:
        """Return row index and value of each number in a column, None if it holds other things.

        Missing values are left out; a column with none but missing values has no numbers.
        """
        found = []
        for index, row in enumerate(self.rows):
            cell = row[column].strip()
            if cell.lower() in _MISSING:
                continue
            if not _NUMBER.fullmatch(cell) or not any(char.isdigit() for char in cell):
                return None
            found.append((index, float(cell.replace(",", ""))))
        return found or None

    def missing(self) -> int:
        """Return how many cells are empty or say that they are."""
        return sum(cell.strip().lower() in _MISSING for row in self.rows for cell in row)


def find(text: str) -> Table | None:
    """Return the largest table in `text`: Markdown, CSV, tabs, or columns set by spaces."""
    tables = [
        table for block in re.split(r"\n\s*\n|```\w*", text[:_READ]) for table in _in_block(block)
    ]
    return max(tables, key=lambda table: len(table.rows), default=None)


def about(table: Table, question: str) -> str:
    """Return a summary of a table as Markdown; everything in it is computed from the cells."""
    numeric = {
        index: values
        for index in range(len(table.columns))
        if table.columns[index] and (values := table.numbers(index))
    }
    paragraphs = [_shape(table)]
    if numeric:
        paragraphs += [_statistics(table, numeric), *_extremes(table, numeric, question)]
    paragraphs += _groups(table, numeric)
    return "\n\n".join(paragraphs)


def _in_block(block: str) -> list[Table]:
    lines = [line for line in block.splitlines() if line.strip()]
    for index in range(1, len(lines)):
        if _RULE.fullmatch(lines[index].strip()[: _READ // 100]) and "|" in lines[index - 1]:
            made = _marked([_cells(line) for line in (lines[index - 1], *lines[index + 1 :])])
            return [made] if made else []
    for start in range(min(len(lines), 4)):
        # A sentence or two may stand before the first line of the table.
        for rows in _readings(lines[start:]):
            made = _made(rows)
            if made:
                return [made]
    return []


def _cells(line: str) -> list[str]:
    inner = re.sub(r"^\s*\||\|\s*$", "", line)
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", inner)]


def _readings(lines: list[str]) -> list[list[list[str]]]:
    readings = []
    for separator in (",", "\t", ";"):
        if lines and separator in lines[0]:
            text = io.StringIO("\n".join(lines))
            try:
                rows = list(csv.reader(text, delimiter=separator, skipinitialspace=True))
            except csv.Error:
                continue
            readings.append(rows)
    spaced = [re.split(r"\s{2,}", line.strip()) for line in lines]
    if spaced and len(spaced[-1]) == len(spaced[0]) + 1:
        # As pandas prints it: the index has no heading.
        spaced[0].insert(0, "")
    return [*readings, spaced]


def _marked(rows: list[list[str]]) -> Table | None:
    """Return a Markdown table, whose short rows are filled up and long ones cut."""
    width = len(rows[0])
    filled = [tuple((row + [""] * width)[:width]) for row in rows[1:]]
    return Table(tuple(rows[0]), tuple(filled)) if filled else None


def _made(rows: list[list[str]]) -> Table | None:
    """Return the rows as a table up to the first that does not fit; None if that is too little."""
    if not rows or len(rows[0]) < _LEAST:
        return None
    width = len(rows[0])
    fitting: list[tuple[str, ...]] = []
    for row in rows[1:]:
        if len(row) != width:
            break
        fitting.append(tuple(cell.strip() for cell in row))
    # Most lines follow the form of the first.
    if len(fitting) < _LEAST or len(fitting) * 2 < len(rows):
        return None
    table = Table(tuple(cell.strip() for cell in rows[0]), tuple(fitting))
    return None if _is_prose(table) else table


def _is_prose(table: Table) -> bool:
    """Return whether the "table" is more likely lines of text with commas in them."""
    if any(len(name) > _HEADING or name.endswith((".", ":", "?", "!")) for name in table.columns):
        return True
    numeric = any(table.numbers(index) for index in range(len(table.columns)))
    return not numeric and len(table.columns) == _LEAST


def _shape(table: Table) -> str:
    columns = [name for name in table.columns if name]
    named = ", ".join(f"`{name.replace('`', '')}`" for name in columns[:_SHOWN])
    more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
    missing = table.missing()
    gaps = "no cell is empty" if not missing else _counted(missing, "cell") + " without a value"
    return (
        f"I read **{_counted(len(table.rows), 'row')} and {_counted(len(columns), 'column')}** "
        f"({named}{more}); {gaps}."
    )


def _statistics(table: Table, numeric: dict[int, list[tuple[int, float]]]) -> str:
    lines = ["| Column | Values | Mean | Smallest | Largest |", "|:---|---:|---:|---:|---:|"]
    for column, values in list(numeric.items())[:_SHOWN]:
        only = [value for _, value in values]
        cells = (_cell(table.columns[column]), str(len(only)), *map(_figure, _summary(only)))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _summary(values: list[float]) -> tuple[float, float, float]:
    return _mean(values), min(values), max(values)


def _mean(values: list[float]) -> float:
    try:
        return fmean(values)
    except (OverflowError, ValueError):
        # Their sum is beyond what a float can hold, or some of them are.
        return sum(value / len(values) for value in values)


def _extremes(
    table: Table, numeric: dict[int, list[tuple[int, float]]], question: str
) -> list[str]:
    means = {column: _mean([value for _, value in values]) for column, values in numeric.items()}
    top = max(means, key=lambda column: means[column])
    asked = [
        column
        for column in numeric
        if table.columns[column].lower().replace("_", " ") in question.lower().replace("_", " ")
    ]
    facts = []
    if len(means) > 1:
        facts.append(
            f"The column with the largest mean is **{_cell(table.columns[top])}**, "
            f"at {_figure(means[top])}."
        )
    for column in (asked or [top])[:2]:
        row, largest = max(numeric[column], key=lambda pair: pair[1])
        row_low, smallest = min(numeric[column], key=lambda pair: pair[1])
        facts.append(
            f"The largest {_cell(table.columns[column])} is {_figure(largest)}, in "
            f"{_row(table, row, numeric)}; the smallest is {_figure(smallest)}, in "
            f"{_row(table, row_low, numeric)}."
        )
    return facts


def _groups(table: Table, numeric: dict[int, list[tuple[int, float]]]) -> list[str]:
    """Say which value of the first column of words is the most frequent, if any repeats."""
    for column, name in enumerate(table.columns):
        if column in numeric or not name:
            continue
        counts: dict[str, int] = {}
        for row in table.rows:
            if row[column].lower() not in _MISSING:
                counts[row[column]] = counts.get(row[column], 0) + 1
        if not counts or not 1 < max(counts.values()) < len(table.rows):
            continue
        most = max(counts, key=lambda value: counts[value])
        fact = (
            f"`{name.replace('`', '')}` has {_counted(len(counts), 'different value')}; the most "
            f"frequent is {_cell(most)}, {_counted(counts[most], 'time')}."
        )
        return [fact]
    return []


def _row(table: Table, row: int, numeric: dict[int, list[tuple[int, float]]]) -> str:
    words = [
        table.rows[row][column]
        for column, name in enumerate(table.columns)
        if column not in numeric and name and table.rows[row][column]
    ]
    return f"row {row + 1}" + (f" ({_cell(words[0])})" if words else "")


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _figure(value: float) -> str:
    size = abs(value)
    if value.is_integer() and size < _EXACT:
        return f"{int(value):,}"
    return f"{value:,.2f}" if _SMALL <= size < _LARGE else f"{value:.3g}"


def _cell(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>$|~])", r"\\\1", text[:60])
