"""Streams many answers at once in a process like a kernel, and says what that cost: a program.

python -m tests.bench.compare_child SERVER STREAMS TOKENS RATE

It prints JSON: `cpu` seconds of all threads and `seconds` by the clock while all streams ran;
`tasks`, how long the engine's loop worked on one thing, by its own CPU; `collections`, how long
Python looked for garbage among all that is loaded, which no task is to blame for; and `stalls`, how
much later than asked it came back to something, in which it may have waited for a busy core.
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import sys
import time
from typing import Any

from playground_widget import Connection, Playground
from playground_widget.compare import Update
from playground_widget.engine import engine

PERIOD = 0.005
"""Seconds between two looks at the loop; what comes later than that was held up."""


class Watch:
    """Looks at the loop again and again, on the loop, and at each thing that it does."""

    def __init__(self) -> None:
        self._stalls: list[float] = []
        self._tasks: list[float] = []
        self._collections: list[float] = []
        gc.callbacks.append(self._collect)
        self._task = engine().spawn(self._look())
        engine().call(self._measure)

    def _collect(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.thread_time()
        else:
            self._collections.append(time.thread_time() - self._began)

    def _measure(self) -> None:
        """Measure each callback; the loop has no place of its own for that."""
        kind: Any = asyncio.Handle
        run, loop = kind._run, engine().loop

        def measured(handle: Any) -> None:
            before, known = time.thread_time(), len(self._collections)
            run(handle)
            if handle._loop is loop:
                garbage = sum(self._collections[known:])
                self._tasks.append(time.thread_time() - before - garbage)

        kind._run = measured

    async def _look(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(PERIOD)
            self._stalls.append(time.perf_counter() - before - PERIOD)

    def end(self) -> dict[str, list[float]]:
        self._task.cancel()
        gc.callbacks.remove(self._collect)
        found = {"stalls": self._stalls, "tasks": self._tasks, "collections": self._collections}
        return {name: sorted(times, reverse=True)[:100] for name, times in found.items()}


def _hear(_: list[Update]) -> None:
    """Listen, as a page does."""


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main(server: str, streams: int, tokens: int, rate: float) -> None:
    """Measure one comparison, after a short one that loads what is loaded but once."""
    steering = {"tokens": tokens, "rate": rate, "first_token": 0}
    pg = Playground(
        connection=Connection("bench", f"{server}/v1"),
        model="demo-long",
        store=":memory:",
        extra={"demo": {**steering, "tokens": 20}},
    )
    pg.compare(["warm-up"]).result()
    pg.params = {"extra": {"demo": steering}}
    rows = [f"stream {n}" for n in range(streams)]
    comparison = pg.compare(rows, max_concurrency=streams)
    engine().call(comparison._runner.listen, _hear)
    while comparison.progress.running < streams:
        time.sleep(0.01)
    watch, before, begun = Watch(), cpu(), time.perf_counter()
    while comparison.progress.running == streams:
        time.sleep(0.1)
    found = {
        "cpu": cpu() - before,
        "seconds": time.perf_counter() - begun,
        **watch.end(),
    }
    comparison.result()
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    address, *figures = sys.argv[1:]
    main(address, int(figures[0]), int(figures[1]), float(figures[2]))
