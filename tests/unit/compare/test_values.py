"""Rows of whatever people pass, variants with nothing left open, and the requests of cells."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.compare import (
    Candidate,
    Cell,
    Key,
    Plan,
    Score,
    Variant,
    body_of,
    candidates,
    input_of,
    rows_of,
)
from playground_widget.compare._asked import variables_of
from playground_widget.compare._inputs import texts_of
from playground_widget.errors import ErrorInfo, InputError
from playground_widget.model import Message, Params, Text, Timing, Usage
from playground_widget.provider import Connection
from tests.unit.export.threads import json_values, words

KEY = "sk-very-secret-0123456789"
DEMO = Connection("demo", base_url="http://127.0.0.1:1/v1", api_key=KEY)
OTHER = Connection("local", base_url="http://127.0.0.1:2/v1")
USUAL = Candidate(
    name="", system="Be brief.", model="demo", connection=DEMO, params=Params(temperature=0.5)
)


def said(text: str, role: Any = "user") -> Message:
    return Message(id="m", parent=None, role=role, content=(Text(text),))


def plan_of(inputs: object, *variants: Variant, messages: tuple[Message, ...] = ()) -> Plan:
    columns, rows = rows_of(inputs)
    chosen = candidates(list(variants) or [Variant()], USUAL)
    column = input_of(None, columns, [each.system for each in chosen], messages)
    return Plan(columns=columns, rows=rows, candidates=chosen, messages=messages, input=column)


def asked(plan: Plan, row: int = 0, variant: int = 0, sample: int = 0) -> list[tuple[str, str]]:
    body = body_of(plan, Key(row, variant, sample))
    return [(message["role"], message["content"]) for message in body["messages"]]


# -- inputs


@pytest.mark.parametrize(
    "inputs",
    [
        [{"q": "a", "n": 1}, {"q": "b", "n": None}],
        pd.DataFrame({"q": ["a", "b"], "n": [1.0, None]}, index=["x", "y"]),
    ],
    ids=["dicts", "frame"],
)
def test_rows_have_the_columns_and_values_of_the_inputs(inputs: object) -> None:
    columns, rows = rows_of(inputs)
    assert columns == ("q", "n")
    assert [dict(row.data) for row in rows] == [{"q": "a", "n": 1}, {"q": "b", "n": None}]


def test_a_csv_file_is_read_with_its_first_line_as_names(tmp_path: Path) -> None:
    file = tmp_path / "reviews.csv"
    file.write_text('review,expected\n"Good, really",positive\nBad\n', encoding="utf-8-sig")
    columns, rows = rows_of(str(file))
    assert columns == ("review", "expected")
    assert rows[0].data == {"review": "Good, really", "expected": "positive"}
    assert rows[1].data == {"review": "Bad", "expected": None}


def test_a_line_of_a_csv_file_that_is_too_long_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("a,b\n1,2\n1,2,3\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"row 2 of .* has 3 values"):
        rows_of(file)


@pytest.mark.parametrize(
    "inputs", [[], "a text", 7, [1, 2], ["a", {"b": 1}], {}, pd.DataFrame({"a": []}), "gone.csv"]
)
def test_what_is_no_list_of_inputs_is_refused(inputs: object) -> None:
    with pytest.raises(InputError):
        rows_of(inputs)


@given(st.lists(st.dictionaries(words, json_values, min_size=1), min_size=1, max_size=4))
def test_rows_of_any_dicts_can_be_kept_as_json(inputs: list[dict[str, Any]]) -> None:
    try:
        _, rows = rows_of(inputs)
    except InputError as refused:
        assert "two columns" in str(refused)  # noqa: PT017 - names that become one when cleaned
    else:
        for row in rows:
            assert json.loads(json.dumps(row.data, allow_nan=False)) == row.data


# -- words


def test_values_of_a_row_are_words_in_a_text() -> None:
    row = {"a": "{{b}}", "b": {"c": [1, "ü"]}, "c": None, "d": True}
    assert texts_of(row) == {"a": "{{b}}", "b": '{"c": [1, "ü"]}', "c": "", "d": "true"}


# -- variants


def test_what_a_variant_leaves_open_comes_from_the_playground() -> None:
    first, second, third = candidates(
        [
            Variant(),
            Variant(name="Warm", params={"temperature": 1, "seed": 3}, connection=OTHER),
            Variant(system="", model="m", params=Params(top_p=0.1)),
        ],
        USUAL,
    )
    assert (first.name, first.system, first.model) == ("A", "Be brief.", "demo")
    assert first.connection is DEMO
    assert second.params == Params(temperature=1, seed=3)
    assert second.connection is OTHER
    assert (third.name, third.system, third.model) == ("C", "", "m")
    assert third.params == Params(top_p=0.1)


@pytest.mark.parametrize(
    "variants",
    [
        [],
        "A",
        ["A"],
        [Variant()] * 27,
        [Variant(name="x"), Variant(name="x")],
        [Variant(model=3)],  # type: ignore[arg-type]
        [Variant(params={"heat": 1})],
        [Variant(params=3)],  # type: ignore[arg-type]
    ],
)
def test_what_are_no_variants_is_refused(variants: object) -> None:
    with pytest.raises(InputError):
        candidates(variants, USUAL)


# -- what is asked


def test_the_first_column_is_the_message_after_the_conversation() -> None:
    history = (said("Hi"), said("Hello", "assistant"))
    plan = plan_of([{"q": "Why?", "expected": "x"}], messages=history)
    assert asked(plan) == [
        ("system", "Be brief."),
        ("user", "Hi"),
        ("assistant", "Hello"),
        ("user", "Why?"),
    ]


def test_a_last_message_with_columns_is_filled_in_for_each_row() -> None:
    plan = plan_of(
        [{"review": "Good.", "expected": "x"}, {"review": "Bad.", "expected": "y"}],
        messages=(said("Is this good? {{ review }} {{other}}"),),
    )
    assert asked(plan, row=1)[-1] == ("user", "Is this good? Bad. {{other}}")
    assert len(asked(plan)) == 2
    assert variables_of(plan) == ("other",)


def test_columns_come_before_variables_and_are_filled_in_once() -> None:
    plan = plan_of(
        [{"review": "{{word}}", "q": r"\{{word}} {{review}}"}],
        Variant(system="{{review}} {{word}} \\{{word}}"),
        messages=(said("First {{word}}"), said("{{word}}", "assistant")),
    )
    plan = replace(plan, input="q", variables={"word": "one", "review": "two"})
    assert asked(plan) == [
        ("system", "{{word}} one {{word}}"),
        ("user", "First one"),
        ("assistant", "{{word}}"),
        # What a row says is no template.
        ("user", r"\{{word}} {{review}}"),
    ]


def test_a_plan_is_the_same_when_it_is_read_again() -> None:
    plan = replace(plan_of(["a"], Variant(system="{{x}}")), variables={"x": "y"})
    data = json.loads(json.dumps(plan.to_dict()))
    assert Plan.from_dict(data, lambda _: DEMO) == plan
    del data["variables"]  # as it was kept before there were any
    assert Plan.from_dict(data, lambda _: DEMO) == replace(plan, variables={})


def test_a_column_of_the_system_prompt_is_no_message() -> None:
    variant = Variant(system="Answer in {{language}}.")
    plan = plan_of([{"language": "German"}], variant, messages=(said("Hello"),))
    assert asked(plan) == [("system", "Answer in German."), ("user", "Hello")]
    plan = plan_of([{"q": "Hello", "language": "German"}], variant)
    assert asked(plan) == [("system", "Answer in German."), ("user", "Hello")]


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="no column 'b'; the inputs have a"):
        input_of("b", ["a"], [""], [])


def test_without_anything_to_answer_nothing_is_asked() -> None:
    with pytest.raises(InputError, match="nothing to answer"):
        input_of(None, [], [""], [])


def test_samples_differ_by_their_seed_and_by_nothing_else() -> None:
    columns, rows = rows_of(["Hello"])
    chosen = candidates([Variant(connection=OTHER), Variant(name="own", params={"seed": 3})], USUAL)
    plan = Plan(columns=columns, rows=rows, candidates=chosen, samples=2, input="input", seed=10)
    one, two = body_of(plan, Key(0, 0, 0)), body_of(plan, Key(0, 0, 1))
    assert (one.pop("seed"), two.pop("seed")) == (10, 11)
    assert one == two
    assert body_of(plan, Key(0, 1, 1))["seed"] == 3


# -- as JSON


def test_a_plan_comes_back_as_it_was_and_holds_no_key() -> None:
    plan = plan_of([{"q": "Why?", "n": [1, {"a": None}]}], messages=(said("Hi {{q}}"),))
    kept = json.dumps(plan.to_dict())
    assert KEY not in kept
    assert Plan.from_dict(json.loads(kept), lambda named: {"demo": DEMO}[named["name"]]) == plan


def test_a_cell_comes_back_as_it_was() -> None:
    cell = Cell(
        row=1,
        variant=2,
        sample=3,
        status="failed",
        output="Text",
        parsed={"a": [1]},
        scores={
            "exact": Score(value=False),
            "judge": Score(value=0.5, reason="So so", usage=Usage(input_tokens=1, cost=0.25)),
            "bad": Score(error="ValueError"),
        },
        usage=Usage(input_tokens=1, output_tokens=2, cost=0.5),
        timing=Timing(duration=1.5),
        error=ErrorInfo(kind="server", title="It failed", facts={"status": 500}),
        request_id="r",
        model="m",
        finish_reason="stop",
    )
    kept = json.loads(json.dumps(cell.to_dict()))
    assert Cell.from_dict(cell.key, cell.status, kept) == cell
    assert cell.cost == 0.75
