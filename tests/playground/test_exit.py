"""A script that has used a playground ends when it is over."""

from __future__ import annotations

import subprocess
import sys

import pytest

BEGIN = "from playground_widget import Playground; pg = Playground(model='demo-slow'); "


@pytest.mark.parametrize(
    "script",
    [
        "pg.widget; pg.close()",
        "pg.widget",
        "run = pg.start('Hello')",
        "pg.widget; next(iter(pg.stream('Hello')))",
        "leave = pg.on('delta', print); pg.start('Hello')",
    ],
)
def test_a_script_ends_whatever_it_left_open(script: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", BEGIN + script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
