"""The golden file of comparisons: the events in it are those that Python writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playground_widget.compare import (
    Cell,
    CellFinished,
    CellStarted,
    CellText,
    Key,
    Pick,
    Picked,
    Progress,
    Renamed,
    Score,
    Summary,
    Update,
    WinRate,
    update_to_dict,
)
from playground_widget.errors import ErrorInfo
from playground_widget.model import Timing, Usage
from tests.compare.test_wire import fold

FILE = Path(__file__).parents[1] / "fixtures" / "comparison" / "run.json"

FIRST, SECOND = Key(0, 0, 0), Key(0, 1, 0)


def progress(complete: int, failed: int, running: int, status: str = "running") -> Progress:
    return Progress(
        status=status,
        reason=None,
        total=2,
        complete=complete,
        failed=failed,
        cancelled=0,
        running=running,
        cost=None,
        rate=None,
        left=None,
    )


UPDATES: list[Update] = [
    CellStarted(FIRST),
    CellStarted(SECOND),
    progress(0, 0, 2),
    CellText(FIRST, 0, "A 🐧 is"),
    CellText(SECOND, 0, "It"),
    # What was said before comes again, and more.
    CellText(FIRST, 4, "is a bird."),
    progress(0, 0, 2),
    CellFinished(
        Cell(
            **FIRST._asdict(),
            status="complete",
            output="A 🐧 is a bird.",
            scores={"exact": Score(value=True), "judge": Score(value=0.5, reason="Short.")},
            usage=Usage(input_tokens=3, output_tokens=6, cost=0.001),
            timing=Timing(duration=1.5, first_token=0.5),
            request_id="req_1",
            model="demo-echo",
            finish_reason="stop",
        )
    ),
    CellFinished(
        Cell(
            **SECOND._asdict(),
            status="failed",
            output="It",
            error=ErrorInfo(kind="connection", title="The connection dropped after 1 token"),
            model="demo-echo",
        )
    ),
    progress(1, 1, 0, "complete"),
    Summary(
        [
            {
                "variant": "Plain",
                "measures": {"exact": {"n": 1, "mean": 1.0, "low": 1.0, "high": 1.0}},
                "first_token": 0.5,
                "speed": 6.0,
                "tokens": 9,
                "cost": 0.001,
                "duration": 1.5,
            }
        ]
    ),
    Picked({0: Pick(0, blind=True)}, [WinRate("Plain", 1, 1, 1.0, 0.25, 1.0)]),
    Renamed("Sea birds"),
    progress(1, 1, 0, "complete"),
]


def golden() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return read


def test_the_events_of_the_golden_file_are_those_that_python_writes() -> None:
    written = json.loads(json.dumps([update_to_dict(update) for update in UPDATES]))
    assert written == golden()["events"]


def test_what_happened_leads_from_the_view_to_what_is_expected() -> None:
    file = golden()
    assert fold(file["view"], file["events"]) == file["expected"]
    assert [cell["output"] for cell in file["expected"]["cells"]] == ["A 🐧 is a bird.", "It"]
