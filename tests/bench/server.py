"""The demo model in a process of its own, so that its work counts as nobody else's.

python -m tests.bench.server

It prints its address; beside the API it serves a bare page that reads a stream (`/bare`), and
`/times?of=LABEL`: when the tokens of an answer left. LABEL is the last message of its request.
`/each?of=LABEL` says so of every write: pairs of how many tokens have left, and when.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import RequestHandler

from playground_widget.demo._app import Shared, application
from playground_widget.demo._records import Log, RequestRecord, State

__all__: list[str] = []

BARE_PAGE = Path(__file__).with_name("bare.html")


class TimedLog(Log):
    """Keeps the times of each stream, in seconds since 1970: the clock that pages have too."""

    def __init__(self) -> None:
        super().__init__(keep=None)
        self.times: dict[str, dict[str, Any]] = {}
        self.each: dict[str, list[tuple[int, float]]] = {}

    def sent(self, record: RequestRecord, tokens: int) -> None:
        super().sent(record, tokens)
        times = self.times.setdefault(_label(record), {})
        if times.get("id") != record.id:
            times.clear()
            times.update(id=record.id, tokens=0)
            self.each[_label(record)] = []
        if tokens > times["tokens"]:
            times.update(tokens=tokens, last=time.time())
            times.setdefault("first", times["last"])
            self.each[_label(record)].append((tokens, times["last"]))

    def end(self, record: RequestRecord, state: State) -> None:
        super().end(record, state)
        if record.state == state and (times := self.times.get(_label(record))):
            times.setdefault("ended", time.time())


def _label(record: RequestRecord) -> str:
    messages = (record.body or {}).get("messages") or [{}]
    content = messages[-1].get("content", "")
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


class BarePage(RequestHandler):
    def get(self) -> None:
        self.write(BARE_PAGE.read_bytes())


class Times(RequestHandler):
    def initialize(self, log: TimedLog) -> None:
        self.log = log

    def get(self) -> None:
        self.write(self.log.times.get(self.get_query_argument("of"), {}))


class Each(Times):
    def get(self) -> None:
        self.write({"times": self.log.each.get(self.get_query_argument("of"), [])})


async def serve() -> None:
    """Serve until the process is ended."""
    log = TimedLog()
    app = application(Shared(log))
    app.add_handlers(
        ".*", [("/bare", BarePage), ("/times", Times, {"log": log}), ("/each", Each, {"log": log})]
    )
    sockets = bind_sockets(0, "127.0.0.1")
    HTTPServer(app).add_sockets(sockets)
    print(f"http://127.0.0.1:{sockets[0].getsockname()[1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
