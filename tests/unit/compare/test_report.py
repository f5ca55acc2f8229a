"""What cells come to: tables, means, intervals."""

from __future__ import annotations

import random
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.compare import Candidate, Cell, Key, Plan, Progress, Row, Score
from playground_widget.compare._picks import Pick, counted, picked, win_rates
from playground_widget.compare._plot import plot
from playground_widget.compare._report import COLUMNS, as_frame, html_of, measures, records
from playground_widget.compare._statistics import Estimate, bootstrap, wilson
from playground_widget.errors import ErrorInfo
from playground_widget.model import Params, Timing, Usage
from playground_widget.provider import Connection

WHERE = Connection("local", "http://127.0.0.1:1/v1")


def candidate(name: str) -> Candidate:
    return Candidate(name=name, system="", model="m", connection=WHERE, params=Params())


def plan_of(rows: int = 2, *names: str) -> Plan:
    return Plan(
        columns=("input",),
        rows=tuple(Row(n, {"input": f"{n}"}) for n in range(rows)),
        candidates=tuple(map(candidate, names or ("A", "B"))),
    )


def ended(key: Key, **more: Any) -> Cell:
    usage = Usage(input_tokens=10, output_tokens=5, cost=0.5)
    given = {"status": "complete", "usage": usage, "timing": Timing(duration=1.5), **more}
    return Cell(**key._asdict(), **given)


def cells_of(plan: Plan, **more: Any) -> dict[Key, Cell]:
    return {key: ended(key, **more) for key in plan.places()}


# -- tables


def test_each_cell_that_has_ended_is_a_line() -> None:
    plan = plan_of()
    cells = cells_of(plan, output="Yes", scores={"exact": Score(value=True)})
    cells[Key(0, 1, 0)] = Cell(row=0, variant=1, sample=0)
    error = ErrorInfo(kind="quota", title="No credit left")
    cells[Key(1, 0, 0)] = Cell(row=1, variant=0, sample=0, status="failed", error=error)
    found = records(plan, cells)
    assert [(line["row"], line["variant"]) for line in found] == [(0, "A"), (1, "A"), (1, "B")]
    assert found[0] == {
        "row": 0,
        "variant": "A",
        "sample": 0,
        "output": "Yes",
        "parsed": None,
        "exact": True,
        "tokens": 15,
        "cost": 0.5,
        "latency": 1.5,
        "error": None,
    }
    assert (found[1]["exact"], found[1]["cost"], found[1]["error"]) == (
        None,
        None,
        "No credit left",
    )


def test_a_score_called_as_a_column_gets_another_name() -> None:
    plan = plan_of(1, "A")
    (line,) = records(plan, cells_of(plan, scores={"cost": Score(value=3)}))
    assert (line["cost"], line["score_cost"]) == (0.5, 3)


def test_a_frame_is_one_of_pandas_where_that_is() -> None:
    frame = as_frame([{"a": 1, "b": None}, {"a": 2, "b": {"c": 1}}], ["a", "b"])
    assert type(frame).__module__.startswith("pandas")
    assert list(frame.columns) == ["a", "b"]
    assert list(as_frame([], COLUMNS).columns) == list(COLUMNS)


def test_where_neither_is_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        as_frame([], ["a"])


def test_names_and_reasons_are_no_markup() -> None:
    plan = plan_of(1, "<b>A</b>")
    progress = Progress("paused", "<i>why</i>", 1, 1, 0, 0, 0, None, None, None)
    found = html_of(plan, "<script>", progress, measures(plan, cells_of(plan), ()))
    assert "<b>" not in found
    assert "<i>" not in found
    assert "<script>" not in found
    assert "&lt;b&gt;A&lt;/b&gt;" in found


# -- what it comes to


def test_a_summary_has_the_means_of_each_variant() -> None:
    plan = plan_of(2, "A", "B")
    cells = {
        key: ended(key, scores={"good": Score(value=key.variant == 0 or key.row == 0)})
        for key in plan.places()
    }
    cells[Key(1, 1, 0)] = ended(Key(1, 1, 0), scores={"good": Score(error="It raised.")})
    found = {(each.variant, each.measure): each.estimate for each in measures(plan, cells, ())}
    assert found["A", "good"] == Estimate(2, 1.0, 1.0, 1.0)
    # What has no score has no part in the mean.
    assert found["B", "good"] == Estimate(1, 1.0, 1.0, 1.0)
    assert found["B", "latency"].mean == 1.5
    assert found["A", "cost"].mean == 0.5
    assert found["A", "tokens"].mean == 15


