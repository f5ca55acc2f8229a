"""Makes kernels with older versions of ipykernel, for the tests that depend on it.

Each is an empty environment that falls back on the one this script runs in, so that it differs
in ipykernel alone. They are found by Jupyter programs that have `.kernels/share/jupyter` in their
`JUPYTER_PATH`; the newest ipykernel is the ordinary `python3` kernel.
"""

from __future__ import annotations

import json
import shutil
import sys
import sysconfig
import venv
from pathlib import Path

from install_packages import install_packages

ROOT = Path(__file__).resolve().parent.parent
KERNELS = ROOT / ".kernels"

VERSIONS = {
    # The last that handles comm messages only between cells; it needs a package the newer dropped.
    "6.29": ["ipykernel==6.29.5", "nest-asyncio==1.6.0"],
    # The first that handles them on subshell threads while a cell runs.
    "7.1": ["ipykernel==7.1.0", "nest-asyncio==1.6.0"],
}


def make_kernel(version: str, requirements: list[str]) -> None:
    """Makes the environment and the kernelspec `ipykernel-<version>`, unless they are there."""
    home = KERNELS / version
    stamp = home / "requirements.txt"
    wanted = "\n".join([sys.executable, sys.version, *requirements])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(home, ignore_errors=True)
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    packages = Path(
        sysconfig.get_path("purelib", "venv", vars={"base": str(home), "platbase": str(home)})
    )
    install_packages("--no-deps", "--target", str(packages), *requirements)
    # addsitedir, unlike a plain line in a .pth file, follows the .pth files of editable installs;
    # what is in `packages` itself stays first.
    fallback = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
    (packages / "fallback.pth").write_text(fallback)
    write_kernelspec(version, python)
    stamp.write_text(wanted)


def write_kernelspec(version: str, python: Path) -> None:
    """Tells Jupyter about a kernel."""
    folder = KERNELS / "share" / "jupyter" / "kernels" / f"ipykernel-{version}"
    folder.mkdir(parents=True, exist_ok=True)
    spec = {
        "argv": [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": f"Python (ipykernel {version})",
        "language": "python",
    }
    (folder / "kernel.json").write_text(json.dumps(spec, indent=1))


def main() -> None:
    """Makes every kernel that is missing."""
    for version, requirements in VERSIONS.items():
        make_kernel(version, requirements)


if __name__ == "__main__":
    main()
