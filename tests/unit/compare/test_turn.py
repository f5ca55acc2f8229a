"""A cell as the messages of a turn, however it ended."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from playground_widget.compare import Cell, CellStatus, Step, messages_of
from playground_widget.model import Message, Refusal, Text, Thread, Timing, ToolCall, path

LIKE = Message(
    id="",
    parent="question",
    role="assistant",
    content=(),
    model="a-model",
    prompt=1,
    variables={"topic": "birds"},
)


def step(round_: int, number: int, result: str | None = "5000", **more: str) -> Step:
    known = {"result": result, "duration": None if result is None else 0.5, **more}
    return Step(round=round_, id=f"c{round_}{number}", name="weigh", arguments="{}", **known)  # type: ignore[arg-type]


def turn(
    steps: Sequence[Step], output: str = "Heavy.", status: CellStatus = "complete"
) -> tuple[Message, ...]:
    numbers = count()
    cell = Cell(row=0, variant=0, sample=0, status=status, output=output, steps=tuple(steps))
    made = messages_of(cell, LIKE, lambda: f"m{next(numbers)}")
    question = Message(id="question", parent=None, role="user", content=(Text("How heavy?"),))
    thread = Thread(
        id="t", created=0, messages={each.id: each for each in (question, *made)}, head=made[-1].id
    )
    assert path(thread) == (question, *made)
    return made


def test_calls_and_results_follow_each_other_and_the_answer_comes_last() -> None:
    made = turn([step(0, 0, said="I look."), step(0, 1, error="it broke"), step(1, 0)])
    assert [message.role for message in made] == [
        *("assistant", "tool", "tool"),
        *("assistant", "tool"),
        "assistant",
    ]
    assert made[0].content == (
        Text("I look."),
        ToolCall(id="c00", name="weigh", arguments="{}"),
        ToolCall(id="c01", name="weigh", arguments="{}"),
    )
    assert [message.tool_call_id for message in made if message.role == "tool"] == [
        "c00",
        "c01",
        "c10",
    ]
    assert [message.status for message in made[:3]] == ["complete", "complete", "failed"]
    assert made[1].timing == Timing(duration=0.5)
    assert made[2].error is not None
    assert made[2].error.title == "it broke"
    assert made[-1].text == "Heavy."
    for message in made:
        if message.role == "assistant":
            assert (message.model, message.variables) == (LIKE.model, LIKE.variables)


def test_calls_that_were_not_made_belong_to_the_answer() -> None:
    made = turn([step(0, 0), step(1, 0, None)], "I look again.", "cancelled")
    assert [message.role for message in made] == ["assistant", "tool", "assistant"]
    assert made[-1].status == "cancelled"
    assert made[-1].content == (
        Text("I look again."),
        ToolCall(id="c10", name="weigh", arguments="{}"),
    )


def test_a_refusal_stays_one() -> None:
    cell = Cell(row=0, variant=0, sample=0, status="complete", output="No.", refused=True)
    (answer,) = messages_of(cell, LIKE, lambda: "m")
    assert (answer.content, answer.parent) == ((Refusal("No."),), "question")
