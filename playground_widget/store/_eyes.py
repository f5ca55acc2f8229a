"""How the watcher of a database reads it, and sees whether there is anything to read."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, PoolProxiedConnection

from playground_widget.store._sqlite_file import identity

__all__ = ["Eyes", "FileEyes", "Glance", "Look", "MemoryEyes", "Submit"]

Look = Callable[[Connection, bool], None]
"""Reads in a transaction; is told whether anything may have changed since the last time."""

Submit = Callable[..., "Future[None]"]
"""`Writer.submit`."""

Glance = Callable[[Callable[[PoolProxiedConnection], object]], object]
"""`Writer.glance`."""


class Eyes(Protocol):
    """How a database is read by the one thread that watches it."""

    period: float
    """Seconds from one look to the next where no bell rings."""

    def look(self, read: Look, *, anyhow: bool) -> None:
        """Read if anything may have changed, or anyhow."""

    def close(self) -> None:
        """Hold no connection; the next look makes another."""


class FileEyes:
    """A connection of its own for reading, and the writing one to see whether others have written.

    Each connection knows of the commits of all the others. Asked on the writing one, the text of
    answers that this process writes, 20 times a second, is no reason to read.

    Args:
        file: The database.
        engine: For reading it.
        glance: Looks at the writing connection, while nothing is written.
    """

    period = 0.05

    def __init__(self, file: Path, engine: Engine, glance: Glance) -> None:
        """Open nothing yet."""
        self._file = file
        self._engine = engine
        self._glance = glance
        self._connection: Connection | None = None
        self._identity: object = None
        # What each of the two connections said last.
        self._others: object = None
        self._all: object = None

    def look(self, read: Look, *, anyhow: bool) -> None:
        """Read, as `Eyes` says."""
        if self._connection is None or self._identity != identity(self._file):
            self.close()
            self._connection = self._engine.connect()
            self._identity = identity(self._file)
        connection = self._connection
        try:
            # Before it is read: what comes in between is found by the next look.
            others, everything = self._glance(_version), self._all
            if others is None:
                everything = _version(connection.connection)
            changed = everything != self._all if others is None else others != self._others
            if changed or anyhow:
                with connection.begin():
                    read(connection, changed)
            self._all = everything
            self._others = self._others if others is None else others
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._others = self._all = None
        self._engine.dispose()


class MemoryEyes:
    """The writer's eyes, where there is no other connection. All who write ring a bell.

    Args:
        submit: Has a job run by the writer.
    """

    period = 1.0

    def __init__(self, submit: Submit) -> None:
        """Share the connection."""
        self._submit = submit

    def look(self, read: Look, *, anyhow: bool) -> None:  # noqa: ARG002 - it always may
        """Read, as `Eyes` says."""

        def job(connection: Connection) -> None:
            read(connection, True)  # noqa: FBT003 - as `Look` has it

        self._submit(job, writes=False).result()

    def close(self) -> None:
        """Leave the connection to the writer."""


def _version(connection: PoolProxiedConnection) -> object:
    """Return what differs once another connection has committed, and for each connection."""
    # Past SQLAlchemy, which would take most of the time of a look that finds nothing.
    ((version,),) = connection.driver_connection.execute(  # type: ignore[union-attr]
        "PRAGMA data_version"
    )
    return connection.info.setdefault("known as", object()), version
