"""Measures speed, as ratios within one run: `make bench`, or `make bench QUICK=1`.

Nothing here can fail for being slow: it prints what it found, beside what was aimed at. The
targets hold on an otherwise idle machine. Floors are the same stream read by the SDK's own
`create(stream=True)` loop (SDK), by the SDK with its lines read by orjson (SDK raw), by a page of
a few lines (bare page), and by a widget that shows plain text (plain); the ratio is to the first.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

import tests.conftest  # noqa: F401 - no key, no proxy, and none of the user's settings
from tests.bench.comparison import comparison
from tests.bench.display import display
from tests.bench.growth import growth
from tests.bench.harness import Bench, bench
from tests.bench.markdown import markdown
from tests.bench.report import Section, table
from tests.bench.stop import stop
from tests.bench.streams import fast, steady
from tests.bench.subscribers import subscribers
from tests.bench.threads import threads

MEASURES: dict[str, Callable[[Bench], Section]] = {
    "steady": steady,
    "fast": fast,
    "stop": stop,
    "display": display,
    "growth": growth,
    "threads": threads,
    "comparison": comparison,
    "subscribers": subscribers,
    "markdown": lambda _: markdown(),
}


def main() -> None:
    """Measure what was asked for, or everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--quick", action="store_true", help="a tenth of the tokens")
    parser.add_argument(
        "measures", nargs="*", help=f"some of {', '.join(MEASURES)}; all if none is named"
    )
    arguments = parser.parse_args()
    chosen = arguments.measures or list(MEASURES)
    if unknown := set(chosen) - set(MEASURES):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    sections: list[Section] = []
    with bench(quick=arguments.quick) as running:
        for name in chosen:
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            sections.append(MEASURES[name](running))
    load = os.getloadavg()[0]
    print(f"\n{table(sections)}\n\n{os.cpu_count()} cores, load {load:.1f} at the end")


if __name__ == "__main__":
    main()
