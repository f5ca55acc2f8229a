"""The transcript beside the widget: what a reader of the saved notebook sees without a kernel.

It is a display of its own, with an id, so that bringing it up to date leaves the widget's view and
the drafts in it alone. The page hides it while a kernel answers.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import TYPE_CHECKING

from playground_widget.conversation import Conversation, Update
from playground_widget.engine import Committed, Opened
from playground_widget.events import Finished
from playground_widget.export import transcript

if TYPE_CHECKING:
    from playground_widget.model import Thread

__all__ = ["Transcript"]

MOST_DISPLAYS = 8
"""How many showings of one playground are kept up to date, the latest ones."""

PAUSE = 1.0
"""Seconds within which changes are shown together."""

SHORT_PAUSE = 0.2
"""The same after the end of an answer, which the thread's title may follow."""


class Transcript:
    """The displays of one playground's transcript.

    Args:
        conversation: Whose.
        name: The name by which the thread was opened, if it was one.
    """

    def __init__(self, conversation: Conversation, name: str | None) -> None:
        """Show nothing yet."""
        self._conversation = conversation
        self._name = name
        self._displays: list[str] = []
        self._timer: asyncio.TimerHandle | None = None
        self._listens = False

    def show(self) -> None:
        """Show it below the widget, in the cell that runs."""
        identity = secrets.token_hex(8)
        if not _publish(identity, self._made(), update=False):
            return
        self._displays = [*self._displays, identity][-MOST_DISPLAYS:]
        if not self._listens:
            self._listens = True
            # The conversation lets its listeners go when it is closed, after the last change.
            engine = self._conversation.engine
            engine.call(self._conversation.subscribe, self._hear)

    def _hear(self, update: Update) -> None:
        """On the loop's thread: bring it up to date soon, sooner when an answer has ended."""
        changes = [item for item in update.batch if isinstance(item, Committed | Opened)]
        if not changes or (self._conversation.state.live and self._timer is None):
            return
        ended = any(
            isinstance(item, Committed) and isinstance(item.event, Finished) for item in changes
        )
        if ended or self._timer is None:
            if self._timer is not None:
                self._timer.cancel()
            loop = self._conversation.engine.loop
            self._timer = loop.call_later(SHORT_PAUSE if ended else PAUSE, self._due)

    def _due(self) -> None:
        self._timer = None
        if not self._conversation.state.live:
            self._conversation.engine.dispatch(self._update)

    def _update(self) -> None:
        made = self._made()
        for identity in self._displays:
            _publish(identity, made, update=True)

    def _made(self) -> dict[str, str]:
        thread = self._conversation.state.present()
        return transcript(thread, go_on=self._line(thread), anchor=self._conversation.anchor)

    def _line(self, thread: Thread) -> str:
        """Return the code that opens the thread again: by the name it was opened by, or its id.

        Titles that threads get from what is asked in them are not unique; ids are.
        """
        by_name = self._name is not None and self._conversation.store.find(self._name) == thread.id
        name = self._name if by_name else thread.id
        return f"Playground(thread={json.dumps(name, ensure_ascii=False)})"


def _publish(identity: str, made: dict[str, str], *, update: bool) -> bool:
    """Show a bundle or bring it up to date; return whether there is a notebook to show it in."""
    from IPython.core.getipython import get_ipython  # noqa: PLC0415 - only a notebook has it

    shell = get_ipython()
    if shell is None:
        return False
    shell.display_pub.publish(
        data=made, metadata={}, transient={"display_id": identity}, update=update
    )
    return True
