"""Writes the README's table of faults from what happens when a playground meets each of them.

`make reliability` runs it.

`tests/faults/` has the faults, and checks that the README says what happens.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.faults.faults import FAULTS
from tests.faults.meeting import Row, meet
from tests.faults.place import place

README = Path(__file__).resolve().parents[1] / "README.md"

HEAD = "| Fault | What you see | Kept | Sent again |\n|---|---|---|---|\n"
_TABLE = re.compile(re.escape(HEAD) + r"((?:\|.*\n)*)")


def rows_of(text: str) -> dict[str, Row]:
    """Return the rows of the table in a text, by the name of the fault."""
    found = _TABLE.search(text)
    lines = found[1].splitlines() if found else []
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {name: Row(*row) for name, *row in cells}


def with_rows(text: str, rows: Mapping[str, Row]) -> str:
    """Return a text with these rows in its table."""
    lines = "".join(f"| {' | '.join([name, *row])} |\n" for name, row in rows.items())
    return _TABLE.sub(lambda _: HEAD + lines, text)


def main() -> None:
    """Meet each fault in both APIs, and write down what happened."""
    rows: dict[str, Row] = {}
    with place() as here:
        for fault in FAULTS:
            seen = {meet(fault, here, api).row for api in fault.apis}
            if len(seen) > 1:
                sys.exit(f"{fault.name}: the two APIs differ: {seen}")
            (rows[fault.name],) = seen
            print(fault.name, *rows[fault.name], sep=" | ", flush=True)
    README.write_text(with_rows(README.read_text("utf-8"), rows), "utf-8")


if __name__ == "__main__":
    main()
