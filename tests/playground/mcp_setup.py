"""The MCP server of `mcp_server.py`, as tests of tools use it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from playground_widget import MCP, Message, Playground
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
