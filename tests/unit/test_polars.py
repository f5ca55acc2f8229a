"""Frames of polars, wherever one may be given or is returned."""

from __future__ import annotations

import datetime as dt
import json
import sys
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import polars as pl
import pytest

from playground_widget.compare._inputs import rows_of, texts_of
from playground_widget.compare._report import COLUMNS, as_frame
from playground_widget.content import parts_of
from playground_widget.errors import InputError
from playground_widget.frames import cell
from playground_widget.model import Table, Text, part_from_dict, part_to_dict
from playground_widget.tools._result import result_parts
from playground_widget.variables import to_text

BERLIN = ZoneInfo("Europe/Berlin")


def table(frame: object) -> Table:
    (part,) = parts_of(frame)
    assert isinstance(part, Table)
    return part


def cells(*values: Any, dtype: Any = None) -> list[Any]:
    """Return what stands in the cells of a column."""
    found = table(pl.DataFrame({"a": pl.Series(values, dtype=dtype)}))
    written = json.dumps(part_to_dict(found), allow_nan=False)
    assert part_from_dict(json.loads(written)) == found
    return [row[0] for row in found.rows]


# ------------------------------------------------------------------------------- cells


@pytest.mark.parametrize(
    ("dtype", "given", "shown"),
    [
        (pl.Int64, [1, None, 2**60], [1, None, str(2**60)]),
        (pl.UInt64, [2**64 - 1], [str(2**64 - 1)]),
        (pl.Int128, [2**100], [str(2**100)]),
        (pl.Float64, [0.5, float("nan"), float("-inf"), None], [0.5, None, "-inf", None]),
        (pl.Float32, [0.1, float("nan"), None, 3.4028235e38], [0.1, None, None, 3.4028235e38]),
        (pl.Boolean, [True, None], [True, None]),
        (pl.String, ["a, b", None, "c\x00"], ["a, b", None, "c\ufffd"]),
        (pl.Null, [None, None], [None, None]),
        (pl.Binary, [b"abc", None], ["(3 bytes)", None]),
        (pl.Categorical, ["Biscoe", None], ["Biscoe", None]),
        (pl.Enum(["Biscoe"]), ["Biscoe", None], ["Biscoe", None]),
        (pl.Decimal(10, 2), [Decimal("1.10"), None], ["1.10", None]),
        (pl.Date, [dt.date(2026, 1, 2), None], ["2026-01-02", None]),
        (pl.Time, [dt.time(1, 2, 3), None], ["01:02:03", None]),
        (pl.Datetime("ms"), [dt.datetime(2026, 1, 2, 3)], ["2026-01-02T03:00:00"]),  # noqa: DTZ001
        (
            pl.Datetime("ns", "Europe/Berlin"),
            [dt.datetime(2026, 7, 2, 3, tzinfo=BERLIN), None],
            ["2026-07-02T03:00:00+02:00", None],
        ),
        (pl.Duration, [dt.timedelta(hours=36), None], ["1 day, 12:00:00", None]),
        (pl.Object, [{1}, None], ["{1}", None]),
    ],
)
def test_values_of_every_type_are_cells(dtype: Any, given: list[Any], shown: list[Any]) -> None:
    assert cells(*given, dtype=dtype) == shown
    (values,) = {tuple(row.data.values()) for row in rows_of(pl.DataFrame({"a": given[:1]}))[1]}
    assert values == (cell(given[0]),)


@pytest.mark.parametrize(
    ("dtype", "given", "shown"),
    [
        (pl.List(pl.Int64), [[1, 2**60, None], [], None], [f"[1, {2**60}, null]", "[]", None]),
        (pl.List(pl.String), [["a", 'b "c"', "ü\x00"]], ['["a", "b \\"c\\"", "ü\ufffd"]']),
        (pl.Array(pl.Int8, 2), [[1, 2], None], ["[1, 2]", None]),
        (pl.List(pl.Date), [[dt.date(2026, 1, 2), None]], ['["2026-01-02", null]']),
        (pl.List(pl.Decimal(10, 2)), [[Decimal("1.10")]], ['["1.10"]']),
        (pl.List(pl.Float64), [[0.1, float("nan"), float("inf")]], ['[0.1, null, "inf"]']),
        (pl.List(pl.List(pl.Float32)), [[[0.1], None]], ["[[0.1], null]"]),
        (pl.Array(pl.Float32, 2), [[0.1, 0.2]], ["[0.1, 0.2]"]),
        (
            pl.Struct({"a": pl.Float32, "b": pl.List(pl.Date)}),
            [{"a": 0.1, "b": [dt.date(2026, 1, 2)]}, None],
            ['{"a": 0.1, "b": ["2026-01-02"]}', None],
        ),
    ],
)
def test_lists_and_structs_are_json(dtype: Any, given: list[Any], shown: list[Any]) -> None:
    assert cells(*given, dtype=dtype) == shown


