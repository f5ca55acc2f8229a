"""PostgreSQL for tests: a server of the session's own, and a database for each test.

A test that asks for `postgres_url` gets the address of an empty database with the tables of this
version. Where there is no PostgreSQL it is skipped; in continuous integration, and where `make`
found one, that is a failure.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import psycopg
import pytest

from find_postgres import find_postgres
from playground_widget.store import Store

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    # What a crash would lose is no test's loss.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "32MB",
}


EMPTY = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'playground_widget' AND tablename NOT IN ('version', 'changes')
    LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
    UPDATE changes SET n = 0;
END $$
"""
"""Leaves of a database what migrations have made."""

SHAPE = """
SELECT kind, sum(hashtextextended(thing, 0)) FROM (
    SELECT 'class', oid || ':' || xmin FROM pg_class WHERE oid >= 16384
    UNION ALL SELECT 'column', attrelid || ':' || attnum || ':' || xmin FROM pg_attribute
        WHERE attrelid >= 16384
    UNION ALL SELECT 'function', oid || ':' || xmin FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT 'trigger', oid || ':' || xmin FROM pg_trigger
    UNION ALL SELECT 'constraint', oid || ':' || xmin FROM pg_constraint WHERE oid >= 16384
    UNION ALL SELECT 'schema', oid || ':' || xmin FROM pg_namespace
        WHERE nspname !~ '^pg_(toast_)?temp'
    UNION ALL SELECT 'version', n::text FROM version
    UNION ALL SELECT 'changes', n::text FROM changes
    UNION ALL SELECT 'setting', setconfig::text FROM pg_db_role_setting, pg_database
        WHERE datname = current_database() AND setdatabase = pg_database.oid
    UNION ALL SELECT 'large', 'large' WHERE pg_database_size(current_database()) > 20000000
) AS things (kind, thing) GROUP BY kind ORDER BY kind
"""
"""What a statement that alters a database changes: a copy of another has the same."""


def _user() -> dict[str, Any]:
    """Return who runs the server: it refuses to be run by root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    import pwd  # noqa: PLC0415 - Windows has none

    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL needs another user than root, and there is none")


class Server:
    """A PostgreSQL server in a folder of its own, on a free port of this machine.

    Args:
        programs: The folder with `initdb` and `postgres`.
    """

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="pgw-postgres-"))
        self._as = _user()
        if self._as:
            os.chown(self._folder, self._as["user"], self._as["group"])
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self._spare: SimpleQueue[str] = SimpleQueue()
        self._tidies = ThreadPoolExecutor(1)
        self._tidied: list[Future[None]] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._run(
            [
                *(programs / "initdb", "-D", self._folder / "data", "-U", "tester", "-A", "trust"),
                *("-E", "UTF8", "--locale=C", "--no-sync"),
            ]
        )
        self.start()

    def _run(self, command: list[Any]) -> None:
        ended = subprocess.run(
            command, cwd=self._folder, capture_output=True, check=False, text=True, **self._as
        )
        assert ended.returncode == 0, ended.stderr

    def url(self, database: str) -> str:
        return f"postgresql://tester:not-asked-for@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(self._programs / "postgres", "-D", self._folder / "data"),
                    *(f"--port={self.port}", *settings),
                ],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._as,
            )
        end = time.monotonic() + 60
        while True:
            assert self._process.poll() is None, (self._folder / "log").read_text()
            assert time.monotonic() < end, "PostgreSQL does not answer"
            try:
                self.sql("postgres", "SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """End it as an administrator would who does not wait for anybody."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)
            self._process = None

    def close(self) -> None:
        self._tidies.shutdown(wait=True, cancel_futures=True)
        for tidied in self._tidied:
            assert tidied.cancelled() or tidied.exception() is None, tidied.exception()
        if self._process is not None:
            # Nothing of it is needed any more.
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(60)
        shutil.rmtree(self._folder)

    def sql(self, database: str, query: str, *values: object) -> list[Any]:
        """Run a statement in a database, and return its rows."""
        url = f"{self.url(database)}?options=-csearch_path%3Dplayground_widget,public"
        with psycopg.connect(url, autocommit=True) as connection:
            # Placeholders are those of psycopg, and the statement is a test's own.
            found = connection.execute(query, values or None)
            return list(found.fetchall()) if found.description else []

    def create(self, template: str = "template0") -> str:
        """Make another database and return its name."""
        name = f"test_{next(self._numbers)}"
        self.sql("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, database: str) -> None:
        """Have a database dropped while tests go on: it takes longer than many of them."""
        self._tidies.submit(
            self.sql, "postgres", f"DROP DATABASE IF EXISTS {database} WITH (FORCE)"
        )

    @cached_property
    def _template(self) -> tuple[str, list[Any]]:
        """A database with the tables of this version that nobody else knows, and its shape."""
        name = self.create()
        Store(self.url(name)).close()
        return name, self.sql(name, SHAPE)

    def lend(self) -> str:
        """Return a database that is new, or as good as new, with the tables of this version."""
        template, _ = self._template
        try:
            return self._spare.get_nowait()
        except Empty:
            return self.create(template)

    def give_back(self, database: str) -> None:
        """Have a database emptied while tests go on, and lent again if that makes it a new one.

        Copying takes ten times as long.
        """
        self._tidied.append(self._tidies.submit(self._tidy, database))

    def _tidy(self, database: str) -> None:
        # What a test has left open must not find it any more.
        name = f"test_{next(self._numbers)}"
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        with suppress(psycopg.OperationalError):
            self.sql("postgres", end, database)
            self.sql("postgres", f"ALTER DATABASE {database} RENAME TO {name}")
            self.sql(name, EMPTY)
            if self.sql(name, SHAPE) == self._template[1]:
                self._spare.put(name)
                return
        with suppress(psycopg.OperationalError):
            for left in (database, name):
                self.sql("postgres", f"DROP DATABASE IF EXISTS {left} WITH (FORCE)")


def _is_required() -> bool:
    return any(os.environ.get(name, "") not in {"", "0"} for name in ("CI", "PGW_REQUIRE_POSTGRES"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server of this session's own, or of this worker's."""
    programs = find_postgres()
    if programs is None:
        missing = (
            "PostgreSQL IS MISSING, and nothing of it was tested: install it, or name it in "
            "PLAYGROUND_WIDGET_POSTGRES"
        )
        if _is_required():
            pytest.fail(missing)
        pytest.skip(missing)
    server = Server(programs)
    yield server
    server.close()


@pytest.fixture
def postgres_url(postgres: Server) -> Iterator[str]:
    """The address of a database of the test's own."""
    name = postgres.lend()
    yield postgres.url(name)
    postgres.give_back(name)
