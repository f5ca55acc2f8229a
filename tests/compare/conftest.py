"""Playgrounds on a server of the test's own, and answers that a test lets through one by one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from playground_widget import Comparison, Playground, Usage
from playground_widget.compare import (
    Cell,
    CellStatus,
    Gate,
    Question,
    Tell,
    held,
    rows_of,
    started,
)
from playground_widget.compare import Plan as PlanOf
from playground_widget.engine import engine
from playground_widget.errors import ErrorInfo
from playground_widget.store import Store
from tests.compare.page import page
from tests.playgrounds import playground, server

__all__ = ["page", "playground", "server"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "threads.sqlite")
    yield made
    made.close()


class Answers:
    """Answers cells as a test says; by default it waits until each is let through.

    Attributes:
        asked: The questions, in order.
        most: How many were being answered at once at most.
    """

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.most = 0
        self.cost: float | None = None
        self.status: Callable[[Question], CellStatus] = lambda _: "complete"
        self.error: ErrorInfo | None = None
        self._waits: dict[int, asyncio.Event] = {}
        self._running = 0
        self._changed = threading.Condition()
        self._free = False

    async def __call__(self, question: Question, gate: Gate, tell: Tell) -> Cell:
        await gate.open()
        through = asyncio.Event()
        with self._changed:
            number = len(self.asked)
            self.asked.append(question)
            self._waits[number] = through
            self._running += 1
            self.most = max(self.most, self._running)
            self._changed.notify_all()
        tell("Begun")
        try:
            if not self._free:
                await through.wait()
        finally:
            with self._changed:
                self._running -= 1
                del self._waits[number]
                self._changed.notify_all()
        tell(", ended")
        usage = Usage(input_tokens=1, output_tokens=2, cost=self.cost)
        status = self.status(question) if self.error is None else "failed"
        return Cell(
            **question.key._asdict(),
            status=status,
            output="Begun, ended",
            usage=usage,
            error=self.error,
        )

    def wait_for(self, running: int) -> None:
        """Wait until so many are being answered."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._running == running, 20)

    def wait_for_asked(self, count: int) -> None:
        """Wait until so many were asked."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.asked) >= count, 20)

    def let_through(self) -> None:
        """Let those through that wait now."""

        def let() -> None:
            for through in self._waits.values():
                through.set()

        engine().call(let)

    def let_all_through(self) -> None:
        """Let all through, also those that come."""
        self._free = True
        self.let_through()

    @property
    def keys(self) -> list[tuple[int, int, int]]:
        """Which cells were asked, in order."""
        return [(*question.key,) for question in self.asked]


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def compare(
    playground: Callable[..., Playground], answers: Answers
) -> Iterator[Callable[..., Comparison]]:
    """Begin a comparison of rows, one variant if not said, which `answers` answers."""
    made: list[Comparison] = []

    def make(rows: int = 4, variants: int = 1, scorers: Any = (), **more: Any) -> Comparison:
        pg = playground()
        home = replace(pg._home(pg._usual()), ask=answers)
        columns, inputs = rows_of([f"Row {n}" for n in range(rows)])
        usual = pg._usual()
        plan = PlanOf(
            columns=columns,
            rows=inputs,
            candidates=tuple(replace(usual, name=f"V{n}") for n in range(variants)),
            input="input",
            **more,
        )
        made.append(held(home, started(home, plan, scorers, name=None, thread=None)))
        return made[-1]

    yield make
    for comparison in made:
        comparison.cancel()
        answers.let_all_through()
        comparison.result(20)
