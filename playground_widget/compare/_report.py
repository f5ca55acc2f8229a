"""A comparison as tables: of its cells, and of what they come to. Needs no DataFrame library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from playground_widget.compare._picks import WinRate
from playground_widget.compare._statistics import Estimate, bootstrap
from playground_widget.compare._telling import Progress
from playground_widget.compare._values import Cell, Plan

__all__ = [
    "COLUMNS",
    "WIN_RATE",
    "Measure",
    "as_frame",
    "figures",
    "html_of",
    "measures",
    "records",
    "said",
    "scores",
]

WIN_RATE = "win rate"

_FIXED = ("row", "variant", "sample", "output", "parsed")
_FIGURES = ("tokens", "cost", "latency")
COLUMNS = (*_FIXED, *_FIGURES, "error")
"""Of a frame, without those of scores."""


class Measure(NamedTuple):
    """One line of a summary.

    Args:
        variant: The name of the variant.
        measure: The name of a score, `tokens`, `cost`, `latency` or `win rate`.
        estimate: Its mean.
    """

    variant: str
    measure: str
    estimate: Estimate


def records(plan: Plan, cells: Mapping[Any, Cell]) -> list[dict[str, Any]]:
    """Return a line for each cell that has an answer or has failed, all with the same columns."""
    ended = [cells[key] for key in plan.places() if cells[key].status in {"complete", "failed"}]
    names = _score_names(ended)
    return [
        {
            "row": cell.row,
            "variant": plan.candidates[cell.variant].name,
            "sample": cell.sample,
            "output": cell.output,
            "parsed": cell.parsed,
            **{column: _value(cell, name) for name, column in names.items()},
            **{name: _figure(cell, name) for name in _FIGURES},
            "error": _error(cell),
        }
        for cell in ended
    ]


def measures(
    plan: Plan,
    cells: Mapping[Any, Cell],
    won: Sequence[WinRate],
    only: Iterable[str] | None = None,
) -> Iterable[Measure]:
    """Give the means of each variant over the answers it has, and how often it was picked.

    Args:
        plan: What was asked.
        cells: The answers.
        won: How often each variant was picked.
        only: Names of the scores that are wanted, without the other figures.
    """
    ended = [cell for cell in cells.values() if cell.status == "complete"]
    names = _score_names(ended) if only is None else {name: name for name in only}
    for number, candidate in enumerate(plan.candidates):
        own = [cell for cell in ended if cell.variant == number]
        for name, column in names.items():
            yield from _mean(plan, candidate.name, column, own, lambda c, n=name: _value(c, n))
        for name in _FIGURES if only is None else ():
            yield from _mean(plan, candidate.name, name, own, lambda c, n=name: _figure(c, n))
        for rate in won:
            if rate.variant == candidate.name:
                estimate = Estimate(rate.of, rate.rate, rate.low, rate.high)
                yield Measure(candidate.name, WIN_RATE, estimate)


def scores(cells: Iterable[Cell]) -> list[str]:
    """Return the names of the scores that cells have."""
    return list(dict.fromkeys(name for cell in cells for name in cell.scores))


def figures(cell: Cell) -> dict[str, float | None]:
    """Return what is measured of every answer: `tokens`, `cost` and `latency`."""
    return {name: _figure(cell, name) for name in _FIGURES}


def _mean(
    plan: Plan, variant: str, measure: str, cells: Sequence[Cell], value_of: Any
) -> Iterable[Measure]:
    rows: list[list[float]] = [[] for _ in plan.rows]
    for cell in cells:
        value = value_of(cell)
        if isinstance(value, bool | int | float):
            rows[cell.row].append(float(value))
    estimate = bootstrap(rows, plan.seed or 0)
    if estimate is not None:
        yield Measure(variant, measure, estimate)


def _score_names(cells: Iterable[Cell]) -> dict[str, str]:
    """Return the names of the scores, and what their columns are called."""
    taken = set(COLUMNS)
    return {name: f"score_{name}" if name in taken else name for name in scores(cells)}


def _value(cell: Cell, name: str) -> Any:
    score = cell.scores.get(name)
    return None if score is None else score.value


def _figure(cell: Cell, name: str) -> float | None:
    if name == "cost":
        return cell.cost
    if name == "latency":
        return cell.timing.duration if cell.timing else None
    return cell.usage.input_tokens + cell.usage.output_tokens if cell.usage else None


def _error(cell: Cell) -> str | None:
    """Return what went wrong: with the answer, or with its scores."""
    if cell.error is not None:
        return cell.error.title
    if cell.invalid is not None:
        return f"it does not fit its format: {cell.invalid}"
    wrong = [f"{name}: {score.error}" for name, score in cell.scores.items() if score.error]
    return "; ".join(wrong) or None


def as_frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Any:
    """Return lines as a DataFrame of pandas, or of polars where that alone is installed.

    Raises:
        ImportError: Neither is installed.
    """
    data = {column: [row[column] for row in rows] for column in columns}
    try:
        import pandas as pd  # noqa: PLC0415 - none is needed before, and either will do
    except ImportError:
        pass
    else:
        return pd.DataFrame(data, columns=list(columns))
    try:
        import polars as pl  # noqa: PLC0415
    except ImportError:
        raise ImportError(
            "A DataFrame needs pandas or polars: pip install pandas. "
            "comparison.records() returns the same as a list of dicts."
        ) from None
    return pl.DataFrame([_of_polars(pl, name, values) for name, values in data.items()])


def _of_polars(pl: Any, name: str, values: list[Any]) -> Any:
    """Return a column of polars; one whose values have no type in common keeps them as they are."""
    kinds = {type(value) for value in values if value is not None}
    numbers = kinds <= {bool, int, float}
    if numbers or kinds in ({str}, {dict}, {list}):
        try:
            made = pl.Series(name, values, strict=not numbers)
        except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError):
            made = None
        # A struct has the fields of the first, and what is too large for a number is none.
        if made is not None and (
            made.null_count() == values.count(None) if numbers else made.to_list() == values
        ):
            return made
    return pl.Series(name, values, dtype=pl.Object)


def html_of(plan: Plan, name: str, progress: Progress, found: Iterable[Measure]) -> str:
    """Return a small table: a line for each variant."""
    by_variant: dict[str, dict[str, Estimate]] = {}
    shown: dict[str, None] = {}
    for variant, measure, estimate in found:
        by_variant.setdefault(variant, {})[measure] = estimate
        shown[measure] = None
    heads = "".join(f"<th>{escape(head)}</th>" for head in ("variant", "model", *shown))
    lines = []
    for candidate in plan.candidates:
        own = by_variant.get(candidate.name, {})
        figures = "".join(f"<td>{_written(own.get(measure))}</td>" for measure in shown)
        lines.append(
            f"<tr><th>{escape(candidate.name)}</th><td>{escape(candidate.model)}</td>{figures}</tr>"
        )
    reason = f"<p>{escape(progress.reason)}</p>" if progress.reason else ""
    return (
        f"<table><caption>{escape(name)}: {escape(said(progress))}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>{reason}"
    )


def _written(estimate: Estimate | None) -> str:
    if estimate is None:
        return ""
    return f"{estimate.mean:.4g} ({estimate.low:.4g} to {estimate.high:.4g})"


def said(progress: Progress) -> str:
    """Return how far a comparison is, in words."""
    words = [f"{progress.complete} of {progress.total}"]
    words += [f"{progress.failed} failed"] if progress.failed else []
    words += [f"${progress.cost:.4f}"] if progress.cost is not None else []
    words += [f"about {progress.left:.0f} s left"] if progress.left is not None else []
    return f"{', '.join(words)}, {progress.status}"
