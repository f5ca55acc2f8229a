"""A comparison as its caller holds it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from playground_widget.compare._costs import check_cost
from playground_widget.compare._findings import Findings
from playground_widget.compare._report import html_of, said
from playground_widget.compare._scoring import Scoring
from playground_widget.compare._telling import Progress
from playground_widget.engine import SETTLING
from playground_widget.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from playground_widget.compare._gate import AskCell
    from playground_widget.compare._runner import Runner
    from playground_widget.engine import Engine

__all__ = ["Comparison"]


class Comparison(Findings):
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
        super().__init__(engine, runner)
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
    def blind(self) -> bool:
        """Whether a page hides the names of the variants until a row is picked.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> comparison = pg.compare(["Hello"], [Variant(), Variant()], blind=True).result()
            >>> comparison.blind
            True
        """
        return self._runner.blind

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

    def delete(self) -> None:
        """End it, and take it out of the list; another process that runs it begins no more cells.

        Raises:
            NotFoundError: It was deleted already.
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

    def __repr__(self) -> str:
        """Show how far it is."""
        return f"<Comparison {self.name!r}: {said(self.progress)}>"

    def _repr_html_(self) -> str:
        """Show a line for each variant."""
        return html_of(self.plan, self.name, self.progress, self._measures())
