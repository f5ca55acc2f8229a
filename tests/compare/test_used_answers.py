"""Answers of a comparison become messages of the conversation, and answers variants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from playground_widget import Variant
from playground_widget.compare import Key, target_of
from playground_widget.demo import DemoServer
from playground_widget.errors import InputError
from playground_widget.export import Options, request_for
from playground_widget.template import rendered
from tests.compare.page import ROWS, VARIANTS, WARM, Page


def test_an_answer_becomes_a_version_beside_others_with_what_it_was_asked_with(
    page: Callable[..., Page],
) -> None:
    here = page("Be brief.")
    pg = here.playground
    pg.send("Hello")
    identity = here.ask("compare", variants=[{"name": "Loud", "system": "Shout.", **WARM}])
    here.ended()
    made = here.ask("use_answer", **identity, row=0, variant=0)["message"]
    used = pg.messages[-1]
    assert (used.id, used.text, len(pg)) == (made, "Hello", 2)
    assert used.params is not None
    assert used.params.temperature == 1
    assert used.connection
    assert here.ask("promote", message=made)["variant"] == {
        "system": "Shout.",
        "model": "demo-echo",
        "params": used.params.to_dict(),
        "tools": [],
        "connection": "demo",
    }
    assert pg.system == "Be brief."
    here.ask("undo")
    assert pg.messages[-1].id != made


def test_an_answer_to_a_row_brings_its_question_once(page: Callable[..., Page]) -> None:
    here = page()
    pg = here.playground
    identity = here.ask("compare", variants=VARIANTS, rows=ROWS)
    here.ended()
    first = here.ask("use_answer", **identity, row=1, variant=0)["message"]
    second = here.ask("use_answer", **identity, row=1, variant=1)["message"]
    assert [message.text for message in pg.messages] == ["Bad", "Bad"]
    messages = pg.thread.messages
    assert messages[first].parent == messages[second].parent == pg.messages[0].id


def test_an_answer_keeps_templates_and_their_values_as_one_of_the_thread_does(
    page: Callable[..., Page], server: DemoServer
) -> None:
    here = page("Answer in {{language}} about {{topic}}.", variables={"language": "French"})
    pg = here.playground
    rows = [{"input": "A row with {{braces}}", "topic": "birds"}]
    identity = here.ask("compare", variants=[{}], rows=rows)
    here.ended()
    made = here.ask("use_answer", **identity, row=0, variant=0)["message"]
    answer = pg.thread.messages[made]
    assert answer.variables == {"language": "French", "topic": "birds"}
    assert answer.prompt is not None
    assert pg.thread.prompts[answer.prompt - 1].text == pg.system
    # The request that it came from can be made of the thread again.
    shown = request_for(pg.thread, answer, Options(), target_of(pg.connection))
    assert shown.body["messages"] == server.requests[0].body["messages"]
    # What a row says is sent word for word, also when it is asked for again.
    question, _ = pg.messages
    assert rendered(question.text, {"braces": "x"}) == rows[0]["input"] == answer.text
    pg.variables["topic"] = "trees"
    pg.regenerate(made)
    assert pg.messages[-1].text == rows[0]["input"]


def test_an_answer_brings_the_calls_that_led_to_it_as_a_turn_of_the_thread_has_them(
    page: Callable[..., Page], server: DemoServer
) -> None:
    def area(width: int, height: int) -> int:
        """Return the area of a rectangle."""
        return width * height

    steering = {"demo": {"rate": None, "first_token": 0, "rounds": 2}}
    here = page(tools=[area], extra=steering)
    pg = here.playground
    pg.model = "demo-tools"
    identity = here.ask("compare", variants=[{}], rows=[{"input": "area of 3 by 4"}])
    here.ended()
    made = here.ask("use_answer", **identity, row=0, variant=0)["message"]
    used = pg.messages
    assert used[-1].id == made
    assert [call.name for call in used[1].tool_calls]
    asked = [record.body["messages"] for record in server.requests]
    pg.send("And now?")
    # The service is told the same turn as when the cell was asked.
    again = server.requests[-1].body["messages"]
    assert again[: len(asked[-1])] == asked[-1]
    variant = here.ask("promote", message=made)["variant"]
    assert variant["tools"] == ["area"]
    for _ in ("the message that was sent", "the answer that was used"):
        here.ask("undo")
    assert len(pg) == 0


def test_an_answer_is_not_put_where_it_was_not_asked(page: Callable[..., Page]) -> None:
    here = page()
    here.playground.send("Hello")
    identity = here.ask("compare", variants=[{}])
    here.ended()
    here.ask("new_thread")
    refused = here.answer("use_answer", **identity, row=0, variant=0)
    assert refused["error"]["kind"] == "conflict"
    assert len(here.playground) == 0


def test_what_python_compares_is_shown_and_its_cells_can_be_used(
    page: Callable[..., Page],
) -> None:
    here = page()
    pg = here.playground
    comparison = pg.compare(ROWS, [Variant(name="Plain")], blind=True).result(20)
    assert here.settings()["comparison"] == comparison.id
    assert comparison.blind
    assert comparison.win_rates() == ()
    comparison.pick(0, "Plain")
    (rate,) = comparison.win_rates()
    assert (rate.wins, rate.of) == (1, 1)
    assert pg.use(comparison.cell(0, "Plain")).text == "Good"
    other = pg.compare(ROWS, [Variant(name="Other")]).result(20)
    with pytest.raises(InputError, match="Say which it is of"):
        pg.use(comparison.cell(1, "Plain"))
    assert pg.use(comparison.cell(1, "Plain"), comparison).text == "Bad"
    assert pg.use(other.cell(1, "Other")).text == "Bad"


def test_an_answer_of_a_running_cell_is_not_used(compare: Callable[..., Any], answers: Any) -> None:
    comparison = compare(1)
    answers.wait_for(1)
    from playground_widget.conversation import use_answer  # noqa: PLC0415

    runner = comparison.runner
    engine = comparison._engine
    with pytest.raises(InputError, match="no answer in this cell"):
        engine.do(use_answer, runner.owner, runner, Key(0, 0, 0))
