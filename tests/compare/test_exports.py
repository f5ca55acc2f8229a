"""A comparison as files, cells, and the code that makes it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from playground_widget import Variant, exact
from playground_widget.demo import DemoServer, shared
from playground_widget.errors import InputError
from tests.compare.page import ROWS, WARM, Json, Page


def test_it_is_exported_as_csv_html_and_cells(page: Callable[..., Page], tmp_path: Path) -> None:
    import csv  # noqa: PLC0415

    here = page("Say <b>.")
    rows = [{"input": "A | <script>alert(1)</script>", "expected": "x"}, {"input": "=1", **X}]
    comparison = here.playground.compare(
        rows, [Variant(name="Plain"), Variant(name="W")], scorers=[exact("expected")], name="A <b>"
    ).result(20)
    comparison.pick(0, "Plain")
    file = comparison.export(tmp_path / "a.csv")
    with file.open(encoding="utf-8", newline="") as text:
        lines = list(csv.DictReader(text))
    frame = comparison.records()
    assert [line["output"] for line in lines] == [line["output"] for line in frame]
    assert list(lines[0]) == list(frame[0])
    html = comparison.export(tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "prefers-color-scheme: dark" in html
    assert "picked" in html
    with pytest.raises(InputError, match=r"neither \.csv nor \.html"):
        comparison.export(tmp_path / "a.docx")
    code, table = comparison.to_cells()
    assert (code.type, table.type) == ("code", "markdown")
    assert "<script" not in table.source.replace("\\<script", "")
    asked = here.ask("export_comparison", comparison=comparison.id, format="csv")
    assert asked["text"] == file.read_bytes().decode()
    assert asked["media_type"] == "text/csv"
    cells = here.ask("export_comparison", comparison=comparison.id, format="cells")["cells"]
    assert [cell["source"] for cell in cells] == [code.source, table.source]


X = {"expected": "x"}


def test_the_code_of_a_comparison_makes_it_again(
    page: Callable[..., Page], server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = page("Be brief.")
    pg = here.playground
    pg.add("Before")
    pg.add("So it is.", role="assistant")
    variants = [Variant(name="Plain"), Variant(name="Warm", system="Warm.", **WARM)]  # type: ignore[arg-type]
    first = pg.compare(ROWS, variants, samples=2, scorers=[exact("expected")], name="Reviews")
    first.result(20)
    (code, _) = first.to_cells()
    bodies = [record.body for record in server.requests]
    monkeypatch.setenv("PLAYGROUND_WIDGET_DB", ":memory:")
    asked = shared().requests
    asked.clear()
    made: Json = {}
    exec(compile(code.source, "cell", "exec"), made)  # noqa: S102 - the point of the test
    again = made["comparison"]
    assert [cell.output for cell in again.cells] == [cell.output for cell in first.cells]
    assert list(again.scorers) == ["exact"]

    def plain(body: Json) -> str:
        return json.dumps({n: v for n, v in body.items() if n not in {"demo", "stream_options"}})

    assert sorted(map(plain, bodies)) == sorted(plain(record.body) for record in asked)
    made["pg"].close()
