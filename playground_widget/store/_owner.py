"""Which process writes a run, and whether it still lives.

On one host its process id and start time tell at once. From another host, only the lease does.
"""

from __future__ import annotations

import os
import secrets
import socket
from functools import cache

import psutil

__all__ = ["LEASE", "RENEWAL", "is_alive", "owner"]

LEASE = 15.0
"""Seconds after which a run that nobody renewed counts as abandoned."""

RENEWAL = 3.0
"""Seconds between two renewals."""

SAME = 2.0
"""Seconds by which two sights of one process's start may differ."""


def _started(pid: int) -> str:
    """Return when a process began, or an empty text where there is none."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return ""
        return f"{process.create_time():.2f}"
    except psutil.Error:
        return ""


@cache
def _this(pid: int) -> str:
    return f"{socket.gethostname()} {pid} {_started(pid)} {secrets.token_hex(4)}"


def owner() -> str:
    """Return the name of this process: host, process id, start time, and a word of its own."""
    return _this(os.getpid())


def is_alive(name: str) -> bool | None:
    """Return whether the process of that name lives, or `None` where that can't be seen."""
    host, pid, started, _ = name.rsplit(" ", 3)
    if host != socket.gethostname():
        return None
    now = _started(int(pid))
    # Reckoned from the time of the boot, which a process sees anew when the clock was set.
    return bool(now and started) and abs(float(now) - float(started)) < SAME
