"""A comparison as files and as notebook cells. Pure: callers read and write the files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from playground_widget.compare._code import code_of
from playground_widget.compare._inputs import written
from playground_widget.compare._page import page_of
from playground_widget.compare._picks import Pick, win_rates
from playground_widget.compare._report import COLUMNS, WIN_RATE, measures, records, said
from playground_widget.compare._telling import Progress
from playground_widget.compare._values import Cell, Key, Plan
from playground_widget.export import Cell as NotebookCell
from playground_widget.export import Exported, slug
from playground_widget.text import clean_text

if TYPE_CHECKING:
    from playground_widget.compare._runner import Runner

__all__ = ["FileFormat", "Results", "cells_of", "exported", "results_of"]

FileFormat = Literal["csv", "html"]

_KINDS: dict[str, tuple[str, str]] = {"csv": (".csv", "text/csv"), "html": (".html", "text/html")}


class Results(NamedTuple):
    """What is exported of a comparison.

    Args:
        name: What it is called.
        plan: What it asks.
        cells: Its answers.
        scorers: What is kept of its scorers, by name.
        picks: What was picked, by row.
        blind: Whether that was done without names.
        progress: How far it is.
    """

    name: str
    plan: Plan
    cells: Mapping[Key, Cell]
    scorers: Mapping[str, Mapping[str, Any]]
    picks: Mapping[int, Pick]
    blind: bool
    progress: Progress


def results_of(runner: Runner) -> Results:
    """Return what is exported of a comparison as it is; on the loop's thread."""
    return Results(
        runner.name,
        runner.plan,
        dict(runner.cells),
        runner.scorers,
        runner.picks,
        runner.blind,
        runner.progress(),
    )


def exported(results: Results, kind: FileFormat) -> Exported:
    """Return a comparison as the text of a file.

    Args:
        results: The comparison.
        kind: `csv`, with a line for each answer and the columns of `to_frame`, or `html`, a page
            that loads nothing and runs nothing.
    """
    suffix, media_type = _KINDS[kind]
    text = _csv(results) if kind == "csv" else _page(results)
    return Exported(name=slug(results.name) + suffix, media_type=media_type, text=text)


def _csv(results: Results) -> str:
    found = records(results.plan, results.cells)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(found[0]) if found else list(COLUMNS))
    writer.writeheader()
    for line in found:
        writer.writerow({name: _flat(name, value) for name, value in line.items()})
    return clean_text(out.getvalue())


def _flat(name: str, value: Any) -> Any:
    if name == "parsed" and value is not None:
        return json.dumps(value, ensure_ascii=False)
    return value


def _page(results: Results) -> str:
    return page_of(
        results.name,
        said(results.progress),
        results.plan,
        results.cells,
        summary=_summary(results),
        picks=results.picks,
    )


def _summary(results: Results) -> tuple[list[str], list[list[str]]]:
    """Return the heads and the lines of the table of means, as text."""
    won = win_rates(results.plan, results.picks, blind=results.blind)
    found = list(measures(results.plan, results.cells, won))
    shown = list(dict.fromkeys(each.measure for each in found))
    by = {(each.variant, each.measure): each.estimate for each in found}
    lines = []
    for candidate in results.plan.candidates:
        line = [candidate.name, candidate.model]
        for measure in shown:
            estimate = by.get((candidate.name, measure))
            line.append("" if estimate is None else _estimate(measure, *estimate[1:]))
        lines.append(line)
    return ["variant", "model", *shown], lines


def _estimate(measure: str, mean: float, low: float, high: float) -> str:
    if measure == WIN_RATE:
        return f"{mean:.0%} ({low:.0%} to {high:.0%})"
    return f"{mean:.4g} ({low:.4g} to {high:.4g})"


def cells_of(results: Results) -> tuple[NotebookCell, ...]:
    """Return notebook cells: code that makes the comparison again, and a table of the results."""
    heads, lines = _summary(results)
    means = _table(heads, lines)
    rows = _rows(results)
    table = f"# {_escaped(results.name)}\n\n{said(results.progress)}\n\n{means}\n\n{rows}"
    return (
        NotebookCell(
            type="code", source=code_of(results.name, results.plan, results.scorers), metadata={}
        ),
        NotebookCell(type="markdown", source=clean_text(table), metadata={}),
    )


def _rows(results: Results) -> str:
    """Return a table of the answers: a line for each row and sample, a column for each variant."""
    plan = results.plan
    samples = range(plan.samples)
    heads = [*(plan.columns or ("row",)), *(each.name for each in plan.candidates)]
    lines = []
    for row in plan.rows:
        given = [written(row.data[column]) for column in plan.columns] or [str(row.index + 1)]
        for sample in samples:
            answers = [
                results.cells[Key(row.index, variant, sample)]
                for variant in range(len(plan.candidates))
            ]
            lines.append([*given, *map(_answer, answers)])
    return _table(heads, lines)


def _answer(cell: Cell) -> str:
    if cell.error is not None:
        return f"{cell.output} [{cell.error.title}]".strip()
    return cell.output


def _table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    drawn = [" | ".join(map(_cell, line)) for line in (heads, *lines)]
    rule = " | ".join("---" for _ in heads)
    return "\n".join(f"| {line} |" for line in (drawn[0], rule, *drawn[1:]))


def _cell(text: str) -> str:
    """Return a text for a table: on one line, and with nothing that would end its cell."""
    return " ".join(_escaped(text).replace("|", "\\|").split())


def _escaped(text: str) -> str:
    found = text
    for sign in "\\`*_[]<>#$":
        found = found.replace(sign, f"\\{sign}")
    return found
