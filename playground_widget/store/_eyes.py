"""How the watcher of a database reads it, and sees whether there is anything to read."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine

from playground_widget.store._sqlite_file import identity

__all__ = ["Eyes", "FileEyes", "Look", "MemoryEyes", "Submit"]

Look = Callable[[Connection, bool], None]
"""Reads in a transaction; is told whether anything may have changed since the last time."""

Submit = Callable[..., "Future[None]"]
"""`Writer.submit`."""


class Eyes(Protocol):
    """How a database is read by the one thread that watches it."""

    period: float
    """Seconds from one look to the next where no bell rings."""

    def look(self, read: Look, *, anyhow: bool) -> None:
        """Read if anything may have changed, or anyhow."""

    def close(self) -> None:
        """Hold no connection; the next look makes another."""


class FileEyes:
    """A connection of its own, which alone can say whether others have written.

    Args:
        file: The database.
        engine: For reading it.
    """

    period = 0.05

    def __init__(self, file: Path, engine: Engine) -> None:
        """Open nothing yet."""
        self._file = file
        self._engine = engine
        self._connection: Connection | None = None
        self._identity: object = None
        self._version: object = None

    def look(self, read: Look, *, anyhow: bool) -> None:
        """Read, as `Eyes` says."""
        if self._connection is None or self._identity != identity(self._file):
            self.close()
            self._connection = self._engine.connect()
            self._identity = identity(self._file)
        connection = self._connection
        try:
            # Past SQLAlchemy, which would take most of the time of a look that finds nothing.
            raw = connection.connection.driver_connection
            ((version,),) = raw.execute("PRAGMA data_version")  # type: ignore[union-attr]
            changed = version != self._version
            if changed or anyhow:
                with connection.begin():
                    read(connection, changed)
            self._version = version
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._version = None
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
