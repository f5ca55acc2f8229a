"""What can be taken back, the last change first."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from playground_widget.errors import InputError
from playground_widget.events import Event, Selected
from playground_widget.model import Thread

__all__ = ["UndoStack"]

LONGEST = 100

Back = Callable[[Thread], Event | None]
"""Returns the event that takes a change back, or `None` where the thread is so already."""


class _Step(NamedTuple):
    token: str
    label: str
    back: Back


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
        step = _Step(str(next(self._tokens)), label, back)
        self._steps.append(step)
        return step.token

    def remember_head(self, label: str, head: str | None) -> str:
        """Add a change that moved the head from here."""
        return self.remember(label, lambda t: Selected(head) if t.head != head else None)

    def take(self, token: str | None = None) -> tuple[str, Back] | None:
        """Remove the last change and return its label and its way back, if there is one.

        Raises:
            InputError: With a token, when something else was changed since.
        """
        if token is not None and (not self._steps or self._steps[-1].token != token):
            raise InputError("Something else was changed since, so this stays as it is.")
        if not self._steps:
            return None
        step = self._steps.pop()
        return step.label, step.back
