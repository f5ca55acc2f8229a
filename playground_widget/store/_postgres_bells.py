"""Bells on PostgreSQL: the database itself rings them, in all processes that listen."""

from __future__ import annotations

import os
import selectors
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import psycopg

from playground_widget.store._bells import Bell

__all__ = ["CHANNEL", "ListenBells"]

CHANNEL = "playground_widget"

FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0
"""Seconds until a connection that was lost is tried again: more each time, up to a limit."""

Connect = Callable[[], "psycopg.Connection"]


class ListenBells:
    """The bells of a PostgreSQL database.

    Args:
        connect: Makes a connection that commits by itself.
    """

    def __init__(self, connect: Connect) -> None:
        """Begin with none."""
        self._connect = connect

    def make(self) -> Bell:
        """Return a new one; it connects when it is first waited for."""
        return _ListenBell(self._connect)

    def ring(self, without: Bell | None = None) -> None:
        """Do nothing: the database rings at each commit that was announced in it."""


class _ListenBell:
    """A connection that listens, and a socket to be woken by this process."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._connection: psycopg.Connection | None = None
        self._pause = FIRST_WAIT
        self._next = 0.0
        self._woken, self._waking = socket.socketpair()
        self._waking.setblocking(False)  # noqa: FBT003
        self._woken.setblocking(False)  # noqa: FBT003
        self._lock = threading.Lock()

    def ring(self) -> None:
        # Full: it is about to wake. Closed: it need not.
        with suppress(OSError):
            self._waking.send(b".")

    def wait(self, seconds: float) -> None:
        if self._connection is None:
            if time.monotonic() >= self._next and self._listen():
                # What was written until now nobody told of.
                return
            if self._connection is None:
                seconds = min(seconds, max(0.0, self._next - time.monotonic()))
        with selectors.DefaultSelector() as ready:
            ready.register(self._woken, selectors.EVENT_READ)
            if self._connection is not None:
                ready.register(self._connection.fileno(), selectors.EVENT_READ)
            ready.select(seconds)
        with suppress(BlockingIOError):
            while self._woken.recv(64):
                pass
        self._take()

    def _listen(self) -> bool:
        made = None
        try:
            made = self._connect()
            made.execute(f"LISTEN {CHANNEL}")
        except (psycopg.Error, OSError):
            if made is not None:
                made.close()
            self._next = time.monotonic() + self._pause
            self._pause = min(2 * self._pause, LONGEST_WAIT)
            return False
        with self._lock:
            self._connection = made
        self._pause = FIRST_WAIT
        return True

    def _take(self) -> None:
        """Take what has come, so that it wakes once; a lost connection is given up."""
        if self._connection is None:
            return
        try:
            self._connection.pgconn.consume_input()
            while self._connection.pgconn.notifies():
                pass
        except (psycopg.Error, OSError):
            self._hang_up()

    def _hang_up(self) -> None:
        with self._lock:
            held, self._connection = self._connection, None
        if held is not None:
            held.close()

    def close(self) -> None:
        self._hang_up()
        self._woken.close()
        self._waking.close()

    def forget(self) -> None:
        # Closing a connection says so to the server, which would end the parent's: so what is said
        # goes nowhere.
        with self._lock:
            held = self._connection
        if held is not None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            os.dup2(nowhere, held.fileno())
            os.close(nowhere)
        self.close()
