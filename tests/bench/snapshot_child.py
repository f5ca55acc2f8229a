"""Shows widgets in a process like a kernel, and says what each took: a program.

python -m tests.bench.snapshot_child

It prints JSON: for `empty`, `pg` (a playground) and `widget` (of one that is there) the `times`
in seconds, and the `size` in bytes of what a page gets; `code` is the part that is program.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import anywidget

from playground_widget import Playground
from tests.bench.page_counts import count

REPEATS = 30
# One for all of them, as it is by default.
FOLDER = tempfile.TemporaryDirectory(prefix="playground-snapshot-")
STORE = f"{FOLDER.name}/threads.sqlite"


class Empty(anywidget.AnyWidget):
    """The least there is."""

    _esm = "export default { render() {} };"


def main() -> None:
    """Measure them in turn, after one of each that loads what is loaded but once."""
    sent = count()
    kept: list[Any] = []
    found: dict[str, Any] = {name: {"times": [], "size": 0} for name in ("empty", "widget", "pg")}

    def timed(name: str, make: Callable[[], Any]) -> Any:
        size, before = sent.size, time.perf_counter()
        made = make()
        found[name]["times"].append(time.perf_counter() - before)
        found[name]["size"] = sent.size - size
        kept.append(made)
        return made

    for _ in range(REPEATS + 1):
        timed("empty", Empty)
        pg = timed("pg", lambda: Playground(connection="demo", store=STORE))
        timed("widget", partial(getattr, pg, "widget"))
    code = len(json.dumps([kept[-1]._esm, kept[-1]._css]).encode())
    for each in found.values():
        del each["times"][0]
    print(json.dumps({**found, "code": code}), flush=True)


if __name__ == "__main__":
    main()
