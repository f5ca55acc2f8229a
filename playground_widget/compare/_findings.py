"""What comes of a comparison: its answers, who won, tables and files of them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playground_widget.compare._export import FileFormat, Results, cells_of, exported, results_of
from playground_widget.compare._picks import WinRate, win_rates
from playground_widget.compare._plot import plot
from playground_widget.compare._report import COLUMNS, as_frame, measures, records
from playground_widget.compare._values import Cell, Key, Plan
from playground_widget.errors import InputError, NotFoundError
from playground_widget.export import Cell as NotebookCell
from playground_widget.files import write_whole
from playground_widget.model import reader_of

if TYPE_CHECKING:
    from playground_widget.compare._runner import Runner
    from playground_widget.engine import Engine

__all__ = ["Findings"]

_SUMMARY = ("variant", "measure", "n", "mean", "low", "high")


class Findings:
    """The part of `Comparison` that reads what has come so far. Calls are safe from any thread.

    Args:
        engine: On whose loop it is.
        runner: What runs it.
    """

    def __init__(self, engine: Engine, runner: Runner) -> None:
        """Read nothing yet."""
        self._engine = engine
        self._runner = runner

    @property
    def plan(self) -> Plan:
        """All that it asks: rows, variants, the conversation.

        Example:
            >>> pg = Playground(connection="demo", model="demo-echo")
            >>> rows = [{"review": "Lovely", "mood": "lovely"}, {"review": "Late", "mood": "bad"}]
            >>> comparison = pg.compare(rows, scorers=[exact("mood")], name="Moods").result()
            >>> comparison.plan.columns, len(comparison.plan.rows)
            (('review', 'mood'), 2)
        """
        return self._runner.plan

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells, row by row.

        Example:
            >>> pg = Playground(connection="demo", model="demo-echo")
            >>> rows = [{"review": "Lovely", "mood": "lovely"}, {"review": "Late", "mood": "bad"}]
            >>> comparison = pg.compare(rows, scorers=[exact("mood")], name="Moods").result()
            >>> [cell.output for cell in comparison.cells]
            ['Lovely', 'Late']
        """
        cells = self._runner.cells
        return tuple(self._typed(cells[key]) for key in self.plan.places())

    def cell(self, row: int, variant: int | str, sample: int = 0) -> Cell:
        """Return one cell.

        Args:
            row: The number of the row, counted from 0.
            variant: Its name, or its number counted from 0.
            sample: Which of its answers, counted from 0.

        Raises:
            NotFoundError: There is none.

        Example:
            >>> pg = Playground(connection="demo", model="demo-echo")
            >>> rows = [{"review": "Lovely", "mood": "lovely"}, {"review": "Late", "mood": "bad"}]
            >>> comparison = pg.compare(rows, scorers=[exact("mood")], name="Moods").result()
            >>> comparison.cell(row=1, variant="A").scores["exact"].value
            False
        """
        key = Key(row, self._variant(variant), sample)
        if key not in self._runner.cells:
            raise NotFoundError(f"there is no cell of row {row} and sample {sample}")
        return self._typed(self._runner.cells[key])

    def _typed(self, cell: Cell) -> Cell:
        """Return a cell with its JSON as the object that was asked for, where that is known."""
        wanted = self.plan.candidates[cell.variant].params.response_format
        read = None if cell.parsed is None or wanted is None else reader_of(wanted)
        if read is None:
            return cell
        try:
            return replace(cell, parsed=read(cell.output))
        except ValueError:
            # The class was changed since.
            return cell

    def _variant(self, variant: int | str) -> int:
        names = [candidate.name for candidate in self.plan.candidates]
        if isinstance(variant, str) and variant in names:
            return names.index(variant)
        if isinstance(variant, int) and 0 <= variant < len(names):
            return variant
        raise NotFoundError(f"there is no variant {variant!r}; there are {', '.join(names)}")

    @property
    def picks(self) -> dict[int, str]:
        """Which variant won, by row.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> comparison = pg.compare(["Hello"], name="Greetings").result()
            >>> comparison.pick(0, "A")
            >>> comparison.picks
            {0: 'A'}
        """
        return {
            row: self.plan.candidates[pick.variant].name
            for row, pick in sorted(self._runner.picks.items())
            if pick.variant is not None
        }

    def win_rates(self) -> tuple[WinRate, ...]:
        """Return how often each variant won: `variant`, `wins`, `of`, `rate`, `low` and `high`.

        `low` and `high` are the Wilson score interval of 95 %. In a blind comparison only what was
        picked blind counts. Before the first pick that counts it is empty.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> variants = [Variant(name="Plain"), Variant(name="Brief", system="Be brief.")]
            >>> comparison = pg.compare(["Hello"], variants).result()
            >>> comparison.pick(0, "Plain")
            >>> [(each.variant, each.wins, each.of) for each in comparison.win_rates()]
            [('Plain', 1, 1), ('Brief', 0, 1)]
        """
        runner = self._runner
        return tuple(win_rates(runner.plan, runner.picks, blind=runner.blind))

    def records(self) -> list[dict[str, Any]]:
        """Return what `to_frame` has, as a list of dicts.

        Example:
            >>> pg = Playground(connection="demo", model="demo-echo")
            >>> rows = [{"review": "Lovely", "mood": "lovely"}, {"review": "Late", "mood": "bad"}]
            >>> comparison = pg.compare(rows, scorers=[exact("mood")], name="Moods").result()
            >>> comparison.records()[1]["output"], comparison.records()[1]["exact"]
            ('Late', False)
        """
        return records(self.plan, self._runner.cells)

    def to_frame(self) -> Any:
        """Return a DataFrame with a line for each cell that has an answer or has failed.

        Its columns: `row`, `variant`, `sample`, `output`, `parsed` (as JSON), one for each score
        by its name, `tokens` (read and written), `cost` in US dollars with that of judges,
        `latency` in seconds, `error`.

        Raises:
            ImportError: Neither pandas nor polars is installed.

        Example:
            >>> pg = Playground(connection="demo", model="demo-echo")
            >>> rows = [{"review": "Lovely", "mood": "lovely"}, {"review": "Late", "mood": "bad"}]
            >>> comparison = pg.compare(rows, scorers=[exact("mood")], name="Moods").result()
            >>> comparison.to_frame()[["row", "output", "exact"]]
               row  output  exact
            0    0  Lovely   True
            1    1    Late  False
        """
        found = self.records()
        return as_frame(found, tuple(found[0]) if found else COLUMNS)

    def summary(self) -> Any:
        """Return a DataFrame with the mean of each score and figure of each variant.

        Its columns: `variant`, `measure`, `n` answers, `mean`, and `low` and `high`, which are the
        95 % interval: by bootstrap over the rows, from the comparison's seed; of a `win rate` the
        Wilson score interval, over the rows that were picked.

        Raises:
            ImportError: Neither pandas nor polars is installed.

        Example:
            >>> pg = Playground(connection="demo", model="demo-echo")
            >>> rows = [{"review": "Lovely", "mood": "lovely"}, {"review": "Late", "mood": "bad"}]
            >>> comparison = pg.compare(rows, scorers=[exact("mood")], name="Moods").result()
            >>> summary = comparison.summary().set_index("measure")
            >>> float(summary.loc["exact", "mean"])
            0.5
        """
        lines = [
            {"variant": found.variant, "measure": found.measure, **found.estimate._asdict()}
            for found in self._measures()
        ]
        return as_frame(lines, _SUMMARY)

    def plot(self) -> Any:
        """Return a matplotlib figure of the summary.

        Raises:
            ImportError: matplotlib is not installed.

        Example:
            >>> pg = Playground(connection="demo", model="demo-echo")
            >>> rows = [{"review": "Lovely", "mood": "lovely"}, {"review": "Late", "mood": "bad"}]
            >>> comparison = pg.compare(rows, scorers=[exact("mood")], name="Moods").result()
            >>> comparison.plot().savefig("moods.png")  # doctest: +SKIP
        """
        return plot(self._measures())

    def export(self, path: str | os.PathLike[str]) -> Path:
        """Write the answers to a file; what it becomes is told by the ending.

        Args:
            path: `.csv`, with the lines and columns of `to_frame`, or `.html`, a page on its own
                with the inputs, the answers and what they come to. A file that is there is
                replaced.

        Returns:
            The path that was written.

        Raises:
            InputError: The ending means nothing here.

        Example:
            >>> pg = Playground(connection="demo", model="demo-echo")
            >>> rows = [{"review": "Lovely", "mood": "lovely"}, {"review": "Late", "mood": "bad"}]
            >>> comparison = pg.compare(rows, scorers=[exact("mood")], name="Moods").result()
            >>> import tempfile
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     text = comparison.export(f"{folder}/moods.csv").read_text()
            >>> text.splitlines()[0].split(",")[:4]
            ['row', 'variant', 'sample', 'output']
        """
        target = Path(path).expanduser()
        kinds: dict[str, FileFormat] = {".csv": "csv", ".html": "html", ".htm": "html"}
        kind = kinds.get(target.suffix.lower())
        if kind is None:
            raise InputError(
                f"{target.name} ends in neither .csv nor .html, which say what to write"
            )
        text = exported(self._results(), kind).text
        # The lines of CSV end as they are to end.
        write_whole(target, text, newline="")
        return target

    def to_cells(self) -> tuple[NotebookCell, ...]:
        """Return notebook cells: code that makes the comparison again, and a table of the results.

        No key is ever part of them: the code reads it from the environment.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> comparison = pg.compare(["Hello"], name="Greetings").result()
            >>> [cell.type for cell in comparison.to_cells()]
            ['code', 'markdown']
        """
        return cells_of(self._results())

    def _results(self) -> Results:
        return self._engine.call(results_of, self._runner)

    def _measures(self) -> Any:
        return list(measures(self.plan, dict(self._runner.cells), self.win_rates()))
