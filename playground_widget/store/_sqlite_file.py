"""Opening an SQLite file: whether it may be opened, and how.

| the file                         | what is done                                            |
|----------------------------------|---------------------------------------------------------|
| is not there                     | made, with its folder, for its owner alone              |
| is older than the code           | brought up to date by the migrations that are missing   |
| is newer than the code           | left untouched; `StoreError`                            |
| is damaged, or no database       | set aside under another name, which a warning tells     |
| is on a network file system      | opened without WAL, which needs memory that is shared   |
"""

from __future__ import annotations

import re
import sqlite3
import time
import warnings
from pathlib import Path
from typing import Any

import psutil
import sqlalchemy
from sqlalchemy import Engine, event
from sqlalchemy.pool import QueuePool, StaticPool

from playground_widget.errors import StoreError
from playground_widget.store._late import close_late
from playground_widget.store._sqlite_steps import NEWEST, migrate
from playground_widget.store._values import plain

__all__ = ["MEMORY", "StoreWarning", "connect", "identity", "prepare"]

MEMORY = ":memory:"

PATIENCE = 30.0
"""Seconds that a write waits for another process to end its own, each of which takes a few ms."""

_PRIVATE = 0o600
"""What others may do with a file that is made here: nothing, whatever the system's habit is."""

_NETWORK = re.compile(
    r"^(nfs\d?|cifs|smb\w*|afs|9p|ceph|lustre|gpfs|beegfs|glusterfs|ncpfs|webdav|fuse\.(sshfs|s3fs|"
    r"rclone|gvfsd-fuse|glusterfs|ceph\S*))$"
)

_CHECKED_WHOLE = 64 * 2**20
"""Bytes up to which a file is read whole when it is opened, to see whether it is damaged."""


class StoreWarning(UserWarning):
    """Something about the file with the threads that a person should know."""


def is_remote(path: Path) -> bool:
    """Return whether a file is on a network file system, where known."""
    folder = path.resolve().parent
    best, kind = "", ""
    try:
        partitions = psutil.disk_partitions(all=True)
    except (OSError, psutil.Error):
        return False
    for mount in partitions:
        inside = folder.is_relative_to(mount.mountpoint)
        if inside and len(mount.mountpoint) >= len(best):
            best, kind = mount.mountpoint, mount.fstype
    return bool(_NETWORK.match(kind.lower()))


