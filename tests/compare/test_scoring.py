"""Answers are scored by functions and judges, and again without being asked for again."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from playground_widget import (
    Comparison,
    InputError,
    Playground,
    Variant,
    exact,
    fits_schema,
    judge,
    regex,
)
from playground_widget.compare import Cell, Score
from playground_widget.compare._judge import verdict
from playground_widget.demo import DemoServer
from playground_widget.engine import engine
from playground_widget.store import Store

Make = Callable[..., Playground]

ROWS = [{"input": "Good", "expected": "good"}, {"input": "Bad", "expected": "fine"}]


def values(comparison: Comparison, name: str) -> list[Any]:
    return [cell.scores[name].value for cell in comparison.cells]


def echo(make: Make) -> Playground:
    return make(model="demo-echo")


# -- functions


def test_a_function_is_given_the_answer_and_its_row(playground: Make) -> None:
    def seen(output: str, row: Mapping[str, Any]) -> dict[str, Any]:
        return {"long": len(output) > 3, "length": len(output), "of": row["expected"]}

    comparison = echo(playground).compare(ROWS, scorers=[seen]).result(20)
    assert values(comparison, "seen.long") == [True, False]
    assert values(comparison, "seen.length") == [4, 3]
    assert values(comparison, "seen.of") == ["good", "fine"]


def test_a_function_that_raises_costs_neither_its_cell_nor_the_others(playground: Make) -> None:
    def broken(output: str, row: Mapping[str, Any]) -> float:
        return 1 / 0

    def odd(output: str, row: Mapping[str, Any]) -> object:
        return object()

    comparison = echo(playground).compare(ROWS, scorers=[broken, odd, exact("expected")])
    comparison.result(20)
    cell = comparison.cells[0]
    assert cell.status == "complete"
    assert cell.scores["broken"] == Score(error="ZeroDivisionError: division by zero")
    assert "not object" in str(cell.scores["odd"].error)
    assert cell.scores["exact"].value is True
    assert "broken: ZeroDivisionError" in comparison.records()[0]["error"]


class UnsayableError(Exception):
    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    "error", [SystemExit(3), KeyboardInterrupt(), StopIteration("x"), UnsayableError()]
)
@pytest.mark.parametrize("kind", ["plain", "async"])
def test_whatever_a_function_raises_is_the_error_of_its_score(
    playground: Make, kind: str, error: BaseException
) -> None:
    def rough(output: str, row: Mapping[str, Any]) -> float:
        raise error

    async def later(output: str, row: Mapping[str, Any]) -> float:
        raise error

    scorers = {"rough": later if kind == "async" else rough, "exact": exact("expected")}
    pg = echo(playground)
    comparison = pg.compare(ROWS, scorers=scorers).result(20)
    assert [cell.status for cell in comparison.cells] == ["complete", "complete"]
    assert values(comparison, "exact") == [True, False]
    for cell in comparison.cells:
        # What an async function raises may be another error by then.
        assert type(error).__name__ in str(cell.scores["rough"].error)
    assert pg.send("Hello").status == "complete"


def test_async_scorers_clean_up_where_the_comparison_is_cancelled(playground: Make) -> None:
    begun, cleaned = threading.Event(), threading.Event()

    async def slow(output: str, row: Mapping[str, Any]) -> float:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            # Such as the answer to a closing message.
            await asyncio.sleep(0.1)
            cleaned.set()
        return 0.0

    comparison = echo(playground).compare(ROWS[:1], scorers=[slow])
    assert begun.wait(20)
    comparison.cancel()
    assert comparison.result(20).cells[0].output == "Good"
    assert cleaned.wait(5)


def test_a_row_that_a_scorer_changes_stays_what_it_was(playground: Make) -> None:
    def careless(output: str, row: Any) -> bool:
        row.clear()
        return True

    comparison = echo(playground).compare(ROWS, scorers=[careless, exact("expected")])
    assert values(comparison.result(20), "exact") == [True, False]


def test_async_scorers_share_a_loop_that_is_not_the_engine_s(playground: Make) -> None:
    loops = set()

    async def later(output: str, row: Mapping[str, Any]) -> int:
        await asyncio.sleep(0)
        loops.add(asyncio.get_running_loop())
        return len(output)

    comparison = echo(playground).compare(ROWS, scorers=later).result(20)
    assert values(comparison, "later") == [4, 3]
    assert len(loops) == 1
    assert engine().loop not in loops


def test_a_scorer_that_takes_its_time_does_not_hold_up_the_answers(playground: Make) -> None:
    go_on = threading.Event()

    def slow(output: str, row: Mapping[str, Any]) -> bool:
        return go_on.wait(20)

    comparison = echo(playground).compare(ROWS, scorers=[slow])
    other = echo(playground).compare(ROWS).result(20)
    assert other.status == "complete"
    assert comparison.status == "running"
    go_on.set()
    assert values(comparison.result(20), "slow") == [True, True]


def test_answers_that_are_being_scored_when_it_is_cancelled_are_kept(playground: Make) -> None:
    scoring, go_on = threading.Event(), threading.Event()

    def slow(output: str, row: Mapping[str, Any]) -> bool:
        scoring.set()
        return go_on.wait(20)

    comparison = echo(playground).compare(["Hello"], scorers=[slow])
    assert scoring.wait(20)
    comparison.cancel()
    go_on.set()
    cell = comparison.result(20).cells[0]
    assert (cell.status, cell.output, cell.scores) == ("complete", "Hello", {})


def test_scorers_of_one_name_are_told_apart(playground: Make) -> None:
    scorers = [regex("o"), regex("B"), lambda output, row: len(output + str(row)) > 0]
    comparison = echo(playground).compare(ROWS, scorers=scorers).result(20)
    assert values(comparison, "regex") == [True, False]
    assert values(comparison, "regex_2") == [False, True]
    assert values(comparison, "score") == [True, True]


@pytest.mark.parametrize("scorers", ["exact", [3], 3])
def test_what_is_no_scorer_is_refused_before_anything_is_asked(
    playground: Make, server: DemoServer, scorers: object
) -> None:
    pg = echo(playground)
    with pytest.raises(InputError):
        pg.compare(ROWS, scorers=scorers)
    assert pg.comparisons() == ()
    assert not server.requests


def test_answers_are_scored_again_without_being_asked_for(
    playground: Make, server: DemoServer, store: Store
) -> None:
    comparison = echo(playground).compare(ROWS, scorers=[len_of]).result(20)
    asked = len(server.requests)
    comparison.score(exact("expected"), exact("expected", case=True))
    assert len(server.requests) == asked
    assert values(comparison, "exact") == [True, False]
    assert values(comparison, "exact_2") == [False, False]
    assert "len_of" not in comparison.cells[0].scores
    kept = store.comparisons.load(comparison.id)
    assert set(kept.facts["scorers"]) == {"exact", "exact_2"}
    assert all(set(cell.facts["scores"]) == {"exact", "exact_2"} for cell in kept.cells)


def len_of(output: str, row: Mapping[str, Any]) -> int:
    return len(output)


# -- those that come with it


@pytest.mark.parametrize(
    ("output", "expected", "case", "same"),
    [
        (" Straße\n", "STRASSE", False, True),
        ("Yes", "yes", True, False),
        ("3", 3, False, True),
        ("", None, False, True),
        ("no", None, False, False),
    ],
)
def test_exact_is_about_the_words_alone(
    output: str, expected: Any, *, case: bool, same: bool
) -> None:
    assert exact("e", case=case)(output, {"e": expected}) is same


def test_exact_says_which_columns_there_are() -> None:
    with pytest.raises(InputError, match="no column 'gone'; the row has a, b"):
        exact("gone")("", {"a": 1, "b": 2})


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="no regular expression"):
        regex("(")


def test_an_answer_that_does_not_fit_a_schema_is_said_why() -> None:
    fits = fits_schema({"type": "object", "properties": {"a": {"type": "integer"}}})
    assert fits('{"a": 1}', {}) == Score(value=True)
    assert fits('{"a": "x"}', {}) == Score(value=False, reason="a: 'x' is not of type 'integer'")
    assert str(fits("Sure!", {}).reason).startswith("no JSON: ")


def test_a_schema_may_be_a_type() -> None:
    fits = fits_schema(list[int])
    assert fits("[1, 2]", {}).value is True
    assert fits('["1"]', {}).value is False


@pytest.mark.parametrize("schema", [{"type": "nonsense"}, object()])
def test_a_schema_that_is_none_is_refused(schema: object) -> None:
    with pytest.raises(InputError, match="schema"):
        fits_schema(schema)


def test_a_schema_that_names_an_address_has_nothing_fetched(server: DemoServer) -> None:
    fits = fits_schema({"$ref": f"{server.base_url}/models"})
    assert "which is not in it" in str(fits('"a"', {}).error)
    assert not server.requests


def test_a_schema_may_name_its_own_parts() -> None:
    fits = fits_schema({"$ref": "#/$defs/whole", "$defs": {"whole": {"type": "integer"}}})
    assert (fits("1", {}).value, fits('"1"', {}).value) == (True, False)


# -- judges


def test_a_judge_is_asked_with_its_prompt_in_sight(
    playground: Make, server: DemoServer, store: Store
) -> None:
    polite = judge("Is this polite to a {{expected}} person?")
    comparison = echo(playground).compare(ROWS[:1], scorers=[polite])
    comparison.result(20)
    asked = server.requests[-1].body
    system, user = asked["messages"]
    assert system["content"] == polite.prompt.replace("{{expected}}", "good")
    assert user["content"] == "Good"
    assert asked["response_format"]["type"] == "json_schema"
    kept = store.comparisons.load(comparison.id).facts["scorers"]["judge"]
    assert kept["prompt"] == comparison.scorers["judge"]["prompt"] == polite.prompt


def test_a_judge_scores_by_what_it_says(playground: Make) -> None:
    comparison = playground().compare(["Hello"], scorers=[judge("Polite?", model="demo-json")])
    score = comparison.result(20).cells[0].scores["judge"]
    assert isinstance(score.value, float)
    assert score.reason
    assert score.usage is not None


def test_a_judge_that_cannot_be_asked_costs_no_answer(playground: Make) -> None:
    scorers = [judge("Polite?", model="demo-no-quota"), regex(".")]
    cell = echo(playground).compare(["Hello"], scorers=scorers).result(20).cells[0]
    assert "no credit" in str(cell.scores["judge"].error)
    assert (cell.status, cell.scores["regex"].value) == ("complete", True)


@pytest.mark.parametrize(
    "said", ["", "9", "{}", '{"score": 2}', '{"score": "1"}', "{" * 5000, '["score"]', "{1}"]
)
def test_what_is_no_verdict_is_an_error_of_the_score(said: str) -> None:
    score = verdict(said)
    assert score.value is None
    assert "no score from 0 to 1" in str(score.error)


def test_words_around_a_verdict_do_no_harm() -> None:
    assert verdict('Well:\n```json\n{"reason": "", "score": 1}\n```') == Score(value=1)


def test_an_answer_that_is_in_the_prompt_is_not_sent_twice(
    playground: Make, server: DemoServer
) -> None:
    comparison = echo(playground).compare(["Hello"], scorers=[judge("Is {{output}} polite?")])
    comparison.result(20)
    system, user = server.requests[-1].body["messages"]
    assert system["content"].startswith("Is Hello polite?")
    assert "Hello" not in user["content"]


def test_the_cost_of_a_judge_is_a_cost_of_its_cell() -> None:
    from playground_widget import Usage  # noqa: PLC0415

    score = Score(value=1, usage=Usage(cost=0.5))
    cell = Cell(row=0, variant=0, sample=0, usage=Usage(cost=0.25), scores={"judge": score})
    assert cell.cost == 0.75


def test_keys_are_in_no_file(server: DemoServer, playground: Make, tmp_path: Path) -> None:
    from playground_widget import Connection  # noqa: PLC0415

    key = "sk-never-to-be-written-0123456789"
    own = Connection("own", server.base_url, key)
    pg = echo(playground)
    comparison = pg.compare(
        ["Hello"], [Variant(connection=own)], scorers=[judge("Polite?", "demo-json", own)]
    )
    assert comparison.result(20).cells[0].scores["judge"].error is None
    pg.close()
    for file in tmp_path.iterdir():
        assert key.encode() not in file.read_bytes()
    assert key not in json.dumps(comparison.plan.to_dict())
