"""What subscribers are told: batches, and how they are put together. No I/O, no state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from playground_widget.engine import Committed, joined
from playground_widget.errors import NotFoundError
from playground_widget.events import Delta, Finished, Retrying, Started, missing_text
from playground_widget.model import Message, Thread, text_of

__all__ = [
    "Batch",
    "Deleted",
    "Item",
    "Offsets",
    "Settings",
    "Snapshot",
    "is_last",
    "merged",
    "of_run",
    "with_text",
]

Offsets = Mapping[tuple[str, int], int]
"""How much one has of each part of a growing answer: by message and part, in code points."""


class Snapshot(NamedTuple):
    """Everything at one moment; growing answers hold their text so far.

    Args:
        revision: The thread's.
        thread: All of it.
        settings: What is shown beside it.
    """

    revision: int
    thread: Thread
    settings: dict[str, Any]


class Settings(NamedTuple):
    """What is shown beside the thread is another.

    Args:
        settings: All of it.
    """

    settings: dict[str, Any]


class Deleted(NamedTuple):
    """The thread was deleted; nothing follows.

    Args:
        thread: Its id.
    """

    thread: str


Item = Snapshot | Committed | Delta | Settings | Deleted


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Batch:
    """What is told at once, in order; one object for all who are in step.

    Args:
        revision: The thread's, after it.
        items: What happened.
    """

    revision: int
    items: tuple[Item, ...]


def is_last(batch: Batch) -> bool:
    return bool(batch.items) and isinstance(batch.items[-1], Deleted)


def _lengths(offsets: Offsets) -> dict[str, list[int]] | None:
    """Return offsets as a list of each message's parts, or `None` where they make no sense."""
    parts: dict[str, dict[int, int]] = {}
    for (message, part), offset in offsets.items():
        parts.setdefault(message, {})[part] = offset
    if any(sorted(each) != list(range(len(each))) for each in parts.values()):
        return None
    return {message: [each[n] for n in range(len(each))] for message, each in parts.items()}


def _fits(message: Message | None, lengths: Sequence[int]) -> bool:
    """Return whether what somebody has of an answer can be its beginning."""
    if message is None or len(lengths) > len(message.content):
        return False
    return all(
        0 <= length <= len(text_of(part))
        for length, part in zip(lengths, message.content, strict=False)
    )


def with_text(happened: Sequence[Committed], now: Thread, offsets: Offsets) -> list[Item] | None:
    """Return events with the text that belongs between them, for somebody who has some of it.

    Returns:
        `None` where what that one has can't be the beginning of what is here.
    """
    has = _lengths(offsets)
    if has is None or not all(_fits(now.messages.get(m), each) for m, each in has.items()):
        return None
    told: list[Item] = []
    for committed in happened:
        event = committed.event
        if isinstance(event, Started):
            has[event.message.id] = [len(text_of(part)) for part in event.message.content]
        elif isinstance(event, Finished):
            told += missing_text(event.message, has.pop(event.message.id, ()))
        told.append(committed)
    for message in now.messages.values():
        if message.status == "streaming":
            told += missing_text(message, has.get(message.id, ()))
    return told


def of_run(batch: Batch, message: str, offsets: Offsets) -> tuple[Batch, bool]:
    """Return what a batch says of one answer, and whether that has ended.

    Raises:
        NotFoundError: A snapshot does not have it.
    """
    items: list[Item] = []
    ended = False
    for item in batch.items:
        match item:
            case Snapshot(revision, thread):
                found = thread.messages.get(message)
                if found is None:
                    raise NotFoundError(f"there is no message {message[:60]!r} in this thread")
                has = (_lengths(offsets) or {}).get(message, [])
                items = list(missing_text(found, has if _fits(found, has) else []))
                if found.status != "streaming":
                    items.append(Committed(revision, Finished(found)))
            case Delta() if item.message == message:
                items.append(item)
            case Committed(_, Retrying(identity)) if identity == message:
                items.append(item)
            case Committed(_, Finished(found)) if found.id == message:
                items.append(item)
            case Deleted():
                ended = True
            case _:
                pass
        ended = ended or (
            bool(items)
            and isinstance(items[-1], Committed)
            and isinstance(items[-1].event, Finished)
        )
    return Batch(batch.revision, tuple(items)), ended


def merged(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return what happened with text put together, and nothing that later things make void."""
    told: list[Item] = []
    text: dict[tuple[str, int], list[Delta]] = {}

    def settle() -> None:
        told.extend(joined(deltas) for deltas in text.values())
        text.clear()

    for item in items:
        if isinstance(item, Delta):
            text.setdefault((item.message, item.part), []).append(item)
            continue
        settle()
        if isinstance(item, Snapshot):
            told.clear()
        elif isinstance(item, Settings):
            told[:] = [each for each in told if not isinstance(each, Settings)]
        told.append(item)
    settle()
    return tuple(told)
