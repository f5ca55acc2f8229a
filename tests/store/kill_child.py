"""Streams answers in children that a test kills: a program, one child for each line it is given.

A line is JSON: `store`, `server`, `thread`, `log`, `rate`. The child's process id is printed. In
`log` the child notes each piece of the answer the moment it is there, with the time, before the
store gets to know it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import Any

import openai  # noqa: F401 - loaded once, for all children

from playground_widget import Connection, Playground
from playground_widget.events import Delta
from playground_widget.store import Store


def stream(store: str, server: str, thread: str, log: str, rate: float) -> None:
    noted = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    grow = Store.grow

    def note(self: Store, thread: str, delta: Delta) -> None:
        line = json.dumps([time.monotonic(), delta.offset, delta.text])
        os.write(noted, f"{line}\n".encode())
        grow(self, thread, delta)

    Store.grow = note  # type: ignore[method-assign]
    pg = Playground(
        thread=thread,
        store=store,
        connection=Connection("demo", base_url=server),
        model="demo",
        extra={"demo": {"rate": rate, "first_token": 0, "tokens": 5000}},
    )
    pg.send("Go on and on.")


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        given: dict[str, Any] = json.loads(line)
        child = os.fork()
        if not child:
            stream(**given)
            os._exit(0)
        print(child, flush=True)  # noqa: T201 - it talks to the test


if __name__ == "__main__":
    main()
