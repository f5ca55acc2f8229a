"""A real Jupyter server with the playground, on a free loopback port."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.forked import Forked
from tests.server import jupyter_child

ROOT = Path(__file__).resolve().parents[2]
BASE = "/some/base/"
STARTUP = 60.0
OTHERS = ("jupyterlab", "jupyter_lsp", "jupyter_server_terminals", "notebook", "notebook_shim")
"""Extensions that would only take time to start."""


@dataclass
class Jupyter:
    """A running server."""

    port: int
    token: str
    log: Path
    process: Forked | subprocess.Popen[bytes] = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{BASE}"

    @property
    def graphql(self) -> str:
        return f"{self.url}playground/graphql"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"token {self.token}"}

    def client(self, **headers: str) -> httpx2.Client:
        """A client that presents the token."""
        return httpx2.Client(
            headers={**self.headers, **headers}, timeout=30, trust_env=False, base_url=self.url
        )

    def ask(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        """Execute an operation that has to succeed, and return its data."""
        with self.client() as client:
            body = {"query": query, "variables": variables}
            answer = client.post(self.graphql, json=body).json()
        assert "errors" not in answer, answer
        return answer["data"]

    async def connect(
        self,
        *,
        headers: dict[str, str] | None = None,
        subprotocols: list[str] | None = None,
        init: bool = True,
    ) -> Socket:
        """Open a WebSocket, by default one that was acknowledged."""
        request = HTTPRequest(
            self.graphql.replace("http", "ws", 1),
            headers=self.headers if headers is None else headers,
        )
        spoken = ["graphql-transport-ws"] if subprotocols is None else subprotocols
        made = Socket(await websocket_connect(request, subprotocols=spoken or None))
        if init:
            await made.send({"type": "connection_init"})
            assert await made.receive() == {"type": "connection_ack"}
        return made

    def said(self) -> str:
        """What the server has written to its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


class Socket:
    """A WebSocket as a client has it."""

    def __init__(self, connection: WebSocketClientConnection) -> None:
        self.connection = connection

    async def send(self, message: object) -> None:
        await self.connection.write_message(json.dumps(message))

    async def send_raw(self, data: str | bytes) -> None:
        await self.connection.write_message(data, binary=isinstance(data, bytes))

    async def receive(self) -> Any:
        """The next message, or `None` when the server has closed."""
        data = await self.connection.read_message()
        return None if data is None else json.loads(data)

    async def closed(self) -> tuple[int | None, str | None]:
        """Wait until the server closes; its code and reason."""
        while await self.connection.read_message() is not None:
            pass
        self.connection.close()
        return self.connection.close_code, self.connection.close_reason

    async def subscribe(
        self, query: str, variables: dict[str, Any] | None = None, identity: str = "1"
    ) -> None:
        payload = {"query": query, "variables": variables}
        await self.send({"type": "subscribe", "id": identity, "payload": payload})

    async def result(self, identity: str = "1") -> Any:
        """The payload of the next message of an operation, or `None` when it is complete."""
        while True:
            message = await self.receive()
            assert message is not None, self.connection.close_reason
            if message.get("id") == identity:
                return message.get("payload")

    async def close(self) -> None:
        self.connection.close()
        while await self.connection.read_message() is not None:
            pass


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def start(
    folder: Path,
    config: str = "",
    *arguments: str,
    port: int | None = None,
    token: str = "",
    program: Sequence[str] = (),
) -> Jupyter:
    """Start a server, or another program that is one, and wait until it answers."""
    port, token = port or free_port(), token or secrets.token_hex(16)
    settings = folder / "jupyter_server_config.py"
    settings.write_text(config, encoding="utf-8")
    log = folder / "server.log"
    extensions = dict.fromkeys(OTHERS, False) | {"playground_widget": True}
    options = [
        "--allow-root",
        "--no-browser",
        f"--config={settings}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.base_url={BASE}",
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.jpserver_extensions={extensions}",
        f"--IdentityProvider.token={token}",
        *arguments,
    ]
    if not any("PlaygroundApp.store" in argument for argument in arguments):
        options.append(f"--PlaygroundApp.store={folder / 'threads.sqlite'}")
    log.touch()
    process = _started(program, options, folder, log)
    made = Jupyter(port, token, log, process)
    deadline = time.monotonic() + STARTUP
    with made.client() as client:
        while True:
            try:
                if client.get("api/status").status_code == 200:
                    return made
            except httpx2.TransportError:
                pass
            assert process.poll() is None, made.said()
            assert time.monotonic() < deadline, made.said()
            time.sleep(0.05)


def _started(
    program: Sequence[str], options: Sequence[str], folder: Path, log: Path
) -> Forked | subprocess.Popen[bytes]:
    if not program:
        return Forked(jupyter_child.main, *options, folder=folder, log=log)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, *program, *options],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
        )


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    """One server for the tests of a file."""
    made = start(tmp_path_factory.mktemp("jupyter"))
    yield made
    made.stop()


@pytest.fixture
def start_jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Jupyter]]:
    """Start servers with settings of the test's own."""
    made: list[Jupyter] = []

    def begin(config: str = "", *arguments: str, program: Sequence[str] = ()) -> Jupyter:
        folder = tmp_path_factory.mktemp("jupyter")
        made.append(start(folder, config, *arguments, program=program))
        return made[-1]

    yield begin
    for server in made:
        server.stop()
