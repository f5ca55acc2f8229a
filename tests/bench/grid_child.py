"""Fills a grid of one variant and many rows, and says what that took: a program.

python -m tests.bench.grid_child SERVER STORE CELLS CONCURRENCY TOKENS

It prints JSON: `cpu` seconds of this process, and `seconds` by the clock.
"""

from __future__ import annotations

import json
import sys
import time

from playground_widget import Connection, Playground

__all__: list[str] = []


def main(server: str, store: str, cells: int, concurrency: int, tokens: int) -> None:
    """Measure one grid, after a small one that loads what is loaded but once."""
    pg = Playground(
        connection=Connection("bench", f"{server}/v1"),
        model="demo-long",
        store=store,
        extra={"demo": {"tokens": tokens, "rate": None, "first_token": 0}},
    )
    warm_up = [f"warm-up {n}" for n in range(concurrency)]
    pg.compare(warm_up, max_concurrency=concurrency).result()
    rows = [f"bare {n}" for n in range(cells)]
    cpu, began = time.process_time(), time.perf_counter()
    comparison = pg.compare(rows, max_concurrency=concurrency).result()
    found = {"cpu": time.process_time() - cpu, "seconds": time.perf_counter() - began}
    assert comparison.progress.complete == cells
    print(json.dumps(found), flush=True)
    pg.close()


if __name__ == "__main__":
    address, place, *figures = sys.argv[1:]
    main(address, place, *map(int, figures))
