"""Which message an answer follows, and what it is asked with."""

from __future__ import annotations

from playground_widget.errors import InputError
from playground_widget.model import Message, Thread, get_message, path

__all__ = ["asked", "asked_last", "check_answerable", "head_of", "path_to", "version_of"]


def check_answerable(thread: Thread, parent: str | None) -> None:
    """Refuse to answer where there is nothing to answer, or nothing whole.

    Raises:
        InputError: Because of that.
    """
    if parent is None and not thread.system:
        raise InputError("There is nothing to answer yet: add a message first.")
    if parent is not None and get_message(thread, parent).status == "streaming":
        raise InputError("The answer before this one is still being written.")


def head_of(thread: Thread) -> str | None:
    """Return the end of the active path."""
    return thread.head


def asked_last(thread: Thread) -> str | None:
    """Return the message to answer after one was added: not what another door writes by now."""
    head = thread.head
    while head is not None and get_message(thread, head).status == "streaming":
        head = get_message(thread, head).parent
    return head


def asked(thread: Thread, message: str | None) -> str | None:
    """Return the message to answer: before failed answers without text at a path's end."""
    while message is not None:
        candidate = get_message(thread, message)
        if candidate.role != "assistant" or candidate.status != "failed" or candidate.text:
            return message
        message = candidate.parent
    return None


def version_of(thread: Thread, system: str | None = None) -> int | None:
    """Return which version of its prompts the thread's system prompt is, counted from 1.

    Args:
        thread: The thread.
        system: Another system prompt than the one it has now.
    """
    texts = [prompt.text for prompt in thread.prompts]
    text = thread.system if system is None else system
    return texts.index(text) + 1 if text in texts else None


def path_to(thread: Thread, message: str | None) -> tuple[Message, ...]:
    """Return the messages from the first to this one; none for `None`."""
    return () if message is None else path(thread, message)
