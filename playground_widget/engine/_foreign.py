"""What others did to a thread, as it is taken over here.

The head is each door's own: what another one did moves it only where that goes on from the end of
the path that is open here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from playground_widget.events import (
    Added,
    Asking,
    Changed,
    Event,
    Finished,
    Live,
    Retrying,
    Selected,
    Started,
    State,
)
from playground_widget.model import Consent, Message, Part, Retry, Thread, text_of

__all__ = ["adapted", "begun_with", "described", "is_harmless", "state_of"]

Changes = list[tuple[int, Event]] | None
W = TypeVar("W", Retry | None, Consent | None)


def adapted(event: Event, state: State, now: float) -> Event:  # noqa: PLR0911 - one for each kind
    """Return another door's event, which was made just now, as it is applied to the state here.

    Args:
        event: As it was read.
        state: Here.
        now: In seconds of `time.monotonic()`.
    """
    own = state.thread.head
    match event:
        case Added(messages, head):
            goes_on = bool(messages) and messages[0].parent == own
            return Added(messages, head if goes_on else own)
        case Started(message, head) if message.parent == own:
            return event
        case Started(message, _):
            return Started(message, own or message.id)
        case Selected():
            return Selected(own)
        case Finished(message) if message.id not in state.live:
            return Added((message,), own)
        case Retrying(message, retry):
            return Retrying(message, _ends(retry, now))
        case Asking(message, consent):
            return Asking(message, _ends(consent, now))
        case _:
            return event


def begun_with(message: Message, thread: Thread) -> tuple[Part, ...]:
    """Return what an answer held when it started: that of the one that it continues, or nothing.

    Args:
        message: The answer, as it was read a moment later.
        thread: Where the other one is.
    """
    other = thread.messages.get(message.continued or "")
    begun = other.content if other else ()
    goes_on = len(message.content) >= len(begun) and all(
        text_of(now).startswith(text_of(then))
        for now, then in zip(message.content, begun, strict=False)
    )
    return begun if goes_on else ()


def is_harmless(changes: Changes) -> bool:
    """Return whether a change that was made from the state before can be made all the same."""
    return changes is not None and all(
        isinstance(event, Selected | Finished | Retrying | Asking) for _, event in changes
    )


def described(changes: Changes) -> str:
    """Return what others did, in words for the person whose change was refused."""
    if changes is None:
        return f"This thread was changed a lot elsewhere. {_ENDING}"
    counts: Counter[str] = Counter()
    for _, event in changes:
        match event:
            case Added(messages):
                counts["message was added"] += len(messages)
            case Started():
                counts["answer was started"] += 1
            case Changed(names):
                for name in names:
                    counts[f"{_NAMES.get(name, name)} was changed"] += 1
            case _:
                pass
    said = [_counted(what, count) for what, count in counts.items()]
    return f"This thread was changed elsewhere: {', '.join(said)}. {_ENDING}"


_NAMES = {
    "title": "the title",
    "model": "the model",
    "prompts": "the list of prompts",
    "system": "the system prompt",
    "params": "parameters",
}
_ENDING = "That is shown now, and yours was not made: look, and do it again."


def _counted(what: str, count: int) -> str:
    """Return such as `2 messages were added`."""
    noun, verb = what.split(" was ")
    if noun not in {"message", "answer"}:
        return what if noun != "parameters" else f"parameters were {verb}"
    return f"1 {noun} was {verb}" if count == 1 else f"{count} {noun}s were {verb}"


def state_of(
    thread: Thread, revision: int, now: float, known: Mapping[str, Live] | None = None
) -> State:
    """Return the state of a thread as it was read, where what is being written grows on.

    Args:
        thread: As it was read.
        revision: Of it.
        now: In seconds of `time.monotonic()`. When a wait began was not read: all of it counts as
            left, once.
        known: What had been read of the growing answers.
    """
    known = known or {}
    streaming = [m for m in thread.messages.values() if m.status == "streaming"]
    live = {m.id: _longer(known.get(m.id), Live(m.content)) for m in streaming}
    waiting = [
        replace(m, retry=_ends(m.retry, now), consent=_ends(m.consent, now))
        for m in streaming
        if m.retry or m.consent
    ]
    if waiting:
        thread = thread.with_messages(waiting, thread.head)
    return State(revision, thread, live)


def _ends(waits: W, now: float) -> W:
    """Return a wait with when it ends by the clock of this process."""
    return replace(waits, until=now + waits.wait) if waits and not waits.until else waits


def _longer(known: Live | None, read: Live) -> Live:
    """Return what has more of an answer: the one that grows here, unless some of it was lost."""
    if known is None or sum(known.lengths) < sum(read.lengths):
        return read
    return known
