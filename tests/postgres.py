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
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
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
        self._drops = ThreadPoolExecutor(1)
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
        self._drops.shutdown(wait=True, cancel_futures=True)
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
        self._drops.submit(self.sql, "postgres", f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


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


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> str:
    name = postgres.create()
    Store(postgres.url(name)).close()
    return name


@pytest.fixture
def postgres_url(postgres: Server, postgres_template: str) -> Iterator[str]:
    """The address of a database of the test's own."""
    name = postgres.create(postgres_template)
    yield postgres.url(name)
    postgres.drop(name)
