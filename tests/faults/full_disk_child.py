"""A process whose files may not grow, as on a full disk, and then may again."""

from __future__ import annotations

import resource
import signal
import sys
from pathlib import Path

from playground_widget import Playground, StoreError


def say(*words: object) -> None:
    """Tell the test."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def main() -> None:
    """Fill the disk in the middle of an answer, and make room after it."""
    file = Path(sys.argv[1])
    pg = Playground(store=file, thread="Full", connection="demo", model="demo-echo")
    pg.add("before")
    # Else the signal of it would end the process.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    most = max(each.stat().st_size for each in file.parent.iterdir() if each.is_file())
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    refused = None
    for number in range(200):
        try:
            pg.add(f"{number} " + "x" * 2000)
        except StoreError as error:
            refused = error
            break
    count = len(pg.messages)
    say(refused)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    answer = pg.send("after 😀")
    say(answer.status, answer.text, len(pg.messages) - count)
    pg.close()
    again = Playground(store=file, thread="Full", connection="demo")
    say([message.id for message in again.messages] == [message.id for message in pg.messages])


if __name__ == "__main__":
    main()
