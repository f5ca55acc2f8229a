"""Variables at the moment of sending, and what pages are shown of them.

Turning values into text runs code of users, so it happens on a thread that may wait, and never on
the engine's loop.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from playground_widget.engine import Engine
from playground_widget.errors import ClosedError, ConflictError, UnsetVariablesError
from playground_widget.model import Thread, path
from playground_widget.request import names_used
from playground_widget.variables import Resolved, Variables

if TYPE_CHECKING:
    from playground_widget.model import Message

__all__ = ["MOST_ASKED", "ShownVariables", "present_values", "values_of", "values_used"]

PATIENCE = 30.0
"""Seconds that values have to become text before a request is refused."""

MOST_ASKED = 100
"""How many names are followed that only drafts mention, the latest ones."""


async def values_of(engine: Engine, variables: Variables, names: Sequence[str]) -> dict[str, str]:
    """Return what variables stand for at this moment, by name.

    Raises:
        UnsetVariablesError: Some have no value, or one that cannot be text.
    """
    if not names:
        return {}
    try:
        async with asyncio.timeout(PATIENCE):
            found = await _resolved(engine, variables, names)
    except TimeoutError:
        late = f"it was not text after {PATIENCE:g} s, and is left to finish"
        raise UnsetVariablesError(dict.fromkeys(names, late)) from None
    unusable = {name: each.error for name, each in found.items() if not each.is_usable}
    if unusable:
        raise UnsetVariablesError(unusable)
    return {name: each.text for name, each in found.items()}


async def _resolved(
    engine: Engine, variables: Variables, names: Sequence[str]
) -> dict[str, Resolved]:
    """Look variables up on a thread of their own: one that hangs must hold up nothing else."""
    done: asyncio.Future[dict[str, Resolved]] = engine.loop.create_future()

    def settle(found: dict[str, Resolved]) -> None:
        if not done.done():
            done.set_result(found)

    def work() -> None:
        try:
            found = variables.resolved(names)
        except BaseException as error:  # noqa: BLE001 - code of users, such as SystemExit
            why = f"looking it up raised {type(error).__name__}"
            found = {name: Resolved(name=name, error=why) for name in names}
        engine.post(settle, found)

    thread = threading.Thread(
        target=contextvars.Context().run, args=(work,), name="playground-variables", daemon=True
    )
    try:
        thread.start()
    except RuntimeError as error:
        raise ClosedError(f"Python is ending: {error}.") from None
    return await done


def present_values(thread: Thread, variables: Variables) -> dict[str, str]:
    """Return what the names of the active path stand for now, without those that are unset.

    It runs the code of the values, and so may wait.
    """
    found = variables.resolved(names_used(thread.system, path(thread)))
    return {name: each.text for name, each in found.items() if each.is_usable}


def values_used(
    system: str, messages: Sequence[Message], values: Mapping[str, str]
) -> dict[str, str]:
    """Return those values that a request needs.

    Raises:
        ConflictError: It needs one more, since the thread was changed after they were looked up.
    """
    used = names_used(system, messages)
    if missing := [name for name in used if name not in values]:
        raise ConflictError(
            f"The variable {missing[0]} came into this conversation just now, from elsewhere. "
            "Nothing was sent: ask again."
        )
    return {name: values[name] for name in used}


class ShownVariables:
    """What pages are shown: each name that the active path uses, or that a draft mentions.

    Belongs to the loop's thread.

    Args:
        engine: Whose loop it belongs to.
        variables: Where the values are.
        thread: Returns the thread as it is.
        changed: Called when what is shown is another.
    """

    def __init__(
        self,
        engine: Engine,
        variables: Variables,
        thread: Callable[[], Thread],
        changed: Callable[[], None],
    ) -> None:
        """Look at nothing before somebody listens."""
        self._engine = engine
        self._variables = variables
        self._thread = thread
        self._changed = changed
        self._asked: dict[str, None] = {}
        self._shown: dict[str, Resolved] = {}
        self._looking = False
        self._again = False
        self._unwatch: Callable[[], None] | None = None
        self._listens = False

    def to_list(self) -> list[dict[str, Any]]:
        """Return what is shown, as it was when it was looked at last."""
        return [each.to_dict() for each in self._shown.values()]

    def listen(self) -> None:
        """Follow the values from now on: somebody looks."""
        if self._listens:
            return
        self._listens = True
        # Heard on threads of users; what is new is looked up on one that may wait.
        self._variables.changed = lambda: self._engine.post(self.refresh)
        namespace = self._variables.namespace
        if namespace is not None:
            self._unwatch = namespace.watch(lambda: self._engine.post(self.refresh))
        self.refresh()

    def leave(self) -> None:
        """Follow them no more: nobody looks."""
        self._listens = False
        self._variables.changed = lambda: None
        if self._unwatch is not None:
            self._unwatch()
            self._unwatch = None

    def refresh(self) -> None:
        """Look soon whether anything is another; calls meanwhile come to one look."""
        if not self._listens:
            return
        if self._looking:
            self._again = True
        elif self._shown or self._names():
            self._looking = True
            self._engine.background(self._refresh())

    async def look(self, names: Iterable[str]) -> list[dict[str, Any]]:
        """Return variables as they are now, and show them from now on."""
        wanted = tuple(dict.fromkeys(names))[:MOST_ASKED]
        for name in wanted:
            self._asked.pop(name, None)
            self._asked[name] = None
        while len(self._asked) > MOST_ASKED:
            del self._asked[next(iter(self._asked))]
        found = await _resolved(self._engine, self._variables, wanted)
        self.refresh()
        return [each.to_dict() for each in found.values()]

    def _names(self) -> tuple[str, ...]:
        thread = self._thread()
        used = dict.fromkeys(names_used(thread.system, path(thread)))
        return tuple(used | self._asked)

    async def _refresh(self) -> None:
        try:
            found = await _resolved(self._engine, self._variables, self._names())
        finally:
            self._looking = False
        if found != self._shown:
            self._shown = found
            self._changed()
        if self._again:
            self._again = False
            self.refresh()
