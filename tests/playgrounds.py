"""Playgrounds on a demo server and a store of the test's own, for the tests of several folders.

A conftest takes these fixtures by importing them, and has a `store` of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from playground_widget import Connection, Playground
from playground_widget.demo import DemoServer
from playground_widget.store import Store

__all__ = ["playground", "server"]


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


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
