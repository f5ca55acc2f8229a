"""The stores of this process: one for each database, whatever becomes of the process."""

from __future__ import annotations

import atexit
import os
import threading

from playground_widget.store._store import Store
from playground_widget.store._where import database_of

__all__ = ["open_store"]

_stores: dict[object, Store] = {}
_lock = threading.Lock()


def open_store(given: str | os.PathLike[str] | Store | None = None) -> Store:
    """Return the store that is meant; one for each database in a process.

    Args:
        given: What `database_of` takes; `":memory:"` is another store each time.

    Raises:
        StoreError: It cannot be used.
    """
    if isinstance(given, Store):
        return given
    database = database_of(given)
    key = database.key
    if key is None:
        return Store(database)
    with _lock:
        if key not in _stores or _stores[key].closed:
            _stores[key] = Store(database)
        return _stores[key]


@atexit.register
def _close_all() -> None:
    for store in tuple(_stores.values()):
        store.close()


# SQLite forbids to carry a connection into the child of a fork, and a server would take the child's
# for the parent's: so there is none meanwhile.
_resting: list[Store] = []


def _rest() -> None:
    _resting.extend(store for store in tuple(_stores.values()) if store.rest())


def _go_on() -> None:
    while _resting:
        _resting.pop().go_on()


def _forget() -> None:
    """A child of a fork has none of the threads that write."""
    global _lock  # noqa: PLW0603
    _resting.clear()
    for store in _stores.values():
        store.forget()
    _stores.clear()
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_rest, after_in_parent=_go_on, after_in_child=_forget)
