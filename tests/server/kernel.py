"""A kernel beside a server, as far as these tests need one."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

from tests.forked import Forked
from tests.server import kernel_child

__all__ = ["Kernel"]


class Kernel:
    """A playground in a process of its own: `kernel_child.py`."""

    def __init__(self, database: Path, url: str, thread: str = "") -> None:
        self.process = Forked(kernel_child.main, str(database), url, thread)
        self.heard: list[dict[str, Any]] = []
        self.thread: str = self._until("open")["thread"]

    def _until(self, did: str) -> dict[str, Any]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said: dict[str, Any] = json.loads(line)
            if said.get("did") == did:
                return said
            self.heard.append(said)
        raise AssertionError(f"the kernel ended before it did {did}")

    async def do(self, what: str, **more: Any) -> dict[str, Any]:
        """Have it do something, and return what it says about that."""
        self._tell(what, more)
        return await asyncio.to_thread(self._until, what)

    def do_now(self, what: str, **more: Any) -> dict[str, Any]:
        """The same, where nothing else goes on meanwhile."""
        self._tell(what, more)
        return self._until(what)

    def _tell(self, what: str, more: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": what, **more}) + "\n")
        self.process.stdin.flush()

    def end(self, how: int = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        self.process.wait(10)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
