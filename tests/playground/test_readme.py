"""The README's examples of tools and structured output, run as they stand there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.playground.mcp_setup import SERVER, Served, notes, served

__all__ = ["notes", "served"]

README = (ROOT / "README.md").read_text(encoding="utf-8")


def examples(heading: str) -> list[str]:
    """The examples in Python of a section."""
    (section,) = re.findall(rf"^## {heading}\n(.*?)^## ", README, re.DOTALL | re.MULTILINE)
    found: list[str] = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    return found


def run(*scripts: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(scripts)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def test_functions_are_called() -> None:
    functions, _ = examples("Tools")
    asked = "pg.model = 'demo-tools'; pg.send(\"mean_mass of 'Gentoo'\"); print(pg[-2].text)"
    assert float(run(functions, asked)) > 5


def test_servers_are_asked(notes: Path, served: Served) -> None:
    functions, servers = examples("Tools")
    for written, here in (
        ("python server.py", f"python {SERVER}"),
        ('{"TOKEN": "..."}', repr({"NOTES": str(notes)})),
        ("search", "area"),
        ("https://example.com/mcp", served.url),
    ):
        assert written in servers
        servers = servers.replace(written, here)
    names = run(functions, servers, "print(*[tool.name for tool in pg.tools])").split()
    assert names[:3] == ["mean_mass", "Test_server_area", "Test_server_area_2"]


def test_an_answer_is_parsed() -> None:
    (example,) = examples("Structured output")
    assert run(example, "print(type(answer.parsed).__name__, answer.invalid)") == "Review None\n"


def test_an_exporter_of_ones_own_writes_what_was_said(tmp_path: Path) -> None:
    provider, exporter = examples("Adding a provider or an exporter")
    file = tmp_path / "tuning.jsonl"
    script = (
        f"pg = Playground(connection='demo'); pg.send('Hi'); export_for_tuning(pg, {str(file)!r})"
    )
    run(provider, "pg.close()", exporter, *[script] * 2)
    lines = [json.loads(line)["messages"] for line in file.read_text("utf-8").splitlines()]
    assert [[message["role"] for message in line] for line in lines] == [["user", "assistant"]] * 2
