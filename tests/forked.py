"""Processes that are forks of one, which has loaded what they need.

Loading Jupyter, Strawberry, SQLAlchemy and the SDK is most of what starting a process costs. A fork
has them, and is otherwise as much a process of its own as any other. What is about how a program
begins or ends needs one that is started: the end of an interpreter is not that of a fork.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import TextIO

__all__ = ["Forked"]

ROOT = Path(__file__).resolve().parents[1]
LOADED = (
    "tests.without_iris",
    "tests.server.jupyter_child",
    "tests.server.kernel_child",
    "tests.browser.harness.kernel_child",
    "tests.store.run_child",
    # What these load at the first use.
    "openai",
    "playground_widget.playground",
    "ipykernel.ipkernel",
    "ipywidgets",
    "anywidget",
    "playground_widget.server.schema",
)
_starting = Lock()


class Forked:
    """A process, with what of `subprocess.Popen` tests use.

    Args:
        main: What it does: a function of a module that can be imported.
        arguments: Those of the function.
        folder: Where it runs.
        log: Where what it writes goes. Without one it is `stdout`, and `stdin` is read.
        strict: Whether warnings are errors.

    Attributes:
        stdin: What it reads.
        stdout: What it writes.
    """

    stdin: TextIO | None = None
    stdout: TextIO | None = None

    def __init__(
        self,
        main: Callable[..., None],
        *arguments: str,
        folder: Path = ROOT,
        log: Path | None = None,
        strict: bool = False,
    ) -> None:
        _begin()
        ends: list[Connection] = []
        if log is None:
            reads, self_writes = os.pipe()
            self_reads, writes = os.pipe()
            ends = [Connection(reads, writable=False), Connection(writes, readable=False)]
            self.stdin, self.stdout = os.fdopen(self_writes, "w"), os.fdopen(self_reads)
        # What is left over ends with the tests.
        self._process = multiprocessing.get_context("forkserver").Process(
            target=_run,
            args=(main, arguments),
            kwargs={
                "folder": folder,
                "log": log,
                "ends": ends,
                "environment": dict(os.environ),
                "strict": strict,
            },
            daemon=True,
        )
        self._process.start()
        for end in ends:
            end.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def sentinel(self) -> int:
        """What `multiprocessing.connection.wait` waits for until it has ended."""
        return self._process.sentinel

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        ended = self.poll()
        if ended is None:
            raise subprocess.TimeoutExpired(str(self._process), timeout or 0)
        return ended

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        if self.poll() is None:
            self._process.terminate()

    def kill(self) -> None:
        if self.poll() is None:
            self._process.kill()


def _begin() -> None:
    """Start the process that is forked, unless it runs."""
    with _starting:
        before = os.environ.get("PYTHONPATH")
        # It loads this checkout, whichever is installed.
        os.environ["PYTHONPATH"] = str(ROOT)
        try:
            forkserver.set_forkserver_preload(list(LOADED))
            forkserver.ensure_running()
        finally:
            if before is None:
                del os.environ["PYTHONPATH"]
            else:
                os.environ["PYTHONPATH"] = before


def _run(
    main: Callable[..., None],
    arguments: tuple[str, ...],
    *,
    folder: Path,
    log: Path | None,
    ends: list[Connection],
    environment: dict[str, str],
    strict: bool,
) -> None:
    os.environ.clear()
    os.environ.update(environment, PYTHONPATH=str(ROOT))
    os.chdir(folder)
    if strict:
        warnings.simplefilter("error")
    if log is not None:
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.close(out)
    else:
        for standard, end in enumerate(ends):
            os.dup2(end.fileno(), standard)
            end.close()
        sys.stdin = os.fdopen(0)
    try:
        main(*arguments)
    finally:
        # A child of `multiprocessing` leaves these out.
        atexit._run_exitfuncs()
