"""Tools of MCP servers: what the model is told of them, and what comes of their calls."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from playground_widget import (
    MCP,
    Image,
    InputError,
    SetupError,
    Text,
    Tool,
    Variant,
)
from tests.playground.mcp_setup import (
    SECRET,
    TOOLS,
    Make,
    Served,
    api,
    are_gone,
    mcp,
    notes,
    result,
    results,
    served,
    started,
    stdio,
    until,
)

__all__ = ["api", "mcp", "notes", "served"]


# -- what there is, and what comes of it


def test_the_tools_of_a_server_have_its_words_and_schemas(playground: Make, mcp: MCP) -> None:
    pg = playground(tools=[mcp])
    area = pg.tools[0]
    assert area.signature == "area(width, height)"
    assert area.description == "The area of a rectangle."
    assert area.parameters["required"] == ["width"]
    assert area.parameters["properties"]["width"]["description"] == "In metres."
    assert "odd_name_of_a_tool" in [tool.name for tool in pg.tools]


@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_a_call_is_made_by_the_server_and_its_result_answered(
    playground: Make, notes: Path, transport: str, request: pytest.FixtureRequest
) -> None:
    http = transport == "http"
    mcp = MCP(url=request.getfixturevalue("served").url) if http else stdio(notes)
    pg = playground(model=TOOLS, tools=[mcp])
    answer = pg.send("What is the area of 3 by 4?")
    assert [message.role for message in pg.messages] == ["user", "assistant", "tool", "assistant"]
    assert list(pg[2].content) == [Text("12.0")]
    assert "12" in answer.text
    assert result(pg, "odd_name_of_a_tool of 3").status == "complete"


def test_structured_content_and_pictures_are_results(playground: Make, mcp: MCP) -> None:
    pg = playground(model=TOOLS, tools=[mcp])
    assert result(pg, "rectangle of 3").text == '{"width":3.0,"area":9.0}'
    words, picture = result(pg, "picture of 1").content
    assert words == Text("One pixel")
    assert isinstance(picture, Image)
    assert (picture.media_type, picture.width, picture.height) == ("image/png", 1, 1)


def test_an_error_of_the_tool_is_a_failed_call_in_its_words(playground: Make, mcp: MCP) -> None:
    pg = playground(model=TOOLS, tools=[mcp])
    failed = result(pg, "fails of 2")
    assert failed.status == "failed"
    assert failed.error is not None
    assert (failed.error.kind, failed.error.title) == ("tool_failed", "fails failed")
    assert failed.error.detail == "no row 2 for …. The model was told."
    assert failed.text == "Error: no row 2 for …"


def test_arguments_are_judged_by_the_server(playground: Make, mcp: MCP) -> None:
    call = {"name": "area", "arguments": '{"width": -1}'}
    calls = [{"id": "c1", "type": "function", "function": call}]
    messages = [
        {"role": "user", "content": "Go."},
        {"role": "assistant", "content": None, "tool_calls": calls},
    ]
    pg = playground(model=TOOLS, tools=[mcp], messages=messages)
    pg.send()
    (failed,) = results(pg)
    assert failed.status == "failed"
    assert "greater than or equal to 0" in failed.text


def test_only_some_tools_are_taken_and_what_is_missing_is_said(
    playground: Make, notes: Path
) -> None:
    pg = playground(tools=[stdio(notes, only=["slow", "area"])])
    assert [tool.name for tool in pg.tools] == ["area", "slow"]
    with pytest.raises(InputError, match="has no tool 'volume'; it has area, rectangle"):
        pg.tools = [stdio(notes, only=["volume"])]
    assert [tool.name for tool in pg.tools] == ["area", "slow"]
    pg.close()
    until(lambda: are_gone(notes))


def test_equal_names_get_the_name_of_the_server_in_front(playground: Make, notes: Path) -> None:
    def area(side: float) -> float:
        """The area of a square."""
        return side * side

    pair = [stdio(notes, only=["area", "which"]) for _ in range(2)]
    pg = playground(model=TOOLS, tools=[area, *pair])
    assert [tool.name for tool in pg.tools] == [
        "area",
        "Test_server_area",
        "Test_server_which",
        "Test_server_area_2",
        "Test_server_which_2",
    ]
    first, second = (result(pg, name) for name in ("Test_server_which 1", "Test_server_which_2 1"))
    assert first.text.split()[0] != second.text.split()[0]


def test_a_call_of_a_server_can_ask_first(playground: Make, notes: Path) -> None:
    asked: list[str] = []

    def decide(name: str, arguments: Any) -> bool:
        asked.append(name)
        return False

    pg = playground(model=TOOLS, tools=[stdio(notes, confirm=decide, only=["area"])])
    refused = result(pg, "area of 3 by 4")
    assert refused.error is not None
    assert refused.error.kind == "tool_refused"
    assert asked == ["area"]


# -- time, and Stop


def test_stop_ends_a_call_and_the_server_hears_of_it(playground: Make, notes: Path) -> None:
    heard: list[tuple[Any, ...]] = []
    mcp = stdio(notes, progress=lambda *said: heard.append(said))
    pg = playground(model=TOOLS, tools=[mcp])
    run = pg.start("slow 3")
    until(lambda: "began" in notes.read_text())
    until(lambda: heard)
    assert heard == [("slow", 1.0, 3.0, "began")]
    assert pg.stop()
    run.result(20)
    assert results(pg)[0].status == "cancelled"
    until(lambda: "cancelled" in notes.read_text())
    assert result(pg, "area of 3 by 4").text == "12.0"
    assert len(started(notes)) == 1


def test_a_call_past_its_time_is_cancelled(playground: Make, served: Served, notes: Path) -> None:
    pg = playground(model=TOOLS, tools=[MCP(url=served.url, timeout=0.5)])
    late = result(pg, "slow 3")
    assert late.error is not None
    assert late.error.kind == "tool_timeout"
    until(lambda: "cancelled" in notes.read_text())


# -- secrets


def test_secrets_are_in_no_log_and_nothing_that_is_sent_or_kept(
    playground: Make, served: Served, notes: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    servers = [
        stdio(notes, only=["fails"]),
        MCP(url=served.url, headers={"Authorization": f"Bearer {SECRET}"}, only=["area"]),
    ]
    pg = playground(model=TOOLS, tools=servers)
    result(pg, "fails 1")
    answer = pg.send("area of 3 by 4")
    shown = [repr(servers), repr(pg.tools), repr(pg.tools[0].function), caplog.text]
    shown += [repr(pg.wire(answer)), repr(pg.thread), repr(pg.widget.present())]
    assert not [text for text in shown if SECRET in text]


def test_a_server_sees_no_variable_that_it_was_not_given(
    playground: Make, mcp: MCP, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-for-servers")
    pg = playground(model=TOOLS, tools=[mcp])
    names = result(pg, "which 1").text.split()
    assert {"NOTES", "SECRET", "PATH"} <= set(names)
    assert "OPENAI_API_KEY" not in names


def test_a_variant_can_call_a_server_that_ends_with_its_comparison(
    playground: Make, mcp: MCP, notes: Path
) -> None:
    pg = playground(model=TOOLS)
    variants = [Variant(tools=[mcp]), Variant(tools=[])]
    comparison = pg.compare(["What is the area?"], variants).result(30)
    (step,) = comparison.cell(0, "A").steps
    assert (step.name, step.error) == ("area", None)
    assert comparison.cell(0, "B").steps == ()
    until(lambda: are_gone(notes))
    with pytest.raises(SetupError, match="has ended"):
        pg.compare(["What?"], [Variant(tools=[MCP(["python", "-c", "print()"])])])


def test_tools_of_servers_can_be_wrapped(playground: Make, mcp: MCP) -> None:
    with playground()._engine.servers.offer([mcp]) as offer:
        (area,) = [tool for tool in offer.tools if tool.name == "area"]
        wrapped = Tool(area.function, name="surface", parameters=area.parameters)
        pg = playground(model=TOOLS, tools=[wrapped])
    assert result(pg, "surface of 3 by 4").text == "12.0"
