"""Cells call tools as answers of a conversation do, and their JSON is what was asked for."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from playground_widget import (
    Comparison,
    InputError,
    Playground,
    SetupError,
    Tool,
    Variant,
    WouldBlockError,
    regex,
)
from playground_widget.compare import Step
from playground_widget.demo import DemoServer
from tests.compare.test_keeping import forget

Make = Callable[..., Playground]


def weigh(animal: str = "gentoo") -> int:
    """Weigh an animal."""
    return 5000


def steps(comparison: Comparison, variant: int | str = 0) -> tuple[Step, ...]:
    return comparison.cell(0, variant).steps


def test_a_cell_calls_and_answers_with_the_result(playground: Make, server: DemoServer) -> None:
    pg = playground(model="demo-tools", tools=[weigh])
    comparison = pg.compare(["What is its weight?"]).result(20)
    cell = comparison.cells[0]
    assert cell.status == "complete"
    assert "`weigh` returned `5000`" in cell.output
    (step,) = cell.steps
    assert (step.name, step.result, step.error, step.round) == ("weigh", "5000", None, 0)
    assert json.loads(step.arguments)["animal"]
    assert step.duration is not None
    first, second = (record.body for record in server.requests)
    assert first["tools"][0]["function"]["name"] == "weigh"
    assert second["messages"][-1] == {
        "role": "tool",
        "tool_call_id": step.id,
        "content": "5000",
    }
    assert second["messages"][-2]["tool_calls"][0]["id"] == step.id


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_usage_is_that_of_all_rounds(playground: Make, server: DemoServer, api: Any) -> None:
    from playground_widget import Connection  # noqa: PLC0415

    steering = {"demo": {"rate": None, "first_token": 0, "rounds": 3}}
    pg = playground(
        model="demo-tools",
        tools=[weigh],
        extra=steering,
        connection=Connection("demo", server.base_url, api=api),
    )
    cell = pg.compare(["What is its weight?"]).result(20).cells[0]
    assert [step.round for step in cell.steps] == [0, 1, 2]
    pg.send("What is its weight?")
    used = [m.usage for m in pg.messages if m.role == "assistant" and m.usage]
    assert len(used) == 4
    assert cell.usage is not None
    # The words of versions differ, and so do the tokens of the last answer.
    assert cell.usage.input_tokens > sum(each.input_tokens for each in used) * 0.9
    assert cell.usage.output_tokens > max(each.output_tokens for each in used)


def test_variants_have_their_own_tools_or_none(playground: Make, server: DemoServer) -> None:
    def measure() -> str:
        """Measure its height."""
        return "tall"

    pg = playground(model="demo-tools", tools=[weigh])
    variants = [Variant(), Variant(tools=[measure]), Variant(tools=[])]
    comparison = pg.compare(["How heavy?"], variants).result(20)
    assert [s.name for s in steps(comparison, 0)] == ["weigh"]
    assert [s.name for s in steps(comparison, 1)] == ["measure"]
    assert steps(comparison, 2) == ()
    assert comparison.cell(0, 2).output


def test_what_a_call_comes_to_is_told_and_kept(playground: Make) -> None:
    def broken() -> None:
        """Weigh it."""
        raise ValueError("no scale")

    cell = playground(model="demo-tools").compare(["Weigh"], [Variant(tools=[broken])])
    (step,) = cell.result(20).cells[0].steps
    assert (step.result, step.error) == (
        "Error: ValueError: no scale",
        "broken raised ValueError",
    )


def test_async_tools_do_not_run_on_the_engine_s_loop(playground: Make) -> None:
    from playground_widget.engine import engine  # noqa: PLC0415

    loops = []

    async def later() -> str:
        """Weigh it later."""
        await asyncio.sleep(0)
        loops.append(asyncio.get_running_loop())
        return "light"

    pg = playground(model="demo-tools", tools=[later])
    assert steps(pg.compare(["Weigh"]).result(20))[0].result == "light"
    assert engine().loop not in loops


def test_a_tool_that_asks_a_person_is_refused_before_anything_is_asked(
    playground: Make, server: DemoServer
) -> None:
    asks = Tool(weigh, confirm=True)
    pg = playground(tools=[asks])
    with pytest.raises(InputError, match=r"weigh asks a person .* confirm=function"):
        pg.compare(["Hello"])
    with pytest.raises(InputError, match="weigh asks a person"):
        pg.compare(["Hello"], [Variant(tools=[]), Variant(tools=[asks])])
    assert not server.requests


def test_a_function_may_decide_instead(playground: Make) -> None:
    asked: list[tuple[str, Mapping[str, Any]]] = []

    def decide(name: str, arguments: Mapping[str, Any]) -> bool:
        asked.append((name, arguments))
        return False

    variant = Variant(tools=[Tool(weigh, confirm=decide)])
    comparison = playground(model="demo-tools").compare(["Weigh"], [variant]).result(20)
    (step,) = steps(comparison)
    assert step.error == "weigh was not allowed"
    assert asked[0][0] == "weigh"


def test_no_more_rounds_are_made_than_the_playground_allows(playground: Make) -> None:
    pg = playground(model="demo-tools", tools=[weigh], extra={"demo": {"rounds": 9, "rate": None}})
    pg.max_tool_rounds = 2
    cell = pg.compare(["Weigh"]).result(20).cells[0]
    assert cell.status == "failed"
    assert cell.error is not None
    assert cell.error.kind == "tool_rounds"
    assert [step.result for step in cell.steps] == ["5000", "5000", None]


def test_a_cell_that_is_cancelled_in_a_call_keeps_what_it_has(playground: Make) -> None:
    called, go_on = threading.Event(), threading.Event()

    def slow() -> int:
        """Weigh it slowly."""
        called.set()
        go_on.wait(20)
        return 1

    comparison = playground(model="demo-tools", tools=[slow]).compare(["Weigh"])
    assert called.wait(20)
    comparison.cancel()
    comparison.result(20)
    go_on.set()
    cell = comparison.cells[0]
    assert cell.status == "cancelled"
    assert [(step.name, step.result) for step in cell.steps] == [("slow", None)]
    assert cell.usage is not None


def test_a_tool_that_would_wait_for_its_comparison_is_told_so(playground: Make) -> None:
    made: list[Comparison] = []
    known = threading.Event()

    def wait() -> str:
        """Weigh it when all are weighed."""
        known.wait(20)
        made[0].result()
        return "never"

    made.append(playground(model="demo-tools", tools=[wait]).compare(["Weigh"]))
    known.set()
    (step,) = steps(made[0].result(20))
    assert step.error == f"wait raised {WouldBlockError.__name__}"


def test_steps_and_tools_are_kept_and_the_function_is_found_again(playground: Make) -> None:
    pg = playground(model="demo-tools", tools=[weigh])
    made = pg.compare(["Weigh", "Weigh it"], name="Weights", max_concurrency=1).result(20)
    forget()
    found = playground(model="demo-tools", tools=[weigh]).comparison("Weights")
    assert found.cells == made.cells
    assert found.plan.candidates[0].tools[0].function is weigh
    forget()
    with pytest.raises(SetupError, match="The function weigh, which A may call, is not known"):
        playground(model="demo-tools").comparison("Weights").retry_failed()


def test_the_same_functions_ask_nothing_twice(playground: Make, server: DemoServer) -> None:
    pg = playground(model="demo-tools", tools=[weigh])
    first = pg.compare(["Weigh"], name="Weights").result(20)
    asked = len(server.requests)
    forget()
    assert pg.compare(["Weigh"], name="Weights").result(20).id == first.id
    assert len(server.requests) == asked
    assert pg.compare(["Weigh"], [Variant(tools=[])], name="Weights").id != first.id


# -- structured output


@dataclass
class Penguin:
    name: str
    grams: int


def test_an_answer_is_an_object_of_the_class_that_was_asked_for(playground: Make) -> None:
    variants = [Variant(params={"response_format": Penguin}), Variant()]
    comparison = playground(model="demo-json").compare(["Hello"], variants, name="P").result(20)
    cell = comparison.cell(0, "A")
    assert isinstance(cell.parsed, Penguin)
    assert comparison.cells[0].parsed == cell.parsed
    assert comparison.cell(0, "B").parsed is None
    assert set(comparison.records()[0]["parsed"]) == {"name", "grams"}
    forget()
    again = playground().comparison("P").cell(0, "A")
    assert again.parsed == cell.parsed


@dataclass
class Heavy(Penguin):
    def __post_init__(self) -> None:
        raise ValueError("not heavy enough")


def test_an_answer_that_does_not_fit_says_why(playground: Make) -> None:
    variants = [Variant(params={"response_format": kind}) for kind in (Heavy, Penguin)]
    pg = playground(model="demo-json")
    comparison = pg.compare(["Hello"], variants, scorers=[regex("name")]).result(20)
    wrong, right = comparison.cells
    assert (wrong.status, wrong.parsed) == ("complete", None)
    assert "not heavy enough" in (wrong.invalid or "")
    assert right.invalid is None
    assert comparison.records()[0]["error"].startswith("it does not fit its format: at the top")
    # It is an answer, and so has its scores.
    assert wrong.scores["regex"].value is True


def test_a_refusal_is_not_meant_to_fit(playground: Make) -> None:
    wanted = Variant(params={"response_format": Penguin})
    cell = playground(model="demo-refusal").compare(["Hello"], [wanted]).result(20).cells[0]
    assert (cell.refused, cell.invalid, cell.parsed) == (True, None, None)
