"""Finds the programs of PostgreSQL for the tests, and installs them where there are none.

python scripts/find_postgres.py                  prints the folder they are in, or fails
python scripts/find_postgres.py --install FILE   installs them first if there are none and it may,
                                                 and writes the folder into a file; nothing where
                                                 there is none, which is no failure: the tests that
                                                 need them are skipped then

`PLAYGROUND_WIDGET_POSTGRES` names another folder.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PROGRAMS = ("initdb", "postgres")
DEBIAN = Path("/usr/lib/postgresql")
MAC = (Path("/opt/homebrew/opt"), Path("/usr/local/opt"))


def find_postgres() -> Path | None:
    """Return the folder with the programs: the one named, the one on PATH, or the newest."""
    named = os.environ.get("PLAYGROUND_WIDGET_POSTGRES")
    folders = [Path(named)] if named else list(_folders())
    return next((folder for folder in folders if _is_whole(folder)), None)


def _folders() -> Iterator[Path]:
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    found = [
        *DEBIAN.glob("*/bin"),
        *(each for brew in MAC for each in brew.glob("postgresql*/bin")),
    ]
    yield from sorted(found, key=_version, reverse=True)


def _version(folder: Path) -> float:
    numbers = re.findall(r"\d+(?:\.\d+)?", folder.parent.name)
    return float(numbers[0]) if numbers else 0.0


def _is_whole(folder: Path) -> bool:
    return all((folder / name).is_file() for name in PROGRAMS)


def install_postgres() -> Path | None:
    """Install Debian's package if there is none and that can be done, and return the folder."""
    found = find_postgres()
    if found is None and shutil.which("apt-get"):
        before = [] if os.geteuid() == 0 else ["sudo", "-n"]
        if not before or _can(["sudo", "-n", "true"]):
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            install = ["install", "-y", "-qq", "--no-install-recommends", "postgresql"]
            for command in (["update", "-qq"], install):
                whole = [*before, "apt-get", *command]
                print(" ".join(whole), file=sys.stderr)
                # Whether it helped shows in what is found afterwards.
                subprocess.run(whole, env=environment, stdout=sys.stderr, check=False)
            found = find_postgres()
    return found


def _can(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def main(arguments: list[str]) -> int:
    """The command line, as the module's docstring shows it."""
    match arguments:
        case ["--install", file]:
            found = install_postgres()
            Path(file).write_text(f"{found}\n" if found else "", encoding="utf-8")
        case _:
            found = find_postgres()
    print(
        found
        or "PostgreSQL was not found; install it (Debian: postgresql), or name the folder with "
        "initdb in PLAYGROUND_WIDGET_POSTGRES. Tests that need it are skipped."
    )
    return 0 if found or arguments else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
