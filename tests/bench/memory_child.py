"""Makes many playgrounds or empty widgets, and says how much memory that took: a program.

python -m tests.bench.memory_child WHAT COUNT

WHAT is `empty`, `playground` or `shown`. It prints JSON: the bytes of each.
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
from collections.abc import Callable
from typing import Any

import anywidget
import psutil

from playground_widget import Playground
from tests.bench.page_counts import count

__all__: list[str] = []

WARM_UP = 20
# One for all of them, as it is by default.
FOLDER = tempfile.TemporaryDirectory(prefix="playground-memory-")
STORE = f"{FOLDER.name}/threads.sqlite"


class Empty(anywidget.AnyWidget):
    """The least there is."""

    _esm = "export default { render() {} };"


def _playground() -> Playground:
    return Playground(connection="demo", store=STORE)


def _shown() -> Any:
    pg = _playground()
    return pg, pg.widget


MAKERS: dict[str, Callable[[], Any]] = {
    "empty": Empty,
    "playground": _playground,
    "shown": _shown,
}


def main(what: str, number: int) -> None:
    """Measure how much more the process holds."""
    count()
    make, process = MAKERS[what], psutil.Process()
    kept = [make() for _ in range(WARM_UP)]
    gc.collect()
    before = process.memory_info().rss
    kept += [make() for _ in range(number)]
    gc.collect()
    print(json.dumps((process.memory_info().rss - before) / number), flush=True)
    kept.clear()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
