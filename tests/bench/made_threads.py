"""Threads that are made of words, for measurements of many and of long ones."""

from __future__ import annotations

import random
from pathlib import Path

from playground_widget.model import Message, Text, Thread
from playground_widget.store import Store

__all__ = ["keep", "thread_of"]

SENTENCE = (
    "the mean of a penguin species island weight table model answer prompt token sample error "
    "interval study data frame column value result question reason test figure summary"
)


def thread_of(number: int, messages: int, draw: random.Random) -> Thread:
    """Return a thread with a path of messages; each has the word `mark<number>x`."""
    thread = Thread(id=f"{number:012x}", title=f"Study {number}", model="demo", created=1.0)
    words = SENTENCE.split()
    made: list[Message] = []
    for i in range(messages):
        text = " ".join(draw.choices(words, k=60)) + f" mark{number}x"
        parent = made[-1].id if made else None
        role = "assistant" if i % 2 else "user"
        made.append(Message(id=f"m{i}", parent=parent, role=role, content=(Text(text),)))  # type: ignore[arg-type]
    return thread.with_messages(made, made[-1].id)


def keep(path: Path, *threads: Thread) -> None:
    """Put threads into the store of a file."""
    store = Store(path)
    for waiting in [store.create(thread) for thread in threads]:
        waiting.result()
    store.close()
