"""Setting up installs with uv where it can, and from wherever pip would."""

from __future__ import annotations

from pathlib import Path

import pytest

from install_packages import install_packages, read_settings, translate


class Programs:
    """A pip and a uv that write down what they are told."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self.write("pip", "[ $1 = config ] && echo \"global.index-url='https://firm.example/'\"")
        patch.setattr("install_packages.PIP", (str(folder / "pip"),))
        patch.setattr("install_packages.find_uv", lambda: str(folder / "uv"))
        patch.delenv("UV_DEFAULT_INDEX", raising=False)

    def write(self, name: str, then: str) -> None:
        program = self._folder / name
        note = f'echo "$UV_DEFAULT_INDEX $@" >> {program}.told'
        program.write_text(f"#!/bin/sh\n{note}\n{then}\n")
        program.chmod(0o755)

    def told(self, name: str) -> list[str]:
        return (self._folder / f"{name}.told").read_text().splitlines()


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    return Programs(tmp_path, monkeypatch)


def test_uv_installs_from_where_pip_would(programs: Programs) -> None:
    programs.write("uv", "exit 0")
    install_packages("-r", "pins.txt", python="/env/bin/python")
    (told,) = programs.told("uv")
    assert told.startswith("https://firm.example/ pip install ")
    assert told.endswith("--python /env/bin/python -r pins.txt")
    assert [each.strip() for each in programs.told("pip")] == ["config list"]


def test_where_uv_fails_pip_installs_the_same(
    programs: Programs, capfd: pytest.CaptureFixture[str]
) -> None:
    programs.write("pip", "exit 0")
    programs.write("uv", "exit 2")
    install_packages("-r", "pins.txt", python="/env/bin/python")
    assert programs.told("pip")[-1].startswith(" --python /env/bin/python install ")
    assert programs.told("pip")[-1].endswith(" -r pins.txt")
    assert "trying pip" in capfd.readouterr().err


def test_what_pip_is_told_counts_by_where_it_is_told() -> None:
    listed = """\
:env:.cert='/mine.pem'
global.cert='/all.pem'
global.index-url='https://a.example/simple'
install.index-url='https://b.example/simple'
"""
    assert read_settings(listed) == {"cert": "/mine.pem", "index-url": "https://b.example/simple"}


def test_uv_is_told_what_pip_is_told() -> None:
    settings = {
        "index-url": "https://a.example/simple",
        "extra-index-url": "file:///one\nfile:///two",
        "find-links": "/wheels /more",
        "cert": "/mine.pem",
        "timeout": "60",
        "no-cache-dir": "1",
    }
    assert translate(settings) == {
        "UV_DEFAULT_INDEX": "https://a.example/simple",
        "UV_INDEX": "file:///one file:///two",
        "UV_FIND_LINKS": "/wheels,/more",
        "SSL_CERT_FILE": "/mine.pem",
        "UV_HTTP_TIMEOUT": "60",
    }
