"""Subscribing and leaving, thousands of times: nothing stays behind."""

from __future__ import annotations

import time
from itertools import cycle

import psutil

from tests.server.conftest import Jupyter, Socket

CREATE = """
mutation Create($input: CreateThreadInput!) { createThread(input: $input) { thread { id } } }
"""
SEND = "mutation Send($input: SendInput!) { send(input: $input) { answer { id } } }"
EVENTS = """
subscription Events($id: ID!) {
  threadEvents(id: $id) { revision events { __typename ... on TextAdded { text } } }
}
"""
LIST = "subscription { threadsChanged { changes } }"
COUNT = "{ server { subscriptions } }"

SLACK = 16 * 2**20
"""Bytes by which the memory of a process may differ at two moments of the same state."""


async def leave_in_one_way_or_another(jupyter: Jupyter, thread: str, cycles: int) -> None:
    """Subscribe, and leave by a word, by hanging up, or before anything has come."""
    ways = cycle(["complete", "at once", "list", "hang up"])
    socket: Socket | None = None
    for n, way in zip(range(cycles), ways, strict=False):
        socket = socket or await jupyter.connect()
        if way == "list":
            await socket.subscribe(LIST, {}, str(n))
        else:
            await socket.subscribe(EVENTS, {"id": thread}, str(n))
        if way != "at once":
            assert (await socket.result(str(n)))["data"]
        if way == "hang up":
            await socket.close()
            socket = None
        else:
            await socket.send({"type": "complete", "id": str(n)})
    if socket is not None:
        await socket.close()


def until_nobody_subscribes(jupyter: Jupyter) -> None:
    end = time.monotonic() + 30
    while jupyter.ask(COUNT)["server"]["subscriptions"]:
        assert time.monotonic() < end
        time.sleep(0.05)


async def test_who_has_left_leaves_nothing(jupyter: Jupyter, full_counts: bool) -> None:
    cycles = 10_000 if full_counts else 600
    steering = {"demo": {"tokens": 100_000, "rate": 50, "first_token": 0}}
    made = {"model": "demo-fast", "params": {"extra": steering}}
    thread = jupyter.ask(CREATE, {"input": made})["createThread"]["thread"]["id"]
    jupyter.ask(SEND, {"input": {"threadId": thread, "content": [{"text": "Hello"}]}})
    process = psutil.Process(jupyter.process.pid)

    def settled() -> tuple[int, int, int]:
        until_nobody_subscribes(jupyter)
        return process.num_fds(), process.num_threads(), process.memory_info().rss

    # What is made at the first use is made, and what grows with the answer is a few kilobytes.
    await leave_in_one_way_or_another(jupyter, thread, 200)
    files, threads, memory = settled()
    await leave_in_one_way_or_another(jupyter, thread, cycles)
    files_then, threads_then, memory_then = settled()
    # A connection of the last cycle may still be on its way out.
    assert files_then <= files + 2
    assert threads_then <= threads + 1
    assert memory_then <= memory + SLACK
