"""Calls and their results as messages of a thread."""

from __future__ import annotations

import threading

from playground_widget import Message
from tests.playground.tools import TOOLS, Make, area, roles


def test_words_of_all_rounds_come_through_the_stream(playground: Make) -> None:
    pg = playground(model=TOOLS, tools=[area])
    assert "".join(pg.stream("area of 3 by 4")) == pg[-1].text


def test_a_person_who_looks_elsewhere_stays_there(playground: Make) -> None:
    go, begun = threading.Event(), threading.Event()

    def wait(n: int) -> None:
        """Wait."""
        begun.set()
        go.wait(20)

    pg = playground(model=TOOLS, tools=[wait], messages=["Hello"])
    pg.edit(0, "Hi")
    other = pg[0]
    run = pg.start("wait 3")
    assert begun.wait(20)
    first = next(m for m in pg.branches(0) if m.id != other.id)
    pg.select(first)
    go.set()
    run.result(20)
    assert [m.id for m in pg.messages] == [first.id]
    pg.select(other)
    assert roles(pg) == ["user", "user", "assistant", "tool", "assistant"]


def test_an_edited_result_is_answered_again(playground: Make) -> None:
    pg = playground(model=TOOLS, tools=[area])
    pg.send("area of 3 by 4")
    answer = pg.edit(2, "one hundred", rerun=True)
    assert isinstance(answer, Message)
    assert "one hundred" in answer.text
    assert pg[2].tool_call_id == pg[1].tool_calls[0].id
    assert len(pg.branches(2)) == 2


def test_undo_takes_back_the_question_and_all_that_came_of_it(playground: Make) -> None:
    pg = playground(model=TOOLS, tools=[area])
    pg.send("area of 3 by 4")
    pg.undo()
    assert pg.messages == ()
