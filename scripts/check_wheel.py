"""Builds the wheel, installs it into an empty environment and uses it there without Node.

What passes is put into dist/.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

from install_packages import install_packages

ROOT = Path(__file__).resolve().parent.parent

USE_IT = r"""
import importlib.resources, re, shutil, subprocess, sys
assert shutil.which("node") is None, "Node is on PATH: this would prove nothing"
import playground_widget
where = importlib.resources.files("playground_widget")
assert "site-packages" in str(where), where
modules = ("math.js", "code.js", "tree.js", "panels.js")
for name in ("widget.js", "widget.css", *modules, "THIRD_PARTY_LICENSES.txt"):
    assert (where / "static" / name).read_bytes(), name
playground = playground_widget.Playground()
assert "demo model" in playground.send("Hello").text
assert playground.widget.get_state()["_esm"] == (where / "static" / "widget.js").read_text("utf-8")
playground.close()
listed = subprocess.run(
    [sys.executable, "-m", "jupyter", "server", "extension", "list"], capture_output=True, text=True
)
assert re.search(r"playground_widget \S*enabled", listed.stdout + listed.stderr), listed
"""

LARGEST = 1_000_000
"""Bytes of a wheel."""

ONLY_AT_THE_TOP = ("playground_widget/", "playground_widget-")
NOT_IN_A_WHEEL = (".ts", ".tsx", ".mjs", ".map", ".ipynb", "package.json")


def build_wheel(folder: Path) -> Path:
    """Builds the wheel with what is installed here, and returns its path."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, stdout=subprocess.DEVNULL)
    (wheel,) = folder.glob("playground_widget-*.whl")
    return wheel


def check_contents(wheel: Path) -> None:
    """A wheel holds the package and its built front-end; no sources of it, no tests."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    strangers = [
        name
        for name in names
        if not name.startswith(ONLY_AT_THE_TOP) or name.endswith(NOT_IN_A_WHEEL)
    ]
    if strangers:
        sys.exit(f"{wheel.name} should not contain {', '.join(strangers)}")
    for name in ("py.typed", "_anywidget.pyi"):
        if f"playground_widget/{name}" not in names:
            sys.exit(f"{wheel.name} lacks {name}, so its types are not seen by others")


def use_in_empty_environment(wheel: Path, home: Path) -> None:
    """Installs the wheel with the pinned dependencies and constructs a playground."""
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    pins = ROOT / "requirements" / "lab.txt"
    install_packages("--constraint", str(pins), str(wheel), python=str(python))
    # Compiled at the first time: what is said then may be about the code of others.
    for warnings in ("ignore", "error"):
        # A PATH that holds nothing but this environment, and a folder without a package to import.
        subprocess.run(
            [str(python), "-W", warnings, "-c", USE_IT],
            check=True,
            cwd=home,
            env={"PATH": str(home / "bin"), "HOME": str(home)},
        )


def main() -> None:
    """Builds and checks; a failing step ends the program with its error."""
    with tempfile.TemporaryDirectory() as temporary:
        wheel = build_wheel(Path(temporary) / "dist")
        check_contents(wheel)
        use_in_empty_environment(wheel, Path(temporary) / "env")
        size = wheel.stat().st_size
        if size > LARGEST:
            sys.exit(f"{wheel.name} has {size:,} bytes, of at most {LARGEST:,}")
        (ROOT / "dist").mkdir(exist_ok=True)
        shutil.copy2(wheel, ROOT / "dist")
    print(f"dist/{wheel.name}: {size / 1000:.0f} kB, installs and works without Node")


if __name__ == "__main__":
    main()
