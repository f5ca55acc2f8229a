"""Shows that the type of everything public is known, to whoever checks types against the package.

mypy reads the sources; pyright's verifier looks at the package as its users do, and counts what
they would be left to guess.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from frontend import find_node

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "playground_widget"


def verify() -> dict[str, Any]:
    """What the verifier found, as it prints it.

    It looks for packages where the first Python on PATH does, whatever it is told besides, and an
    installed package may be that of another checkout.
    """
    first = [str(Path(program).parent) for program in (sys.executable, find_node()) if program]
    path = os.pathsep.join([*first, os.environ.get("PATH", os.defpath)])
    asked = ["--verifytypes", PACKAGE, "--ignoreexternal", "--outputjson"]
    done = subprocess.run(
        [sys.executable, "-m", "pyright", *asked],
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError:
        sys.exit(f"pyright gave no report: {done.stdout or 'nothing'}")
    return found


def unknown(found: dict[str, Any]) -> Iterator[str]:
    """Each public symbol whose type is not known, with why."""
    for symbol in found["typeCompleteness"]["symbols"]:
        if symbol["isTypeKnown"] and not symbol["isTypeAmbiguous"]:
            continue
        yield symbol["name"]
        yield from (f"  {said['message']}" for said in symbol["diagnostics"])


def main() -> None:
    """Verifies; what is not known is printed, and ends the program with an error."""
    found = verify()
    report = found["typeCompleteness"]
    where = report["packageRootDirectory"]
    if not where or Path(where) != ROOT / PACKAGE:
        sys.exit(f"pyright looked at {where or 'no package'} instead of {ROOT / PACKAGE}")
    said = [each["message"] for each in found["generalDiagnostics"]]
    said += unknown(found)
    if said:
        sys.exit("\n".join(said))
    print(f"All {report['exportedSymbolCounts']['withKnownType']} public symbols have known types.")


if __name__ == "__main__":
    main()
