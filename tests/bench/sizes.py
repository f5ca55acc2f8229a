"""The sizes of what is built, against the limits past which the build fails."""

from __future__ import annotations

import gzip
import re

from frontend import JS
from tests.bench.harness import ROOT, Bench
from tests.bench.report import Section

__all__ = ["measure"]

STATIC = ROOT / "playground_widget" / "static"
LIMIT = re.compile(r'\["([\w.]+)", \{ bytes: ([\d_]+), gzip: ([\d_]+) \}\]')


def measure(_: Bench) -> Section:
    """Measure each file that has a limit, as it is and compressed."""
    section = Section("Built files")
    for name, size, packed in LIMIT.findall((JS / "build.mjs").read_text("utf-8")):
        content = (STATIC / name).read_bytes()
        for label, found, limit in (
            (name, len(content), int(size)),
            (f"{name}, gzip", len(gzip.compress(content)), int(packed)),
        ):
            section.number(label, found, "kB", floors=[("limit", limit)], most_ratio=1)
    return section
