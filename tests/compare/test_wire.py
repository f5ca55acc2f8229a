"""What a page asks of comparisons, and what it is told, over a comm without a kernel."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from playground_widget.errors import ConflictError
from tests.compare.page import EXACT, EXACT_OF_INPUT, ROWS, VARIANTS, Json, Page


def fold(view: Json, events: list[Json]) -> Json:
    """Apply what happened to a view, as a page does."""
    cells = {(c["row"], c["variant"], c["sample"]): dict(c) for c in view["cells"]}
    for event in events:
        key = (event.get("row"), event.get("variant"), event.get("sample"))
        match event["type"]:
            case "cell_started":
                named = dict(zip(("row", "variant", "sample"), key, strict=True))
                cells[key] = {**named, "status": "running", "output": ""}
            case "cell_text":
                known = cells[key]["output"]
                assert event["offset"] <= len(known), "a gap"
                cells[key]["output"] = known[: event["offset"]] + event["text"]
            case "cell_finished":
                cell = event["cell"]
                cells[cell["row"], cell["variant"], cell["sample"]] = cell
            case "picked":
                view = {**view, "picks": event["picks"], "win_rates": event["win_rates"]}
            case "summary":
                view = {**view, "summary": event["summary"]}
            case "renamed":
                view = {**view, "name": event["name"]}
            case "progress":
                progress = {name: value for name, value in event.items() if name != "type"}
                view = {**view, "progress": progress, "status": event["status"]}
    return {**view, "cells": [cells[key] for key in sorted(cells)]}


def test_a_comparison_that_a_page_begins_is_shown_and_told_as_it_runs(
    page: Callable[..., Page],
) -> None:
    here = page()
    identity = here.ask("compare", variants=VARIANTS, rows=ROWS, scorers=EXACT, name="Reviews")
    assert here.settings()["comparison"] == identity["comparison"]
    here.ended()
    told = [e["cell"] for e in here.happened() if e["type"] == "cell_finished"]
    view = here.ask("open_comparison", **identity)["comparison"]
    outputs = {(cell["row"], cell["variant"]): cell["output"] for cell in view["cells"]}
    assert outputs == {(0, 0): "Good", (0, 1): "Good", (1, 0): "Bad", (1, 1): "Bad"}
    assert told
    assert all(cell in view["cells"] for cell in told)


def test_a_view_has_all_that_there_is_and_what_follows_goes_on_from_it(
    page: Callable[..., Page],
) -> None:
    words = [{"input": "One two three four five six seven eight nine ten 🐧 " * 4}]
    here = page(extra={"demo": {"rate": 60, "first_token": 0}})
    identity = here.ask("compare", variants=VARIANTS, rows=words)["comparison"]
    here.until(lambda _: any(e["type"] == "cell_text" for e in here.happened()))
    view = here.ask("open_comparison", comparison=identity)["comparison"]
    running = [cell for cell in view["cells"] if cell["status"] == "running"]
    assert running
    assert any(cell["output"] for cell in running)
    here.ended()
    events = here.events()
    at = max(n for n, each in enumerate(events) if isinstance(each.get("result"), dict))
    later = [e for each in events[at:] if each["type"] == "comparison" for e in each["events"]]
    here.until(lambda _: any(e["type"] == "summary" for e in here.happened()))
    again = here.ask("open_comparison", comparison=identity)["comparison"]
    assert fold(view, later)["cells"] == again["cells"]
    assert [cell["output"] for cell in again["cells"]] == [words[0]["input"]] * 2


def test_a_view_has_what_the_wire_says(page: Callable[..., Page]) -> None:
    here = page("Be brief.")
    identity = here.ask("compare", variants=VARIANTS, rows=ROWS, scorers=EXACT, name="Reviews")
    here.ended()
    here.ask("pick", comparison=identity["comparison"], row=0, variant=1)
    view = here.ask("open_comparison", **identity)["comparison"]
    assert " ".join(view) == (
        "id name status reason columns input rows variants samples scorers messages cells "
        "progress picks blind summary win_rates elsewhere"
    )
    assert (view["name"], view["status"], view["elsewhere"]) == ("Reviews", "complete", False)
    assert view["rows"] == [{"index": n, "data": row} for n, row in enumerate(ROWS)]
    assert view["variants"][1]["name"] == "Warm"
    assert view["variants"][1]["params"]["temperature"] == 1
    assert view["variants"][1]["system"] == "Be brief."
    assert view["scorers"] == [{"name": "exact", "kind": "exact"}]
    assert view["picks"] == [{"row": 0, "variant": 1, "sample": 0}]
    warm = view["win_rates"][1]
    assert (warm["variant"], warm["wins"], warm["of"], warm["rate"]) == ("Warm", 1, 1, 1.0)
    line = view["summary"][0]
    assert line["measures"]["exact"]["mean"] == 0.5
    assert line["tokens"] > 0
    cell = view["cells"][0]
    assert (cell["row"], cell["variant"], cell["sample"], cell["status"]) == (0, 0, 0, "complete")


def test_picks_are_told_and_those_made_blind_count(page: Callable[..., Page]) -> None:
    here = page()
    identity = here.ask("compare", variants=VARIANTS, rows=ROWS, blind=True)
    here.ended()
    here.ask("pick", **identity, row=0, variant=1)
    here.ask("pick", **identity, row=1, variant=1)
    here.ask("pick", **identity, row=1, variant=0)
    told = here.until(
        lambda _: [e for e in here.happened() if e["type"] == "picked" and len(e["picks"]) == 2]
    )
    here.until(lambda _: here.happened()[-1]["type"] == "progress")
    told = [e for e in here.happened() if e["type"] == "picked"][-1]
    assert told["picks"] == [
        {"row": 0, "variant": 1, "sample": 0},
        {"row": 1, "variant": 0, "sample": 0},
    ]
    assert [(rate["wins"], rate["of"]) for rate in told["win_rates"]] == [(0, 1), (1, 1)]
    assert here.answer("pick", **identity, row=9, variant=0)["error"]["kind"] == "notfound"


def test_another_that_is_shown_is_told_of_and_the_one_before_no_more(
    page: Callable[..., Page],
) -> None:
    here = page()
    first = here.ask("compare", variants=VARIANTS, rows=ROWS)["comparison"]
    here.ended()
    here.ask("close_comparison")
    assert here.settings()["comparison"] is None
    count = len(here.happened())
    here.ask("pick", comparison=first, row=0, variant=0)
    here.ask("comparisons")
    assert len(here.happened()) == count


def test_the_list_says_how_far_each_is(page: Callable[..., Page]) -> None:
    here = page()
    identity = here.ask("compare", variants=VARIANTS, rows=ROWS, samples=2, name="Reviews")
    here.ended()
    assert here.ask("comparisons", search="lamp")["comparisons"] == []
    (found,) = here.ask("comparisons", search="revi")["comparisons"]
    assert found["id"] == identity["comparison"]
    counts = {name: found[name] for name in ("rows", "variants", "done", "cells", "status")}
    assert counts == {"rows": 2, "variants": 2, "done": 8, "cells": 8, "status": "complete"}


def test_one_is_cancelled_resumed_renamed_and_deleted(page: Callable[..., Page]) -> None:
    here = page(extra={"demo": {"rate": 5, "first_token": 0}})
    rows = [{"input": f"Row {n} has a few more words than others"} for n in range(4)]
    identity = here.ask(
        "compare", variants=[{}], rows=rows, max_concurrency=1, scorers=EXACT_OF_INPUT
    )
    here.ask("steer", **identity, action="cancel")
    here.ended("cancelled")
    here.ask("rename_comparison", **identity, name="Lamps")
    assert here.ask("comparisons")["comparisons"][0]["name"] == "Lamps"
    assert here.answer("rename_comparison", **identity, name=" ")["type"] == "refused"
    here.ask("steer", **identity, action="resume", max_cost=5)
    assert here.runner().status == "running"
    here.ask("delete_comparison", **identity)
    assert here.ask("comparisons")["comparisons"] == []
    assert here.settings()["comparison"] is None


def test_whoever_shows_a_comparison_is_told_its_new_name(page: Callable[..., Page]) -> None:
    here, there = page(), page()
    identity = here.ask("compare", variants=[{}], rows=ROWS, name="Reviews")
    here.ended()
    there.ask("open_comparison", **identity)
    here.ask("rename_comparison", **identity, name="Lamps")
    told = [{"type": "renamed", "name": "Lamps"}]
    here.until(lambda _: here.happened()[-2:-1] == told)
    there.until(lambda _: there.happened()[-2:-1] == told)
    here.playground.comparison(identity["comparison"]).name = "Chairs"
    there.until(lambda _: {"type": "renamed", "name": "Chairs"} in there.happened())


def test_one_that_python_deletes_is_shown_no_more(page: Callable[..., Page]) -> None:
    here = page()
    comparison = here.playground.compare(ROWS).result(20)
    assert here.settings()["comparison"] == comparison.id
    comparison.delete()
    assert here.settings()["comparison"] is None


def test_a_comparison_of_another_process_is_not_steered_from_here(
    page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = page()
    identity = here.ask("compare", variants=[{}], rows=ROWS)
    here.ended()
    here.runner().status = "running"
    refused = here.answer("steer", **identity, action="pause")
    assert refused["error"]["kind"] == ConflictError.__name__.removesuffix("Error").lower()
    assert "another process" in refused["error"]["title"]
