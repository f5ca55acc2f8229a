"""Hearing of what happens."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from typing import Any

from playground_widget._callbacks import Subscription, Topic
from playground_widget.playground._base import Base

__all__ = ["Listening"]


class Listening(Base):
    """The part of `Playground` that calls functions when something happens."""

    def on(self, topic: Topic, callback: Callable[[Any], object]) -> Callable[[], None]:
        """Call a function when something happens.

        Callbacks run one after the other on a thread of their own, and may call everything
        that does not wait for an answer.

        Args:
            topic: `"message"` gives each `Message` that was added or has ended, and each call of a
                tool that begins to ask (its `consent` is set); `"delta"` each `Delta` of text;
                `"run"` the answer, or a call of a tool, as a `Message` when it starts and when it
                ends; `"thread"` the `Thread` after any change; `"settings"` a dict of what changed
                of `title`, `system`, `model`, `params`.
            callback: Called with that one argument.

        Returns:
            A function that ends the subscription.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> stop = pg.on("message", lambda message: None)
            >>> stop()
        """
        subscription = Subscription(self._conversation, topic, callback, contextvars.copy_context())
        self._engine.call(self._conversation.subscribe, subscription.hear)

        def unsubscribe() -> None:
            subscription.end()
            self._engine.call(self._conversation.unsubscribe, subscription.hear)

        return unsubscribe
