"""Runs the cells of a comparison on the engine's loop: many at once, each written as it ends."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from playground_widget.compare._alive import alive
from playground_widget.compare._costs import Costs
from playground_widget.compare._gate import AskCell, Gate
from playground_widget.compare._picks import Pick, pick_from
from playground_widget.compare._reasons import (
    check_functions,
    is_for_all,
    over_cost,
    same_for_all,
)
from playground_widget.compare._rounds import Rounds
from playground_widget.compare._scoring import Scoring
from playground_widget.compare._state import ComparisonState, stored
from playground_widget.compare._telling import (
    CellStarted,
)
from playground_widget.compare._values import Cell, CellStatus, Key, Plan
from playground_widget.engine import Engine, Permit, Uses
from playground_widget.errors import (
    ConflictError,
    ErrorInfo,
    PlaygroundError,
    StoreError,
)
from playground_widget.provider import Connection
from playground_widget.store import ComparisonInfo, Comparisons, StoredComparison

__all__ = ["Hold", "Runner"]

_log = logging.getLogger("playground_widget")

Hold = Callable[[Connection], None]


class Runner(ComparisonState):
    """Runs one comparison. All methods belong to the loop's thread, except reading `cells`.

    Args:
        engine: Whose loop it is.
        kept: Where it is kept.
        comparison: Its id there.
        name: What it is called.
        plan: What it asks.
        scoring: Scores its answers.
        owner: To whom it belongs.
        hold: Called with each connection before it is used.
        release: Called with it afterwards.
        ask: Asks a cell.
    """

    # What it assigns of its base is said again, for type checkers that look at one class.
    plan: Plan
    picks: Mapping[int, Pick]
    blind: bool
    status: str
    cells: dict[Key, Cell]
    scorers: dict[str, Any]

    def __init__(
        self,
        engine: Engine,
        kept: Comparisons,
        *,
        comparison: str,
        name: str,
        plan: Plan,
        scoring: Scoring,
        owner: object = None,
        hold: Hold = lambda _: None,
        release: Hold = lambda _: None,
        ask: AskCell,
    ) -> None:
        """Ask nothing yet."""
        super().__init__(engine, kept, comparison=comparison, name=name, plan=plan)
        self.owner: object = owner
        self.scorers = scoring.to_dict()
        self._scoring = scoring
        self._ask = ask
        self._context = contextvars.copy_context()
        self._hold, self._release = hold, release
        self._uses = Uses()
        self._pending: dict[Connection, deque[Key]] = {}
        self._slots = asyncio.Semaphore(plan.max_concurrency)
        self._feeders: dict[Connection, asyncio.Task[None]] = {}
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        # Whose end is not being written yet: only these can be cancelled.
        self._open: set[Key] = set()
        self._unsaved: dict[Key, Cell] = {}
        self._work: asyncio.Task[None] | None = None
        self._ends = False
        # When the store was changed last, as far as that was taken over.
        self._seen: float | None = None

    # -- reading

    @property
    def is_active(self) -> bool:
        """Whether it runs here."""
        return self._work is not None

    @property
    def has_scorers(self) -> bool:
        """Whether what is asked from now on is scored."""
        return bool(self._scoring)

    async def settled(self) -> None:
        """Wait until nothing is asked any more."""
        while self._work is not None:
            await asyncio.shield(self._work)

    # -- what it is told

    def is_as(self, info: ComparisonInfo) -> bool:
        """Return whether the store has nothing that is not here."""
        same = (self._seen, self.status) == (info.updated, info.status)
        return self.is_active or bool(self._unsaved) or same

    def refresh(
        self, kept: StoredComparison, cells: Mapping[Key, Cell], costs: Costs, owner: object
    ) -> None:
        """Take over what the store has, unless more is known here; belong to somebody else.

        Args:
            kept: What the store has.
            cells: Its cells as they are here, with those that wait.
            costs: What these cost.
            owner: To whom it belongs from now on.
        """
        self.owner = owner
        if self._work is not None or self._unsaved:
            return
        self._seen = kept.info.updated
        self._rename(kept.info.name)
        self.status = kept.info.status
        self.reason = kept.facts.get("reason")
        self.scorers = kept.facts.get("scorers", {})
        self.blind = kept.facts.get("blind", False)
        self.picks = {int(row): pick_from(p) for row, p in kept.facts.get("picks", {}).items()}
        self.cells = dict(cells)
        self._costs = costs

    def ask_by(self, plan: Plan, ask: AskCell, context: contextvars.Context) -> None:
        """Ask by a plan that differs in nothing but its limits, connections and functions."""
        self.plan = self._costs.plan = plan
        self._ask, self._context = ask, context
        self._slots = asyncio.Semaphore(plan.max_concurrency)
        self._pending.clear()

    def ask_elsewhere(self, ask: AskCell) -> None:
        """Ask by something else from the next time on that it goes on."""
        if self._work is None:
            self._ask = ask

    def use(self, scoring: Scoring) -> None:
        """Score with others what is asked from now on; while it runs, those that it has stay."""
        if self._work is None:
            self._scoring, self.scorers = scoring, {**self.scorers, **scoring.to_dict()}

    def begin(self) -> None:
        """Ask what waits. The store knows by now that this process runs it."""
        self.status, self.reason, self._stop = "running", None, None
        # Now, since whoever gave the servers of tools leaves them afterwards.
        self._uses.take(tool for each in self.plan.candidates for tool in each.tools)
        self._pace.begin(self._engine.loop.time())
        queued = {key for keys in self._pending.values() for key in keys}
        for key in self.plan.places():
            if self.cells[key].status == "waiting" and key not in queued:
                where = self.plan.candidates[key.variant].connection
                self._pending.setdefault(where, deque()).append(key)
        if self._work is None:
            self._work = self._engine.loop.create_task(self._run())
        else:
            self._feed_all()
        self.telling.nudge()

    async def resume(self, statuses: Iterable[CellStatus], max_cost: float | None = None) -> None:
        """Ask what waits, and the cells of some statuses again.

        Raises:
            ConflictError: Another process runs it.
            SetupError: A function that a model may call is not known here.
            StoreError: It can't be written.
        """
        check_functions(self.plan)
        if self._unsaved or self._ends:
            await self.settled()
        if max_cost is not None:
            self.plan = self._costs.plan = replace(self.plan, max_cost=max_cost)
        if self._work is None:
            await asyncio.wrap_future(self._kept.take(self.id, self.plan.to_dict()))
            if self._unsaved:
                unsaved = list(map(stored, self._unsaved.values()))
                await asyncio.wrap_future(self._kept.put(self.id, unsaved))
                self._unsaved.clear()
        wanted = set(statuses)
        for key, cell in self.cells.items():
            if cell.status in wanted:
                self.cells[key] = Cell(**key._asdict())
        self.begin()

    def halt(self, status: str, reason: str | None = None) -> None:
        """Begin no further cells; what is being asked goes on to its end."""
        if self._work is None or self._stop is not None:
            return
        self._stop, self.reason = status, reason
        for feeder in self._feeders.values():
            feeder.cancel()
        self.telling.nudge()

    def cancel(self) -> None:
        """Ask nothing more, and end what is being asked; its text is kept."""
        if self._work is None:
            return
        self.halt("cancelled")
        self._stop = "cancelled"
        for key in tuple(self._open):
            self._tasks[key].cancel()

    async def score(self, scoring: Scoring) -> None:
        """Score all answers anew, without asking for them again.

        Raises:
            ConflictError: It is running.
        """
        if self._work is not None:
            raise ConflictError("The comparison is running. Wait for its end, or pause it.")
        self._hold_all(scoring)
        slots = asyncio.Semaphore(self.plan.max_concurrency)

        async def one(cell: Cell) -> Cell:
            async with slots:
                return replace(cell, scores=await scoring.score(cell))

        try:
            made = await asyncio.gather(
                *(one(cell) for cell in self.cells.values() if cell.status == "complete")
            )
            costs = Costs(self.plan, {**self.cells, **{each.key: each for each in made}}.values())
            facts = {
                "scorers": scoring.to_dict(),
                "cost": costs.spent if costs.is_known else None,
            }
            await asyncio.wrap_future(self._kept.score(self.id, list(map(stored, made)), **facts))
        finally:
            scoring.close()
            self._release_all(scoring)
        self._scoring, self.scorers = scoring, scoring.to_dict()
        for cell in made:
            self._put(cell)
        self._costs = costs

    async def delete(self) -> None:
        """End it, and take it out of the list."""
        self.cancel()
        await self.settled()
        await asyncio.wrap_future(self._kept.delete(self.id))
        self.is_deleted = True
        self.telling.flush()

    # -- running

    async def _run(self) -> None:
        alive.add(self)
        self._hold_all(self._scoring)
        try:
            self._feed_all()
            while busy := {*self._feeders.values(), *self._tasks.values()}:
                await asyncio.wait(busy, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._scoring.close()
            self._release_all(self._scoring)
            await self._end()

    async def _end(self) -> None:
        self._ends = True
        if self._stop == "cancelled":
            self._cancel_waiting()
        waits = any(cell.status == "waiting" for cell in self.cells.values())
        status = self._stop or "paused"
        if not waits and not self._unsaved and status != "cancelled":
            status, self.reason = "complete", None
        try:
            await asyncio.wrap_future(
                self._kept.end(
                    self.id, status, reason=self.reason, scorers=self.scorers, cost=self.cost
                )
            )
        except PlaygroundError as error:
            _log.warning("The end of a comparison could not be written: %s", error)
        self.status = status
        self._work, self._stop, self._ends = None, None, False
        self._uses.release()
        self._pace.end()
        self.telling.flush()
        alive.discard(self)

    def _cancel_waiting(self) -> None:
        # They cost nothing, so that nothing of them is kept.
        self._pending.clear()
        for key, cell in self.cells.items():
            if cell.status == "waiting":
                self.cells[key] = replace(cell, status="cancelled")

    def _connections(self, scoring: Scoring) -> set[Connection]:
        return {*(each.connection for each in self.plan.candidates), *scoring.connections()}

    def _hold_all(self, scoring: Scoring) -> None:
        for connection in self._connections(scoring):
            self._hold(connection)

    def _release_all(self, scoring: Scoring) -> None:
        for connection in self._connections(scoring):
            self._release(connection)

    def _feed_all(self) -> None:
        for connection in self._pending:
            if connection not in self._feeders:
                task = self._engine.loop.create_task(self._feed(connection))
                self._feeders[connection] = task
                task.add_done_callback(partial(self._fed, connection))

    def _fed(self, connection: Connection, task: asyncio.Task[None]) -> None:
        del self._feeders[connection]
        if not task.cancelled() and (bug := task.exception()):
            _log.error("A comparison ended by a mistake of the playground", exc_info=bug)
            self.halt("paused", f"The playground made a mistake: {type(bug).__name__}.")
        elif self._stop is None and self._pending.get(connection):
            # It was told to stop, and to go on before it had.
            self._feed_all()

    async def _feed(self, connection: Connection) -> None:
        """Begin the cells of one connection as they are let through."""
        pending = self._pending[connection]
        limiter = self._engine.limiter(connection)
        while pending:
            key = pending[0]
            if not self._costs.fits(key, self._tasks):
                if not self._tasks:
                    self.halt("paused", over_cost(self._costs.spent, self.plan.max_cost or 0.0))
                    return
                # What they come to may be less than what they were taken for.
                await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)
                continue
            tokens = self._costs.tokens(key)
            permit = await limiter.acquire(tokens)
            try:
                await self._slots.acquire()
            except asyncio.CancelledError:
                permit.give_back()
                raise
            # Others may have been begun meanwhile, or have been refused.
            if self._costs.fits(key, self._tasks) and not limiter.is_held:
                pending.popleft()
                self._ask_one(key, connection, tokens, permit)
                # A request costs a few ms: one after the other, so that what runs stays live.
                await asyncio.sleep(0)
            else:
                permit.give_back()
                self._slots.release()

    def _ask_one(self, key: Key, connection: Connection, tokens: int, permit: Permit) -> None:
        gate = Gate(self._engine.limiter(connection), tokens, permit)
        self.cells[key] = replace(self.cells[key], status="running")
        self.telling.tell(CellStarted(key))
        task = self._engine.loop.create_task(self._cell(key, gate))
        self._tasks[key] = task
        self._open.add(key)
        task.add_done_callback(partial(self._left, key, gate))

    def _left(self, key: Key, gate: Gate, _: asyncio.Task[None]) -> None:
        gate.leave()
        self._open.discard(key)
        del self._tasks[key]
        self._slots.release()
        if self.cells[key].status == "running":
            # It was cancelled before its first step.
            self._put(Cell(**key._asdict(), status="cancelled"))

    async def _cell(self, key: Key, gate: Gate) -> None:
        words: list[str] = []

        def tell(text: str) -> None:
            words.append(text)
            self.telling.text(key, text)

        cell: Cell | None = None
        rounds = Rounds(
            self.plan,
            key,
            ask=self._ask,
            engine=self._engine,
            context=self._context,
            owner=self,
        )
        try:
            cell = await rounds.answer(gate, tell)
            if cell.error is not None and is_for_all(cell.error, self._has_answer(key.variant)):
                self.halt("paused", same_for_all(cell.error))
            if self._scoring and cell.status == "complete":
                cell = replace(cell, scores=await self._scoring.score(cell))
        except asyncio.CancelledError:
            # An answer that is whole is kept as that, be it without its scores.
            cell = cell or rounds.stopped("".join(words))
        except Exception as bug:  # noqa: BLE001 - the other cells go on
            _log.exception("A cell ended by a mistake of the playground")
            info = ErrorInfo(
                kind="internal",
                title="The playground made a mistake",
                detail=f"{type(bug).__name__}: see the kernel's log.",
            )
            cell = Cell(**key._asdict(), status="failed", output="".join(words), error=info)
        self._open.discard(key)
        await self._keep(cell)

    async def _keep(self, cell: Cell) -> None:
        """Write a cell, and only then count it as done."""
        try:
            await asyncio.wrap_future(self._kept.put(self.id, [stored(cell)]))
        except StoreError as error:
            self._unsaved[cell.key] = cell
            self.halt("paused", str(error))
        except PlaygroundError as error:
            # Another process went on with it, or somebody deleted it.
            self.halt("paused", str(error))
        self._costs.note(cell)
        self._pace.note(self._engine.loop.time())
        self._put(cell)
