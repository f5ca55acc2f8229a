"""Stores in files of the test's own, and playgrounds on them that ask its own server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from playground_widget import Connection, Playground
from playground_widget.demo import DemoServer
from playground_widget.store import Store


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "threads.sqlite"


@pytest.fixture
def open_store(path: Path) -> Iterator[Callable[..., Store]]:
    """Open the test's file as another process would: with a writing thread of its own."""
    made: list[Store] = []

    def make(place: Path | str = path) -> Store:
        made.append(Store(place))
        return made[-1]

    yield make
    for store in made:
        store.close()


@pytest.fixture
def store(open_store: Callable[..., Store]) -> Store:
    return open_store()


@pytest.fixture
def playground(server: DemoServer, store: Store) -> Iterator[Callable[..., Playground]]:
    """Make playgrounds on the test's store that ask its server, at full speed if not said."""
    made: list[Playground] = []

    def make(*args: Any, model: str = "demo-fast", **kwargs: Any) -> Playground:
        kwargs.setdefault("extra", {"demo": {"rate": None, "first_token": 0}})
        kwargs = {"store": store, "connection": Connection("demo", server.base_url), **kwargs}
        made.append(Playground(*args, model=model, **kwargs))
        return made[-1]

    yield make
    for pg in made:
        pg.close()
