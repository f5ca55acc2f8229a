"""The part of a thread that an export holds."""

from __future__ import annotations

from dataclasses import replace

from playground_widget.export._values import Options
from playground_widget.model import Message, Params, Thread, path

__all__ = ["trimmed", "without"]


def trimmed(thread: Thread, options: Options) -> Thread:
    """Return the thread with what the options name, answers included.

    Without `branches` only the active path is left; without `system` and `params` nothing tells
    of them any more.
    """
    kept = thread.messages if options.branches else {m.id: m for m in path(thread)}
    if not options.system:
        kept = {m.id: replace(m, prompt=None) for m in kept.values()}
        thread = replace(thread, system="", prompts=())
    if not options.params:
        kept = {m.id: replace(m, params=None) for m in kept.values()}
        thread = replace(thread, params=Params())
    return replace(thread, messages=kept)


def without(thread: Thread, *roles: str) -> Thread:
    """Return the thread without the messages of some roles; later ones follow what is left."""
    moved: dict[str | None, str | None] = {None: None}
    kept: dict[str, Message] = {}
    for message in thread.messages.values():
        parent = moved.get(message.parent, message.parent)
        if message.role in roles:
            moved[message.id] = parent
        else:
            moved[message.id] = message.id
            kept[message.id] = replace(message, parent=parent)
    return replace(thread, messages=kept, head=moved.get(thread.head))
