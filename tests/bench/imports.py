"""What importing costs, in a Python of its own each time."""

from __future__ import annotations

import subprocess
import sys
from statistics import median

from tests.bench.harness import ROOT, Bench
from tests.bench.report import Section

__all__ = ["measure"]

REPEATS = 5

# By its CPU: a busy machine has other things to do meanwhile.
TIMED = """
import time
before = time.process_time()
{statement}
print(time.process_time() - before)
"""

PACKAGE = "import playground_widget"
CLASS = "from playground_widget import Playground"
IPYWIDGETS = "import ipywidgets"
OPENAI = "import openai"
STANDS_ON = "import ipywidgets, anywidget, sqlalchemy, IPython"


def measure(_: Bench) -> Section:
    """Measure the package, and its class, against what people import anyway."""
    times: dict[str, list[float]] = {
        each: [] for each in (PACKAGE, CLASS, IPYWIDGETS, OPENAI, STANDS_ON)
    }
    for _turn in range(REPEATS):
        for statement, found in times.items():
            command = [sys.executable, "-c", TIMED.format(statement=statement)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
            found.append(float(done.stdout))
    middle = {statement: median(found) for statement, found in times.items()}
    section = Section("Importing, CPU")
    alone, sdk, below = ((each, middle[each]) for each in (IPYWIDGETS, OPENAI, STANDS_ON))
    section.number(PACKAGE, middle[PACKAGE], "ms", floors=[alone, sdk], most_ratio=1)
    # The class needs what it stands on.
    section.number(CLASS, middle[CLASS], "ms", floors=[below, alone, sdk], most_ratio=2.5)
    return section
