"""A demo server for the tests of a file, and plain ways to talk to it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from openai import OpenAI

from playground_widget.demo import DemoServer

# As fast as it can be, for whichever model.
FAST = {"rate": None, "first_token": 0}


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, read whole."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        error: dict[str, Any] = self.json["error"]
        return error

    @property
    def events(self) -> list[tuple[str, Any]]:
        """The event name and the data of each server-sent event; `[DONE]` stays a text."""
        found = []
        for block in self.body.decode().split("\n\n")[:-1]:
            fields = dict(line.split(": ", 1) for line in block.split("\n"))
            data = fields["data"]
            found.append((fields.get("event", ""), data if data == "[DONE]" else json.loads(data)))
        return found


class Caller:
    """Calls the server without an SDK between, so that tests see what is on the wire."""

    def __init__(self, server: DemoServer) -> None:
        self.server = server

    def request(
        self, method: str, path: str, body: bytes | None = None, key: str | None = "demo"
    ) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        headers = {"Content-Type": "application/json"}
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, found, response.read())
        finally:
            connection.close()

    def post(self, path: str, **body: Any) -> Reply:
        return self.request("POST", f"/v1/{path}", json.dumps(body).encode())

    def chat(self, message: Any = "Hello", model: str = "demo-fast", **body: Any) -> Reply:
        """Ask by Chat Completions; a list is the whole conversation."""
        messages = message if isinstance(message, list) else [{"role": "user", "content": message}]
        body["demo"] = FAST | body.get("demo", {})
        return self.post("chat/completions", model=model, messages=messages, **body)

    def respond(self, message: Any = "Hello", model: str = "demo-fast", **body: Any) -> Reply:
        """Ask by the Responses API."""
        body["demo"] = FAST | body.get("demo", {})
        return self.post("responses", model=model, input=message, **body)

    def text(self, message: Any = "Hello", model: str = "demo-fast", **body: Any) -> str:
        """Return the text of an answer by Chat Completions."""
        reply = self.chat(message, model, **body)
        assert reply.status == 200, reply.body
        content: str = reply.json["choices"][0]["message"]["content"]
        return content


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
def call(server: DemoServer) -> Caller:
    return Caller(server)


@pytest.fixture
def client(server: DemoServer) -> Iterator[OpenAI]:
    with httpx2.Client(trust_env=False) as http_client:
        yield OpenAI(
            base_url=server.base_url, api_key="demo", http_client=http_client, max_retries=0
        )
