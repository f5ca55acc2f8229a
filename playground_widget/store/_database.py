"""What a `Store` asks of the database that it is in.

What is said to an open one, and differs, is in `_dialect.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine

from playground_widget.store._bells import Bells
from playground_widget.store._eyes import Eyes, Glance, Submit

__all__ = ["Database"]


class Database(Protocol):
    """A place for threads."""

    in_memory: bool
    advice: str
    """What to do when it can't be written."""

    bells: Bells

    @property
    def place(self) -> Path | str:
        """What people and errors call it; holds no secret."""

    @property
    def key(self) -> object:
        """What is equal for the same database; `None` where each is another one."""

    def reason(self, error: BaseException) -> str:
        """Return what an error says; holds no secret."""
        ...

    def prepare(self) -> str | None:
        """See to it that there is a sound database of this version.

        Returns:
            The name under which a damaged one was set aside, or `None`.

        Raises:
            StoreError: It can't be used.
        """

    def engine(self, *, write: bool) -> Engine:
        """Return an engine, for the one writing connection or for reading from any thread."""
        ...

    def eyes(self, submit: Submit, glance: Glance) -> Eyes:
        """Return how it is watched.

        Args:
            submit: Has a job run by the writer.
            glance: Looks at the writer's connection.
        """
        ...

    def announce(self, connection: Connection) -> None:
        """Say in a writing transaction that its commit matters to those who watch."""
