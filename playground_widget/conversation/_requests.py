"""What a page asks of a conversation: each request validated once, then carried out or refused."""

from __future__ import annotations

from typing import Any

from playground_widget.content import Draft, clean
from playground_widget.conversation._core import Conversation
from playground_widget.engine import Run
from playground_widget.errors import InputError
from playground_widget.model import Part
from playground_widget.protocol import (
    Add,
    Claim,
    Connect,
    Continue,
    Delete,
    Edit,
    Hello,
    Models,
    Regenerate,
    Request,
    RetryNow,
    RunHead,
    Select,
    Send,
    Set,
    Stop,
    Undo,
)

__all__ = ["carry_out"]


def carry_out(  # noqa: C901, PLR0911, PLR0912 - one line or two for each kind of request
    conversation: Conversation, request: Request
) -> dict[str, Any]:
    """Do what a request asks and return the result for its sender.

    On the engine's loop thread. `Snapshot` and `Asset` are not for the conversation: the door
    that received them answers by its own means.

    Raises:
        PlaygroundError: It was refused; nothing was changed.
    """
    match request:
        case Hello() | Models():
            conversation.connections.refresh()
        case Send(content, role):
            conversation.send([Draft(role, _clean(content))], _run(conversation))
        case Add(content, role, before, after):
            drafts = [Draft(role, _clean(content))]
            return {"undo": conversation.add(drafts, before, after).undo}
        case RunHead():
            conversation.send([], _run(conversation))
        case Edit(message, content, role, rerun):
            parts = None if content is None else _clean(content)
            if not rerun:
                return {"undo": conversation.edit(message, parts, role).undo}
            conversation.edit_and_run(message, parts, role, _run(conversation))
        case Delete(messages, rerun):
            if not rerun:
                return {"undo": conversation.delete(messages).undo}
            conversation.delete_and_run(messages, _run(conversation))
        case Undo(token):
            return {"undone": conversation.undo(token)}
        case Regenerate(message):
            conversation.regenerate(message, _run(conversation))
        case Continue(message):
            conversation.continue_(message, _run(conversation))
        case Select(message):
            conversation.select(message)
        case Stop(message):
            return {"stopped": conversation.stop(message)}
        case RetryNow():
            return {"hurried": conversation.queue.hurry()}
        case Set():
            return _set(conversation, request)
        case Connect(name, api_key, base_url):
            _connect(conversation, name, api_key, base_url)
        case Claim(action):
            return {"granted": conversation.claim(action)}
        case _:
            raise InputError("this request is not for a conversation")
    return {}


def _run(conversation: Conversation) -> Run:
    return Run(conversation.engine)


def _clean(content: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(clean(part) for part in content)


def _set(conversation: Conversation, request: Set) -> dict[str, Any]:
    changes = {
        name: value
        for name in ("title", "system", "model", "params")
        if (value := getattr(request, name)) is not None
    }
    if not changes:
        raise InputError("set needs something to change")
    return {"undo": conversation.change(changes)}


def _connect(
    conversation: Conversation, name: str, api_key: str | None, base_url: str | None
) -> None:
    connections = conversation.connections
    conversation.connect(connections.choose(name, api_key, base_url))
    connections.refresh()
