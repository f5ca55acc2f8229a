"""The comparisons of a conversation: how one begins, is opened again, and is shown."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from playground_widget.compare import (
    Candidate,
    Home,
    Plan,
    Row,
    Runner,
    Update,
    Variant,
    asked_about,
    candidates,
    check_cost,
    input_of,
    opened,
    running,
)
from playground_widget.conversation._connections import Connections
from playground_widget.conversation._resolve import resolve
from playground_widget.conversation._toolbox import Toolbox
from playground_widget.conversation._variables import values_of
from playground_widget.errors import InputError, NotFoundError, SetupError
from playground_widget.events import State
from playground_widget.model import path
from playground_widget.provider import Connection
from playground_widget.tools import Tool
from playground_widget.variables import Variables

if TYPE_CHECKING:
    from playground_widget.engine import Engine
    from playground_widget.store import Store

__all__ = ["Comparing"]

MOST = 10_000


class Owner(Protocol):
    """What `Comparing` asks of the conversation that it belongs to."""

    engine: Engine
    store: Store
    connections: Connections
    toolbox: Toolbox
    variables: Variables

    @property
    def state(self) -> State:
        """The thread as it is."""
        ...


class Comparing:
    """What a conversation has to do with comparisons.

    `usual`, `context`, `show` and `open` belong to the loop's thread; `home` and `plan` are for
    any.

    Args:
        owner: The conversation.
        tell: Called with what happens in the comparison that is shown.
        changed: Called when another one is shown.
    """

    def __init__(
        self,
        owner: Owner,
        tell: Callable[[str, Sequence[Update]], None],
        changed: Callable[[], None],
    ) -> None:
        """Show none."""
        self._owner = owner
        self._tell = tell
        self._changed = changed
        self._shown: Runner | None = None
        self._leave: Callable[[], None] = _nothing

    # -- which one is shown

    @property
    def shown(self) -> Runner | None:
        """The comparison that this playground shows."""
        return self._shown

    @property
    def is_busy(self) -> bool:
        """Whether one of this conversation's runs."""
        return bool(running(self._owner))

    def show(self, runner: Runner | None) -> None:
        """Show a comparison, or none; what runs goes on."""
        if runner is self._shown:
            return
        self._leave()
        self._shown, self._leave = runner, _nothing
        if runner is not None:
            self._leave = runner.listen(lambda updates: self._hear(runner, updates))
        self._changed()

    def _hear(self, runner: Runner, updates: Sequence[Update]) -> None:
        if runner.is_deleted:
            self.show(None)
        else:
            self._tell(runner.id, updates)

    async def open(self, comparison: str) -> Runner:
        """Open a comparison by its id or name.

        Raises:
            NotFoundError: There is none.
            SetupError: A connection of it is not known here.
        """
        home = self.home(await self.usual())
        return await self._owner.engine.wait(self.context().run, opened, home, comparison, ())

    async def runner(self, comparison: str) -> Runner:
        """Return the comparison that is shown if it is that one, else open it.

        Raises:
            NotFoundError: There is none.
            SetupError: A connection of it is not known here.
        """
        shown = self._shown
        return shown if shown and shown.id == comparison else await self.open(comparison)

    # -- what one begins with

    @contextmanager
    def offered(self, variants: object) -> Iterator[object]:
        """Give variants that name their tools, with the MCP servers among them held meanwhile.

        It waits for what the servers say, so that it is not called on the loop's thread.

        Raises:
            InputError: Something cannot be a tool.
            SetupError: A server does not say what it has.
            WouldBlockError: An async function of a tool asks.
        """
        if not isinstance(variants, list | tuple):
            yield variants
            return
        with ExitStack() as servers:

            def tools(given: object) -> tuple[Tool, ...]:
                return servers.enter_context(self._owner.engine.servers.offer(given)).tools

            yield [
                replace(each, tools=tools(each.tools))
                if isinstance(each, Variant) and each.tools is not None
                else each
                for each in variants
            ]

    def context(self) -> contextvars.Context:
        """Return what functions are called in for a comparison that a page begins or opens."""
        return self._owner.toolbox.toolset(self._owner.state.thread.id).context.copy()

    async def usual(self) -> Candidate:
        """Return what the playground asks with.

        Raises:
            SetupError: No model is chosen, and the service names none.
        """
        thread = self._owner.state.thread
        connections = self._owner.connections
        return Candidate(
            name="",
            system=thread.system,
            model=thread.model or await connections.default_model(),
            connection=connections.current,
            params=thread.params,
            tools=self._owner.toolbox.offered(),
        )

    def home(self, usual: Candidate) -> Home:
        """Return what a comparison needs of this conversation."""
        connections = self._owner.connections

        def find(named: Mapping[str, str]) -> Connection:
            known = {each.name: each for each in connections.known()}
            try:
                found = known.get(named["name"]) or connections.choose(named["name"], None, None)
            except (NotFoundError, SetupError):
                raise SetupError(
                    f"The connection {named['name']!r} at {named['base_url']} is not known here. "
                    "Choose it once, as pg.connection = Connection(...), and open it again."
                ) from None
            return found

        return Home(
            owner=self._owner,
            engine=self._owner.engine,
            kept=self._owner.store.comparisons,
            find=find,
            resolve=resolve,
            values=lambda names: values_of(self._owner.engine, self._owner.variables, names),
            model=usual.model,
            connection=usual.connection,
            hold=connections.borrow,
            release=connections.give_back,
            tools=self._owner.toolbox.tools,
        )

    def plan(
        self,
        usual: Candidate,
        inputs: tuple[tuple[str, ...], tuple[Row, ...]],
        variants: object,
        *,
        column: str | None = None,
        samples: object = 1,
        seed: object = None,
        max_concurrency: object = 8,
        max_cost: object = None,
    ) -> Plan:
        """Return what a comparison asks about the conversation as it is.

        Args:
            usual: What variants leave open.
            inputs: The names of the columns, and the rows.
            variants: A list of `Variant`.
            column: The one that is the user message.
            samples: How often each is asked the same.
            seed: Of the answers, and of the intervals.
            max_concurrency: How many are asked at once at most.
            max_cost: In US dollars.

        Raises:
            InputError: One of these cannot be meant.
            SetupError: A connection cannot work as it is.
        """
        check_cost(max_cost)
        if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
            raise InputError("seed is a whole number")
        messages = asked_about(path(self._owner.state.thread))
        columns, rows = inputs
        chosen = candidates(_resolved(variants), usual)
        return Plan(
            columns=columns,
            rows=rows,
            candidates=chosen,
            samples=_count("samples", samples),
            messages=messages,
            input=input_of(column, columns, [each.system for each in chosen], messages),
            seed=seed,
            max_concurrency=_count("max_concurrency", max_concurrency),
            max_cost=float(max_cost) if isinstance(max_cost, int | float) else None,
            max_tool_rounds=self._owner.toolbox.most_rounds,
        )

    def thread(self) -> str | None:
        """Return the id of the thread that a comparison begins from, if it is stored."""
        thread = self._owner.state.thread
        return thread.id if thread.messages else None


def _nothing() -> None:
    pass


def _count(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST:
        raise InputError(f"{name} is a whole number from 1 to {MOST}")
    return value


def _resolved(variants: object) -> Any:
    """Return variants whose connections are those that were meant."""
    if not isinstance(variants, list | tuple):
        return variants
    return [
        replace(each, connection=resolve(each.connection))
        if isinstance(each, Variant) and each.connection is not None
        else each
        for each in variants
    ]
