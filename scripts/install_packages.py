"""Installs packages with uv, in a tenth of pip's time, or with pip where uv can't.

python scripts/install_packages.py --no-deps -r requirements/lab.txt

installs into the environment that it runs in. It takes what `pip install` and `uv pip install` both
understand. uv is fetched with pip, which knows where packages come from here: an index of a firm, a
folder, a certificate. uv is told the same.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from ast import literal_eval
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / "requirements" / "uv.txt"

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input")

# What pip calls a setting, and what uv calls it in the environment.
_SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}
_SEPARATORS = {"UV_FIND_LINKS": ","}


def install_packages(*arguments: str, python: str = sys.executable) -> None:
    """Install packages into the environment of a Python.

    Args:
        *arguments: What `pip install` is told, in words that uv knows as well.
        python: The Python of the environment, which need not have pip.

    Raises:
        subprocess.CalledProcessError: Neither could; what they said was printed.
    """
    uv = find_uv()
    if uv is not None:
        command = [uv, "pip", "install", "--quiet", "--python", python, *arguments]
        if subprocess.run(command, env=settings_for_uv(), check=False).returncode == 0:
            return
        print("uv could not install this; trying pip.", file=sys.stderr)
    # Most of what is installed is never imported, and compiling it takes long.
    quietly = ["--python", python, "install", "--quiet", "--no-compile"]
    subprocess.run([*PIP, *quietly, *arguments], check=True)


def find_uv() -> str | None:
    """Return the uv beside this Python or on PATH, fetched if need be, or nothing."""
    beside = Path(sys.executable).with_name("uv")
    if not beside.exists() and shutil.which("uv") is None:
        fetch = [*PIP, "install", "--quiet", "--no-deps", "-r", str(UV)]
        # Where there is none for this machine, pip says so and installs the rest itself.
        subprocess.run(fetch, check=False)
    return str(beside) if beside.exists() else shutil.which("uv")


def settings_for_uv() -> dict[str, str]:
    """Return the environment in which uv finds packages where pip does."""
    listed = subprocess.run([*PIP, "config", "list"], capture_output=True, text=True, check=False)
    told = translate(read_settings(listed.stdout))
    # pip takes the best version of all its indexes, uv by itself those of the first that has any.
    return {"UV_INDEX_STRATEGY": "unsafe-best-match", **told, **os.environ}


def read_settings(listed: str) -> dict[str, str]:
    """Return what `pip config list` has said, by the names of the settings.

    The environment counts more than what is said for `install`, and that more than the rest.
    """
    found: dict[str, str] = {}
    for where in ("global", "site", "user", "install", ":env:"):
        for name, value in re.findall(rf"^{where}\.([\w-]+)=(.+)$", listed, re.MULTILINE):
            found[name] = str(literal_eval(value))
    return found


def translate(settings: Mapping[str, str]) -> dict[str, str]:
    """Return pip's settings as variables of the environment that uv reads."""
    return {
        variable: _SEPARATORS.get(variable, " ").join(settings[name].split())
        for name, variable in _SETTINGS.items()
        if name in settings
    }


def main(arguments: list[str]) -> int:
    """The command line, as the module's docstring shows it."""
    try:
        install_packages(*arguments)
    except subprocess.CalledProcessError as error:
        return int(error.returncode)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
