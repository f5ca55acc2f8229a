"""Runs scorers: functions of users in threads, judges by asking them.

A scorer that raises gives an error in its own score; the cell and the other scores stay.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import math
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from playground_widget.compare._asked import values_in
from playground_widget.compare._gate import AskCell, Gate, Question
from playground_widget.compare._judge import judge, verdict
from playground_widget.compare._scorers import REASON
from playground_widget.compare._values import Cell, Plan, Score, Value
from playground_widget.engine import Engine, Returned
from playground_widget.errors import InputError, UnsetVariablesError
from playground_widget.provider import Connection
from playground_widget.request import estimate_tokens
from playground_widget.text import clean_text, described_error

__all__ = ["Scorer", "Scoring", "described"]

Scorer = Callable[[str, Mapping[str, Any]], Any] | judge
"""`score(output, row)`, plain or async, which gives a number, a bool, or a dict of them."""

WORKERS = 8
"""How many plain scorers run at once."""

CLEANING = 5.0
"""Seconds that async scorers which were cancelled have to clean up."""

VERDICT = 100
"""About how many tokens a judge writes."""


class Scoring:
    """The scorers of a comparison.

    Args:
        scorers: A list, or a dict by name. Judges among them have their connection.
        plan: What is asked.
        engine: Whose loop asks judges.
        ask: Asks them.

    Raises:
        InputError: One cannot be called.
        UnsetVariablesError: A judge's prompt names what is neither a column nor a variable that
            the comparison began with.
    """

    def __init__(self, scorers: object, plan: Plan, engine: Engine, ask: AskCell) -> None:
        """Start no thread before there is something to score."""
        if callable(scorers):
            scorers = (scorers,)
        if not isinstance(scorers, list | tuple | Mapping):
            raise InputError("scorers is a list of functions score(output, row)")
        for scorer in scorers.values() if isinstance(scorers, Mapping) else scorers:
            if not callable(scorer) and not isinstance(scorer, judge):
                raise InputError(f"a scorer is a function, not {type(scorer).__name__}")
            if isinstance(scorer, judge):
                unset = [n for n in scorer.variables(plan.columns) if n not in plan.variables]
                if unset:
                    raise UnsetVariablesError(dict.fromkeys(unset), plan.columns)
        named = scorers if isinstance(scorers, Mapping) else _named(scorers)
        self._scorers: dict[str, Scorer] = dict(named)
        self._plan = plan
        self._engine = engine
        self._ask = ask
        self._context = contextvars.copy_context()
        self._workers: ThreadPoolExecutor | None = None
        self._loop: _Loop | None = None

    def __bool__(self) -> bool:
        return bool(self._scorers)

    def connections(self) -> list[Connection]:
        """Return where judges are asked."""
        judges = [each for each in self._scorers.values() if isinstance(each, judge)]
        return [each.connection for each in judges if isinstance(each.connection, Connection)]

    def to_dict(self) -> dict[str, Any]:
        """Return what is kept of the scorers, by name."""
        return {name: described(scorer) for name, scorer in self._scorers.items()}

    async def score(self, cell: Cell) -> dict[str, Score]:
        """Return the scores of an answer, by name."""
        work = (self._one(name, scorer, cell) for name, scorer in self._scorers.items())
        found: dict[str, Score] = {}
        for scores in await asyncio.gather(*work):
            found |= scores
        return found

    def close(self) -> None:
        """End the threads; what runs in them ends by itself."""
        if self._workers is not None:
            self._workers.shutdown(wait=False, cancel_futures=True)
        if self._loop is not None:
            self._loop.close()
        self._workers = self._loop = None

    async def _one(self, name: str, scorer: Scorer, cell: Cell) -> dict[str, Score]:
        if isinstance(scorer, judge):
            return {name: await self._judged(scorer, cell)}
        row = dict(self._plan.rows[cell.row].data)
        function: Callable[..., Any] = scorer
        if _is_async(scorer):

            async def later() -> dict[str, Score]:
                return _scores(name, await function(cell.output, row))

            returned = await self._awaited(later)
        else:
            context = self._context.copy()
            returned = await self._threaded(
                lambda: _scores(name, context.run(function, cell.output, row))
            )
        if returned.error is not None:
            return {name: Score(error=described_error(returned.error, REASON))}
        found: dict[str, Score] = returned.value
        return found

    async def _judged(self, scorer: judge, cell: Cell) -> Score:
        assert isinstance(scorer.connection, Connection)  # noqa: S101 - what `bound` made
        body = scorer.body(cell.output, values_in(self._plan, cell.row))
        tokens = estimate_tokens(scorer.prompt) + estimate_tokens(cell.output) + VERDICT
        gate = Gate(self._engine.limiter(scorer.connection), tokens)
        answer = await self._ask(Question(cell.key, scorer.connection, body), gate, _ignore)
        if answer.error is not None:
            return Score(error=answer.error.title, usage=answer.usage)
        said = verdict(answer.output)
        return Score(value=said.value, error=said.error, reason=said.reason, usage=answer.usage)

    async def _threaded(self, work: Callable[[], Any]) -> Returned:
        if self._workers is None:
            self._workers = ThreadPoolExecutor(WORKERS, "playground-scorer")

        def held() -> Returned:
            try:
                return Returned(work(), None)
            except BaseException as error:  # noqa: BLE001 - SystemExit would end the engine's loop
                return Returned(None, error)

        return await asyncio.get_running_loop().run_in_executor(self._workers, held)

    async def _awaited(self, work: Callable[[], Awaitable[Any]]) -> Returned:
        """Await what belongs to a user on a loop of its own: this one runs no code of users."""
        if self._loop is None:
            self._loop = _Loop()
        returned: Returned = await asyncio.wrap_future(self._loop.spawn(work))
        return returned


class _Loop:
    """An event loop on a thread of its own, which async scorers share, and so their clients."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._run, name="playground-async-scorers", daemon=True
        )
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            # A second time would cut off what cleans up after the first.
            if not task.cancelling():
                task.cancel()
        if left:
            self._loop.run_until_complete(asyncio.wait(left, timeout=CLEANING))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def spawn(self, work: Callable[[], Awaitable[Any]]) -> Any:
        async def held() -> Returned:
            try:
                return Returned(await work(), None)
            except asyncio.CancelledError:
                raise
            except BaseException as error:  # noqa: BLE001 - SystemExit would end this loop
                return Returned(None, error)

        return asyncio.run_coroutine_threadsafe(held(), self._loop)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)


