"""JupyterLab and Notebook 7 as servers on loopback, with everything that phones home turned off."""

from __future__ import annotations

import json
import os
import secrets
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tests.browser.harness.process import ServerProcess

Host = Literal["lab", "notebook"]

SHARED = "/workspaces/shared"
"""The workspace of the page that tests share, in its address."""

_APPLICATION = {"lab": "LabApp", "notebook": "JupyterNotebookApp"}

# Without a grammar that takes most of the time in which a server starts (tests/without_iris.py).
_START = "import sys; sys.modules['rfc3987_syntax'] = None; from {} import main; main()"
_MODULE = {"lab": "jupyterlab.labapp", "notebook": "notebook.app"}


@dataclass(frozen=True, slots=True)
class JupyterServer:
    """A running server and the folder whose notebooks it shows."""

    host: Host
    url: str
    token: str
    root: Path
    process: ServerProcess

    def write_notebook(self, name: str, cells: list[str], *, kernel: str = "python3") -> Path:
        """Writes a notebook of code cells into the server's folder."""
        notebook = {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {
                "kernelspec": {"name": kernel, "display_name": kernel, "language": "python"},
                "language_info": {"name": "python"},
            },
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"cell-{number}",
                    "metadata": {},
                    "source": source,
                    "outputs": [],
                    "execution_count": None,
                }
                for number, source in enumerate(cells)
            ],
        }
        path = self.root / name
        path.write_text(json.dumps(notebook, indent=1))
        return path

    def address(self, name: str) -> str:
        """Where a notebook opens. In JupyterLab each has a workspace of its own, emptied first."""
        if self.host == "notebook":
            return f"{self.url}notebooks/{name}?token={self.token}"
        workspace = name.removesuffix(".ipynb")
        return f"{self.url}lab/workspaces/{workspace}/tree/{name}?reset&token={self.token}"

    @property
    def start_address(self) -> str:
        """Where JupyterLab opens without a notebook."""
        return f"{self.url}lab{SHARED}?reset&token={self.token}"

    def request(self, method: str, path: str) -> Any:
        """Calls the server's REST API; `path` follows /api/."""
        request = urllib.request.Request(  # noqa: S310 - the address is our own server's
            f"{self.url}api/{path}",
            method=method,
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            body = answer.read()
        return json.loads(body) if body else None

    def end_kernels(self, name: str) -> None:
        """Ends the kernels of one notebook."""
        for session in self.request("GET", "sessions"):
            if session["path"] == name:
                self.request("DELETE", f"sessions/{session['id']}")


def start_jupyter(host: Host, folder: Path) -> JupyterServer:
    """Starts `jupyter lab` or `jupyter notebook` and waits until it answers."""
    root = folder / "notebooks"
    root.mkdir(parents=True)
    write_page_config()
    token = secrets.token_hex(16)
    command = [
        *(sys.executable, "-c", _START.format(_MODULE[host]), "--no-browser", "--allow-root"),
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0",  # any that is free
        f"--ServerApp.root_dir={root}",
        f"--IdentityProvider.token={token}",
        # window.jupyterapp: how a test runs commands and reads the notebook's model.
        f"--{_APPLICATION[host]}.expose_app_in_browser=True",
    ]
    process = ServerProcess(command, cwd=root, log=folder / "server.log")
    found: dict[str, str] = {}

    def ready() -> bool:
        found.update(_runtime_info(process.pid))
        return bool(found) and _answers(found["url"], token)

    process.wait_until(ready)
    return JupyterServer(host, found["url"], token, root, process)


def write_page_config() -> None:
    """Turns off news and update checks, in this session's own settings."""
    config = Path(os.environ["JUPYTER_CONFIG_DIR"])
    page = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (config / "labconfig").mkdir(parents=True, exist_ok=True)
    (config / "labconfig" / "page_config.json").write_text(json.dumps(page))


def _runtime_info(pid: int) -> dict[str, str]:
    """What the server wrote about itself once it was bound to a port."""
    path = Path(os.environ["JUPYTER_RUNTIME_DIR"]) / f"jpserver-{pid}.json"
    try:
        return {"url": json.loads(path.read_text())["url"]}
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def _answers(url: str, token: str) -> bool:
    request = urllib.request.Request(  # noqa: S310 - the address is our own server's
        f"{url}api/status", headers={"Authorization": f"token {token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
