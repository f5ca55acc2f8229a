"""How a comparison begins, and how one that is kept is opened again."""

from __future__ import annotations

import contextvars
import secrets
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakValueDictionary

from playground_widget.compare._ask import asking
from playground_widget.compare._asked import body_of, variables_of
from playground_widget.compare._comparison import Comparison
from playground_widget.compare._costs import Costs
from playground_widget.compare._gate import AskCell
from playground_widget.compare._judge import judge
from playground_widget.compare._runner import Hold, Runner
from playground_widget.compare._scoring import Scoring
from playground_widget.compare._specs import scorers_kept
from playground_widget.compare._state import cell_of
from playground_widget.compare._values import Cell, Plan
from playground_widget.engine import Engine
from playground_widget.errors import NotFoundError, SetupError, UnsetVariablesError
from playground_widget.provider import Connection
from playground_widget.store import Comparisons
from playground_widget.tools import Tool

__all__ = ["Home", "held", "opened", "started"]

_runners: WeakValueDictionary[str, Runner] = WeakValueDictionary()
"""Those that somebody here holds: one comparison is one runner, however often it is opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What a comparison needs of the playground that it belongs to.

    Args:
        owner: Whoever ends it when they end.
        engine: Whose loop runs it.
        kept: Where it is kept.
        find: Returns a connection by its `name`, `base_url` and `api`; raises `SetupError`.
        resolve: Returns the connection that somebody meant.
        values: Returns what variables stand for at this moment; raises `UnsetVariablesError`.
        model: What judges ask that name no model.
        connection: Where judges ask that name no place.
        hold: Called with each connection before it is used.
        release: Called with it afterwards.
        tools: The functions that are known there.
        ask: Asks for a cell; `None` leaves that to what began it, and else to this process.
        check: Refuses connections that cannot be asked from where `ask` does; raises `SetupError`.
    """

    owner: object
    engine: Engine
    kept: Comparisons
    find: Callable[[Mapping[str, str]], Connection]
    resolve: Callable[[object], Connection]
    values: Callable[[Sequence[str]], Coroutine[Any, Any, Mapping[str, str]]]
    model: str
    connection: Connection
    hold: Hold
    release: Hold
    tools: tuple[Tool, ...] = ()
    ask: AskCell | None = None
    check: Callable[[Iterable[Connection]], None] = lambda _: None

    @property
    def asking(self) -> AskCell:
        """What asks for cells where nothing else was said."""
        return self.ask or asking()

    def bind(self, scorers: object) -> Any:
        """Return scorers whose judges have a model and a connection."""
        if isinstance(scorers, Mapping):
            return dict(zip(scorers, self.bind(list(scorers.values())), strict=True))
        if not isinstance(scorers, list | tuple):
            return scorers
        return [self._bound(each) if isinstance(each, judge) else each for each in scorers]

    def _bound(self, scorer: judge) -> judge:
        own = scorer.connection
        where = self.connection if own is None else self.resolve(own)
        return scorer.bound(self.model, where)


def held(home: Home, runner: Runner) -> Comparison:
    """Return a comparison as its caller holds it."""
    return Comparison(home.engine, runner, home.bind, home.asking)


def started(
    home: Home,
    plan: Plan,
    scorers: object,
    *,
    name: str | None,
    thread: str | None,
    blind: bool = False,
) -> Runner:
    """Begin a comparison, or go on with the one of that name that asks the same.

    What that has is not asked again; where it is complete, nothing is. It waits for the store, so
    that it is not called on the loop's thread.

    Args:
        home: Whose it is.
        plan: What it asks.
        scorers: What scores its answers.
        name: What to call it; `None` for a number.
        thread: The id of the thread it begins from.
        blind: Whether names of variants are hidden until a row is picked.

    Raises:
        SetupError: A connection cannot be asked from where cells are asked.
        UnsetVariablesError: A text names what is neither a column nor a variable.
    """
    plan = _with_variables(home, plan, scorers)
    scoring = Scoring(home.bind(scorers), plan, home.engine, home.asking)
    home.check((*(each.connection for each in plan.candidates), *scoring.connections()))
    known = None if name is None else _same(home, plan, name)
    if known is not None:
        runner = _opened(home, known, scorers, plan)
        if runner.status != "complete" and not runner.is_active:
            home.engine.call(runner.ask_by, plan, home.asking, contextvars.copy_context())
            home.engine.do(runner.resume, ("cancelled",))
        return runner
    identity = secrets.token_hex(6)
    size = [len(plan.rows), len(plan.candidates), plan.samples]
    facts = {"scorers": scoring.to_dict(), "picks": {}, "blind": blind, "size": size}
    called = home.kept.create(identity, name, thread, plan.to_dict(), facts).result()
    runner = _runner(home, identity, called, plan, scoring)
    runner.blind = blind
    home.engine.call(runner.begin)
    return runner


