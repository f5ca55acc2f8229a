"""Comparing variants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from playground_widget.compare import (
    Candidate,
    Cell,
    Cluster,
    Comparison,
    Home,
    Variant,
    asking,
    client_of,
    held,
    opened,
    rows_of,
    started,
)
from playground_widget.conversation import use_answer
from playground_widget.errors import InputError
from playground_widget.model import Message
from playground_widget.playground._base import Base, text_of_argument
from playground_widget.store import ComparisonInfo

__all__ = ["Comparing"]


class Comparing(Base):
    """The part of `Playground` that compares."""

    def compare(
        self,
        inputs: object = None,
        variants: Sequence[Variant] = (Variant(),),
        samples: int = 1,
        scorers: Any = (),
        max_concurrency: int = 8,
        *,
        name: str | None = None,
        max_cost: float | None = None,
        seed: int | None = None,
        input: str | None = None,  # noqa: A002 - the word for it
        executor: object = None,
        send_key: bool = False,
        blind: bool = False,
    ) -> Comparison:
        """Ask variants the same, begin at once, and return without waiting.

        Each row of the inputs is asked about in the conversation as it is: the column `input` is a
        user message at its end. Where the last user message has columns in it, as `{{column}}`, it
        is filled in instead; so are columns in system prompts. Names that are no columns are the
        playground's and the notebook's variables, as they are now.

        Args:
            inputs: A list of texts or of dicts, a pandas or polars DataFrame, the path of a CSV
                file, or `None` for the conversation as it is, without its last answer.
            variants: What is compared.
            samples: How often each variant answers each row.
            scorers: Functions `score(output, row)`, plain or async, that return a number, a bool or
                a dict of them; `exact`, `regex`, `fits_schema` and `judge` make some.
            max_concurrency: How many answers are written at once at most.
            name: What to call it. Where a comparison of that name asks the same, it is gone on
                with, and what it has is not asked, and paid for, again.
            max_cost: In US dollars: it pauses before it would cost more. Models without a known
                price count as free.
            seed: Sample `n` is asked with `seed + n`, and intervals are drawn from it.
            input: The column that is the user message; by default the first.
            executor: A Dask `distributed.Client`: each request is a task on its cluster. Tools and
                scorers are called in this process all the same. Workers take keys from the
                environment variable that this process has them from, or that `key_source` of the
                connection names.
            send_key: Send the keys of connections to the workers with each task, instead.
            blind: Whether a page hides which variant is which until a row is picked; `win_rates`
                counts what was picked so.

        The playground shows it from now on.

        Raises:
            InputError: An argument cannot be meant; nothing was asked.
            SetupError: A connection cannot work as it is.
            UnsetVariablesError: A text names what is neither a column nor a variable.

        Example:
            >>> pg = Playground(connection="demo", model="demo-echo")
            >>> rows = [{"review": "Lovely", "expected": "lovely"}]
            >>> comparison = pg.compare(rows, scorers=[exact("expected")])
            >>> list(comparison.result().to_frame()["exact"])
            [True]
        """
        named = None if name is None else text_of_argument("name", name)
        comparing = self._conversation.comparing
        usual = self._usual()
        home = self._home(usual, executor, send_key=send_key)
        with comparing.offered(variants) as offered:
            plan = comparing.plan(
                usual,
                rows_of(inputs),
                offered,
                column=input,
                samples=samples,
                seed=seed,
                max_concurrency=max_concurrency,
                max_cost=max_cost,
            )
            runner = started(
                home, plan, scorers, name=named, thread=comparing.thread(), blind=bool(blind)
            )
        self._engine.call(comparing.show, runner)
        return held(home, runner)

    def comparisons(self) -> tuple[ComparisonInfo, ...]:
        """Return the comparisons that are kept, the one changed last first.

        Returns:
            For each its `id`, `name` and how far it is; `comparison` opens one.

        Raises:
            StoreError: The store cannot be read.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast", store=":memory:")
            >>> first = pg.compare(["Hello"], name="Greetings").result()
            >>> [info.name for info in pg.comparisons()]
            ['Greetings']
        """
        return self._conversation.store.comparisons.all()

    def comparison(
        self, name: str, *, scorers: Any = (), executor: object = None, send_key: bool = False
    ) -> Comparison:
        """Open a comparison that is kept; nothing is asked.

        Args:
            name: Its name or id; of several of one name it is the newest.
            scorers: For what is asked when it goes on, since functions are not kept.
            executor: Where that is asked, as in `compare`.
            send_key: As in `compare`.

        Raises:
            NotFoundError: There is none.
            SetupError: A connection of it is not known here; use it once, and open it again.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> first = pg.compare(["Hello"], name="Greetings").result()
            >>> pg.comparison("Greetings").status
            'complete'
        """
        home = self._home(self._usual(), executor, send_key=send_key)
        return held(home, opened(home, text_of_argument("name", name), scorers))

    def use(self, cell: Cell, comparison: Comparison | None = None) -> Message:
        """Make an answer of a comparison the next message of the conversation, and return it.

        It becomes a version beside the answers that are there, and keeps the model and the
        parameters that it was asked with. `undo` takes it back.

        Args:
            cell: The answer, of `comparison.cell(...)` or `comparison.cells`.
            comparison: Whose; by default the one that this playground shows, which is the last
                that was begun.

        Raises:
            ConflictError: The conversation that was asked about is not in this thread.
            InputError: There is no answer in it, or it is of another comparison.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast", messages="Hello")
            >>> comparison = pg.compare(variants=[Variant(), Variant(system="Be brief.")]).result()
            >>> answer = pg.use(comparison.cell(0, "B"))
            >>> pg[-1] == answer
            True
        """
        given: object = cell
        if not isinstance(given, Cell):
            raise InputError(f"a cell is one of a comparison, not {type(given).__name__}")
        runner = comparison.runner if comparison else self._conversation.comparing.shown
        known = runner.cells.get(cell.key) if runner else None
        # Its JSON may be an object of a class by now.
        if runner is None or known is None or replace(cell, parsed=known.parsed) != known:
            raise InputError(
                "This is no cell of the comparison that is shown. Say which it is of: "
                "pg.use(cell, comparison)."
            )
        made = self._do(use_answer, self._conversation, runner, cell.key)
        return self._conversation.state.message(made)

    def _usual(self) -> Candidate:
        return self._engine.do(self._conversation.comparing.usual)

    def _home(self, usual: Candidate, executor: object = None, *, send_key: bool = False) -> Home:
        if executor is None and send_key:
            raise InputError("send_key is for workers: give an executor too")
        home = self._conversation.comparing.home(usual)
        if executor is None:
            return home
        cluster = Cluster(client_of(executor), send_key=send_key)
        return replace(home, ask=asking(cluster), check=cluster.check)
