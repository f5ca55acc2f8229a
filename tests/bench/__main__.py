"""Measures speed, as ratios within one run: `make bench`, `make bench ONLY=growth`, `QUICK=1`.

Nothing here can fail for being slow: it prints what it found, beside what was aimed at, and writes
it into `RESULTS.md` (a quick run, with a tenth of the size, only prints). The limits hold on an
otherwise idle machine. A stream is compared with the same stream read by the SDK's own
`create(stream=True)` loop (SDK), by the SDK with its lines read by orjson (SDK raw), by a page of
a few lines (bare page), and by a widget that shows plain text (plain); the ratio is to the first.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from importlib import import_module

import tests.conftest  # noqa: F401 - no key, no proxy, and none of the user's settings
from tests.bench.harness import bench
from tests.bench.report import Section, table
from tests.bench.results import write

MEASURES = (
    "imports",
    "steady",
    "fast",
    "stop",
    "display",
    "snapshot",
    "opening",
    "growth",
    "threads",
    "comparison",
    "grid",
    "subscribers",
    "files",
    "memory",
    "sizes",
    "markdown",
)
"""The modules of this folder that have a `measure`, in the order of the report."""


def main() -> None:
    """Measure what was asked for, or everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--quick", action="store_true", help="a tenth of the size, not kept")
    parser.add_argument(
        "--only",
        action="append",
        choices=MEASURES,
        metavar="NAME",
        help=f"one of {', '.join(MEASURES)}; may be said again, and all if it is not",
    )
    arguments = parser.parse_args()
    sections: dict[str, Section] = {}
    with bench(quick=arguments.quick) as running:
        for name in arguments.only or MEASURES:
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            began = time.monotonic()
            sections[name] = import_module(f"tests.bench.{name}").measure(running)
            print(f"  {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
            # One by one, so that what was measured is kept if another one fails.
            if not arguments.quick:
                write({name: sections[name]}, MEASURES)
    load = os.getloadavg()[0]
    print(f"\n{table([*sections.values()])}\n\n{os.cpu_count()} cores, load {load:.1f} at the end")


if __name__ == "__main__":
    main()
