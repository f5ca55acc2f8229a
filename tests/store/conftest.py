"""Stores of the test's own, and playgrounds on them that ask its own server.

A test runs on SQLite and on PostgreSQL. One that asks for `path` itself is about a file.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from playground_widget.store import Store
from tests.playgrounds import playground, server
from tests.store.others import note_watchers

__all__ = ["playground", "server"]

FreshPlace = Callable[[], AbstractContextManager[Path | str]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "threads.sqlite"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "backend" in metafunc.fixturenames:
        file = "path" in inspect.signature(metafunc.function).parameters
        kinds = ["sqlite"] if file else ["sqlite", "postgresql"]
        metafunc.parametrize("backend", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    kind: str = request.param
    return kind


@pytest.fixture(scope="session")
def fresh_place(
    backend: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> FreshPlace:
    """Give a place for threads that is empty, for as long as a block of code lasts."""

    @contextmanager
    def file() -> Iterator[Path | str]:
        yield tmp_path_factory.mktemp("store") / "threads.sqlite"

    if backend == "sqlite":
        return file
    server = request.getfixturevalue("postgres")

    @contextmanager
    def database() -> Iterator[Path | str]:
        name = server.lend()
        try:
            yield server.url(name)
        finally:
            server.give_back(name)

    return database


@pytest.fixture
def place(backend: str, request: pytest.FixtureRequest) -> Path | str:
    """The test's own place for threads."""
    name = "path" if backend == "sqlite" else "postgres_url"
    found: Path | str = request.getfixturevalue(name)
    return found


@pytest.fixture
def open_store(place: Path | str) -> Iterator[Callable[..., Store]]:
    """Open the test's place as another process would: with a writing thread of its own."""
    made: list[Store] = []

    def make(at: Path | str = place) -> Store:
        made.append(Store(at))
        return made[-1]

    yield make
    for store in made:
        store.close()


@pytest.fixture
def store(open_store: Callable[..., Store]) -> Store:
    return open_store()


@pytest.fixture(autouse=True)
def _only_own_watchers() -> None:
    note_watchers()
