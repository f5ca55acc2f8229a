"""Threads in a PostgreSQL database: in a schema of their own, which several hosts may share."""

from __future__ import annotations

import hashlib
from typing import Any

import psycopg
import sqlalchemy
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import URL, Connection, Engine, event

from playground_widget.errors import StoreError
from playground_widget.store._bells import Bells
from playground_widget.store._eyes import Eyes, Glance, Look, Submit
from playground_widget.store._late import close_late
from playground_widget.store._postgres_bells import CHANNEL, ListenBells
from playground_widget.store._postgres_steps import NEWEST, SCHEMA, migrate, version
from playground_widget.text import clean_text

__all__ = ["Postgres"]

LOCK = 0x706C6179
"""Names the lock that whoever writes holds, as `BEGIN IMMEDIATE` does for a file: 'play'."""

PATIENCE = 30
"""Seconds that a write waits for another one, each of which takes a few ms."""

ABANDONED = 60
"""Seconds after which a write of a host that fell silent is taken back, for others to go on."""


class Postgres:
    """A PostgreSQL database.

    Args:
        url: Where it is.
    """

    in_memory = False
    advice = "go on when the database can be reached again"

    def __init__(self, url: URL) -> None:
        """Connect to nothing yet."""
        url = url.set(drivername="postgresql+psycopg")
        _, self._given = url.get_dialect()().create_connect_args(url)
        self._secrets = [url.password, *url.query.values()]
        whole = url.render_as_string(hide_password=False)
        self.key = hashlib.sha256(whole.encode()).digest()
        # What else an address has may be secret, too.
        shown = URL.create("postgresql", host=url.host, port=url.port, database=url.database)
        self.place = shown.render_as_string()
        self.bells: Bells = ListenBells(self._listening)

    def __repr__(self) -> str:
        return f"Postgres({self.place!r})"

    def reason(self, error: BaseException) -> str:
        """Return what an error says, in one line and without the password."""
        said = " ".join(str(getattr(error, "orig", None) or error).split())
        for secret in self._secrets:
            if secret and len(str(secret)) > 1:
                said = said.replace(str(secret), "…")
        return said

    def prepare(self) -> None:
        """See to it that the schema is there and of this version.

        Raises:
            StoreError: It is newer than this version, or the database can't be used.
        """
        engine = self.engine(write=True)
        try:
            with engine.begin() as connection:
                encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
                if encoding != "UTF8":
                    raise StoreError(
                        f"Threads can't be kept in {self.place}: its encoding is {encoding}. "
                        "Create a database with the encoding UTF8."
                    )
                self._check_version(connection)
                migrate(connection)
        except (sqlalchemy.exc.DBAPIError, sqlalchemy.exc.ArgumentError, ValueError) as error:
            raise StoreError(
                f"Threads can't be kept in {self.place}: {self.reason(error)}. Name another "
                "database or a file with PLAYGROUND_WIDGET_DB or store=, or keep them in memory "
                "only with store=':memory:'."
            ) from None
        finally:
            engine.dispose()

    def _check_version(self, connection: Connection) -> None:
        found = version(connection)
        if found is None:
            raise StoreError(
                f"{self.place} has a schema {SCHEMA} of something else. It was left as it is. Name "
                "another database with PLAYGROUND_WIDGET_DB or store=."
            )
        if found > NEWEST:
            raise StoreError(
                f"{self.place} was written by a newer playground_widget (its version {found}, "
                f"known here up to {NEWEST}). It was left as it is. Update playground_widget, or "
                "name another database with PLAYGROUND_WIDGET_DB or store=."
            )

    def engine(self, *, write: bool) -> Engine:
        """Return an engine, for the one writing connection or for reading from any thread."""
        size, more = (1, 0) if write else (2, 8)
        isolation: Any = "READ COMMITTED" if write else "REPEATABLE READ"
        made = sqlalchemy.create_engine(
            # An engine shows its address to whoever looks at it.
            "postgresql+psycopg://",
            creator=self._connect,
            isolation_level=isolation,
            pool_size=size,
            max_overflow=more,
            # One that was lost while nobody used it is made anew.
            pool_pre_ping=True,
        )
        close_late(made)
        event.listen(made, "connect", lambda raw, _: _set_up(raw, write=write))
        if write:
            event.listen(
                made,
                "begin",
                # Each statement after it sees all that was committed before.
                lambda connection: connection.exec_driver_sql(
                    "SELECT pg_advisory_xact_lock(%s)", (LOCK,)
                ),
            )
        return made

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(**{**self._given, **_CONNECT})

    def _listening(self) -> psycopg.Connection:
        made = self._connect()
        made.autocommit = True
        return made

    def eyes(self, submit: Submit, glance: Glance) -> Eyes:  # noqa: ARG002 - it reads by itself
        """Return how it is watched."""
        return _PostgresEyes(self.engine(write=False))

    def announce(self, connection: Connection) -> None:
        """Have the commit ring the bells."""
        connection.exec_driver_sql(f"NOTIFY {CHANNEL}")


_CONNECT: dict[str, Any] = {
    "connect_timeout": 10,
    # A host that is gone is noticed after a minute, not after two hours.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "application_name": "playground_widget",
}


class _Clean(StrDumperUnknown):
    """Texts as they may be stored: an id with NUL is not there, as in SQLite, and no error."""

    def dump(self, obj: str) -> Any:
        return super().dump(clean_text(obj))


def _set_up(raw: Any, *, write: bool) -> None:
    """Prepare a new connection; one that can't be is closed, since nobody else will."""
    try:
        _prepare(raw, write=write)
    except BaseException:
        raw.close()
        raise


def _prepare(raw: Any, *, write: bool) -> None:
    raw.adapters.register_dumper(str, _Clean)
    before, raw.autocommit = raw.autocommit, True
    raw.execute(f"SET search_path TO {SCHEMA}")
    raw.execute(f"SET lock_timeout TO '{PATIENCE}s'")
    raw.execute(f"SET idle_in_transaction_session_timeout TO '{ABANDONED}s'")
    raw.execute("SET client_min_messages TO warning")
    if not write:
        raw.execute("SET default_transaction_read_only TO on")
    raw.autocommit = before


class _PostgresEyes:
    """A connection of its own. What rings tells that something has changed."""

    period = 2.0

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def look(self, read: Look, *, anyhow: bool) -> None:  # noqa: ARG002 - it always may
        with self._engine.connect() as connection, connection.begin():
            read(connection, True)  # noqa: FBT003 - as `Look` has it

    def close(self) -> None:
        self._engine.dispose()
