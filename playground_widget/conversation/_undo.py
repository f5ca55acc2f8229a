"""What can be taken back, the last change first."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from playground_widget.errors import InputError
from playground_widget.events import Event, Selected
from playground_widget.model import Thread

__all__ = ["UndoStack"]

LONGEST = 100

Back = Callable[[Thread], Event | None]
"""Returns the event that takes a change back, or `None` where the thread is so already."""


Work = Callable[[], Awaitable[None]]
"""Takes back what was done to something else than the open thread."""


class _Step(NamedTuple):
    token: str
    label: str
    back: Back | None = None
    work: Work | None = None


class UndoStack:
    """The changes of a conversation that can be taken back, at most the last hundred.

    Nothing is overwritten in a thread, so that taking back is going back to another head.
    """

    def __init__(self) -> None:
        """Begin with nothing to take back."""
        self._steps: deque[_Step] = deque(maxlen=LONGEST)
        self._tokens = itertools.count(1)

    @property
    def label(self) -> str | None:
        """What the next undo takes back, such as `delete`, or `None`."""
        return self._steps[-1].label if self._steps else None

    def remember(self, label: str, back: Back) -> str:
        """Add a change, and return the token by which it can be taken back."""
        return self._add(label, back=back)

    def remember_work(self, label: str, work: Work) -> str:
        """Add a change of something else than the thread."""
        return self._add(label, work=work)

    def remember_head(self, label: str, head: str | None) -> str:
        """Add a change that moved the head from here."""
        return self.remember(label, lambda t: Selected(head) if t.head != head else None)

    def _add(self, label: str, back: Back | None = None, work: Work | None = None) -> str:
        step = _Step(str(next(self._tokens)), label, back, work)
        self._steps.append(step)
        return step.token

    def take(self, token: str | None = None) -> _Step | None:
        """Remove the last change and return it, if there is one.

        Raises:
            InputError: With a token, when something else was changed since.
        """
        if token is not None and (not self._steps or self._steps[-1].token != token):
            raise InputError("Something else was changed since, so this stays as it is.")
        if not self._steps:
            return None
        return self._steps.pop()

    def put_back(self, step: _Step) -> None:
        """Keep a change that could not be taken back."""
        self._steps.append(step)
