"""What a page begins a comparison with: rows, files, variants, tools and scorers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from playground_widget.compare import Key
from playground_widget.demo import DemoServer
from tests.compare.page import EXACT_OF_INPUT, LONG, ROWS, Json, Page


def test_scorers_that_are_no_code_score_what_is_asked_after_it_is_opened_again(
    page: Callable[..., Page],
) -> None:
    from playground_widget.compare import _start  # noqa: PLC0415

    here = page(extra={"demo": {"rate": 15, "first_token": 0}})
    identity = here.ask(
        "compare", variants=[{}], rows=LONG, max_concurrency=1, scorers=EXACT_OF_INPUT
    )
    here.ask("steer", **identity, action="cancel")
    here.ended("cancelled")
    here.ask("close_comparison")
    here.playground._engine.call(_start._runners.clear)
    here.ask("open_comparison", **identity)
    here.ask("steer", **identity, action="resume")
    here.ended()
    cells = here.runner().cells.values()
    assert [cell.scores["exact"].value for cell in cells] == [True] * 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"variants": []},
        {"rows": []},
        {"rows": ROWS, "csv": "input\nA"},
        {"csv": ""},
        {"csv": "a,b\n1,2,3"},
        {"rows": ROWS, "input": "gone"},
        {"rows": ROWS, "samples": 0},
        {"rows": ROWS, "scorers": [{"kind": "magic"}]},
        {"rows": ROWS, "scorers": [{"kind": "regex", "pattern": "("}]},
        {"rows": ROWS, "scorers": [{"kind": "exact"}]},
        {"rows": ROWS, "scorers": [{"kind": "exact", "column": "a", "more": 1}]},
        {"variants": [{"connection": "nowhere"}], "rows": ROWS},
        {"variants": [{"tools": ["hammer"]}], "rows": ROWS},
        {"variants": [{"params": {"temperature": 9}}], "rows": ROWS},
        {"rows": ROWS * 1000, "samples": 1000},
    ],
    ids=lambda wrong: str(wrong)[:60],
)
def test_what_cannot_be_meant_is_refused_and_asks_nothing(
    page: Callable[..., Page], server: DemoServer, wrong: Json
) -> None:
    here = page()
    answer = here.answer("compare", **{"variants": [{}], **wrong})
    assert answer["type"] == "refused"
    assert answer["error"]["title"]
    assert here.ask("comparisons")["comparisons"] == []
    assert not server.requests
    assert here.settings()["comparison"] is None


def test_rows_come_from_the_text_of_a_file(page: Callable[..., Page]) -> None:
    here = page()
    text = '\ufeffinput,expected\r\n"Two\r\nlines",yes\r\nOne\r\n'
    identity = here.ask("compare", variants=[{}], csv=text)
    here.ended()
    view = here.ask("open_comparison", **identity)["comparison"]
    assert [row["data"] for row in view["rows"]] == [
        {"input": "Two\r\nlines", "expected": "yes"},
        {"input": "One", "expected": None},
    ]


def test_a_tool_that_a_page_names_for_a_variant_is_called(
    page: Callable[..., Page], server: DemoServer
) -> None:
    def area(width: int, height: int) -> int:
        """Return the area of a rectangle."""
        return width * height

    here = page(tools=[area])
    variants = [{"model": "demo-tools", "tools": ["area"]}, {"name": "Without", "tools": []}]
    identity = here.ask("compare", variants=variants, rows=[{"input": "area of 3 by 4"}])
    here.ended()
    assert sorted("tools" in each.body for each in server.requests) == [False, True, True]
    cell = here.runner().cells[Key(0, 0, 0)]
    assert [(step.name, step.error) for step in cell.steps] == [("area", None)]
    view = here.ask("open_comparison", **identity)["comparison"]
    assert [each["tools"] for each in view["variants"]] == [["area"], []]
    shown = next(each for each in view["cells"] if each["variant"] == 0)
    assert shown["steps"] == [step.to_dict() for step in cell.steps]
    code = here.ask("export_comparison", **identity, format="cells")["cells"][0]["source"]
    assert "may call first: area" in code
    assert "tools=[area]" in code
    assert ") → 12<" in here.ask("export_comparison", **identity, format="html")["text"]
