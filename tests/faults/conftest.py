"""The servers between which faults happen, started once; and playgrounds of a test's own."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from playground_widget import Connection, Playground
from playground_widget.demo import DemoServer
from playground_widget.store import Store
from tests.faults.faults import FAULTS
from tests.faults.meeting import meet
from tests.faults.place import Place, place

Make = Callable[..., Playground]

FAST = {"demo": {"rate": None, "first_token": 0}}
SLOW = {"demo": {"tokens": 100, "rate": 100, "first_token": 0}}


@pytest.fixture(scope="session")
def here() -> Iterator[Place]:
    with place() as made:
        # What a process has once it has asked anything at all is no leak.
        for api in ("chat", "responses"):
            meet(FAULTS[0], made, api)
        yield made


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "threads.sqlite")
    yield made
    made.close()


@pytest.fixture
def make(server: DemoServer, store: Store) -> Iterator[Make]:
    """Make playgrounds on the test's server and store, which nobody else holds."""
    made = weakref.WeakSet[Playground]()

    def one(extra: Any = FAST, model: str = "demo", **options: Any) -> Playground:
        options = {"connection": Connection("demo", server.base_url), "store": store, **options}
        pg = Playground(model=model, extra=extra, **options)
        made.add(pg)
        return pg

    yield one
    for pg in list(made):
        pg.close()
