"""`RESULTS.md`: what was measured, where, and with what.

A measurement replaces its own section and leaves the others, so that one can be made again.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from tests.bench.report import Section, markdown_table

__all__ = ["RESULTS", "write"]

RESULTS = Path(__file__).with_name("RESULTS.md")

PACKAGES = ("anywidget", "ipykernel", "ipywidgets", "jupyterlab", "openai", "strawberry-graphql")

HEAD = """\
# Results of `make bench`

{machine}

A ratio is the value over the first thing it is compared with, in the same run. "At 10 times" is the
value over the same at a tenth of the size: 1 where size does not matter, 10 where it is linear. A
limit is what is aimed at on a machine that is otherwise idle; each section says how busy it was.
"""


def write(sections: Mapping[str, Section], order: tuple[str, ...]) -> None:
    """Put these sections into the file, in the order of all of them."""
    kept = dict(_sections(RESULTS.read_text("utf-8"))) if RESULTS.exists() else {}
    for name, section in sections.items():
        load = f"Load {os.getloadavg()[0]:.1f} at its end."
        kept[name] = f"## {name}: {section.title}\n\n{load}\n\n{markdown_table(section)}"
    texts = [HEAD.format(machine=_machine()), *(kept[name] for name in order if name in kept)]
    RESULTS.write_text("\n".join(texts), "utf-8")


def _sections(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]:
        name, _, _ = part.removeprefix("## ").partition(":")
        yield name, part.rstrip() + "\n"


def _machine() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{_cpu()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, {versions}."
    )


def _cpu() -> str:
    """Return the processor's name, as far as the system tells it."""
    listed = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", listed.read_text()) if listed.exists() else None
    return found[1] if found else platform.processor() or platform.machine()
