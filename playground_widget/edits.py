"""Changes of a conversation as new paths: nothing is overwritten.

Each function takes a thread and says, as one `Added` event, what an insert, an edit or a delete
makes of it: new messages, and copies of the later ones that share their content. The old path
stays where it was. Ids are handed in, so these are pure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from playground_widget.errors import InputError
from playground_widget.events import Added
from playground_widget.model import (
    Message,
    Part,
    Role,
    Thread,
    leaf,
    path,
    replant,
)

__all__ = ["NewId", "chained", "deleted", "edited", "inserted", "line_of"]

NewId = Callable[[], str]


def line_of(thread: Thread, message: str) -> tuple[Message, ...]:
    """Return the active path if the message is on it, else the newest path through it."""
    active = path(thread)
    if any(m.id == message for m in active):
        return active
    return path(thread, leaf(thread, message))


def chained(messages: Sequence[Message], parent: str | None) -> tuple[Message, ...]:
    """Return messages that follow each other, the first one after `parent`."""
    made: list[Message] = []
    for message in messages:
        made.append(replace(message, parent=parent))
        parent = message.id
    return tuple(made)


def inserted(
    thread: Thread,
    messages: Sequence[Message],
    new_id: NewId,
    *,
    before: str | None = None,
    after: str | None = None,
) -> Added:
    """Put messages at the end of the active path, or before or after one of its messages."""
    if before is not None and after is not None:
        raise InputError("give before= or after=, not both")
    if before is None and after is None:
        return _spliced(chained(messages, thread.head), (), new_id)
    line = line_of(thread, before or after or "")
    at = _index(line, before or after or "") + (after is not None)
    parent = line[at - 1].id if at else None
    return _spliced(chained(messages, parent), line[at:], new_id, parent)


def edited(
    thread: Thread,
    message: str,
    new_id: NewId,
    *,
    now: float,
    content: tuple[Part, ...] | None = None,
    role: Role | None = None,
    rerun: bool = False,
) -> Added:
    """Give a message a new version.

    The later messages follow it as copies; with `rerun` only those up to the next answer do,
    since that answer is about to be written again.
    """
    line = line_of(thread, message)
    at = _index(line, message)
    old = line[at]
    if old.status == "streaming":
        raise InputError("This answer is still being written. Stop it first; its text is kept.")
    made = Message(
        id=new_id(),
        parent=old.parent,
        role=role or old.role,
        content=old.content if content is None else content,
        created=now,
        tool_call_id=old.tool_call_id if (role or old.role) == "tool" else None,
    )
    later = line[at + 1 :]
    if rerun:
        answers = [i for i, m in enumerate(later) if m.role == "assistant"]
        later = later[: answers[0]] if answers else later
    return _spliced((made,), later, new_id)


def deleted(thread: Thread, messages: Collection[str], new_id: NewId) -> Added:
    """Leave messages out of the path; what follows the first of them follows as copies."""
    gone = set(messages)
    line = line_of(thread, next(iter(messages)))
    first = min(_index(line, message) for message in gone)
    parent = line[first - 1].id if first else None
    kept = tuple(m for m in line[first:] if m.id not in gone)
    return _spliced((), kept, new_id, parent)


def _spliced(
    made: tuple[Message, ...],
    later: Sequence[Message],
    new_id: NewId,
    parent: str | None = None,
) -> Added:
    if any(m.status == "streaming" for m in later):
        raise InputError(
            "An answer after this is still being written. Stop it first; its text is kept."
        )
    end = made[-1].id if made else parent
    copies = replant(later, end, [new_id() for _ in later])
    return Added(made + copies, copies[-1].id if copies else end)


def _index(line: Sequence[Message], message: str) -> int:
    for at, candidate in enumerate(line):
        if candidate.id == message:
            return at
    raise InputError("these messages are not on one path")
