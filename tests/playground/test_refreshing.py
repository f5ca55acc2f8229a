"""What can be chosen: the models of the connection that is used, and servers of this machine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from playground_widget import Connection, Playground
from playground_widget.conversation import _connections
from playground_widget.conversation._local_search import LocalSearch
from playground_widget.demo import DemoServer
from playground_widget.engine import engine
from playground_widget.provider import ModelInfo, Offer
from tests.playground.tools import until

Make = Callable[..., Playground]


@pytest.fixture
def api() -> str:
    """Nothing here differs between the two."""
    return "chat"


@pytest.fixture(autouse=True)
def _no_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    async def none() -> list[Offer]:
        return []

    monkeypatch.setattr(_connections, "_search", LocalSearch(none))


def test_a_connection_that_is_chosen_while_models_are_asked_for_is_asked_for_its_own(
    server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go = threading.Event(), asyncio.Event()

    async def models(connection: Connection) -> list[ModelInfo]:
        if connection.name == "slow":
            asked.set()
            await go.wait()
        return [ModelInfo(id=f"of {connection.name}")]

    monkeypatch.setattr(Connection, "models", models)
    pg = Playground(store=":memory:", connection=Connection("slow", server.base_url))
    connections = pg._conversation.connections
    engine().call(connections.refresh)
    assert asked.wait(20)
    pg.connection = Connection("other", server.base_url)
    engine().call(connections.refresh)
    engine().call(go.set)
    until(lambda: [model.id for model in connections.models] == ["of other"])
    pg.close()


def test_a_mistake_in_looking_for_servers_is_logged_and_costs_no_models(
    server: DemoServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken() -> list[Offer]:
        raise ZeroDivisionError

    monkeypatch.setattr(_connections, "_search", LocalSearch(broken))
    pg = Playground(store=":memory:", connection=Connection("mine", server.base_url))
    engine().call(pg._conversation.connections.refresh)
    until(lambda: pg._conversation.connections.models)
    until(lambda: "ZeroDivisionError" in caplog.text)
    pg.close()
