"""The examples of the README, run as they stand there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from frontend import find_node
from tests.server.conftest import ROOT, Jupyter

README = (ROOT / "README.md").read_text(encoding="utf-8")
SAID = "demo model"
"""Whatever it is asked: the demo model says what it is."""


def example(jupyter: Jupyter, language: str) -> str:
    """The example of a language that uses the API, for this server in place of the reader's."""
    blocks = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    (found,) = [block for block in blocks if "/playground/graphql" in block]
    address = jupyter.url.removeprefix("http://").rstrip("/")
    changed: str = found.replace("127.0.0.1:8888", address).replace("token secret", jupyter.token)
    changed = changed.replace(f'"{jupyter.token}"', f'"token {jupyter.token}"')
    return changed.replace("token=secret", f"token={jupyter.token}")


def run(command: list[str | Path]) -> str:
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_example_in_python_prints_an_answer(jupyter: Jupyter) -> None:
    assert SAID in run([sys.executable, "-c", example(jupyter, "python")])


def test_the_example_in_javascript_prints_an_answer(jupyter: Jupyter, tmp_path: Path) -> None:
    node = find_node()
    assert node is not None
    program = tmp_path / "example.mjs"
    program.write_text(example(jupyter, "js"), encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(ROOT / "js" / "node_modules")
    # Before Node 22 there is a WebSocket only if one asks.
    version = run([node, "--version"]).removeprefix("v")
    flags = ["--experimental-websocket"] if int(version.split(".")[0]) < 22 else []
    assert SAID in run([node, *flags, program])
