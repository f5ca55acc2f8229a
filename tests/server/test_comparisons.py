"""Comparisons over GraphQL: begun, followed, steered, picked, used and exported."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.server.conftest import Jupyter, Socket

Json = dict[str, Any]
ERROR = "error { __typename kind title }"
VIEW = """
  id name status reason columns input samples blind elsewhere
  rows { index data }
  variants { name system model connection params tools }
  scorers { name kind prompt }
  messages { text }
  progress { status total complete failed cancelled running cost }
  picks { row variant sample }
  winRates { variant wins of rate low high }
  summary { variant measures { name mean low high n } tokens }
"""
CELL = (
    "row variant sample status output scores { name value } usage { outputTokens } error { kind }"
)
COMPARISON = f"""
query ($id: ID!, $first: Int, $after: Int) {{
  comparison(id: $id) {{ {VIEW} cells(first: $first, afterRow: $after) {{ {CELL} }} }}
}}
"""
EVENTS = f"""
subscription ($id: ID!) {{ comparisonEvents(id: $id) {{ events {{
  __typename
  ... on ComparisonSnapshot {{ comparison {{ {VIEW} cells {{ {CELL} }} }} }}
  ... on CellStarted {{ row variant sample }}
  ... on CellTextAdded {{ row variant sample offset text }}
  ... on CellFinished {{ cell {{ {CELL} }} }}
  ... on ComparisonProgressed {{ progress {{ status complete }} }}
  ... on AnswersPicked {{ picks {{ row variant sample }} winRates {{ variant wins of }} }}
  ... on ComparisonSummarized {{ summary {{ variant tokens }} }}
  ... on ComparisonRenamed {{ name }}
}} }} }}
"""
ROWS = [{"input": "Good", "expected": "good"}, {"input": "Bad", "expected": "fine"}]
VARIANTS = [{"name": "Plain"}, {"name": "Warm", "params": {"temperature": 1}}]


def do(jupyter: Jupyter, name: str, fields: str = "", /, **given: Any) -> Any:
    """Carry out a mutation and return its payload."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    query = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {ERROR} {fields} }} }}"
    return jupyter.ask(query, {"input": given})[name]


def ok(jupyter: Jupyter, name: str, fields: str = "", /, **given: Any) -> Any:
    """Carry out a mutation that has to succeed."""
    payload = do(jupyter, name, fields, **given)
    assert payload["error"] is None, payload
    return payload


def thread(jupyter: Jupyter, rate: float | None = None, **given: Any) -> str:
    """Make a thread whose answers repeat the question."""
    params = {"extra": {"demo": {"rate": rate, "first_token": 0}}}
    given = {"model": "demo-echo", "params": params, **given}
    return str(ok(jupyter, "createThread", "thread { id }", **given)["thread"]["id"])


def start(jupyter: Jupyter, thread_id: str, **given: Any) -> str:
    given = {"variants": VARIANTS, "rows": ROWS, **given}
    made = ok(jupyter, "startComparison", "comparisonId", threadId=thread_id, **given)
    return str(made["comparisonId"])


def read(jupyter: Jupyter, comparison: str, **page: int) -> Json:
    found: Json = jupyter.ask(COMPARISON, {"id": comparison, **page})["comparison"]
    return found


def settled(jupyter: Jupyter, comparison: str) -> Json:
    """Wait until nothing is asked any more, and return the comparison."""
    deadline = time.monotonic() + 60
    while (now := read(jupyter, comparison))["status"] == "RUNNING":
        assert time.monotonic() < deadline, now
        time.sleep(0.05)
    return now


async def events_until(socket: Socket, kind: str) -> list[Json]:
    """Return what is told, up to the first of a kind."""
    happened: list[Json] = []
    while True:
        payload = await socket.result()
        for event in payload["data"]["comparisonEvents"]["events"]:
            happened.append(event)
            if event["__typename"] == kind:
                return happened


