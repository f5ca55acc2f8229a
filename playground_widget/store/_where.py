"""Which database is meant."""

from __future__ import annotations

import os
from pathlib import Path

import sqlalchemy
from jupyter_core.paths import jupyter_data_dir

from playground_widget.errors import StoreError
from playground_widget.store._database import Database
from playground_widget.store._sqlite import File, Memory
from playground_widget.store._sqlite_file import MEMORY

__all__ = ["database_of"]


def database_of(given: str | os.PathLike[str] | None) -> Database:
    """Return the database that is meant.

    Args:
        given: A path, `":memory:"`, a `sqlite:///` or `postgresql://` URL, or `None` for
            `PLAYGROUND_WIDGET_DB` or, without that, a file in the Jupyter data directory.

    Raises:
        StoreError: Another kind of database is meant, or the driver is missing.
    """
    if given is None:
        given = os.environ.get("PLAYGROUND_WIDGET_DB") or None
    if given is None:
        return File(Path(jupyter_data_dir()) / "playground_widget" / "threads.sqlite")
    name = os.fspath(given)
    scheme, found, rest = name.partition("://")
    if found and scheme in {"postgresql", "postgresql+psycopg"}:
        return _postgres(name)
    if found and scheme == "sqlite":
        name = rest.removeprefix("/") or MEMORY
    elif found:
        # The scheme alone: the rest of an address may hold a password.
        raise StoreError(
            f"Threads can't be kept in a {scheme} database, only in an SQLite file or in "
            "PostgreSQL. Give the path of a file, a postgresql:// address, or ':memory:'."
        )
    return Memory() if name == MEMORY else File(Path(name).expanduser())


def _postgres(address: str) -> Database:
    try:
        url = sqlalchemy.make_url(address)
    except (sqlalchemy.exc.ArgumentError, ValueError):
        raise StoreError(
            "The address of the PostgreSQL database can't be read. Give one like "
            "postgresql://user:password@host:5432/database."
        ) from None
    try:
        # Asked for only where it is needed, since not everybody has it.
        from playground_widget.store._postgres import Postgres  # noqa: PLC0415
    except ImportError:
        raise StoreError(
            "Threads can be kept in PostgreSQL once its driver is there: "
            'pip install "playground_widget[postgresql]".'
        ) from None
    return Postgres(url)