def _with_variables(home: Home, plan: Plan, scorers: object) -> Plan:
    """Return a plan with what its texts name beside columns, as it is at this moment."""
    judges = scorers if isinstance(scorers, list | tuple) else (scorers,)
    found = dict.fromkeys(variables_of(plan))
    for each in judges:
        if isinstance(each, judge):
            found |= dict.fromkeys(each.variables(plan.columns))
    try:
        return replace(plan, variables=home.engine.do(home.values, tuple(found)))
    except UnsetVariablesError as unset:
        raise UnsetVariablesError(unset.reasons, plan.columns) from None


def opened(home: Home, name: str, scorers: object) -> Runner:
    """Open a comparison by its name or id; not on the loop's thread.

    Raises:
        NotFoundError: There is none.
        SetupError: A connection of it is not known here.
    """
    found = home.kept.find(name)
    if found is None:
        raise NotFoundError(
            f"There is no comparison {name[:60]!r}. pg.comparisons() lists what there is."
        )
    return _opened(home, found, scorers)


def _same(home: Home, plan: Plan, name: str) -> str | None:
    """Return the id of the comparison of that name, if it asks the same."""
    found = home.kept.find(name)
    if found is None:
        return None
    try:
        other = Plan.from_dict(home.kept.load(found).plan, home.find, home.tools)
    except SetupError:
        return None
    return found if _signature(other) == _signature(plan) else None


def _signature(plan: Plan) -> tuple[object, ...]:
    """Return what makes a comparison another one: its requests, and the rows that are scored."""
    names = [(each.name, each.connection.name) for each in plan.candidates]
    rows = [dict(row.data) for row in plan.rows]
    return names, rows, plan.samples, [body_of(plan, key) for key in plan.places()]


def _opened(home: Home, comparison: str, scorers: object, present: Plan | None = None) -> Runner:
    """Open a comparison by its id, `present` being the same as it is asked now."""
    runner = _runners.get(comparison)
    if runner is not None and not runner.belongs_to(home.engine):
        runner = None
    if runner is None or not runner.is_as(home.kept.info(comparison)):
        runner = _loaded(home, comparison, runner)
    else:
        home.engine.call(setattr, runner, "owner", home.owner)
    if home.ask is not None:
        home.engine.call(runner.ask_elsewhere, home.ask)
    scoring = Scoring(home.bind(scorers), present or runner.plan, home.engine, home.asking)
    if not scoring and not runner.has_scorers:
        # Those that are no code of users are what they were.
        again = home.bind(scorers_kept(runner.scorers))
        scoring = Scoring(again, runner.plan, home.engine, home.asking)
    if scoring:
        home.engine.call(runner.use, scoring)
    return runner


def _loaded(home: Home, comparison: str, runner: Runner | None) -> Runner:
    """Return a comparison with all that the store has of it."""
    stored = home.kept.load(comparison)
    if runner is None:
        plan = Plan.from_dict(stored.plan, home.find, home.tools)
        none = Scoring((), plan, home.engine, home.asking)
        runner = _runner(home, comparison, stored.info.name, plan, none)
    cells = {key: Cell(**key._asdict()) for key in runner.plan.places()}
    cells.update({cell.key: cell for cell in map(cell_of, stored.cells)})
    costs = Costs(runner.plan, cells.values())
    home.engine.call(runner.refresh, stored, cells, costs, home.owner)
    return runner


def _runner(home: Home, comparison: str, name: str, plan: Plan, scoring: Scoring) -> Runner:
    runner = Runner(
        home.engine,
        home.kept,
        comparison=comparison,
        name=name,
        plan=plan,
        scoring=scoring,
        owner=home.owner,
        hold=home.hold,
        release=home.release,
        ask=home.asking,
    )
    _runners[comparison] = runner
    return runner
