"""Exports a long thread and reads it back, and says how long that took: a program.

python -m tests.bench.files_child MESSAGES

It prints JSON: seconds by what was done, the least of a few, since whatever else the machine does
only adds to it. `to JSON` and `from JSON` are Python's own `json` on the same thread as dicts.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
import time
from collections.abc import Callable
from typing import Any

from playground_widget.export import export, from_json, from_notebook
from playground_widget.model import Thread
from tests.bench.made_threads import thread_of

__all__: list[str] = []

REPEATS = 3


def _steps(thread: Thread) -> dict[str, Callable[[], Any]]:
    plain = thread.to_dict()
    numbers = itertools.count()
    notebook, ours = export(thread, "ipynb", "transcript").text, export(thread, "json").text
    return {
        "to JSON": lambda: json.dumps(plain, indent=2),
        "from JSON": lambda: json.loads(ours),
        "export ipynb": lambda: export(thread, "ipynb", "transcript"),
        "export json": lambda: export(thread, "json"),
        "export html": lambda: export(thread, "html"),
        "import ipynb": lambda: from_notebook(notebook),
        "import json": lambda: from_json(ours, lambda: f"id{next(numbers)}"),
    }


def main(messages: int) -> None:
    """Measure each on a thread of its own size."""
    times: dict[str, list[float]] = {}
    # Texts that were shown once are kept for a while, so that each turn has others.
    for turn in range(REPEATS):
        thread = thread_of(turn, messages, random.Random(turn))
        for name, step in _steps(thread).items():
            before = time.process_time()
            step()
            times.setdefault(name, []).append(time.process_time() - before)
    print(json.dumps({name: min(each) for name, each in times.items()}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
