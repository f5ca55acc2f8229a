"""What a model refuses is learnt from its error, and forgotten when it is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from playground_widget import ParamRefusedError, Playground
from playground_widget.demo import DemoServer
from playground_widget.request import Api
from tests.playground.mcp_setup import until

Make = Callable[..., Playground]


def settings(pg: Playground) -> dict[str, Any]:
    return pg._engine.call(pg._conversation.settings)


def test_a_refused_parameter_is_learnt_and_nothing_is_asked_again(
    playground: Make, server: DemoServer
) -> None:
    pg = playground(model="demo-picky", temperature=0.2)
    with pytest.raises(ParamRefusedError) as caught:
        pg.send("Hello")
    assert caught.value.info.facts["param"] == "temperature"
    assert caught.value.info.title == "demo-picky does not take temperature"
    assert len(server.requests) == 1
    assert settings(pg)["refused"] == ["temperature"]
    pg.model = "demo-fast"
    assert settings(pg)["refused"] == []
    pg.model = "demo-picky"
    pg.params = {"temperature": None}
    assert pg.regenerate().status == "complete"
    # It was not sent, so that nothing is known anew.
    assert settings(pg)["refused"] == ["temperature"]


def test_it_is_forgotten_when_an_answer_with_it_comes(playground: Make, api: Api) -> None:
    pg = playground(model="demo-picky", temperature=0.2)
    with pytest.raises(ParamRefusedError):
        pg.send("Hello")
    pg.params = {"temperature": 1}
    if api == "responses":  # which takes no value of it at all
        with pytest.raises(ParamRefusedError):
            pg.regenerate()
        assert settings(pg)["refused"] == ["temperature"]
    else:
        assert pg.regenerate().status == "complete"
        assert settings(pg)["refused"] == []


def test_other_playgrounds_of_the_process_know_it_at_once(playground: Make) -> None:
    pg, beside = playground(model="demo-picky", temperature=0.2), playground(model="demo-picky")
    told: list[list[str]] = []

    def listen() -> None:
        beside._conversation.subscribe(
            lambda update: told.append(update.settings["refused"]) if update.settings else None
        )

    pg._engine.call(listen)
    with pytest.raises(ParamRefusedError):
        pg.send("Hello")
    until(lambda: ["temperature"] in told)
    assert settings(playground(model="demo-picky"))["refused"] == ["temperature"]
    assert settings(playground(model="demo-fast"))["refused"] == []


def test_another_connection_knows_nothing_of_it(playground: Make, server: DemoServer) -> None:
    pg = playground(model="demo-picky", temperature=0.2)
    with pytest.raises(ParamRefusedError):
        pg.send("Hello")
    with DemoServer() as other:
        pg.connection = other.base_url
        pg.model = "demo-picky"
        assert settings(pg)["refused"] == []


def test_what_the_api_has_no_field_for_is_named(playground: Make, api: Api) -> None:
    pg = playground(seed=1, stop="x", temperature=0.5)
    assert settings(pg)["ignored"] == (["stop", "seed"] if api == "responses" else [])
