"""An OpenAI-compatible server that gives written answers, so that pictures show likely ones."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["serve"]

Json = dict[str, Any]

MODELS = ("large", "small")
"""What it is asked by; the second is the faster one."""


@contextmanager
def serve(answer: Callable[[Json], str | Json]) -> Iterator[str]:
    """Serve on loopback, and give the base URL.

    Args:
        answer: From the body of a request to what is said, or to the function of a call:
            `{"name": ..., "arguments": ...}`.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send("application/json", [json.dumps(models()).encode()])

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._send("text/event-stream", events(body, answer(body)))

        def _send(self, kind: str, parts: Iterator[bytes] | list[bytes]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            for part in parts:
                self.wfile.write(part)
                self.wfile.flush()

        def log_message(self, *_: object) -> None:
            """Say nothing of each request."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()


def models() -> Json:
    """Return the list of models."""
    return {"object": "list", "data": [{"id": name, "object": "model"} for name in MODELS]}


def events(body: Json, said: str | Json) -> Iterator[bytes]:
    """Give the events of an answer, at the pace of its model."""
    wait, pace = (0.21, 96) if body["model"] == MODELS[1] else (0.4, 72)
    time.sleep(wait)
    written = 0
    if isinstance(said, str):
        for piece in (f"{word} " for word in said.split(" ")):
            written += 1
            yield event(body, {"content": piece if written < len(said.split(" ")) else piece[:-1]})
            time.sleep(1 / pace)
    else:
        arguments = json.dumps(said["arguments"])
        function = {"name": said["name"], "arguments": ""}
        call = {"index": 0, "id": "call_1", "type": "function", "function": function}
        yield event(body, {"tool_calls": [call]})
        written = len(arguments) // 4
        time.sleep(written / pace)
        rest = {"index": 0, "function": {"arguments": arguments}}
        yield event(body, {"tool_calls": [rest]})
    yield event(body, {}, "stop" if isinstance(said, str) else "tool_calls")
    read = sum(len(str(message["content"])) for message in body["messages"]) // 4 + 9
    usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": 0}
    yield event(body, None, usage=usage)
    yield b"data: [DONE]\n\n"


def event(body: Json, delta: Json | None, reason: str | None = None, **more: Any) -> bytes:
    """Return one event of an answer."""
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": reason}]
    chunk = {"id": "sample", "object": "chat.completion.chunk", "created": 0}
    chunk |= {"model": body["model"], "choices": choices, **more}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"