def test_what_a_cell_holds_stands_in_a_text_as_it_does_from_a_list_of_dicts() -> None:
    rows: list[dict[str, Any]] = [{"tags": ["a", "ü"], "of": {"n": 1, "x": 0.5}, "no": None}]
    ((frame,), (dicts,)) = (rows_of(pl.DataFrame(rows))[1], rows_of(rows)[1])
    assert texts_of(frame.data) == texts_of(dicts.data)


def test_a_list_that_holds_itself_is_a_cell() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert cell(endless) == "[[...]]"


# ------------------------------------------------------------------------------ frames


def test_a_frame_is_the_table_that_one_of_pandas_is() -> None:
    data = {"a": [1, 2], "b": ["x|y", "two\nlines"], "": [0.5, 1.5], "role": [True, False]}
    ours, theirs = pl.DataFrame(data), pd.DataFrame(data)
    assert parts_of(ours) == parts_of(theirs)
    assert to_text(ours) == to_text(theirs)
    assert result_parts(ours) == result_parts(theirs)
    assert rows_of(ours) == rows_of(theirs)
    assert table(ours["a"]) == table(theirs["a"])
    assert table(pl.Series([1, 2])) == table(pd.Series([1, 2]))


def test_a_long_and_a_wide_frame_say_how_much_is_sent() -> None:
    long = table(pl.DataFrame({"i": range(1_000_000)}))
    assert long.text.endswith("\n199\n(the first 200 of 1,000,000 rows)")
    assert (len(long.rows), long.shape) == (50, (1_000_000, 1))
    wide = table(pl.DataFrame({f"c{n}": [n] for n in range(300)}))
    assert wide.text.endswith("(the first 200 of 300 columns)")


@pytest.mark.parametrize("frame", [pl.DataFrame(), pl.DataFrame({"a": []}), pl.Series("a", [])])
def test_an_empty_frame_is_refused_where_nothing_could_be_sent(frame: Any) -> None:
    with pytest.raises(InputError, match="empty"):
        parts_of(frame)
    with pytest.raises(InputError, match="no rows"):
        rows_of(frame)


def test_a_query_that_was_not_run_is_refused_with_how_to_run_it() -> None:
    query = pl.LazyFrame({"a": [1]})
    for use in (parts_of, rows_of, to_text):
        with pytest.raises(InputError, match=r"pass what its \.collect\(\) gives"):
            use(query)
    assert table(query.collect()).rows == ((1,),)


# ----------------------------------------------------------------------------- results


def test_what_a_tool_returns_is_shown_or_is_json() -> None:
    frame = pl.DataFrame({"a": [1]})
    assert [part.type for part in result_parts([frame, "and", frame["a"]])] == [
        "table",
        "text",
        "table",
    ]
    assert result_parts({"mass": pl.Series([1, None])}) == (Text('{"mass":[1,null]}'),)


@dataclass
class Penguin:
    mass: float


@pytest.fixture
def no_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([True, None], pl.Boolean),
        ([1, 2], pl.Int64),
        ([True, 0.5, None], pl.Float64),
        (["Yes", None], pl.String),
        ([None, None], pl.Null),
        ([None, {"a": 1, "b": ["x"]}], pl.Struct({"a": pl.Int64, "b": pl.List(pl.String)})),
        # These have no type in common, or one that would change them.
        ([Penguin(5.1), None], pl.Object),
        ([None, Penguin(5.1)], pl.Object),
        ([{"a": 1}, "text"], pl.Object),
        ([{"a": 1}, {"b": 2}], pl.Object),
        ([{"a": 1}, {"a": 0.5}], pl.Object),
        ([[1], [0.5]], pl.Object),
        ([1, "text"], pl.Object),
        ([{"a": Penguin(5.1)}], pl.Object),
        ([2**200], pl.Object),
        ([2**200, None], pl.Object),
    ],
)
@pytest.mark.usefixtures("no_pandas")
def test_a_frame_of_results_holds_what_they_are(values: list[Any], dtype: Any) -> None:
    frame = as_frame([{"parsed": value} for value in values], ["parsed"])
    assert isinstance(frame, pl.DataFrame)
    assert (frame["parsed"].to_list(), frame.schema) == (values, {"parsed": dtype})


@pytest.mark.usefixtures("no_pandas")
def test_a_frame_without_lines_has_its_columns() -> None:
    assert as_frame([], COLUMNS).columns == list(COLUMNS)
