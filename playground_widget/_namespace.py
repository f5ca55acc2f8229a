"""The notebook's variables, as `{{name}}` in a message finds them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress

from IPython.core.getipython import get_ipython

from playground_widget.variables import MISSING

__all__ = ["KernelNamespace"]


class KernelNamespace:
    """What a notebook's cells have assigned.

    Names that begin with `_` are not found, nor are modules, functions and classes, nor what
    IPython itself put there, such as `In` and `exit`: nobody means those by a variable.
    """

    def find(self, name: str) -> object:
        """Return what a name stands for, or `MISSING`; outside of a notebook everything is."""
        shell = get_ipython()
        if shell is None or name.startswith("_"):
            return MISSING
        value = shell.user_ns.get(name, MISSING)
        hidden = getattr(shell, "user_ns_hidden", {})
        if name in hidden and hidden[name] is value:
            return MISSING
        if inspect.ismodule(value) or inspect.isclass(value) or inspect.isroutine(value):
            return MISSING
        return value

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call a function after each executed cell; return what ends that."""
        shell = get_ipython()
        if shell is None:
            return lambda: None

        def heard(*_: object) -> None:
            changed()

        shell.events.register("post_run_cell", heard)

        def leave() -> None:
            with suppress(ValueError):
                shell.events.unregister("post_run_cell", heard)

        return leave
