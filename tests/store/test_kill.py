"""A process that is killed while an answer comes loses at most the last moments of that."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from playground_widget import Connection, Message, Playground, Thread
from playground_widget.demo import DemoServer
from playground_widget.store import Store

ROOT = Path(__file__).resolve().parents[2]

UNWRITTEN = 0.25
"""Seconds before the kill whose text may be missing."""


class Killed(NamedTuple):
    """A child that is no more, and what it had received."""

    at: float
    pieces: list[tuple[float, int, str]]

    @property
    def text(self) -> str:
        return "".join(text for _, _, text in self.pieces)

    def length(self, until: float) -> int:
        """Return how much had come until a moment."""
        return max(
            (offset + len(text) for at, offset, text in self.pieces if at <= until), default=0
        )


Kill = Callable[[str, float], Killed]


@pytest.fixture
def kill(path: Path, server: DemoServer, tmp_path: Path) -> Iterator[Kill]:
    """Have a child stream into a thread, and kill it some seconds after its first word."""
    parent = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("kill_child.py"))],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    to, of = parent.stdin, parent.stdout
    count = 0

    def run(thread: str, after: float) -> Killed:
        nonlocal count
        count += 1
        log = tmp_path / f"log-{count}"
        given = {"store": str(path), "server": server.base_url, "thread": thread, "log": str(log)}
        to.write(json.dumps({**given, "rate": random.choice([50, 400, 2000])}) + "\n")
        to.flush()
        child = int(of.readline())
        while not log.exists() or not log.stat().st_size:
            assert Path(f"/proc/{child}").exists(), "the child ended by itself"
            time.sleep(0.005)
        time.sleep(after)
        at = time.monotonic()
        os.kill(child, signal.SIGKILL)
        while Path(f"/proc/{child}").exists():
            time.sleep(0.001)
        lines = [line for line in log.read_bytes().split(b"\n")[:-1] if line]
        return Killed(at, [tuple(json.loads(line)) for line in lines])

    yield run
    to.close()
    parent.wait()
    of.close()


@pytest.mark.skipif(not Path("/proc").exists(), reason="watches processes through /proc")
@pytest.mark.timeout(1800)
def test_a_kill_costs_at_most_the_last_quarter_of_a_second(
    path: Path, server: DemoServer, kill: Kill, full_counts: bool
) -> None:
    store = Store(path)
    pg = Playground(
        "Be.", store=store, connection=Connection("demo", server.base_url), messages="a"
    )
    pg.add("b", "assistant")
    thread = pg.thread.id
    pg.close()
    store.close()
    for _ in range(200 if full_counts else 20):
        before = reopened(path, thread)
        killed = kill(thread, random.uniform(0, 0.7))
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        after = reopened(path, thread)
        question, answer = new(before, after)
        assert question.text == "Go on and on."
        assert answer.status == "interrupted"
        assert killed.text.startswith(answer.text)
        assert len(answer.text) >= killed.length(killed.at - UNWRITTEN)
        assert list(after.messages.values())[:-2] == list(before.messages.values())
        continue_(path, server, thread, answer)


def reopened(path: Path, thread: str) -> Thread:
    store = Store(path)
    found = store.load(thread).thread
    store.close()
    return found


def new(before: Thread, after: Thread) -> tuple[Message, Message]:
    question, answer = (m for name, m in after.messages.items() if name not in before.messages)
    return question, answer


def continue_(path: Path, server: DemoServer, thread: str, answer: Message) -> None:
    """Go on with the answer, in a few words, and go back to before it."""
    if not answer.text:
        return
    store = Store(path)
    pg = Playground(
        thread=thread,
        store=store,
        connection=Connection("demo", server.base_url),
        model="demo-fast",
        extra={"demo": {"rate": None, "first_token": 0, "tokens": 40}},
    )
    whole = pg.continue_()
    assert whole.status == "complete"
    assert whole.text.startswith(answer.text)
    pg.select(next(iter(pg.thread.messages)))
    pg.close()
    store.close()
