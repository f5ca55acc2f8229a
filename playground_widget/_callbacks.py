"""What `Playground.on` hands to a user's function, from the stream of a conversation."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Literal, get_args

from playground_widget.conversation import Conversation, Update
from playground_widget.engine import Committed, Opened
from playground_widget.errors import InputError
from playground_widget.events import Added, Asking, Changed, Delta, Finished, Started

__all__ = ["Subscription", "Topic"]

Topic = Literal["message", "delta", "run", "thread", "settings"]


class Subscription:
    """One callback, run on the dispatcher thread in the context of whoever subscribed."""

    def __init__(
        self,
        conversation: Conversation,
        topic: Topic,
        callback: Callable[[Any], object],
        context: contextvars.Context,
    ) -> None:
        """Prepare; `hear` is to be subscribed to the conversation.

        Raises:
            InputError: There is no such topic, or the callback cannot be called.
        """
        if topic not in get_args(Topic):
            raise InputError(f"there is no topic {topic!r}; known are {', '.join(get_args(Topic))}")
        if not callable(callback):
            raise InputError(f"a callback is a function, not {type(callback).__name__}")
        self._conversation = conversation
        self._topic = topic
        self._callback = callback
        self._context = context
        self._ended = False

    def end(self) -> None:
        """Call the function no more, also not for what already waits."""
        self._ended = True

    def hear(self, update: Update) -> None:
        """Hand on what belongs to the topic; on the loop's thread."""
        for item in _items(self._topic, update, self._conversation):
            self._conversation.engine.dispatch(partial(self._call, item))

    def _call(self, item: object) -> None:
        if not self._ended:
            self._context.run(self._callback, item)


def _items(topic: Topic, update: Update, conversation: Conversation) -> Iterator[object]:
    """Give what a batch holds for a topic, in order."""
    if topic == "delta":
        yield from (item for item in update.batch if isinstance(item, Delta))
        return
    events = [item.event for item in update.batch if isinstance(item, Committed)]
    opened = any(isinstance(item, Opened) for item in update.batch)
    if topic == "thread" and (events or opened):
        yield conversation.state.present()
    for event in events:
        match event:
            case Added(messages) if topic == "message":
                yield from messages
            case Started(message) | Finished(message) if topic == "run":
                yield message
            case Finished(message) if topic == "message":
                yield message
            case Asking(identity, consent) if topic == "message" and consent:
                yield conversation.state.thread.messages[identity]
            case Changed(changes) if topic == "settings":
                yield dict(changes)
