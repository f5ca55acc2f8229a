"""The notebook's variables, as `{{name}}` in a message finds them."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from playground_widget.variables import MISSING

__all__ = ["KernelNamespace"]


def _shell() -> Any:
    """Return the shell that runs cells, or `None`: where IPython is not loaded there is none."""
    if "IPython" not in sys.modules:
        return None
    from IPython.core.getipython import get_ipython  # noqa: PLC0415 - slow, and there already

    return get_ipython()


class KernelNamespace:
    """What a notebook's cells have assigned.

    Names that begin with `_` are not found, nor are modules, functions and classes, nor what
    IPython itself put there, such as `In` and `exit`: nobody means those by a variable.
    """

    def find(self, name: str) -> object:
        """Return what a name stands for, or `MISSING`; outside of a notebook everything is."""
        shell = _shell()
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
        shell = _shell()
        if shell is None:
            return lambda: None

        def heard(*_: object) -> None:
            changed()

        shell.events.register("post_run_cell", heard)

        def leave() -> None:
            with suppress(ValueError):
                shell.events.unregister("post_run_cell", heard)

        return leave
