"""MCP servers: begun, lost and begun again, ended with whoever uses them, refused in words."""

from __future__ import annotations

import gc
import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest

from playground_widget import (
    MCP,
    Playground,
    SetupError,
    Tool,
    WouldBlockError,
)
from playground_widget.engine import _line
from tests.playground.mcp_setup import (
    SECRET,
    SERVER,
    TOOLS,
    Make,
    Served,
    api,
    are_gone,
    mcp,
    notes,
    result,
    served,
    started,
    stdio,
    until,
)

__all__ = ["api", "mcp", "notes", "served"]


# -- the server's life


def test_a_call_under_way_when_the_server_ends_says_so_and_the_next_starts_it(
    playground: Make, mcp: MCP, notes: Path
) -> None:
    pg = playground(model=TOOLS, tools=[mcp])
    failed = result(pg, "dies 1")
    assert failed.error is not None
    assert "ended while dies was called" in failed.text
    assert "Its last words: " in failed.error.detail
    assert "out of memory. The model was told." in failed.error.detail
    assert result(pg, "area of 3 by 4").text == "12.0"
    assert len(started(notes)) == 2


def test_a_server_that_was_killed_meanwhile_is_started_again(
    playground: Make, mcp: MCP, notes: Path
) -> None:
    pg = playground(model=TOOLS, tools=[mcp])
    (process,) = started(notes)
    psutil.Process(process).kill()
    (session,) = pg._conversation.toolbox._uses._held
    until(lambda: session.line is None or session.line.has_ended)
    assert result(pg, "area of 3 by 4").text == "12.0"
    assert len(started(notes)) == 2


def test_an_http_server_that_was_restarted_meanwhile_is_asked_as_before(
    playground: Make, served: Served
) -> None:
    pg = playground(model=TOOLS, tools=[MCP(url=served.url)])
    served.stop()
    failed = result(pg, "area of 3 by 4")
    assert failed.status == "failed"
    assert "cannot be reached" in failed.text
    served.start()
    assert result(pg, "area of 5 by 6").text == "30.0"


def test_no_process_is_left_by_a_playground_that_is_closed(
    playground: Make, mcp: MCP, notes: Path
) -> None:
    first, second = playground(tools=[mcp]), playground(tools=[mcp])
    assert len(started(notes)) == 1
    first.close()
    assert result(_asked(second), "area of 3 by 4").text == "12.0"
    assert len(started(notes)) == 1
    second.close()
    until(lambda: are_gone(notes))


def _asked(pg: Playground) -> Playground:
    pg.model = TOOLS
    return pg


def test_other_tools_leave_the_server_where_it_is_kept_and_end_it_where_not(
    playground: Make, mcp: MCP, notes: Path
) -> None:
    def same(n: int) -> int:
        """The same."""
        return n

    pg = playground(model=TOOLS, tools=[mcp])
    pg.tools = [*pg.tools, same]
    assert result(pg, "area of 3 by 4").text == "12.0"
    assert len(started(notes)) == 1
    kept = pg.tools
    pg.tools = [same]
    until(lambda: are_gone(notes))
    pg.tools = kept
    assert result(pg, "area of 3 by 4").text == "12.0"


def test_no_process_is_left_by_a_playground_that_is_thrown_away(mcp: MCP, notes: Path) -> None:
    Playground(connection="demo", tools=[mcp], store=":memory:")
    gc.collect()
    until(lambda: are_gone(notes))


@pytest.mark.parametrize("end", ["", "pg.close()", "pg.start('area of 3 by 4')"])
def test_no_process_is_left_by_a_script_that_ends(notes: Path, end: str) -> None:
    env = {"NOTES": str(notes)}
    script = f"""
from playground_widget import MCP, Playground
mcp = MCP({[sys.executable, SERVER]!r}, env={env!r})
pg = Playground(model='demo-tools', tools=[mcp])
{end}
"""
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert are_gone(notes)


# -- what does not work, in words


class Refuses(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_response(int(self.path.strip("/")))
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def refusing() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refuses) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("command", "cwd", "words"),
    [
        ("no-such-program --now", None, "there is no program no-such-program. Install it"),
        ("python server.py", "/no/such/folder", "there is no folder /no/such/folder"),
        (
            ["python", "-c", "import no_such_package"],
            None,
            "has ended. Its last words: .*No module",
        ),
        (["python", "-c", "print('hello')"], None, "has ended"),
    ],
)
def test_a_server_that_does_not_start_is_refused_in_words(
    playground: Make, command: Any, cwd: str | None, words: str
) -> None:
    with pytest.raises(SetupError, match=words):
        playground(tools=[MCP(command, cwd=cwd)])


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "refused access .HTTP 401.. Give what it asks for as headers"),
        (404, "no MCP server at http.*/404 .HTTP 404"),
        (500, "answered with an error .HTTP 500"),
        (200, "does not answer as an MCP server"),
    ],
)
def test_an_address_without_a_server_is_refused_in_words(
    playground: Make, refusing: str, status: int, words: str
) -> None:
    with pytest.raises(SetupError, match=words):
        playground(tools=[MCP(url=f"{refusing}/{status}")])


