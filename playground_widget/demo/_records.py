"""What the server has seen: one record for each request, which tests read and wait for."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition
from typing import Any, Literal

__all__ = ["Log", "RequestRecord", "State"]

State = Literal["started", "finished", "disconnected", "cut"]


@dataclass(slots=True)
class RequestRecord:
    """One request.

    Attributes:
        id: Its `x-request-id`.
        method: `GET` or `POST`.
        path: From `/v1` on.
        headers: Its headers by lower-case name; the value of `authorization` is left out.
        body: The JSON body, None if it has none that can be read.
        status: The HTTP status that was answered, None so far.
        state: `started`; `finished` when everything was sent; `disconnected` when the client
            hung up before that; `cut` when the server did.
        tokens: How many tokens of a stream were handed to the connection.
        started: When it arrived, in seconds of `time.monotonic`.
        ended: When it left the state `started`, None so far.

    Example:
        >>> from playground_widget.demo import DemoServer
        >>> with DemoServer() as server:
        ...     pg = Playground(connection=server.base_url, model="demo-fast")
        ...     answer = pg.send("Hello")
        ...     server.requests[-1].path
        '/v1/chat/completions'
    """

    id: str
    method: str
    path: str
    headers: dict[str, str]
    body: Any = None
    status: int | None = None
    state: State = "started"
    tokens: int = 0
    started: float = field(default_factory=time.monotonic)
    ended: float | None = None


class Log:
    """The last requests, and a way to wait for what happens to them; safe from any thread."""

    def __init__(self, keep: int | None) -> None:
        self.requests: deque[RequestRecord] = deque(maxlen=keep)
        self._hung_up: deque[RequestRecord] = deque(maxlen=keep)
        self._changed = Condition()

    def add(self, record: RequestRecord) -> None:
        """Keep a new record."""
        with self._changed:
            self.requests.append(record)
            self._changed.notify_all()

    def end(self, record: RequestRecord, state: State) -> None:
        """Note how a request ended; only the first end counts."""
        with self._changed:
            if record.state != "started":
                return
            record.state = state
            record.ended = time.monotonic()
            if state == "disconnected":
                self._hung_up.append(record)
            self._changed.notify_all()

    def sent(self, record: RequestRecord, tokens: int) -> None:
        """Note how many tokens were sent so far."""
        with self._changed:
            record.tokens = tokens
            self._changed.notify_all()

    def wait_for(self, wanted: Callable[[RequestRecord], bool], timeout: float) -> RequestRecord:
        """Return the newest record that is as wanted, once there is one."""
        found: list[RequestRecord] = []

        def look() -> bool:
            found.extend([one for one in reversed(self.requests) if wanted(one)][:1])
            return bool(found)

        with self._changed:
            if not self._changed.wait_for(look, timeout):
                raise TimeoutError(f"no such request within {timeout:g} s")
        return found[0]

    def wait_for_disconnect(self, timeout: float) -> RequestRecord:
        """Return the oldest hung-up request that was not returned before, once there is one."""
        with self._changed:
            if not self._changed.wait_for(lambda: bool(self._hung_up), timeout):
                raise TimeoutError(f"no client hung up within {timeout:g} s")
            return self._hung_up.popleft()