def test_a_comparison_is_begun_and_read(jupyter: Jupyter) -> None:
    where = thread(jupyter, system="Be brief.")
    scorers = [{"kind": "exact", "column": "expected"}]
    made = start(jupyter, where, scorers=scorers, name="Reviews", samples=2)
    found = settled(jupyter, made)
    assert (found["name"], found["status"], found["samples"]) == ("Reviews", "COMPLETE", 2)
    assert found["rows"] == [{"index": n, "data": row} for n, row in enumerate(ROWS)]
    assert [each["system"] for each in found["variants"]] == ["Be brief."] * 2
    assert found["variants"][1]["params"]["temperature"] == 1
    assert found["scorers"] == [{"name": "exact", "kind": "exact", "prompt": None}]
    assert found["progress"]["complete"] == len(found["cells"]) == 8
    first = found["cells"][0]
    assert (first["output"], first["scores"]) == ("Good", [{"name": "exact", "value": True}])
    assert found["summary"][0]["measures"][0]["mean"] == 0.5
    page = read(jupyter, made, first=1, after=0)["cells"]
    assert {cell["row"] for cell in page} == {1}
    settings = "query ($id: ID!) { thread(id: $id) { settings { comparison } } }"
    shown = jupyter.ask(settings, {"id": where})["thread"]["settings"]["comparison"]
    assert shown == made
    listed = jupyter.ask('{ comparisons(search: "revi") { id rows variants done cells status } }')
    counts = {"rows": 2, "variants": 2, "done": 8, "cells": 8, "status": "COMPLETE"}
    assert listed["comparisons"] == [{"id": made, **counts}]


def test_what_there_is_not_is_null_or_not_found(jupyter: Jupyter) -> None:
    assert read(jupyter, "nowhere") is None
    refused = do(jupyter, "pickAnswer", comparisonId="nowhere", row=0, variant=0)
    assert refused["error"]["__typename"] == "NotFound"


async def test_subscribers_get_a_snapshot_and_what_follows_and_one_who_leaves_ends_nothing(
    jupyter: Jupyter,
) -> None:
    words = [{"input": f"Row {n} has some more words than the others have " * 2} for n in range(3)]
    made = start(jupyter, thread(jupyter, rate=25), rows=words)
    first = await jupyter.connect()
    await first.subscribe(EVENTS, {"id": made})
    told = await events_until(first, "CellTextAdded")
    assert told[0]["__typename"] == "ComparisonSnapshot"
    # The client leaves; the comparison goes on.
    await first.close()

    second = await jupyter.connect()
    await second.subscribe(EVENTS, {"id": made})
    (snapshot,) = await events_until(second, "ComparisonSnapshot")
    cells = {
        (cell["row"], cell["variant"], cell["sample"]): cell["output"]
        for cell in snapshot["comparison"]["cells"]
    }
    assert any(cells.values())
    status = "RUNNING"
    while status == "RUNNING":
        for event in await events_until(second, "ComparisonProgressed"):
            key = (event.get("row"), event.get("variant"), event.get("sample"))
            if event["__typename"] == "CellStarted":
                cells[key] = ""
            elif event["__typename"] == "CellTextAdded":
                assert event["offset"] <= len(cells[key]), "a gap"
                cells[key] = cells[key][: event["offset"]] + event["text"]
            elif event["__typename"] == "ComparisonProgressed":
                status = event["progress"]["status"]
    assert status == "COMPLETE"
    now = read(jupyter, made)
    outputs = {(c["row"], c["variant"], c["sample"]): c["output"] for c in now["cells"]}
    assert cells == outputs
    assert outputs[0, 0, 0] == words[0]["input"]
    await second.close()


async def test_a_pick_is_told_to_those_who_subscribe(jupyter: Jupyter) -> None:
    made = start(jupyter, thread(jupyter), blind=True)
    settled(jupyter, made)
    socket = await jupyter.connect()
    await socket.subscribe(EVENTS, {"id": made})
    await events_until(socket, "ComparisonSnapshot")
    ok(jupyter, "pickAnswer", comparisonId=made, row=1, variant=1)
    told = (await events_until(socket, "AnswersPicked"))[-1]
    assert told["picks"] == [{"row": 1, "variant": 1, "sample": 0}]
    assert told["winRates"][1] == {"variant": "Warm", "wins": 1, "of": 1}
    await socket.close()
    ok(jupyter, "pickAnswer", comparisonId=made, row=1)
    assert read(jupyter, made)["picks"] == []


async def test_a_subscription_to_what_there_is_not_ends_with_an_error(jupyter: Jupyter) -> None:
    socket = await jupyter.connect()
    await socket.subscribe(EVENTS, {"id": "nowhere"})
    message = await socket.receive()
    assert message["type"] == "error"
    assert "no comparison" in message["payload"][0]["message"]
    await socket.close()


