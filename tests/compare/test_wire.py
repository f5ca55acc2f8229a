"""What a page asks of comparisons, and what it is told, over a comm without a kernel."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import comm
import pytest
from comm.base_comm import BaseComm

from playground_widget import Playground, Variant, exact
from playground_widget.compare import Key, Runner, target_of
from playground_widget.demo import DemoServer, shared
from playground_widget.errors import ConflictError, InputError
from playground_widget.export import Options, request_for
from playground_widget.template import rendered

Json = dict[str, Any]
ROWS = [{"input": "Good", "expected": "good"}, {"input": "Bad", "expected": "fine"}]
VARIANTS = [{"name": "Plain"}, {"name": "Warm", "params": {"temperature": 1}}]
LONG = [{"input": f"Row {n} has a few more words than the others have"} for n in range(3)]
EXACT = [{"kind": "exact", "column": "expected"}]


class RecordingComm(BaseComm):
    """Keeps what would go to the browser."""

    def publish_msg(self, msg_type: str, data: Any = None, *_: Any, **keys: Any) -> None:
        json.dumps(data, allow_nan=False)
        with _heard:
            self.__dict__.setdefault("sent", []).append(data)
            _heard.notify_all()


_heard = threading.Condition()


class Page:
    """A page with a playground."""

    def __init__(self, playground: Playground) -> None:
        self.playground = playground
        self.comm: Any = playground.widget.comm
        self._asked = 0

    def events(self) -> list[Json]:
        """Return what the page was told, in order."""
        return [
            event
            for each in self.comm.__dict__.get("sent", [])
            if each.get("method") == "update"
            for event in each["state"].get("delta", {}).get("events", [])
        ]

    def until(self, found: Callable[[list[Json]], Any]) -> Any:
        """Wait until what was told has something, and return it."""
        got: list[Any] = []

        def look() -> bool:
            got[:] = [found(self.events())]
            return bool(got[0])

        with _heard:
            assert _heard.wait_for(look, 30), self.events()
        return got[0]

    def ask(self, kind: str, **fields: Any) -> Json:
        """Ask, and return the result; a refusal is an error."""
        answer = self.answer(kind, **fields)
        assert answer["type"] == "done", answer
        result: Json = answer["result"]
        return result

    def answer(self, kind: str, **fields: Any) -> Json:
        self._asked += 1
        identity = f"r{self._asked}"
        content = {"type": kind, "request": identity, **fields}
        message = {"content": {"data": {"method": "custom", "content": content}}, "buffers": []}
        self.comm.handle_msg(message)

        def answered(events: list[Json]) -> Json | None:
            return next((each for each in events if each.get("request") == identity), None)

        found: Json = self.until(answered)
        return found

    def happened(self) -> list[Json]:
        """Return what happened in comparisons."""
        return [e for each in self.events() if each["type"] == "comparison" for e in each["events"]]

    def ended(self, status: str = "complete") -> None:
        """Wait until the comparison that is shown has ended so."""
        self.until(
            lambda _: any(
                e["type"] == "progress" and e["status"] == status for e in self.happened()
            )
        )

    def settings(self) -> Json:
        conversation = self.playground._conversation
        return self.playground._engine.call(conversation.settings)

    def runner(self) -> Runner:
        runner = self.playground._conversation.comparing.shown
        assert runner is not None
        return runner


@pytest.fixture
def page(
    playground: Callable[..., Playground], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Page]:
    monkeypatch.setattr(comm, "create_comm", RecordingComm)

    def make(*args: Any, **kwargs: Any) -> Page:
        return Page(playground(*args, model="demo-echo", **kwargs))

    return make


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


EXACT_OF_INPUT = [{"kind": "exact", "column": "input"}]


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


def test_an_answer_becomes_a_version_beside_others_with_what_it_was_asked_with(
    page: Callable[..., Page],
) -> None:
    here = page("Be brief.")
    pg = here.playground
    pg.send("Hello")
    identity = here.ask("compare", variants=[{"name": "Loud", "system": "Shout.", **WARM}])
    here.ended()
    made = here.ask("use_answer", **identity, row=0, variant=0)["message"]
    used = pg.messages[-1]
    assert (used.id, used.text, len(pg)) == (made, "Hello", 2)
    assert used.params is not None
    assert used.params.temperature == 1
    assert used.connection
    assert here.ask("promote", message=made)["variant"] == {
        "system": "Shout.",
        "model": "demo-echo",
        "params": used.params.to_dict(),
        "tools": [],
        "connection": "demo",
    }
    assert pg.system == "Be brief."
    here.ask("undo")
    assert pg.messages[-1].id != made


WARM = {"params": {"temperature": 1}}


def test_an_answer_to_a_row_brings_its_question_once(page: Callable[..., Page]) -> None:
    here = page()
    pg = here.playground
    identity = here.ask("compare", variants=VARIANTS, rows=ROWS)
    here.ended()
    first = here.ask("use_answer", **identity, row=1, variant=0)["message"]
    second = here.ask("use_answer", **identity, row=1, variant=1)["message"]
    assert [message.text for message in pg.messages] == ["Bad", "Bad"]
    messages = pg.thread.messages
    assert messages[first].parent == messages[second].parent == pg.messages[0].id


def test_an_answer_keeps_templates_and_their_values_as_one_of_the_thread_does(
    page: Callable[..., Page], server: DemoServer
) -> None:
    here = page("Answer in {{language}} about {{topic}}.", variables={"language": "French"})
    pg = here.playground
    rows = [{"input": "A row with {{braces}}", "topic": "birds"}]
    identity = here.ask("compare", variants=[{}], rows=rows)
    here.ended()
    made = here.ask("use_answer", **identity, row=0, variant=0)["message"]
    answer = pg.thread.messages[made]
    assert answer.variables == {"language": "French", "topic": "birds"}
    assert answer.prompt is not None
    assert pg.thread.prompts[answer.prompt - 1].text == pg.system
    # The request that it came from can be made of the thread again.
    shown = request_for(pg.thread, answer, Options(), target_of(pg.connection))
    assert shown.body["messages"] == server.requests[0].body["messages"]
    # What a row says is sent word for word, also when it is asked for again.
    question, _ = pg.messages
    assert rendered(question.text, {"braces": "x"}) == rows[0]["input"] == answer.text
    pg.variables["topic"] = "trees"
    pg.regenerate(made)
    assert pg.messages[-1].text == rows[0]["input"]


def test_an_answer_brings_the_calls_that_led_to_it_as_a_turn_of_the_thread_has_them(
    page: Callable[..., Page], server: DemoServer
) -> None:
    def area(width: int, height: int) -> int:
        """Return the area of a rectangle."""
        return width * height

    steering = {"demo": {"rate": None, "first_token": 0, "rounds": 2}}
    here = page(tools=[area], extra=steering)
    pg = here.playground
    pg.model = "demo-tools"
    identity = here.ask("compare", variants=[{}], rows=[{"input": "area of 3 by 4"}])
    here.ended()
    made = here.ask("use_answer", **identity, row=0, variant=0)["message"]
    used = pg.messages
    assert used[-1].id == made
    assert [call.name for call in used[1].tool_calls]
    asked = [record.body["messages"] for record in server.requests]
    pg.send("And now?")
    # The service is told the same turn as when the cell was asked.
    again = server.requests[-1].body["messages"]
    assert again[: len(asked[-1])] == asked[-1]
    variant = here.ask("promote", message=made)["variant"]
    assert variant["tools"] == ["area"]
    for _ in ("the message that was sent", "the answer that was used"):
        here.ask("undo")
    assert len(pg) == 0


def test_an_answer_is_not_put_where_it_was_not_asked(page: Callable[..., Page]) -> None:
    here = page()
    here.playground.send("Hello")
    identity = here.ask("compare", variants=[{}])
    here.ended()
    here.ask("new_thread")
    refused = here.answer("use_answer", **identity, row=0, variant=0)
    assert refused["error"]["kind"] == "conflict"
    assert len(here.playground) == 0


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


# -- from Python


def test_one_that_python_deletes_is_shown_no_more(page: Callable[..., Page]) -> None:
    here = page()
    comparison = here.playground.compare(ROWS).result(20)
    assert here.settings()["comparison"] == comparison.id
    comparison.delete()
    assert here.settings()["comparison"] is None


def test_what_python_compares_is_shown_and_its_cells_can_be_used(
    page: Callable[..., Page],
) -> None:
    here = page()
    pg = here.playground
    comparison = pg.compare(ROWS, [Variant(name="Plain")], blind=True).result(20)
    assert here.settings()["comparison"] == comparison.id
    assert comparison.blind
    assert comparison.win_rates() == ()
    comparison.pick(0, "Plain")
    (rate,) = comparison.win_rates()
    assert (rate.wins, rate.of) == (1, 1)
    assert pg.use(comparison.cell(0, "Plain")).text == "Good"
    other = pg.compare(ROWS, [Variant(name="Other")]).result(20)
    with pytest.raises(InputError, match="Say which it is of"):
        pg.use(comparison.cell(1, "Plain"))
    assert pg.use(comparison.cell(1, "Plain"), comparison).text == "Bad"
    assert pg.use(other.cell(1, "Other")).text == "Bad"


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


def test_an_answer_of_a_running_cell_is_not_used(compare: Callable[..., Any], answers: Any) -> None:
    comparison = compare(1)
    answers.wait_for(1)
    from playground_widget.conversation import use_answer  # noqa: PLC0415

    runner = comparison.runner
    engine = comparison._engine
    with pytest.raises(InputError, match="no answer in this cell"):
        engine.do(use_answer, runner.owner, runner, Key(0, 0, 0))


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
