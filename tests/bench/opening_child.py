"""Opens a stored thread in a process like a kernel, again and again: a program.

python -m tests.bench.opening_child STORE THREAD

It prints JSON: `times`, seconds of CPU from nothing to a snapshot as JSON; `json`, those of writing
the messages as plain dicts alone; and the `size` of the snapshot in bytes.
"""

from __future__ import annotations

import json
import sys
import time

from playground_widget import Playground
from playground_widget.model import path

REPEATS = 7


def main(store: str, thread: str) -> None:
    """Measure both in turn, after one that loads what is loaded but once."""
    times: list[float] = []
    plain: list[float] = []
    size = 0
    for _ in range(REPEATS + 1):
        before = time.process_time()
        pg = Playground(store=store, thread=thread, connection="demo")
        snapshot = json.dumps(pg.widget.present())
        times.append(time.process_time() - before)
        size = len(snapshot.encode())
        line = path(pg._conversation.state.thread)
        before = time.process_time()
        json.dumps([{"role": each.role, "content": each.text} for each in line])
        plain.append(time.process_time() - before)
        pg.close()
    print(json.dumps({"times": times[1:], "json": plain[1:], "size": size}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
