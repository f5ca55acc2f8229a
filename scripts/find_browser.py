"""Finds a Chromium for the browser tests, and installs one where there is none.

python scripts/find_browser.py                     prints the path of the browser, or fails
python scripts/find_browser.py --install           installs one first if there is none
python scripts/find_browser.py --install-package   only from the system's packages, if it may

`PLAYGROUND_WIDGET_BROWSER` names another executable.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

CHROMIUM = ("chromium", "chromium-browser")
CHROME = ("google-chrome-stable", "google-chrome", "chrome", "microsoft-edge")
MAC_APPLICATIONS = (
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)


class NoBrowserError(Exception):
    """There is no browser; the message says how to get one."""


def find_browser() -> Path | None:
    """The browser the tests use: the one named, Chromium, Playwright's own, or a relative."""
    named = os.environ.get("PLAYGROUND_WIDGET_BROWSER")
    if named:
        if not Path(named).is_file():
            raise NoBrowserError(f"PLAYGROUND_WIDGET_BROWSER is {named}, which is no file")
        return Path(named)
    candidates = chain(
        _on_path(CHROMIUM), _playwrights_own(), _on_path(CHROME), _mac_applications()
    )
    return next((path for path in candidates if path.is_file()), None)


def install_browser() -> Path:
    """Installs a browser if there is none, and returns its path.

    Raises:
        NoBrowserError: neither the system's packages nor Playwright's download gave one.
    """
    found = install_package()
    if found is None:
        _try([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))
        found = find_browser()
    if found is None:
        raise NoBrowserError(
            "no Chromium was found and none could be installed; install Chromium or Chrome, "
            "or name one in PLAYGROUND_WIDGET_BROWSER"
        )
    return found


def install_package() -> Path | None:
    """Installs Debian's package if there is no browser and that can be done; returns its path."""
    found = find_browser()
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _try(["apt-get", "update", "-qq"], environment)
        _try(
            [
                *("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"),
                # Without a font every letter is a box.
                *("fonts-dejavu-core", "fonts-noto-color-emoji"),
            ],
            environment,
        )
        found = next(_on_path(CHROMIUM), None)
    return found


def _try(command: list[str], environment: dict[str, str]) -> None:
    """Runs a step of the installation; whether it helped shows in what is found afterwards."""
    print(" ".join(command), file=sys.stderr)
    subprocess.run(command, env=environment, stdout=sys.stderr, check=False)


def _on_path(names: Iterable[str]) -> Iterator[Path]:
    return (Path(path) for name in names if (path := shutil.which(name)))


def _playwrights_own() -> Iterator[Path]:
    """Where Playwright keeps its download, whether or not there is one."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - others do without it
    except ImportError:
        return
    with sync_playwright() as playwright:
        yield Path(playwright.chromium.executable_path)


def _mac_applications() -> Iterator[Path]:
    folders = (Path("/Applications"), Path.home() / "Applications")
    return (folder / application for folder in folders for application in MAC_APPLICATIONS)


def main(arguments: list[str]) -> int:
    """The command line, as the module's docstring shows it."""
    try:
        match arguments:
            case ["--install"]:
                found: Path | None = install_browser()
            case ["--install-package"]:
                print(install_package() or "no package could be installed")
                return 0
            case _:
                found = find_browser()
    except NoBrowserError as error:
        print(error, file=sys.stderr)
        return 1
    print(found or "no browser found")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