def prepare(path: Path) -> str | None:
    """See to it that there is a sound database of this version at a path.

    Returns:
        The name under which a damaged file was set aside, or `None`.

    Raises:
        StoreError: It is newer than this version, or cannot be read or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(_PRIVATE)
        found = identity(path)
        # Unless another process has just done so.
        aside = _set_aside(path) if _is_damaged(path) and found == identity(path) else None
        path.touch(_PRIVATE)
        engine = connect(path, write=True)
        try:
            with engine.begin() as connection:
                migrate(connection)
        finally:
            engine.dispose()
    except (OSError, sqlite3.Error, sqlalchemy.exc.DBAPIError) as error:
        reason = getattr(error, "orig", None) or error
        raise StoreError(
            f"Threads can't be kept in {path}: {reason}. Name another file with "
            "PLAYGROUND_WIDGET_DB or store=, or keep them in memory only with store=':memory:'."
        ) from None
    return aside


def _is_damaged(path: Path) -> bool:
    """Return whether a file is there and no database that works; refuse one that is newer."""
    if path.stat().st_size == 0:
        return False
    _check_version(path, _version_in_header(path))
    # Read-only, so that a file that is not ours to open stays as it is.
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
            _check_version(path, found)
            if (tables or found) and not {("threads",), ("messages",), ("runs",)} <= set(tables):
                raise StoreError(
                    f"{path} is a database of something else. It was left as it is. Name another "
                    "file with PLAYGROUND_WIDGET_DB or store=."
                )
            if path.stat().st_size > _CHECKED_WHOLE:
                return False
            sound: bool = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            return not sound
        finally:
            connection.close()
    except sqlite3.OperationalError:
        # It can't be opened for now (rights, a lock): that is no damage.
        return False
    except sqlite3.DatabaseError:
        return True


def _check_version(path: Path, found: int) -> None:
    if found > NEWEST:
        raise StoreError(
            f"{path} was written by a newer playground_widget (its version {found}, known here up "
            f"to {NEWEST}). It was left as it is. Update playground_widget, or name another file "
            "with PLAYGROUND_WIDGET_DB or store=."
        )


def _version_in_header(path: Path) -> int:
    """Return the version of a database file without opening it, which puts files beside it."""
    with path.open("rb") as file:
        header = file.read(64)
    # https://www.sqlite.org/fileformat2.html, section 1.3
    return int.from_bytes(header[60:64], "big") if header.startswith(b"SQLite format 3\0") else 0


def _set_aside(path: Path) -> str:
    """Give a damaged file, and what belongs to it, another name that is not taken."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    names = (
        f"{path.stem}.damaged-{stamp}{n}{path.suffix}"
        for n in ("", *map("-{}".format, range(1, 100)))
    )
    name = next(name for name in names if not path.with_name(name).exists())
    path.rename(path.with_name(name))
    for ending in ("-wal", "-shm"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(path.with_name(name + ending))
    told = f"{path} was damaged. It was set aside as {name}, and an empty file took its place."
    warnings.warn(told, StoreWarning, stacklevel=2)
    return name


def _set(connection: sqlite3.Connection, pragma: str) -> None:
    """Set something, and wait where another process opens the file at the same moment.

    SQLite's own patience does not cover the change to WAL.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return


def _follow(engine: Engine, place: Path) -> None:
    """Have connections to a file that was deleted or replaced made anew."""

    def note(_: object, record: Any) -> None:
        record.info["file"] = identity(place)

    def check(_: object, record: Any, __: object) -> None:
        if record.info["file"] != identity(place):
            raise sqlalchemy.exc.DisconnectionError

    event.listen(engine, "connect", note)
    event.listen(engine, "checkout", check)


def identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one of its name, or `None` where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def connect(place: Path | str, *, write: bool) -> Engine:
    """Return an engine for a database.

    Args:
        place: Its file, or `":memory:"`, which is one connection that is written and read.
        write: Whether for the one writing connection; else for reading from any thread.
    """
    remote = isinstance(place, Path) and is_remote(place)

    def creator() -> sqlite3.Connection:
        if isinstance(place, Path) and not place.exists():
            # It was deleted while it was open: threads that come are kept in a new one.
            prepare(place)
        made = sqlite3.connect(
            place, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        pragmas = ["foreign_keys = OFF", "temp_store = MEMORY"]
        if isinstance(place, Path) and write:
            pragmas += (
                ["journal_mode = DELETE", "synchronous = FULL"]
                if remote
                else ["journal_mode = WAL", "synchronous = NORMAL", "wal_autocheckpoint = 1000"]
            )
        if not write:
            pragmas.append("query_only = ON")
        made.create_function("plain", 1, plain, deterministic=True)
        for pragma in pragmas:
            _set(made, pragma)
        return made

    pool: dict[str, Any] = {"poolclass": StaticPool}
    if place != MEMORY:
        # Kept open: closing the last connection of a file empties its log, which takes 30 ms.
        size, more = (1, 0) if write else (4, 60)
        pool = {"poolclass": QueuePool, "pool_size": size, "max_overflow": more}
    made = sqlalchemy.create_engine("sqlite://", creator=creator, **pool)
    close_late(made)
    if isinstance(place, Path):
        _follow(made, place)
    # SQLAlchemy leaves transactions to the driver, which would begin them late and unlocked.
    begin = "BEGIN IMMEDIATE" if write else "BEGIN"
    event.listen(made, "begin", lambda connection: connection.exec_driver_sql(begin))
    return made
