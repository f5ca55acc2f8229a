"""A comparison as its caller holds it."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playground_widget.compare._costs import check_cost
from playground_widget.compare._export import FileFormat, Results, cells_of, exported, results_of
from playground_widget.compare._picks import WinRate, win_rates
from playground_widget.compare._plot import plot
from playground_widget.compare._report import COLUMNS, as_frame, html_of, measures, records, said
from playground_widget.compare._scoring import Scoring
from playground_widget.compare._telling import Progress
from playground_widget.compare._values import Cell, Key, Plan
from playground_widget.engine import SETTLING
from playground_widget.errors import InputError, NotFoundError
from playground_widget.export import Cell as NotebookCell
from playground_widget.files import write_whole
from playground_widget.model import reader_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from playground_widget.compare._gate import AskCell
    from playground_widget.compare._runner import Runner
    from playground_widget.engine import Engine

__all__ = ["Comparison"]

_SUMMARY = ("variant", "measure", "n", "mean", "low", "high")


class Comparison:
    """Variants, each of which is asked all rows. It goes on by itself, and is kept by its name.

    It can be waited for (`result`, `await`), paused, cancelled and gone on with. Calls are safe
    from any thread.

    Example:
        >>> pg = Playground("Be brief.", connection="demo", model="demo-fast")
        >>> comparison = pg.compare(
        ...     ["Hello", "Goodbye"],
        ...     [Variant(name="Plain"), Variant(name="Pirate", system="Speak like a pirate.")],
        ...     name="Greetings",
        ... )
        >>> comparison.result()
        <Comparison 'Greetings': 4 of 4, complete>
    """

    def __init__(
        self,
        engine: Engine,
        runner: Runner,
        bind: Callable[[object], list[Any]],
        ask: AskCell,
    ) -> None:
        """Made by a playground: `bind` gives scorers what they leave open; `ask` asks judges."""
        self._engine = engine
        self._runner = runner
        self._bind = bind
        self._ask = ask

    @property
    def runner(self) -> Runner:
        """What runs it; for playgrounds.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> comparison = pg.compare(["Hello"], name="Greetings").result()
            >>> comparison.runner.id == comparison.id
            True
        """
        return self._runner

    # -- what is there

    @property
    def id(self) -> str:
        """Names it for ever.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> comparison = pg.compare(["Hello"], name="Greetings").result()
            >>> pg.comparison(comparison.id).name
            'Greetings'
        """
        return self._runner.id

    @property
    def name(self) -> str:
        """What it is called. Assign to change it.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> comparison = pg.compare(["Hello"], name="Greetings").result()
            >>> comparison.name = "First words"
            >>> comparison
            <Comparison 'First words': 1 of 1, complete>
        """
        return self._runner.name

    @name.setter
    def name(self, value: str) -> None:
        given: object = value
        if not isinstance(given, str):
            raise InputError("the name of a comparison is a text")
        self._engine.do(self._runner.rename, given)

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
    def status(self) -> str:
        """`running`, `paused`, `complete`, `cancelled` or `interrupted`.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> comparison = pg.compare(["Hello"], name="Greetings").result()
            >>> comparison.status
            'complete'
        """
        return self._runner.status

    @property
    def progress(self) -> Progress:
        """How far it is: counts, cost, rate and seconds left.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> comparison = pg.compare(["Hello"], name="Greetings").result()
            >>> comparison.progress.complete, comparison.progress.total
            (1, 1)
        """
        return self._engine.call(self._runner.progress)

    @property
    def scorers(self) -> dict[str, Any]:
        """What is kept of the scorers, by name: of a judge its prompt too.

        Example:
            >>> pg = Playground(connection="demo", model="demo-echo")
            >>> rows = [{"review": "Lovely", "mood": "lovely"}, {"review": "Late", "mood": "bad"}]
            >>> comparison = pg.compare(rows, scorers=[exact("mood")], name="Moods").result()
            >>> comparison.scorers["exact"]["column"]
            'mood'
        """
        return dict(self._runner.scorers)

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

    # -- waiting

    def result(self, timeout: float | None = None) -> Comparison:
        """Wait until nothing is asked any more, and return this comparison.

        Interrupting it (`KeyboardInterrupt`, the notebook's stop button) cancels the comparison and
        keeps what it has; `resume` goes on with it.

        Args:
            timeout: The most seconds to wait; `None` waits as long as it takes.

        Raises:
            TimeoutError: It has not ended yet; it goes on.
            WouldBlockError: Called from a callback.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> comparison = pg.compare(["Hello"], name="Greetings")
            >>> comparison.result(timeout=60)
            <Comparison 'Greetings': 1 of 1, complete>
        """
        self._engine.refuse_to_block(self._runner)
        settled = self._engine.spawn(self._runner.settled())
        try:
            settled.result(timeout)
        except TimeoutError:
            settled.cancel()
            raise TimeoutError(
                f"the comparison has not ended after {timeout:g} s; it goes on"
            ) from None
        except KeyboardInterrupt:
            self.cancel()
            with contextlib.suppress(TimeoutError):
                settled.result(SETTLING)
            raise
        return self

    def __await__(self) -> Generator[object, None, Comparison]:
        """Wait without blocking the event loop; being cancelled cancels the comparison."""
        return self._wait().__await__()

    async def _wait(self) -> Comparison:
        settled = asyncio.wrap_future(self._engine.spawn(self._runner.settled()))
        try:
            await asyncio.shield(settled)
        except asyncio.CancelledError:
            self.cancel()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SETTLING):
                    await settled
            raise
        return self

    # -- what is done to it

    def pause(self) -> None:
        """Begin no further cells; those that are being asked go on to their end.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> comparison = pg.compare(["One", "Two", "Three"], max_concurrency=1)
            >>> comparison.pause()
            >>> comparison.resume()
            >>> comparison.result().progress.complete
            3
        """
        self._engine.call(self._runner.halt, "paused")

    def resume(self, *, max_cost: float | None = None) -> None:
        """Go on with what was not asked, or was cancelled; what is done is not asked again.

        Args:
            max_cost: Another limit, in US dollars, for all of it.

        Raises:
            ConflictError: Another process runs it.
            SetupError: A function that a model may call is not known here.
            StoreError: It can't be written.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> comparison = pg.compare(["One", "Two", "Three"], max_concurrency=1)
            >>> comparison.cancel()
            >>> comparison.resume()
            >>> comparison.result().status
            'complete'
        """
        check_cost(max_cost)
        self._engine.do(self._runner.resume, ("cancelled",), max_cost)

    def retry_failed(self) -> None:
        """Ask the failed cells again, and what was not asked.

        Raises:
            ConflictError: Another process runs it.
            SetupError: A function that a model may call is not known here.
            StoreError: It can't be written.

        Example:
            >>> pg = Playground(connection="demo", model="demo-stream-error")
            >>> comparison = pg.compare(["Hello"]).result()
            >>> comparison.progress.failed
            1
            >>> comparison.retry_failed()
            >>> comparison.result().progress.failed
            1
        """
        self._engine.do(self._runner.resume, ("failed",))

    def cancel(self) -> None:
        """Ask nothing more. What has come is kept.

        Example:
            >>> pg = Playground(connection="demo", model="demo-slow")
            >>> comparison = pg.compare(["Hello"])
            >>> comparison.cancel()
            >>> comparison.result().status
            'cancelled'
        """
        self._engine.call(self._runner.cancel)

    def score(self, *scorers: Any) -> Comparison:
        """Score all answers anew, without asking for them again, and return this comparison.

        Args:
            *scorers: As `pg.compare` takes them; they replace those before.

        Raises:
            ConflictError: It is running.
            InputError: One is no scorer.

        Example:
            >>> pg = Playground(connection="demo", model="demo-echo")
            >>> rows = [{"review": "Lovely", "mood": "lovely"}, {"review": "Late", "mood": "bad"}]
            >>> comparison = pg.compare(rows, scorers=[exact("mood")], name="Moods").result()
            >>> list(comparison.score(regex("^L")).to_frame()["regex"])
            [True, True]
        """
        self._engine.refuse_to_block()
        scoring = Scoring(self._bind(list(scorers)), self.plan, self._engine, self._ask)
        self._engine.do(self._runner.score, scoring)
        return self

    def pick(self, row: int, variant: int | str | None, sample: int = 0) -> None:
        """Say which variant won a row; `None` takes that back.

        In a blind comparison the first pick of a row counts, and what is picked after it does not:
        by then the names have been seen.

        Args:
            row: The number of the row.
            variant: Its name, or its number counted from 0.
            sample: Which of its answers, counted from 0.

        Raises:
            NotFoundError: There is no such row, variant or answer.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> variants = [Variant(name="Plain"), Variant(name="Brief", system="Be brief.")]
            >>> comparison = pg.compare(["Hello"], variants).result()
            >>> comparison.pick(0, "Plain")
            >>> comparison.picks
            {0: 'Plain'}
        """
        winner = None if variant is None else self._variant(variant)
        self._engine.do(self._runner.pick, row, winner, sample)

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

    @property
    def blind(self) -> bool:
        """Whether a page hides the names of the variants until a row is picked.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> comparison = pg.compare(["Hello"], [Variant(), Variant()], blind=True).result()
            >>> comparison.blind
            True
        """
        return self._runner.blind

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

    def delete(self) -> None:
        """End it, and take it out of the list.

        Raises:
            ConflictError: Another process runs it.
            StoreError: It can't be written.
            WouldBlockError: Called from a callback.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> comparison = pg.compare(["Hello"], name="Greetings").result()
            >>> comparison.delete()
            >>> "Greetings" in [info.name for info in pg.comparisons()]
            False
        """
        self._engine.refuse_to_block()
        self._engine.do(self._runner.delete)

    # -- what comes of it

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

    def __repr__(self) -> str:
        """Show how far it is."""
        return f"<Comparison {self.name!r}: {said(self.progress)}>"

    def _repr_html_(self) -> str:
        """Show a line for each variant."""
        return html_of(self.plan, self.name, self.progress, self._measures())