def test_what_a_server_writes_that_is_no_message_is_in_no_log(
    playground: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    script = "import os; print(os.environ['SECRET'], flush=True); input()"
    with pytest.raises(SetupError, match="has ended") as caught:
        playground(tools=[MCP([sys.executable, "-c", script], env={"SECRET": SECRET})])
    assert "Failed to parse" in caplog.text
    assert SECRET not in caplog.text + str(caught.value)


OLD = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    answers = {
        "initialize": {
            "protocolVersion": "2024-11-05",
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "old", "version": "1"},
        },
        "tools/list": {"tools": [{"name": "echo", "inputSchema": {"type": TYPE}}]},
        "tools/call": {"content": [{"type": "hologram"}]},
    }
    if "id" in asked:
        answer = {"jsonrpc": "2.0", "id": asked["id"]}
        if asked["method"] in answers:
            answer["result"] = answers[asked["method"]]
        else:
            answer["error"] = {"code": -32601, "message": "no such method"}
        print(json.dumps(answer), flush=True)
"""


def test_a_server_of_the_first_version_is_asked_and_what_it_may_not_answer_is_said(
    playground: Make,
) -> None:
    old = MCP([sys.executable, "-c", OLD.replace("TYPE", '"object"')])
    pg = playground(model=TOOLS, tools=[old])
    assert pg.tools[0].parameters == {"type": "object", "properties": {}}
    failed = result(pg, "echo 1")
    assert "answered what the protocol does not allow: content.0" in failed.text
    with pytest.raises(SetupError, match=r"does not allow: tools\.0\.inputSchema"):
        pg.tools = [MCP([sys.executable, "-c", OLD.replace("TYPE", "3")])]


# -- a server that changes


def names(pg: Playground) -> list[str]:
    """The tools that a page is shown."""
    shown = pg._engine.call(pg._conversation.settings)["tools"]
    return [tool["name"] for tool in shown]


@pytest.fixture(params=["stdio", "http"])
def changing(request: pytest.FixtureRequest, notes: Path) -> MCP:
    if request.param == "stdio":
        return stdio(notes)
    return MCP(url=request.getfixturevalue("served").url)


def test_other_tools_of_a_server_are_offered_and_shown(playground: Make, changing: MCP) -> None:
    pg = playground(model=TOOLS, tools=[changing])
    assert "picture" in names(pg)
    assert result(pg, "grow 1").text == "grown"
    until(lambda: "grown" in names(pg))
    assert "picture" not in names(pg)
    described = {tool.name: tool.description for tool in pg.tools}
    assert described["which"] == "Other words."
    assert result(pg, "grown 2").text == "grown 2"


CHANGING = """
import json, sys
names = ["echo"]
def say(**message):
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    if "id" not in asked:
        continue
    answers = {
        "initialize": {
            "protocolVersion": "2025-06-18",
            "capabilities": {"tools": {"listChanged": True}},
            "serverInfo": {"name": "changing", "version": "1"},
        },
        "tools/list": {
            "tools": [{"name": name, "inputSchema": {"type": "object"}} for name in names]
        },
        "tools/call": {"content": [{"type": "text", "text": "done"}]},
    }
    if asked["method"] == "tools/call":
        names = ["other", "echo"]
        say(method="notifications/tools/list_changed")
    if asked["method"] in answers:
        say(id=asked["id"], result=answers[asked["method"]])
    else:
        say(id=asked["id"], error={"code": -32601, "message": "no such method"})
"""


def test_a_server_of_an_earlier_protocol_tells_of_other_tools_unasked(playground: Make) -> None:
    server = MCP([sys.executable, "-c", CHANGING])
    pg = playground(model=TOOLS, tools=[server])
    mine = playground(model=TOOLS, tools=[tool for tool in pg.tools if tool.name == "echo"])
    result(pg, "echo 1")
    until(lambda: names(pg) == ["echo", "other"])
    until(lambda: names(mine) == ["echo", "other"])


def test_what_was_chosen_of_a_server_stays_chosen(playground: Make, notes: Path) -> None:
    server = stdio(notes, only=["grow", "which"])
    pg = playground(model=TOOLS, tools=[server])
    which = pg.tools[0] if pg.tools[0].name == "which" else pg.tools[1]
    careful = Tool(
        which.function,
        name="process",
        parameters=which.parameters,
        confirm=lambda *_: True,
    )
    pg.tools = [tool for tool in pg.tools if tool is not which] + [careful]
    result(pg, "grow 1")
    until(lambda: pg.tools[-1].description == "Other words.")
    assert names(pg) == ["grow", "process"]
    assert callable(pg.tools[-1].confirm)


def test_an_address_where_nothing_listens_is_refused_in_words(playground: Make) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/mcp"
    with pytest.raises(SetupError, match="cannot be reached"):
        playground(tools=[MCP(url=url)])


def test_a_server_that_says_nothing_is_given_up_and_ended(
    playground: Make, monkeypatch: pytest.MonkeyPatch, notes: Path
) -> None:
    monkeypatch.setattr(_line, "START_TIME", 1.0)
    script = (
        "import os, time; from pathlib import Path; "
        f"Path({str(notes)!r}).write_text(f'started {{os.getpid()}}'); time.sleep(3600)"
    )
    with pytest.raises(SetupError, match="did not answer within 1 s"):
        playground(tools=[MCP([sys.executable, "-c", script])])
    until(lambda: are_gone(notes))


def test_without_the_package_it_is_named(
    playground: Make, mcp: MCP, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "playground_widget.engine._news", None)
    with pytest.raises(SetupError, match=r"pip install .playground_widget\[mcp\]"):
        playground(tools=[mcp])


def test_an_async_tool_cannot_wait_for_a_server_on_its_own_loop(playground: Make, mcp: MCP) -> None:
    other = playground()
    raised: list[BaseException] = []

    async def give(n: int) -> str:
        """Give a server to another playground."""
        try:
            other.tools = [mcp]
        except WouldBlockError as error:
            raised.append(error)
        return "done"

    pg = playground(model=TOOLS, tools=[give])
    assert result(pg, "give 1").text == "done"
    assert len(raised) == 1
