"""A comparison lasts: it is opened by its name, and goes on where a killed kernel left it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from playground_widget import (
    ConflictError,
    Connection,
    InputError,
    NotFoundError,
    Playground,
    SetupError,
    UnsetVariablesError,
    Variant,
    exact,
    judge,
    regex,
)
from playground_widget.demo import DemoServer
from playground_widget.engine import engine
from playground_widget.store import Store
from playground_widget.store._owner import owner
from playground_widget.store._schema import comparisons as table

ROOT = Path(__file__).resolve().parents[2]
CHILD = str(Path(__file__).with_name("compare_child.py"))

Make = Callable[..., Playground]
ROWS = [{"input": "Good", "expected": "good"}, {"input": "Bad", "expected": "fine"}]


def echo(make: Make, **more: Any) -> Playground:
    return make(model="demo-echo", **more)


def forget() -> None:
    """Open what is kept as another process would: from the store alone."""
    from playground_widget.compare import _start  # noqa: PLC0415

    engine().call(_start._runners.clear)


def asked(server: DemoServer) -> list[str]:
    return [record.body["messages"][-1]["content"] for record in server.requests]


def test_a_killed_kernel_s_comparison_goes_on_without_asking_again_what_it_has(
    playground: Make, server: DemoServer, store: Store
) -> None:
    child = subprocess.Popen(
        [sys.executable, CHILD, str(store.place), server.base_url],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "half\n"
    pg = echo(playground)
    (info,) = pg.comparisons()
    assert info.status == "running"
    done = {cell.row for cell in store.comparisons.load(info.id).cells}
    assert done <= {0, 1, 2, 3}
    assert len(done) >= 3
    child.kill()
    child.communicate()
    assert pg.comparisons()[0].status == "interrupted"

    server.requests.clear()
    # As when the same cells of the notebook are run again.
    comparison = pg.compare(
        [f"Row {n}" for n in range(8)], name="Reviews", max_concurrency=2, scorers=[regex("Row")]
    )
    comparison.result(20)
    assert comparison.id == info.id
    assert comparison.status == "complete"
    assert sorted(asked(server)) == [f"Row {n}" for n in range(8) if n not in done]
    assert [cell.output for cell in comparison.cells] == [f"Row {n}" for n in range(8)]
    kept = store.comparisons.load(info.id).facts["scorers"]
    assert set(kept) == set(comparison.scorers) == {"len_of", "regex"}
    assert {name for cell in comparison.cells for name in cell.scores} == {"len_of", "regex"}


def test_it_is_opened_by_its_name_with_all_that_it_has(playground: Make) -> None:
    pg = echo(playground)
    variants = [Variant(name="Plain"), Variant(name="Warm", params={"temperature": 1})]
    made = pg.compare(ROWS, variants, samples=2, name="Reviews", scorers=[exact("expected")])
    made.result(20)
    made.pick(1, "Warm")
    forget()
    found = echo(playground).comparison("Reviews")
    assert found._runner is not made._runner
    assert found.cells == made.cells
    assert found.picks == {1: "Warm"}
    assert found.scorers == {"exact": {"kind": "exact", "column": "expected", "case": False}}
    assert found.records() == made.records()
    assert repr(found) == repr(made) == "<Comparison 'Reviews': 8 of 8, complete>"


def test_one_that_is_opened_twice_is_one(playground: Make) -> None:
    pg = echo(playground)
    made = pg.compare(ROWS, name="Reviews").result(20)
    pg.comparison("Reviews").pick(0, "A")
    assert made.picks == {0: "A"}


def test_the_same_name_and_the_same_requests_ask_nothing_twice(
    playground: Make, server: DemoServer
) -> None:
    pg = echo(playground)
    first = pg.compare(ROWS, name="Reviews").result(20)
    forget()
    again = pg.compare(ROWS, name="Reviews").result(20)
    assert (again.id, len(server.requests)) == (first.id, 2)


@pytest.mark.parametrize(
    "changed",
    [
        {"inputs": ROWS[:1]},
        {"variants": [Variant(params={"temperature": 1})]},
        {"variants": [Variant(name="Other")]},
        {"samples": 2},
        {"name": "Other"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_asks_anything_else_is_another_one(playground: Make, changed: dict[str, Any]) -> None:
    pg = echo(playground)
    usual: dict[str, Any] = {
        "inputs": ROWS,
        "variants": [Variant()],
        "samples": 1,
        "name": "Reviews",
    }
    first = pg.compare(**usual).result(20)
    other = pg.compare(**{**usual, **changed}).result(20)
    assert other.id != first.id
    assert len(pg.comparisons()) == 2


def test_what_another_process_runs_is_not_asked_here_too(
    playground: Make, store: Store, server: DemoServer
) -> None:
    pg = echo(playground, extra={"demo": {"rate": 1}})
    made = pg.compare(ROWS, name="Reviews")
    made.cancel()
    made.result(20)
    store.comparisons.take(made.id, made.plan.to_dict()).result()
    living = owner()[:-8] + "00000000"
    changed = update(table).values(owner=living)
    store._writer.submit(lambda connection: connection.execute(changed)).result()
    forget()
    server.requests.clear()
    with pytest.raises(ConflictError, match="by another process"):
        pg.compare(ROWS, name="Reviews")
    assert pg.comparison("Reviews").status == "running"
    assert not server.requests


def test_what_another_process_wrote_is_there_when_it_is_opened_again(
    playground: Make, store: Store
) -> None:
    pg = echo(playground)
    made = pg.compare(ROWS, name="Reviews").result(20)
    store.comparisons.rename(made.id, "Lamps").result()
    store.comparisons.note(
        made.id, picks={"1": {"variant": 0, "sample": 0, "blind": False}}
    ).result()
    found = pg.comparison("Lamps")
    assert (found.name, found.picks) == ("Lamps", {1: "A"})


def test_it_has_the_name_that_it_is_given(playground: Make) -> None:
    pg = echo(playground)
    made = pg.compare(ROWS)
    made.result(20)
    made.name = "Lamps"
    assert [info.name for info in pg.comparisons()] == ["Lamps"]
    assert pg.comparison("Lamps").id == made.id


def test_one_that_is_deleted_is_ended_and_gone(playground: Make) -> None:
    pg = echo(playground, extra={"demo": {"rate": 1}})
    made = pg.compare(ROWS, name="Reviews")
    made.delete()
    assert made.status == "cancelled"
    with pytest.raises(NotFoundError, match="no comparison 'Reviews'"):
        pg.comparison("Reviews")


def test_a_connection_that_is_not_known_here_is_named(playground: Make, server: DemoServer) -> None:
    own = Connection("mine", server.base_url)
    pg = echo(playground)
    pg.compare(ROWS, [Variant(connection=own)], name="Reviews").result(20)
    forget()
    with pytest.raises(SetupError, match=r"'mine' at http.* is not known here"):
        pg.comparison("Reviews")
    pg.connection = own
    assert pg.comparison("Reviews").plan.candidates[0].connection is own


@pytest.mark.parametrize(
    "wrong",
    [
        {"samples": 0},
        {"samples": True},
        {"max_concurrency": 0},
        {"max_cost": -1},
        {"max_cost": "1"},
        {"seed": 1.5},
        {"name": 3},
        {"input": "gone"},
        {"variants": []},
        {"inputs": []},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_cannot_be_meant_asks_nothing(
    playground: Make, server: DemoServer, wrong: dict[str, Any]
) -> None:
    pg = echo(playground)
    with pytest.raises(InputError):
        pg.compare(**{"inputs": ROWS, **wrong})
    assert pg.comparisons() == ()
    assert not server.requests


def test_the_conversation_as_it_is_is_answered_beside_its_answer(
    playground: Make, server: DemoServer
) -> None:
    pg = echo(playground)
    pg.send("Hello")
    comparison = pg.compare(None, [Variant(), Variant(system="Be brief.")]).result(20)
    assert [cell.output for cell in comparison.cells] == ["Hello", "Hello"]
    assert sorted(len(record.body["messages"]) for record in list(server.requests)[1:]) == [1, 2]
    # The conversation stays what it was.
    assert len(pg) == 2


# -- variables


def test_names_are_columns_first_then_variables_as_they_were_when_it_began(
    playground: Make, server: DemoServer
) -> None:
    pg = echo(playground, system="{{tone}} {{input}}", variables={"tone": "Warm", "input": "no"})
    pg.add("Say it in {{language}}: {{input}}")
    pg.variables["language"] = "French"
    comparison = pg.compare(ROWS, name="Reviews", max_concurrency=1)
    pg.variables["tone"] = "Cold"
    comparison.result(20)
    assert asked(server) == ["Say it in French: Good", "Say it in French: Bad"]
    assert [record.body["messages"][0]["content"] for record in server.requests] == [
        "Warm Good",
        "Warm Bad",
    ]
    # With other variables it is another comparison.
    assert pg.compare(ROWS, name="Reviews").result(20).id != comparison.id


def test_variables_are_kept_with_it(playground: Make) -> None:
    pg = echo(playground, system="{{tone}}", variables={"tone": "Warm"})
    pg.compare(ROWS, name="Reviews").result(20)
    forget()
    assert echo(playground).comparison("Reviews").plan.variables == {"tone": "Warm"}


def test_names_that_are_neither_are_refused_before_anything_is_asked(
    playground: Make, server: DemoServer
) -> None:
    pg = echo(playground, system="{{tone}}")
    with pytest.raises(UnsetVariablesError) as refused:
        pg.compare(ROWS, [Variant(), Variant(system="{{expected}} {{other}}")])
    assert refused.value.names == ("tone", "other")
    assert str(refused.value).startswith(
        "Nothing was sent. {{tone}} and {{other}} are not set, and no column: the inputs have "
        'input, expected. Give a value with pg.variables["tone"] = ...'
    )
    with pytest.raises(UnsetVariablesError, match=r"\{\{gone\}\} is not set"):
        pg.compare(ROWS, [Variant(system="")], scorers=[judge("{{gone}} {{output}} {{input}}")])
    assert pg.comparisons() == ()
    assert not server.requests


def test_a_judge_is_told_variables_too(playground: Make, server: DemoServer) -> None:
    pg = echo(playground, variables={"tone": "warm"})
    scorers = [judge("Is {{output}} {{tone}}?")]
    comparison = pg.compare(["Hello"], scorers=scorers).result(20)
    assert server.requests[-1].body["messages"][0]["content"].startswith("Is Hello warm?")
    with pytest.raises(UnsetVariablesError):
        comparison.score(judge("{{gone}}"))
