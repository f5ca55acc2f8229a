"""Writes answers of a store for a test: a program that does what each line tells it.

A line is JSON: `do` and what that needs. Each is answered by a line once it is done. The process
says `stop` with thread and message when it is asked to stop a run.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

from playground_widget.events import Delta, Selected, Started
from playground_widget.model import Message, Text, Thread
from playground_widget.store import open_store


class Runs:
    """Answers of one store, by name."""

    def __init__(self, place: str) -> None:
        self._store = open_store(place)
        self._store.on_asked(self._stop)
        self._texts: dict[str, str] = {}

    def _stop(self, thread: str, message: str, _: str) -> None:
        print("stop", thread, message, flush=True)  # noqa: T201 - it talks to the test

    def create(self, thread: str) -> None:
        self._store.create(Thread(id=thread)).result()

    def start(self, thread: str, message: str) -> None:
        self._texts[message] = ""
        made = Message(id=message, parent=None, role="assistant", content=(), status="streaming")
        revision = self._store.load(thread).revision
        self._store.commit(thread, revision, Started(made, message)).result()

    def grow(self, thread: str, message: str, text: str) -> None:
        at = len(self._texts[message])
        self._store.grow(thread, Delta(message, 0, at, text))
        self._texts[message] += text

    def write(self, thread: str) -> None:
        """Have all text written, together with a change of the thread."""
        self._store.commit(thread, self._store.load(thread).revision, Selected(None)).result()

    def finish(self, thread: str, message: str) -> None:
        made = Message(id=message, parent=None, role="assistant", content=(), status="complete")
        whole = replace(made, content=(Text(self._texts.pop(message)),))
        revision = self._store.load(thread).revision
        self._store.finish(thread, revision, whole, f"{message}-beside").result()


def main(place: str) -> None:
    made = Runs(place)
    for line in sys.stdin:
        given: dict[str, Any] = json.loads(line)
        getattr(made, given.pop("do"))(**given)
        print("done", flush=True)  # noqa: T201
