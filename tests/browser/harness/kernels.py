"""Kernels for the browser's tests that are forks of one process, which has loaded what they need.

Loading IPython, ipywidgets and the SDK takes a kernel seconds of its life, and a test of its own.
Jupyter starts a small program in its place, `stand_in.py`, which asks here for a fork and is from
then on as good as the kernel: it hands on signals, ends with it, and ends it with itself.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread
from typing import TextIO

from tests.browser.harness import kernel_child
from tests.forked import Forked

__all__ = ["NAME", "ForkedKernels"]

NAME = "forked"
"""The name of the kernelspec."""

STAND_IN = Path(__file__).with_name("stand_in.py")


class ForkedKernels:
    """Forks a kernel for each who asks, until `close`."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kernels-")
        self._address = str(Path(self._folder.name) / "ask")
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(self._address)
        self._listening.listen()
        Thread(target=self._listen, name="forked kernels", daemon=True).start()
        self._write_kernelspec()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._folder.cleanup()

    def _write_kernelspec(self) -> None:
        folder = Path(os.environ["JUPYTER_DATA_DIR"]) / "kernels" / NAME
        folder.mkdir(parents=True, exist_ok=True)
        spec = {
            # Without site-packages it starts in no time.
            "argv": [sys.executable, "-I", "-S", str(STAND_IN), self._address, "{connection_file}"],
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
        }
        (folder / "kernel.json").write_text(json.dumps(spec))

    def _listen(self) -> None:
        while True:
            try:
                asking, _ = self._listening.accept()
            except OSError:
                return
            Thread(target=self._serve, args=[asking], name="forked kernel", daemon=True).start()

    def _serve(self, asking: socket.socket) -> None:
        """Forks a kernel, and ends it if the one who asked for it ends first."""
        with asking, asking.makefile("rw") as words:
            kernel = self._fork(words)
            print(kernel.pid, file=words, flush=True)
            if kernel.sentinel not in wait([kernel.sentinel, asking]):
                kernel.kill()
            code = kernel.wait()
            try:
                print(code, file=words, flush=True)
            except OSError:
                return

    def _fork(self, words: TextIO) -> Forked:
        asked = json.loads(words.readline())
        connection = asked["connection_file"]
        return Forked(
            kernel_child.main,
            connection,
            json.dumps(asked["environment"]),
            folder=Path(asked["folder"]),
            log=Path(self._folder.name) / Path(connection).with_suffix(".log").name,
        )
