"""Calls that ask before they are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from playground_widget import Message, NotFoundError, Playground, Tool
from playground_widget.engine import _calls
from tests.playground.tools import TOOLS, Make, area, asking, results, roles, until


@pytest.fixture
def seen(playground: Make) -> Make:
    """Make playgrounds that a page has shown, so that somebody can be asked."""

    def make(*args: Any, **kwargs: Any) -> Playground:
        pg = playground(*args, **kwargs)
        pg._engine.call(pg._conversation.viewers.add, "page")
        return pg

    return make


def test_where_nobody_can_be_asked_a_call_is_refused_at_once(playground: Make) -> None:
    called: list[float] = []

    def pay(amount: float) -> None:
        """Pay an amount."""
        called.append(amount)

    pg = playground(model=TOOLS, tools=[Tool(pay, confirm=True)])
    assert pg.widget is not None  # a widget that no page has shown
    answer = pg.send("pay 3")
    (result,) = results(pg)
    assert result.error is not None
    assert result.error.kind == "tool_refused"
    assert "nobody is there to be asked" in result.error.title
    assert answer.status == "complete"
    assert called == []


def test_a_page_that_said_hello_is_asked_until_it_is_closed(playground: Make) -> None:
    pg = playground(model=TOOLS, tools=[Tool(area, confirm=True)])
    pg.widget._received(None, {"request": "1", "type": "hello"}, None)
    until(lambda: pg._conversation.viewers)
    run = pg.start("area of 3 by 4")
    pg.allow(asking(pg))
    assert run.result(20).status == "complete"
    pg.widget.close()
    until(lambda: not pg._conversation.viewers)


@pytest.mark.parametrize("allowed", [True, False])
def test_a_call_that_asks_is_made_when_it_is_allowed(seen: Make, allowed: bool) -> None:
    pg = seen(model=TOOLS, tools=[Tool(area, confirm=True)])
    run = pg.start("area of 3 by 4")
    waiting = asking(pg)
    assert waiting.role == "tool"
    assert waiting.consent is not None
    assert 0 < waiting.consent.wait <= 600
    (shown,) = [m for m in pg.widget.present()["thread"]["messages"] if "consent" in m]
    assert 0 < shown["consent"]["wait"] <= 600
    if allowed:
        pg.allow(waiting)
    else:
        pg.deny(waiting.id)
    assert run.result(20).status == "complete"
    (result,) = results(pg)
    assert result.consent is None
    assert (result.error is None) == allowed
    assert result.text == ("Error: the user did not allow this call." if not allowed else "12.0")
    with pytest.raises(NotFoundError, match="does not wait"):
        pg.allow(result)


def test_a_tool_that_was_allowed_for_the_thread_asks_no_more(seen: Make) -> None:
    pg = seen(model=TOOLS, tools=[Tool(area, confirm=True)])
    run = pg.start("area of 3 by 4")
    pg.allow(asking(pg), always=True)
    run.result(20)
    assert pg.send("area of 5 by 6").status == "complete"
    pg.new_thread()
    run = pg.start("area of 3 by 4")
    pg.deny(asking(pg))
    run.result(20)


def test_a_callback_can_answer(seen: Make) -> None:
    pg = seen(model=TOOLS, tools=[Tool(area, confirm=True)])

    def answer(message: Message) -> None:
        if message.consent:
            pg.allow(message)

    pg.on("message", answer)
    assert pg.send("area of 3 by 4").status == "complete"
    assert results(pg)[0].status == "complete"


def test_a_function_can_decide_in_place_of_a_person(playground: Make) -> None:
    asked: list[tuple[str, Mapping[str, Any]]] = []

    async def decide(name: str, arguments: Mapping[str, Any]) -> bool:
        asked.append((name, arguments))
        return bool(arguments["width"] < 1)

    pg = playground(model=TOOLS, tools=[Tool(area, confirm=decide)])
    pg.send("area of 3 by 4")
    assert [name for name, _ in asked] == ["area"]
    assert results(pg)[0].error is not None


def test_stop_ends_a_call_that_asks(seen: Make) -> None:
    pg = seen(model=TOOLS, tools=[Tool(area, confirm=True)])
    run = pg.start("area of 3 by 4")
    waiting = asking(pg)
    assert pg._engine.call(pg._session.stop, waiting.id)
    run.result(20)
    (result,) = results(pg)
    assert (result.status, result.consent) == ("cancelled", None)
    assert roles(pg) == ["user", "assistant", "tool"]


def test_a_call_that_nobody_answers_ends(seen: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_calls, "CONSENT_TIME", 0.05)
    pg = seen(model=TOOLS, tools=[Tool(area, confirm=True)])
    assert pg.send("area of 3 by 4").status == "complete"
    (result,) = results(pg)
    assert result.error is not None
    assert "Nobody answered" in result.error.detail
