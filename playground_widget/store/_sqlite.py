"""Threads in an SQLite file, or in memory."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine

from playground_widget.store._bells import Bells, FileBells, MemoryBells
from playground_widget.store._eyes import Eyes, FileEyes, Glance, MemoryEyes, Submit
from playground_widget.store._sqlite_file import MEMORY, connect, prepare
from playground_widget.store._sqlite_steps import migrate

__all__ = ["File", "Memory"]


class _Sqlite:
    """What a file and the memory share."""

    in_memory = False
    advice = "make room, or have the file writable again, and go on"

    def reason(self, error: BaseException) -> str:
        """Return what an error says."""
        return str(getattr(error, "orig", None) or error)

    def announce(self, _: Connection) -> None:
        """Do nothing: the bells are rung after the commit."""


class File(_Sqlite):
    """A database file.

    Args:
        file: Where it is.
    """

    def __init__(self, file: Path) -> None:
        """Open nothing yet."""
        self.place = file
        self.bells: Bells = FileBells(file)

    @property
    def key(self) -> object:
        """Return the file, by whatever name it was given."""
        return self.place.resolve()

    def prepare(self) -> str | None:
        """Make it, or bring it up to date."""
        return prepare(self.place)

    def engine(self, *, write: bool) -> Engine:
        """Return an engine, for writing or for reading."""
        return connect(self.place, write=write)

    def eyes(self, submit: Submit, glance: Glance) -> Eyes:  # noqa: ARG002 - it reads by itself
        """Return eyes with a connection of their own."""
        return FileEyes(self.place, self.engine(write=False), glance)


class Memory(_Sqlite):
    """A database that ends with this process: one connection, which is written and read."""

    in_memory = True
    place = MEMORY
    key = None

    def __init__(self) -> None:
        """Begin with an empty one."""
        self.bells: Bells = MemoryBells()
        self._engine = connect(MEMORY, write=True)

    def prepare(self) -> None:
        """Make the tables."""
        with self._engine.begin() as connection:
            migrate(connection)

    def engine(self, *, write: bool) -> Engine:  # noqa: ARG002 - there is one connection
        return self._engine

    def eyes(self, submit: Submit, glance: Glance) -> Eyes:  # noqa: ARG002 - it always reads
        """Return eyes that share the connection."""
        return MemoryEyes(submit)
