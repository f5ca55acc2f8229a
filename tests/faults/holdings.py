"""What a process holds: counted before and after, to see what was left behind."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

import psutil

from playground_widget.engine import engine

__all__ = ["Holdings", "holdings", "until", "until_none_is_left"]


class Holdings(NamedTuple):
    """How much there is.

    Args:
        tasks: On the engine's loop.
        threads: But for those that asyncio keeps for work, which are a few.
        files: Open files and sockets.
    """

    tasks: int
    threads: int
    files: int


def holdings() -> Holdings:
    """Count what this process holds."""
    names = [t.name for t in threading.enumerate() if not t.name.startswith("asyncio_")]
    tasks = engine().call(lambda: len(asyncio.all_tasks(engine().loop)))
    return Holdings(tasks, len(names), psutil.Process().num_fds())


def until(is_so: Callable[[], object]) -> None:
    """Wait for something, and forget meanwhile what nobody holds."""
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end, holdings()
        # Whoever collects without a pause leaves other threads no time.
        gc.collect()
        time.sleep(0.2)


def until_none_is_left(before: Holdings) -> None:
    """Wait until there is no more than there was."""
    until(lambda: all(now <= then for now, then in zip(holdings(), before, strict=True)))
