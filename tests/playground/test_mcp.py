"""MCP servers as tools: asked what they have, called, ended with whoever uses them."""

from __future__ import annotations

import gc
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest

from playground_widget import (
    MCP,
    Image,
    InputError,
    Message,
    Playground,
    SetupError,
    Text,
    Tool,
    WouldBlockError,
)
from playground_widget.engine import _line
from playground_widget.request import Api

Make = Callable[..., Playground]
SERVER = str(Path(__file__).parent / "mcp_server.py")
SECRET = "hush-hush-1234"
TOOLS = "demo-tools"


@pytest.fixture
def api() -> Api:
    # How a result is sent on is the same for every tool, and tested there.
    return "chat"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes"
    path.touch()
    return path


@pytest.fixture
def mcp(notes: Path) -> MCP:
    return stdio(notes)


def stdio(notes: Path, **kwargs: Any) -> MCP:
    env = {"NOTES": str(notes), "SECRET": SECRET}
    return MCP([sys.executable, SERVER], env=env, **kwargs)


class Served:
    """The server as a process of its own that listens on the loopback."""

    def __init__(self, notes: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._notes = notes
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/mcp"

    def start(self) -> None:
        env = {**os.environ, "NOTES": str(self._notes), "SECRET": SECRET}
        command = [sys.executable, SERVER, str(self.port)]
        self._process = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
        until(lambda: _listens(self.port))

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def served(notes: Path) -> Iterator[Served]:
    made = Served(notes)
    yield made
    made.stop()


def until(done: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


def results(pg: Playground) -> list[Message]:
    return [message for message in pg.messages if message.role == "tool"]


def result(pg: Playground, words: str) -> Message:
    """What came of the call that a message has the demo model ask for."""
    assert pg.send(words).status == "complete"
    return results(pg)[-1]


def started(notes: Path) -> list[int]:
    lines = notes.read_text(encoding="utf-8").splitlines()
    return [int(line.split()[1]) for line in lines if line.startswith("started")]


def are_gone(notes: Path) -> bool:
    assert started(notes)
    return not any(psutil.pid_exists(process) for process in started(notes))


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
    monkeypatch.setitem(sys.modules, "playground_widget.engine._line", None)
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


def test_tools_of_servers_can_be_wrapped(playground: Make, mcp: MCP) -> None:
    with playground()._engine.servers.offer([mcp]) as offer:
        (area,) = [tool for tool in offer.tools if tool.name == "area"]
        wrapped = Tool(area.function, name="surface", parameters=area.parameters)
        pg = playground(model=TOOLS, tools=[wrapped])
    assert result(pg, "surface of 3 by 4").text == "12.0"
