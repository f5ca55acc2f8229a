"""Bells: what wakes those who watch a database, so that they need not wait for their next look.

The database stays the truth: a bell that is not heard costs some milliseconds, and nothing else.
A process that watches a file has a Unix datagram socket in a folder that belongs to the file.
Whoever has written sends a byte to each socket that is there.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from weakref import WeakSet

from jupyter_core.paths import jupyter_runtime_dir

__all__ = ["Bell", "Bells", "FileBells", "MemoryBells"]

LONGEST = 100
"""Bytes of the path of a socket; the shortest limit of a system is 104."""

TRIES = 5
"""How often a socket is made where others remove their empty folder at the same moment."""


class Bell(Protocol):
    """Wakes one thread that waits."""

    def ring(self) -> None:
        """Wake it; any thread may."""

    def wait(self, seconds: float) -> None:
        """Wait until it rings, or that long."""

    def close(self) -> None:
        """Leave nothing behind."""

    def forget(self) -> None:
        """Let go of it in the child of a fork: it belongs to the parent."""


class Bells(Protocol):
    """The bells of a database."""

    def make(self) -> Bell:
        """Return a new one."""
        ...

    def ring(self, without: Bell | None = None) -> None:
        """Ring all of them, those of other processes too. Never an error.

        Args:
            without: One of this process for which it is no news.
        """


class _OwnBell:
    """Is heard in this process alone."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        self._rung.set()

    def wait(self, seconds: float) -> None:
        self._rung.wait(seconds)
        self._rung.clear()

    def close(self) -> None:
        pass

    forget = close


class MemoryBells:
    """The bells of a database that only this process has."""

    def __init__(self) -> None:
        """Begin with none."""
        self._made: WeakSet[_OwnBell] = WeakSet()
        self._lock = threading.Lock()

    def make(self) -> Bell:
        """Return a new one."""
        made = _OwnBell()
        with self._lock:
            self._made.add(made)
        return made

    def ring(self, without: Bell | None = None) -> None:
        """Ring all of them, but for one."""
        with self._lock:
            made = tuple(self._made)
        for bell in made:
            if bell is not without:
                bell.ring()


class _SocketBell:
    """A socket in the folder of a file's bells."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{os.getpid():x}-{secrets.token_hex(3)}"
        if len(os.fsencode(self.path)) > LONGEST:
            raise OSError(errno.ENAMETOOLONG, "too long for a socket")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            self._socket.bind(str(self.path))
        except OSError:
            self._socket.close()
            raise

    def ring(self) -> None:
        with suppress(OSError):
            _send(self.path)

    def wait(self, seconds: float) -> None:
        try:
            self._socket.settimeout(seconds)
            self._socket.recv(16)
            self._socket.settimeout(0)
            while True:
                self._socket.recv(16)
        except (TimeoutError, BlockingIOError):
            pass

    def close(self) -> None:
        self._socket.close()
        with suppress(OSError):
            self.path.unlink()
        # The last one takes the folder with it.
        with suppress(OSError):
            self.path.parent.rmdir()

    def forget(self) -> None:
        self._socket.close()


def _send(path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.settimeout(0)
        sender.sendto(b".", str(path))


class FileBells:
    """The bells of a database file, in all processes of this host.

    Args:
        file: The database.
    """

    def __init__(self, file: Path) -> None:
        """Begin with none."""
        # A home may be shared by hosts, which do not hear each other's sockets.
        named = f"{socket.gethostname()}\0{file.resolve()}"
        name = hashlib.sha256(os.fsencode(named)).hexdigest()[:12]
        self.folder = Path(jupyter_runtime_dir()) / f"pgw-{name}"
        self._own = MemoryBells()

    def make(self) -> Bell:
        """Return a new one; where there can be no socket, it is heard in this process alone."""
        for _ in range(TRIES if hasattr(socket, "AF_UNIX") else 0):
            try:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                found = self.folder.lstat()
                if found.st_uid != os.getuid() or found.st_mode & 0o77:
                    break
                return _SocketBell(self.folder)
            except FileNotFoundError:
                continue
            except OSError:
                break
        return self._own.make()

    def ring(self, without: Bell | None = None) -> None:
        """Ring all of them, but for one; what nobody listens to any more is removed."""
        self._own.ring(without)
        silent = without.path if isinstance(without, _SocketBell) else None
        try:
            names = os.listdir(self.folder)  # noqa: PTH208 - with each write: names suffice
        except OSError:
            return
        for name in names:
            path = self.folder / name
            if path == silent:
                continue
            try:
                _send(path)
            except ConnectionRefusedError:
                with suppress(OSError):
                    path.unlink()
            except OSError:
                # Full: it is about to wake. Gone: it need not.
                continue
