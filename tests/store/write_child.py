"""Adds messages to a thread of a store, beside other processes that do so too: a program.

Arguments: the store's file, a thread's id, the name that begins each message, and how many. What
each refused call was told goes to the standard output.
"""

from __future__ import annotations

import sys

from playground_widget import ConflictError, Playground


def main(store: str, thread: str, name: str, count: str) -> None:
    pg = Playground(thread=thread, store=store, connection="demo")
    print("ready", flush=True)  # noqa: T201 - it talks to the test
    sys.stdin.readline()
    for n in range(int(count)):
        while True:
            try:
                pg.add(f"{name} {n}")
            except ConflictError as error:
                print(error)  # noqa: T201
            else:
                break


if __name__ == "__main__":
    main(*sys.argv[1:])
