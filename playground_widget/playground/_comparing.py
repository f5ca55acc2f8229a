"""Comparing variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from playground_widget.compare import (
    Candidate,
    Cluster,
    Comparison,
    Home,
    Plan,
    Variant,
    asked_about,
    asking,
    candidates,
    check_cost,
    client_of,
    input_of,
    opened,
    rows_of,
    started,
)
from playground_widget.conversation import resolve, values_of
from playground_widget.errors import InputError, NotFoundError, SetupError
from playground_widget.model import path
from playground_widget.playground._base import Base, text_of_argument
from playground_widget.provider import Connection
from playground_widget.store import ComparisonInfo
from playground_widget.tools import Tool

__all__ = ["Comparing"]

MOST = 10_000


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
        for argument, value in (("samples", samples), ("max_concurrency", max_concurrency)):
            _check_count(argument, value)
        check_cost(max_cost)
        if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
            raise InputError("seed is a whole number")
        named = None if name is None else text_of_argument("name", name)
        session = self._session
        thread = session.state.thread
        messages = asked_about(path(thread))
        usual = self._usual()
        columns, rows = rows_of(inputs)
        chosen = candidates(_resolved(variants), usual)
        plan = Plan(
            columns=columns,
            rows=rows,
            candidates=chosen,
            samples=samples,
            messages=messages,
            input=input_of(input, columns, [each.system for each in chosen], messages),
            seed=seed,
            max_tool_rounds=self._conversation.toolbox.most_rounds,
            max_concurrency=max_concurrency,
            max_cost=None if max_cost is None else float(max_cost),
        )
        stored = thread.id if thread.messages else None
        home = self._home(usual, executor, send_key=send_key)
        return started(home, plan, scorers, name=named, thread=stored)

    def comparisons(self) -> tuple[ComparisonInfo, ...]:
        """Return the comparisons that are kept, the one changed last first."""
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
        """
        home = self._home(self._usual(), executor, send_key=send_key)
        return opened(home, text_of_argument("name", name), scorers)

    def _usual(self) -> Candidate:
        thread = self._session.state.thread
        connections = self._conversation.connections
        model = thread.model or self._engine.do(connections.default_model)
        return Candidate(
            name="",
            system=thread.system,
            model=model,
            connection=connections.current,
            params=thread.params,
            tools=self._tools(),
        )

    def _tools(self) -> tuple[Tool, ...]:
        """Return the functions that the playground's next answer could call."""
        toolset = self._conversation.toolbox.toolset(self._session.state.thread.id)
        return tuple(toolset.tools.values())

    def _home(self, usual: Candidate, executor: object = None, *, send_key: bool = False) -> Home:
        if executor is None and send_key:
            raise InputError("send_key is for workers: give an executor too")
        cluster = None if executor is None else Cluster(client_of(executor), send_key=send_key)
        conversation = self._conversation
        connections = conversation.connections

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

        home = Home(
            owner=conversation,
            engine=self._engine,
            kept=conversation.store.comparisons,
            find=find,
            resolve=resolve,
            values=lambda names: values_of(self._engine, conversation.variables, names),
            model=usual.model,
            connection=usual.connection,
            hold=connections.borrow,
            release=connections.give_back,
            tools=usual.tools,
        )
        if cluster is None:
            return home
        return replace(home, ask=asking(cluster), check=cluster.check)


def _check_count(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST:
        raise InputError(f"{name} is a whole number from 1 to {MOST}")


def _resolved(variants: object) -> object:
    """Return variants whose connections are those that were meant."""
    if not isinstance(variants, list | tuple):
        return variants
    return [
        replace(each, connection=resolve(each.connection))
        if isinstance(each, Variant) and each.connection is not None
        else each
        for each in variants
    ]
