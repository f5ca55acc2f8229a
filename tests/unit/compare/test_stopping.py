"""A task of a cluster that nobody waits for is ended, at whatever moment that is said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import distributed
import pytest

from playground_widget import Connection
from playground_widget.compare import Cluster, Key, _elsewhere
from playground_widget.compare._elsewhere import Task, ask_there, stop_there


class Client:
    """Notes which tasks are ended."""

    status = "running"

    def __init__(self) -> None:
        self.ended: list[str] = []

    def cancel(self, futures: list[str], *, force: bool) -> None:
        assert force

    def run(self, _: object, tasks: list[str], *, on_error: str) -> None:
        assert on_error == "ignore"
        self.ended += tasks


async def test_a_task_is_ended_that_is_left_while_those_before_it_are_being_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = Client()
    cluster = Cluster(client)  # type: ignore[arg-type] # of what a client has, this is used
    waiting: list[Callable[[], object]] = []

    def later(_: None, function: Callable[..., object], *args: object) -> None:
        waiting.append(lambda: function(*args))

    monkeypatch.setattr(asyncio.get_running_loop(), "run_in_executor", later)

    class Between(dict[str, Any]):
        """Lets the other thread go on where this one has looked, and not yet put anything."""

        def __len__(self) -> int:
            found = super().__len__()
            if found and waiting:
                waiting.pop()()
            return found

    cluster._stopping = Between()
    for task in ("one", "two"):
        cluster._stop(task, SimpleNamespace())  # type: ignore[arg-type] # it is only handed on
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    while waiting:
        waiting.pop()()
    assert sorted(client.ended) == ["one", "two"]


def test_a_task_is_ended_that_was_about_to_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributed, "get_worker", lambda: SimpleNamespace(log_event=print))
    connection = Connection("none", "http://127.0.0.1:1/v1", timeout=600)
    task = Task("task", "topic", Key(0, 0, 0), connection.carried(), {"model": "m"})
    made = _elsewhere._connection

    def connect(carried: Any) -> Connection:
        stop_there(["task"])
        return made(carried)

    async def hangs(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(_elsewhere, "_connection", connect)
    monkeypatch.setattr(_elsewhere, "_asked", hangs)
    assert ask_there(task).cell.status == "cancelled"
