"""Reading what is there, and what was sent for it."""

from __future__ import annotations

from typing import Any

from playground_widget.conversation import wire_of
from playground_widget.engine import Wire
from playground_widget.model import Message, Thread, path
from playground_widget.playground._base import Base, MessageRef
from playground_widget.request import chat_messages

__all__ = ["Reading"]


class Reading(Base):
    """The part of `Playground` that reads the conversation."""

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages of the active path, a growing answer with its text so far.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> answer = pg.send("Hello")
            >>> [message.role for message in pg.messages]
            ['user', 'assistant']
        """
        return path(self._session.state.present())

    def __getitem__(self, index: int) -> Message:
        """Return `pg.messages[index]`."""
        return self.messages[index]

    def __len__(self) -> int:
        """Return how many messages the active path has."""
        return len(self.messages)

    def __bool__(self) -> bool:
        """A playground is true, also an empty one."""
        return True

    @property
    def thread(self) -> Thread:
        """The whole thread: every message of every branch, and what it is asked with.

        Example:
            >>> pg = Playground("Be brief.", connection="demo", messages="Hello")
            >>> edited = pg.edit(0, "Good morning")
            >>> len(pg), len(pg.thread.messages), pg.thread.system
            (1, 2, 'Be brief.')
        """
        return self._session.state.present()

    def to_openai(self) -> list[dict[str, Any]]:
        """Return the active path as plain dicts, as the Chat Completions API takes them.

        Example:
            >>> pg = Playground("Be brief.", connection="demo", messages="Hello")
            >>> pg.to_openai()[0]
            {'role': 'system', 'content': 'Be brief.'}
        """
        return chat_messages(self._session.state.thread.system, self.messages)

    def recorded(self, message: MessageRef) -> tuple[tuple[float, bytes], ...]:
        """Return what the service sent for an answer, word for word.

        Args:
            message: An answer of a playground with `record=True`.

        Returns:
            The bytes of each read of the network, with its time in seconds since the epoch; none
            for an answer that was not recorded.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast", record=True)
            >>> pg.recorded(pg.send("Hello"))[0][1].startswith(b"data:")
            True
        """
        thread = self._session.state.thread.id
        return tuple(self._conversation.store.recorded(thread, self._id(message)))

    def wire(self, message: MessageRef | None = None) -> Wire:
        """Return what was sent for an answer and what came back: request, attempts, raw chunks.

        The last 20 answers of a process are kept as they were. For others the request is rebuilt
        from what is stored, and there are chunks if they were recorded (`record=True`). No headers
        are kept, and keys are masked.

        Args:
            message: The answer; by default the last message.

        Raises:
            InputError: No model was asked for it.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast", temperature=0.5)
            >>> pg.wire(pg.send("Hello")).body["temperature"]
            0.5
        """
        return self._do(wire_of, self._conversation, self._last(message))