def test_win_rates_are_over_the_rows_that_were_picked() -> None:
    plan = plan_of(10, "A", "B")
    picks = {row: Pick(0) for row in range(8)} | {8: Pick(1), 9: Pick(1)}
    found = {
        each.variant: each.estimate
        for each in measures(plan, cells_of(plan), win_rates(plan, picks, blind=False))
        if each.measure == "win rate"
    }
    assert (found["A"].n, found["A"].mean) == (10, 0.8)
    # As in Wilson (1927); the figures are those of statsmodels' proportion_confint.
    assert (found["A"].low, found["A"].high) == pytest.approx((0.490162, 0.943318), abs=1e-6)
    assert (found["B"].low, found["B"].high) == pytest.approx((0.056682, 0.509838), abs=1e-6)


def test_in_a_blind_comparison_only_what_was_picked_blind_counts() -> None:
    picks: dict[int, Pick] = {}
    for row, variant in ((0, 0), (1, 1), (1, 0), (2, 1), (2, None), (2, 1)):
        picks = picked(picks, row, variant, 0, blind=True)
    assert counted(picks, blind=True) == [0]
    assert counted(picks, blind=False) == [0, 0, 1]
    rates = win_rates(plan_of(3), picks, blind=True)
    assert [(rate.variant, rate.wins, rate.of) for rate in rates] == [("A", 1, 1), ("B", 0, 1)]


@given(st.lists(st.lists(st.integers(0, 1), min_size=1, max_size=3), min_size=51, max_size=90))
def test_the_interval_of_many_rows_is_that_of_draws(groups: list[list[int]]) -> None:
    values = [list(map(float, group)) for group in groups]
    many = bootstrap(values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("playground_widget.compare._statistics.MANY", 1000)
        drawn = bootstrap(values)
    assert many is not None
    assert drawn is not None
    assert (many.n, many.mean) == (drawn.n, drawn.mean)
    assert (many.low, many.high) == pytest.approx((drawn.low, drawn.high), abs=0.05)


def test_without_picks_there_is_no_win_rate() -> None:
    plan = plan_of()
    assert all(each.measure != "win rate" for each in measures(plan, cells_of(plan), ()))
    assert wilson(0, 0) is None


@given(
    st.lists(st.lists(st.floats(-1e6, 1e6), max_size=4), max_size=8),
    st.integers(0, 3),
)
def test_an_interval_holds_its_mean_and_repeats(groups: list[list[float]], seed: int) -> None:
    found = bootstrap(groups, seed)
    values = [value for group in groups for value in group]
    if not values:
        assert found is None
        return
    assert found is not None
    assert found == bootstrap(groups, seed)
    assert found.n == len(values)
    assert found.low <= found.mean <= found.high
    assert min(values) - 1e-6 <= found.low
    assert found.high <= max(values) + 1e-6


def test_an_interval_of_95_percent_holds_the_truth_that_often() -> None:
    chosen = random.Random(5)
    held = 0
    for _ in range(200):
        found = bootstrap([[chosen.gauss(3, 1)] for _ in range(40)])
        assert found is not None
        held += found.low <= 3 <= found.high
    assert 0.88 <= held / 200 <= 0.99


def test_samples_of_one_row_do_not_make_an_interval_narrower() -> None:
    once = bootstrap([[float(n % 2)] for n in range(20)])
    alike = bootstrap([[float(n % 2)] * 10 for n in range(20)])
    assert once is not None
    assert alike is not None
    assert (alike.n, alike.low, alike.high) == (200, once.low, once.high)


def test_a_plot_has_a_panel_for_each_measure() -> None:
    plan = plan_of()
    figure = plot(list(measures(plan, cells_of(plan), win_rates(plan, {0: Pick(1)}, blind=False))))
    titles = [axis.get_title() for axis in figure.axes]
    assert titles == ["tokens", "cost", "latency", "win rate"]


def test_a_plot_of_nothing_is_empty() -> None:
    assert plot([]).axes


def test_where_no_matplotlib_is_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match="pip install matplotlib"):
        plot([])
