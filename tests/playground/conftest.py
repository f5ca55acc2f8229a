"""A demo server of the test's own, and playgrounds that ask it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from playground_widget import Connection, Playground
from playground_widget.demo import DemoServer
from playground_widget.request import Api


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture(params=["chat", "responses"])
def api(request: pytest.FixtureRequest) -> Api:
    return "chat" if request.param == "chat" else "responses"


@pytest.fixture
def playground(server: DemoServer, api: Api) -> Iterator[Callable[..., Playground]]:
    """Make playgrounds that ask the test's own server, by either API."""
    made: list[Playground] = []

    def make(*args: Any, model: str = "demo-fast", **kwargs: Any) -> Playground:
        connection = Connection("demo", base_url=server.base_url, api=api)
        # At full speed, unless the test is about how an answer arrives.
        kwargs.setdefault("extra", {"demo": {"rate": None, "first_token": 0}})
        made.append(Playground(*args, model=model, connection=connection, **kwargs))
        return made[-1]

    yield make
    for pg in made:
        pg.close()


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A notebook's namespace, without a kernel."""
    # It takes the place of the program, which processes that are started later look at.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    InteractiveShell.clear_instance()
    made: Any = InteractiveShell.instance()
    made.run_cell("get_ipython().history_manager.enabled = False")
    yield made
    made.reset()
    made.history_manager.end_session()
    InteractiveShell.clear_instance()
