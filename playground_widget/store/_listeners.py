"""Who is told what happens in a store."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, ParamSpec
from weakref import WeakMethod

__all__ = ["Listeners"]

P = ParamSpec("P")

_log = logging.getLogger("playground_widget")


class Listeners(Generic[P]):
    """Methods that are called in the order in which they came. Safe from any thread.

    Their objects are not kept alive by it: a playground that nobody has any more hears nothing.
    """

    def __init__(self) -> None:
        """Begin with nobody."""
        self._lock = threading.Lock()
        self._methods: list[WeakMethod[Callable[P, None]]] = []

    def __len__(self) -> int:
        """Return how many there are, as far as it was noticed that one is gone."""
        return len(self._methods)

    def add(self, listener: Callable[P, None]) -> None:
        """Call a method from now on."""
        with self._lock:
            self._methods.append(WeakMethod(listener))

    def tell(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call all of them, whatever one of them raises."""
        with self._lock:
            # What is gone goes from the list, too.
            self._methods = [each for each in self._methods if each() is not None]
            methods = tuple(self._methods)
        for reference in methods:
            listener = reference()
            if listener is not None:
                try:
                    listener(*args, **kwargs)
                except Exception:  # noqa: BLE001 - no listener may hold up the others
                    _log.exception("A listener of the store raised an error")
