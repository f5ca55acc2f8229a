"""What a browser is told: snapshots, events, deltas, and answers to its requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playground_widget.errors import PlaygroundError, RunError, UnsetVariablesError, kind_of
from playground_widget.events import (
    Added,
    Asking,
    Changed,
    Delta,
    Event,
    Finished,
    Retrying,
    Selected,
    Started,
    State,
    changes_to_dict,
    grew_as_text,
)
from playground_widget.model import Message, text_of
from playground_widget.template import digest_of

__all__ = [
    "delta_to_dict",
    "done",
    "event_to_dict",
    "insert_event",
    "message_to_dict",
    "refused",
    "settings_events",
    "snapshot",
]


def event_to_dict(revision: int, event: Event) -> dict[str, Any]:
    """Return the JSON of a structural event.

    The end of a run carries the lengths of its parts, not their text again, so that a listener
    who lost some of it notices.
    """
    return {**_structure(event), "revision": revision}


def _structure(event: Event) -> dict[str, Any]:  # noqa: PLR0911 - one for each kind
    match event:
        case Added(messages, head):
            made = [message_to_dict(message) for message in messages]
            return {"type": "added", "messages": made, "head": head}
        case Started(message, head):
            return {"type": "started", "message": message_to_dict(message), "head": head}
        case Retrying(identity, retry):
            said = retry.to_dict() if retry else None
            return {"type": "retrying", "message": identity, "retry": said}
        case Asking(identity, consent):
            asked = consent.to_dict() if consent else None
            return {"type": "asking", "message": identity, "consent": asked}
        case Finished(message):
            whole = message_to_dict(message)
            return {
                "type": "finished",
                "message": message.id,
                "lengths": [len(text_of(part)) for part in message.content],
                "final": {name: whole[name] for name in _final(message) if name in whole},
            }
        case Selected(head):
            return {"type": "selected", "head": head}
        case Changed(changes):
            return {"type": "changed", "changes": changes_to_dict(changes)}


_FINAL = (
    "status",
    "finish_reason",
    "usage",
    "timing",
    "error",
    "invalid",
    "model",
    "request_id",
    "tokens",
    "has_logprobs",
)


def _final(message: Message) -> tuple[str, ...]:
    """Return what is told of an answer at its end: what did not grow as text too."""
    return _FINAL if grew_as_text(message) else (*_FINAL, "content")


def message_to_dict(message: Message) -> dict[str, Any]:
    """Return the JSON of a message as a page has it."""
    data = message.to_dict()
    _fit_to_show(data, message)
    return data


def _fit_to_show(data: dict[str, Any], message: Message) -> None:
    """Leave out what only a request needs, and of what is large only say that it is there."""
    data.pop("tools", None)
    if message.logprobs:
        data["has_logprobs"] = True
    if message.variables:
        data["variables"] = {name: digest_of(text) for name, text in message.variables.items()}


def settings_events(now: Mapping[str, Any], told: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return what tells that something changed beside the thread, if anything did.

    Args:
        now: What stands there.
        told: What the page was told last, or `None` where it is to be told everything.
    """
    if told is None:
        return [{"type": "settings", "settings": dict(now)}]
    changes = {name: value for name, value in now.items() if told.get(name, _NEVER) != value}
    return [{"type": "settings_changed", "changes": changes}] if changes else []


_NEVER = object()


def delta_to_dict(delta: Delta) -> dict[str, Any]:
    """Return the JSON of text that was added to an answer."""
    data: dict[str, Any] = {
        "type": "text",
        "message": delta.message,
        "part": delta.part,
        "offset": delta.offset,
        "text": delta.text,
        "kind": delta.kind,
        "tokens": delta.tokens,
    }
    if delta.call:
        data["id"], data["name"] = delta.call
    return data


def snapshot(state: State, settings: Mapping[str, Any], now: float | None = None) -> dict[str, Any]:
    """Return the JSON of everything a view shows, as it is at this moment.

    Args:
        state: The thread with its growing answers.
        settings: What is shown beside it.
        now: In seconds of `time.monotonic()`; what is left of a wait is counted from here.
    """
    present = state.present()
    thread = present.to_dict()
    for message in thread["messages"]:
        _fit_to_show(message, present.messages[message["id"]])
    if state.live:
        for message in thread["messages"]:
            if message["id"] in state.live:
                message["tokens"] = state.live[message["id"]].tokens
                known = state.thread.messages[message["id"]]
                for name in ("retry", "consent"):
                    waits = getattr(known, name)
                    if waits and now is not None:
                        message[name]["wait"] = waits.left(now)
    return {"revision": state.revision, "thread": thread, "settings": dict(settings)}


def insert_event(action: str, cells: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the JSON that asks one of the open pages to insert cells below the widget's.

    Args:
        action: What the page claims, so that only one does it.
        cells: Each with `type`, `source` and `metadata`.
    """
    return {"type": "insert", "action": action, "cells": [dict(cell) for cell in cells]}


def done(request: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to a request that was carried out."""
    return {"type": "done", "request": request, "result": dict(result)}


def refused(request: str, error: PlaygroundError) -> dict[str, Any]:
    """Return the answer to a request that was not; nothing was changed."""
    if isinstance(error, RunError):
        said = error.info.to_dict()
    elif isinstance(error, UnsetVariablesError):
        names = list(error.names)
        said = {"kind": kind_of(error), "title": str(error), "detail": "", "names": names}
    else:
        kind = kind_of(error)
        said = {"kind": kind, "title": str(error) or kind, "detail": ""}
    return {"type": "refused", "request": request, "error": said}
