"""Tools over GraphQL: those of the configuration, called, allowed, refused and switched."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.server.conftest import Jupyter, start

CONFIG = "c.PlaygroundApp.tools = ['tests.server.functions:area', 'tests.server.functions:pay']"
ERROR = "error { kind title detail }"
MESSAGES = """
query ($t: ID!) { thread(id: $t) {
  settings { running }
  messages { id role status text toolCallId consent { wait } error { kind } timing { duration } }
} }
"""


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    made = start(tmp_path_factory.mktemp("tools"), CONFIG)
    yield made
    made.stop()


def do(jupyter: Jupyter, name: str, fields: str, /, **given: Any) -> Any:
    kind = f"{name[0].upper()}{name[1:]}Input"
    query = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {ERROR} {fields} }} }}"
    return jupyter.ask(query, {"input": given})[name]


@pytest.fixture
def thread(jupyter: Jupyter) -> str:
    params = {"extra": {"demo": {"rate": None, "first_token": 0}}}
    made = do(jupyter, "createThread", "thread { id }", model="demo-tools", params=params)
    return str(made["thread"]["id"])


def send(jupyter: Jupyter, thread: str, words: str) -> None:
    content = [{"text": words}]
    sent = do(jupyter, "send", "answer { id }", threadId=thread, content=content)
    assert sent["error"] is None


def until(jupyter: Jupyter, thread: str, done: Callable[[Any], object]) -> list[Any]:
    """Wait until the messages of a thread are as they should be, and return them."""
    deadline = time.monotonic() + 30
    while True:
        found = jupyter.ask(MESSAGES, {"t": thread})["thread"]
        if done(found):
            messages: list[Any] = found["messages"]
            return messages
        assert time.monotonic() < deadline, found
        time.sleep(0.02)


def ended(found: Any) -> bool:
    return found["settings"]["running"] is None


def test_functions_of_the_configuration_are_called(jupyter: Jupyter, thread: str) -> None:
    send(jupyter, thread, "What is the area of 3 by 4?")
    messages = until(jupyter, thread, ended)
    assert [m["role"] for m in messages] == ["USER", "ASSISTANT", "TOOL", "ASSISTANT"]
    result = messages[2]
    assert (result["status"], result["error"]) == ("COMPLETE", None)
    assert result["text"] in messages[3]["text"]
    assert result["timing"]["duration"] >= 0


def test_where_nobody_follows_a_call_that_asks_is_refused(jupyter: Jupyter, thread: str) -> None:
    send(jupyter, thread, "pay 3")
    result = until(jupyter, thread, ended)[2]
    assert (result["status"], result["error"]["kind"]) == ("FAILED", "tool_refused")


@pytest.mark.parametrize(
    ("answer", "more", "status"),
    [("allowCall", {"always": False}, "COMPLETE"), ("denyCall", {}, "FAILED")],
)
async def test_a_call_waits_for_whoever_follows_the_thread(
    jupyter: Jupyter, thread: str, answer: str, more: dict[str, Any], status: str
) -> None:
    socket = await jupyter.connect()
    await socket.subscribe(
        "subscription ($t: ID!) { threadEvents(id: $t) { events { __typename"
        " ... on CallAsking { messageId consent { wait } } } } }",
        {"t": thread},
    )
    assert await socket.result()
    send(jupyter, thread, "pay 3")
    asked: list[Any] = []
    while not asked:
        batch = (await socket.result())["data"]["threadEvents"]["events"]
        asked = [event for event in batch if event["__typename"] == "CallAsking"]
    assert 0 < asked[0]["consent"]["wait"] <= 600
    waiting = until(jupyter, thread, lambda found: found["messages"][-1]["consent"])[-1]
    assert waiting["id"] == asked[0]["messageId"]
    did = do(jupyter, answer, "", threadId=thread, messageId=waiting["id"], **more)
    assert did["error"] is None
    result = until(jupyter, thread, ended)[2]
    assert (result["status"], result["consent"]) == (status, None)
    again = do(jupyter, answer, "", threadId=thread, messageId=waiting["id"], **more)
    assert "does not wait" in again["error"]["title"] + again["error"]["detail"]
    await socket.close()


def test_a_tool_is_switched_off_and_on(jupyter: Jupyter, thread: str) -> None:
    fields = "tools { name signature description parameters confirm enabled }"
    off = do(jupyter, "setTool", fields, threadId=thread, name="area", enabled=False)
    assert [(t["name"], t["confirm"], t["enabled"]) for t in off["tools"]] == [
        ("area", False, False),
        ("pay", True, True),
    ]
    assert off["tools"][0]["signature"] == "area(width, height)"
    assert off["tools"][0]["parameters"]["required"] == ["width", "height"]
    query = "query ($t: ID!) { thread(id: $t) { settings { tools { name enabled } } } }"
    seen = jupyter.ask(query, {"t": thread})["thread"]["settings"]["tools"]
    assert seen == [{"name": "area", "enabled": False}, {"name": "pay", "enabled": True}]
    ghost = do(jupyter, "setTool", fields, threadId=thread, name="ghost", enabled=True)
    assert ghost["error"] is not None


def test_a_tool_that_cannot_be_found_is_named(
    start_jupyter: Callable[..., Jupyter],
) -> None:
    jupyter = start_jupyter("c.PlaygroundApp.tools = ['tests.server.functions:ghost']")
    with jupyter.client() as client:
        answer = client.post(jupyter.graphql, json={"query": "{ server { id } }"})
    assert "tests.server.functions:ghost" in answer.text + jupyter.said()


def test_an_mcp_server_of_the_configuration_is_called_and_ends_with_the_server(
    start_jupyter: Callable[..., Jupyter], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = tmp_path / "notes"
    monkeypatch.setenv("NOTES", str(notes))
    jupyter = start_jupyter("c.PlaygroundApp.tools = ['tests.server.functions:remote']")
    params = {"extra": {"demo": {"rate": None, "first_token": 0}}}
    made = do(jupyter, "createThread", "thread { id }", model="demo-tools", params=params)
    thread = str(made["thread"]["id"])
    send(jupyter, thread, "rectangle of 3")
    result = until(jupyter, thread, ended)[2]
    assert (result["status"], result["text"]) == ("COMPLETE", '{"width":3.0,"area":9.0}')
    process = int(notes.read_text().split()[1])
    assert psutil.pid_exists(process)
    jupyter.stop()
    assert not psutil.pid_exists(process)
