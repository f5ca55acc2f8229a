"""A comparison as a page has it, and what happens in it, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from playground_widget.compare._picks import Pick, WinRate, win_rates
from playground_widget.compare._telling import (
    CellFinished,
    CellStarted,
    CellText,
    Picked,
    Progress,
    Renamed,
    Summary,
    Update,
)
from playground_widget.compare._values import Cell, Key, Row
from playground_widget.compare._variants import Candidate
from playground_widget.protocol import message_to_dict

if TYPE_CHECKING:
    from playground_widget.compare._runner import Runner

__all__ = ["cell_to_dict", "shown_cells", "update_to_dict", "view_of", "waits"]


def view_of(
    runner: Runner,
    summary: Iterable[Mapping[str, Any]],
    cells: Sequence[Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return all that a page shows of a comparison at this moment; on the loop's thread.

    What is told next follows from it: words of running cells that were not told yet come later.

    Args:
        runner: The comparison.
        summary: What the answers come to.
        cells: The cells to show, by default all but those that wait.
    """
    plan, progress = runner.plan, runner.progress()
    return {
        "id": runner.id,
        "name": runner.name,
        "status": progress.status,
        "reason": progress.reason,
        "columns": list(plan.columns),
        "input": plan.input,
        "rows": [row_to_dict(row) for row in plan.rows],
        "variants": [_variant(each) for each in plan.candidates],
        "samples": plan.samples,
        "scorers": _scorers(runner.scorers),
        "messages": [message_to_dict(message) for message in plan.messages],
        "cells": list(shown_cells(runner)) if cells is None else list(cells),
        "progress": progress_to_dict(progress),
        "picks": picks_to_list(runner.picks),
        "blind": runner.blind,
        "summary": list(summary),
        "win_rates": rates_to_list(win_rates(plan, runner.picks, blind=runner.blind)),
        "elsewhere": progress.status == "running" and not runner.is_active,
    }


def shown_cells(runner: Runner, keys: Iterable[Key] | None = None) -> Iterable[dict[str, Any]]:
    """Give cells as a page has them, row by row, without those that wait."""
    for key in runner.plan.places() if keys is None else keys:
        cell = runner.cells[key]
        if not waits(cell):
            shown = runner.shown(cell)
            if cell.status == "running":
                # The others are shared: thousands of copies would cost more than all else here.
                shown = {**shown, "output": runner.telling.told(key)}
            yield shown


def waits(cell: Cell) -> bool:
    """Return whether there is nothing of a cell: it was not asked yet, or is not any more."""
    return cell.status == "waiting" or (cell.status == "cancelled" and not cell.output)


def cell_to_dict(cell: Cell) -> dict[str, Any]:
    """Return the JSON of a cell, with what names it."""
    return {
        **cell.to_dict(),
        "row": cell.row,
        "variant": cell.variant,
        "sample": cell.sample,
        "status": cell.status,
        "cost": cell.cost,
    }


def row_to_dict(row: Row) -> dict[str, Any]:
    """Return the JSON of a row."""
    return {"index": row.index, "data": dict(row.data)}


def progress_to_dict(progress: Progress) -> dict[str, Any]:
    """Return the JSON of how far a comparison is."""
    return progress._asdict()


def picks_to_list(picks: Mapping[int, Pick]) -> list[dict[str, Any]]:
    """Return the JSON of picks, without those that were taken back."""
    return [
        {"row": row, "variant": pick.variant, "sample": pick.sample}
        for row, pick in sorted(picks.items())
        if pick.variant is not None
    ]


def rates_to_list(rates: Iterable[WinRate]) -> list[dict[str, Any]]:
    """Return the JSON of win rates."""
    return [rate._asdict() for rate in rates]


def _variant(candidate: Candidate) -> dict[str, Any]:
    where = candidate.connection
    return {
        "name": candidate.name,
        "system": candidate.system,
        "model": candidate.model,
        "connection": where.shown_label,
        "params": candidate.params.to_dict(),
        "tools": [tool.name for tool in candidate.tools],
    }


def _scorers(scorers: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "kind": kept.get("kind", "function"),
            **({"prompt": kept["prompt"]} if "prompt" in kept else {}),
        }
        for name, kept in scorers.items()
    ]


def update_to_dict(update: Update) -> dict[str, Any]:  # noqa: PLR0911 - one for each
    """Return the JSON of what happened in a comparison."""
    match update:
        case CellStarted(key):
            return {"type": "cell_started", **key._asdict()}
        case CellText(key, offset, text):
            return {"type": "cell_text", **key._asdict(), "offset": offset, "text": text}
        case CellFinished(cell):
            return {"type": "cell_finished", "cell": cell_to_dict(cell)}
        case Picked(picks, rates):
            shown = {"picks": picks_to_list(picks), "win_rates": rates_to_list(rates)}
            return {"type": "picked", **shown}
        case Summary(lines):
            return {"type": "summary", "summary": [dict(line) for line in lines]}
        case Renamed(name):
            return {"type": "renamed", "name": name}
        case Progress():
            return {"type": "progress", **progress_to_dict(update)}
