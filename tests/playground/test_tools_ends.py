"""Calls that take too long, are stopped, or are too many: nobody is held up."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from concurrent.futures import Future
from pathlib import Path

import pytest

from playground_widget import InputError, StoreError, Tool, ToolRoundsError
from playground_widget.demo import DemoServer
from playground_widget.events import Event, Started
from playground_widget.store import open_store
from tests.playground.tools import ROOT, TOOLS, Make, area, results, until


def test_a_slow_async_function_is_cancelled_at_its_limit(playground: Make) -> None:
    ended = threading.Event()

    async def sleep(n: int) -> None:
        """Sleep."""
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    pg = playground(model=TOOLS, tools=[Tool(sleep, timeout=0.05)])
    assert pg.send("sleep 3").status == "complete"
    assert ended.wait(20)
    (result,) = results(pg)
    assert result.error is not None
    assert result.error.kind == "tool_timeout"
    assert result.error.title == "sleep took longer than 0.05 s"


def test_a_slow_plain_function_is_left_to_finish(playground: Make) -> None:
    go, ended = threading.Event(), threading.Event()

    def wait(n: int) -> None:
        """Wait."""
        go.wait(20)
        ended.set()

    pg = playground(model=TOOLS, tools=[Tool(wait, timeout=0.05)])
    assert pg.send("wait 3").status == "complete"
    assert not ended.is_set()
    go.set()
    assert ended.wait(20)


def test_stop_ends_a_run_whose_function_does_not_end(playground: Make) -> None:
    go, begun = threading.Event(), threading.Event()

    def wait(n: int) -> None:
        """Wait."""
        begun.set()
        go.wait(20)

    pg = playground(model=TOOLS, tools=[wait])
    run = pg.start("wait 3")
    assert begun.wait(20)
    assert pg.stop()
    assert run.result(20).tool_calls
    (result,) = results(pg)
    assert result.status == "cancelled"
    assert result.text == "The call was stopped before it had ended."
    go.set()
    pg.tools = []
    assert pg.send("And now?").status == "complete"


def test_many_slow_functions_leave_the_engine_alone(playground: Make) -> None:
    go = threading.Event()

    def wait(n: int) -> None:
        """Wait."""
        go.wait(20)

    slow = [playground(model=TOOLS, tools=[wait]) for _ in range(40)]
    runs = [pg.start("wait 3") for pg in slow]
    until(lambda: all(results(pg) for pg in slow))
    other = playground()
    assert other.send("Hello").status == "complete"
    go.set()
    assert all(run.result(20).status == "complete" for run in runs)


def test_calls_before_one_that_cannot_be_written_are_not_left_open(
    playground: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Started] = []
    store = open_store(tmp_path / "own.sqlite")
    commit = store.commit

    def full(thread: str, expected: int, event: Event) -> Future[int]:
        if isinstance(event, Started) and event.message.role == "tool":
            calls.append(event)
            if len(calls) == 2:
                refused: Future[int] = Future()
                refused.set_exception(StoreError("The disk is full."))
                return refused
        return commit(thread, expected, event)

    def other(n: int) -> int:
        """Another one."""
        return n

    pg = playground(model=TOOLS, tools=[area, other], store=store)
    monkeypatch.setattr(store, "commit", full)
    with pytest.raises(StoreError, match="full"):
        pg.send("Call area of 3 by 4 and other with 1")
    assert [result.status for result in results(pg)] == ["cancelled"]
    assert not pg._conversation.state.live
    assert not store.runs(running=True)


def test_rounds_are_limited_and_the_thread_can_go_on(playground: Make) -> None:
    extra = {"demo": {"rate": None, "first_token": 0, "rounds": 3}}
    pg = playground(model=TOOLS, tools=[area], max_tool_rounds=2, extra=extra)
    with pytest.raises(ToolRoundsError) as caught:
        pg.send("area of 3 by 4")
    assert [m.role for m in pg.messages].count("tool") == 2
    assert pg[-1].status == "failed"
    assert pg[-1].tool_calls
    assert caught.value.message == pg[-1]
    assert pg[-1].error is not None
    assert pg[-1].error.actions == ("go_on",)
    assert pg.send().status == "complete"
    assert [m.role for m in pg.messages].count("tool") == 3
    pg.max_tool_rounds = 5
    assert pg.send("area of 1 by 1").status == "complete"
    with pytest.raises(InputError, match="whole number"):
        pg.max_tool_rounds = -1


CHILD = """
import sys, threading
from playground_widget import Connection, Playground

def hang(n: int) -> str:
    '''Hang.'''
    threading.Event().wait()

pg = Playground(
    store=sys.argv[1], thread="Mine", model="demo-tools", tools=[hang],
    connection=Connection("demo", base_url=sys.argv[2]),
)
run = pg.start("hang 3")
while not pg.messages or pg.messages[-1].role != "tool":
    pass
print("hangs", flush=True)
threading.Event().wait()
"""


def test_a_call_whose_kernel_was_killed_is_interrupted_and_the_thread_goes_on(
    playground: Make, server: DemoServer, tmp_path: Path
) -> None:
    file = tmp_path / "threads.sqlite"
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(file), server.base_url],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"hangs\n"
    child.kill()
    child.wait(20)
    child.stdout.close()
    pg = playground(store=file, thread="Mine")
    (result,) = results(pg)
    assert result.status == "interrupted"
    assert "interrupted and has no result" in pg.send().text