def test_one_is_cancelled_gone_on_with_renamed_and_deleted(jupyter: Jupyter) -> None:
    rows = [{"input": f"Row {n} has some more words than the others have"} for n in range(4)]
    made = start(jupyter, thread(jupyter, rate=4), rows=rows, maxConcurrency=1)
    for action in ("PAUSE", "CANCEL"):
        refused = do(jupyter, "steerComparison", comparisonId=made, action=action, maxCost=1)
        assert "goes on" in refused["error"]["title"]
    assert read(jupyter, made)["status"] == "RUNNING"
    ok(jupyter, "steerComparison", comparisonId=made, action="CANCEL")
    assert settled(jupyter, made)["status"] == "CANCELLED"
    ok(jupyter, "renameComparison", comparisonId=made, name="Lamps")
    assert read(jupyter, made)["name"] == "Lamps"
    ok(jupyter, "steerComparison", comparisonId=made, action="RESUME", maxCost=1)
    assert read(jupyter, made)["status"] == "RUNNING"
    ok(jupyter, "deleteComparison", comparisonId=made)
    assert read(jupyter, made) is None


async def test_subscribers_are_told_another_name_and_cells_say_how_they_are(
    jupyter: Jupyter,
) -> None:
    made = start(jupyter, thread(jupyter), name="Reviews")
    assert {cell["status"] for cell in settled(jupyter, made)["cells"]} == {"COMPLETE"}
    socket = await jupyter.connect()
    await socket.subscribe(EVENTS, {"id": made})
    await events_until(socket, "ComparisonSnapshot")
    ok(jupyter, "renameComparison", comparisonId=made, name="Lamps")
    assert (await events_until(socket, "ComparisonRenamed"))[-1]["name"] == "Lamps"
    await socket.close()


def test_an_answer_becomes_a_message_of_its_thread(jupyter: Jupyter) -> None:
    where = thread(jupyter, messages=[{"content": [{"text": "Hello"}]}])
    made = start(jupyter, where, rows=None)
    settled(jupyter, made)
    used = ok(
        jupyter,
        "useAnswer",
        "revision messageId",
        threadId=where,
        comparisonId=made,
        row=0,
        variant=1,
    )
    query = "query ($id: ID!) { thread(id: $id) { head path { text params model } } }"
    found = jupyter.ask(query, {"id": where})["thread"]
    assert found["head"] == used["messageId"]
    assert found["path"][-1]["text"] == "Hello"
    assert found["path"][-1]["params"]["temperature"] == 1
    other = do(jupyter, "useAnswer", threadId=thread(jupyter), comparisonId=made, row=0, variant=1)
    assert other["error"]["__typename"] == "Conflict"


@pytest.mark.parametrize("format_", ["CSV", "HTML", "CELLS"])
def test_a_comparison_is_exported(jupyter: Jupyter, format_: str) -> None:
    made = start(jupyter, thread(jupyter), name="Reviews")
    settled(jupyter, made)
    fields = "file { name mediaType text } cells { type source }"
    found = ok(jupyter, "exportComparison", fields, comparisonId=made, format=format_)
    if format_ == "CELLS":
        assert [cell["type"] for cell in found["cells"]] == ["code", "markdown"]
    else:
        assert found["file"]["name"] == f"reviews.{format_.lower()}"
        assert "Good" in found["file"]["text"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"variants": []},
        {"rows": [1]},
        {"samples": 0},
        {"scorers": [{"kind": "magic"}]},
        {"variants": [{"connection": "nowhere"}]},
        {"variants": [{"params": [1]}]},
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused(jupyter: Jupyter, wrong: Json) -> None:
    where = thread(jupyter)
    given = {"variants": VARIANTS, "rows": ROWS, **wrong}
    payload = do(jupyter, "startComparison", "comparisonId", threadId=where, **given)
    assert payload["comparisonId"] is None
    assert payload["error"]["title"]


def test_a_comparison_that_is_asked_for_twice_begins_once(jupyter: Jupyter) -> None:
    where = thread(jupyter)
    made = {start(jupyter, where, clientMutationId="once") for _ in range(2)}
    assert len(made) == 1