def described(scorer: Scorer) -> dict[str, Any]:
    """Return what is kept of a scorer: of a function its name alone."""
    tell = getattr(scorer, "to_dict", None)
    return tell() if callable(tell) else {"kind": "function"}


def _ignore(_: str) -> None:
    pass


def _is_async(scorer: Any) -> bool:
    return inspect.iscoroutinefunction(scorer) or inspect.iscoroutinefunction(
        getattr(scorer, "__call__", None)  # noqa: B004 - the method of an object
    )


def _named(scorers: Sequence[Any]) -> dict[str, Scorer]:
    """Return scorers by name; of several of one name the later ones get a number."""
    found: dict[str, Scorer] = {}
    for scorer in scorers:
        given = getattr(scorer, "name", None) or getattr(scorer, "__name__", None)
        name = str(given or type(scorer).__name__).replace("<lambda>", "score")
        number = 1
        while (unique := name if number == 1 else f"{name}_{number}") in found:
            number += 1
        found[unique] = scorer
    return found


def _scores(name: str, said: Any) -> dict[str, Score]:
    """Return what a scorer said; the entries of a dict are scores of their own."""
    if isinstance(said, Score):
        return {name: said}
    if isinstance(said, Mapping):
        return {f"{name}.{key}": Score(value=_value(value)) for key, value in said.items()}
    return {name: Score(value=_value(said))}


def _value(said: Any) -> Value:
    if hasattr(said, "item") and getattr(said, "shape", None) == ():
        said = said.item()  # a numpy number
    if isinstance(said, float) and not math.isfinite(said):
        raise ValueError(f"a score cannot be {said}")
    if said is None or isinstance(said, bool | int | float):
        return said
    if isinstance(said, str):
        return clean_text(said)
    raise TypeError(f"a score is a number, a bool or a dict of them, not {type(said).__name__}")
