from __future__ import annotations

import csv
import io
import re
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.demo import _tables

CSV = "species,birds,mean_mass_g\nAdelie,151,3701\nChinstrap,68,3733\nGentoo,123,\n"
MARKDOWN = """| Species | Birds | Mass |
|:---|---:|---:|
| Adelie | 151 | 3,701 |
| Gentoo | 123 | 5,076 |"""
PRINTED = """     species  birds
0     Adelie    151
1  Chinstrap     68
2     Gentoo    123"""


@pytest.mark.parametrize(
    ("text", "columns", "rows"),
    [
        (CSV, ("species", "birds", "mean_mass_g"), 3),
        (f"Summarise this.\n\n{CSV}\n(3 of 30 rows)", ("species", "birds", "mean_mass_g"), 3),
        (f"What stands out here?\n{CSV}", ("species", "birds", "mean_mass_g"), 3),
        (f"```\n{CSV}```", ("species", "birds", "mean_mass_g"), 3),
        (CSV.replace(",", "\t"), ("species", "birds", "mean_mass_g"), 3),
        (f"See:\n\n{MARKDOWN}\n\nThanks", ("Species", "Birds", "Mass"), 2),
        (PRINTED, ("", "species", "birds"), 3),
    ],
)
def test_a_table_is_found_however_it_is_written(
    text: str, columns: tuple[str, ...], rows: int
) -> None:
    table = _tables.find(text)
    assert table
    assert table.columns == columns
    assert len(table.rows) == rows


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello, you.",
        "Dear Ada, I write to you\nabout the engine, again,\nand its cards, as promised.",
        "for a in b:\n    print(a, b)\n    print(b, a)",
        "one\ntwo\nthree",
    ],
)
def test_prose_and_code_are_no_tables(text: str) -> None:
    assert _tables.find(text) is None


def test_what_is_said_of_a_table_is_computed_from_it() -> None:
    table = _tables.find(CSV)
    assert table
    said = _tables.about(table, "Which birds are the most?")
    assert "**3 rows and 3 columns**" in said
    assert "1 cell without a value" in said
    assert "| birds | 3 | 114 | 68 | 151 |" in said
    assert "| mean\\_mass\\_g | 2 | 3,717 | 3,701 | 3,733 |" in said
    assert "largest mean is **mean\\_mass\\_g**, at 3,717" in said
    assert "The largest birds is 151, in row 1 (Adelie)" in said


numbers = st.integers(-10_000, 10_000) | st.floats(-1e6, 1e6).map(lambda value: round(value, 2))


@given(st.lists(st.tuples(st.sampled_from("abc"), numbers, numbers), min_size=2, max_size=30))
def test_the_figures_of_any_csv_are_right(rows: list[tuple[str, float, float]]) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([("kind", "first", "second"), *rows])
    table = _tables.find(file.getvalue())
    assert table
    said = _tables.about(table, "")
    for column, name in ((1, "first"), (2, "second")):
        found = re.search(rf"\| {name} \| (\d+) \| (\S+) \| (\S+) \| (\S+) \|", said)
        assert found
        values = [float(row[column]) for row in rows]
        shown = [float(cell.replace(",", "")) for cell in found.groups()]
        expected = [len(values), fmean(values), min(values), max(values)]
        assert shown == pytest.approx(expected, abs=0.006, rel=0.006)


@pytest.mark.parametrize("cells", [["1e308"] * 3, ["1e999", "-1e999", "2"], ["nan", "1e999", "1"]])
def test_numbers_of_any_size_have_figures(cells: list[str]) -> None:
    table = _tables.find(
        "name,size\n" + "\n".join(f"x{at},{cell}" for at, cell in enumerate(cells))
    )
    assert table is not None
    assert "3 rows" in _tables.about(table, "size")


@given(st.text(max_size=400), st.text(max_size=40))
def test_any_text_can_be_searched_for_tables(text: str, question: str) -> None:
    table = _tables.find(text + "\n" + text)
    if table:
        assert _tables.about(table, question)
