"""The stores of this process: one for each file, whatever becomes of the process."""

from __future__ import annotations

import atexit
import os
import threading
from pathlib import Path

from playground_widget.store._open import where
from playground_widget.store._store import Store

__all__ = ["open_store"]

_stores: dict[Path, Store] = {}
_lock = threading.Lock()


def open_store(given: str | os.PathLike[str] | Store | None = None) -> Store:
    """Return the store that is meant; one for each file in a process.

    Args:
        given: What `where` takes; `":memory:"` is another store each time.

    Raises:
        StoreError: It cannot be used.
    """
    if isinstance(given, Store):
        return given
    place = where(given)
    if isinstance(place, str):
        return Store(place)
    key = place.resolve()
    with _lock:
        if key not in _stores or _stores[key].closed:
            _stores[key] = Store(place)
        return _stores[key]


@atexit.register
def _close_all() -> None:
    for store in tuple(_stores.values()):
        store.close()


# SQLite forbids to carry a connection into the child of a fork, so that there is none meanwhile.
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
