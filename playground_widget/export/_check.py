"""Threads from the JSON of somebody else's file: every field is looked at before it is used."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, cast

from playground_widget.errors import InputError
from playground_widget.model import Message, Params, Prompt, Thread, Timing, Usage

__all__ = ["checked_version", "message_of", "planted", "thread_of"]


def thread_of(data: object) -> Thread:
    """Return the thread of its JSON form.

    Raises:
        InputError: It is none; the text says what is wrong.
    """
    if not isinstance(data, Mapping):
        raise InputError("a thread is an object with an id and messages")
    given = data.get("messages", [])
    if not isinstance(given, list):
        raise InputError("the messages of a thread are a list")
    messages = [message_of(message) for message in given]
    head = _optional(data, "head", _is_text, "a text") if given else None
    return planted(data, messages, head)


def planted(data: Mapping[str, Any], messages: list[Message], head: str | None) -> Thread:
    """Return the thread of its own fields and its messages, whose tree is looked at.

    Raises:
        InputError: A field has the wrong type, an id comes twice, a parent does not stand
            before its children, or the head is not there.
    """
    known: dict[str, Message] = {}
    for message in messages:
        if message.id in known:
            raise InputError(f"the message {message.id[:40]!r} comes twice")
        if message.parent is not None and message.parent not in known:
            raise InputError(
                f"the message {message.id[:40]!r} follows {message.parent[:40]!r}, which is not "
                "before it"
            )
        known[message.id] = message
    if head is not None and head not in known:
        raise InputError(f"the last message {head[:40]!r} of the active path is not there")
    identity = data.get("id")
    if not isinstance(identity, str) or not identity:
        raise InputError("a thread has an id")
    words = {n: _optional(data, n, _is_text, "a text") or "" for n in ("title", "system", "model")}
    return Thread(
        id=identity,
        messages=known,
        head=head,
        prompts=_prompts(data.get("prompts")),
        params=_params(data.get("params")) or Params(),
        created=_optional(data, "created", _is_number, "a number") or 0.0,
        **words,
    )


def message_of(data: object) -> Message:
    """Return the message of its JSON form; an answer that was being written is interrupted.

    Raises:
        InputError: It is none; the text says what is wrong.
    """
    if not isinstance(data, Mapping):
        raise InputError("a message is an object with an id, a role and content")
    if not isinstance(data.get("id"), str) or not data["id"]:
        raise InputError("a message has an id")
    for name, (fits, kind) in _MESSAGE.items():
        _optional(data, name, fits, kind)
    for name in ("role", "status"):
        if not isinstance(data.get(name, "complete" if name == "status" else None), str):
            raise InputError(f"a message has a {name} that is known")
    given = {str(name): value for name, value in data.items() if value is not None}
    given.setdefault("parent", None)
    if "usage" in given:
        given["usage"] = _figures(given["usage"], Usage, "usage")
    if "timing" in given:
        given["timing"] = _figures(given["timing"], Timing, "timing")
    if "error" in given:
        _check_error(given["error"])
    if "params" in given:
        _params(given["params"])
    message = Message.from_dict(given)
    # Nobody is writing it any more.
    return replace(message, status="interrupted") if message.status == "streaming" else message


def checked_version(found: object, newest: int, what: str) -> None:
    """Refuse what a later version of this package wrote, or nothing that was ever written.

    Raises:
        InputError: It is another version.
    """
    if isinstance(found, bool) or not isinstance(found, int) or found < 1:
        raise InputError(f"{what} does not say which version it has")
    if found > newest:
        raise InputError(
            f"{what} has version {found}, and this playground_widget reads up to {newest}: "
            "update it and try again"
        )


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1e300 and math.isfinite(value)  # noqa: PLR2004 - fits a float


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _is_object(value: object) -> bool:
    return isinstance(value, Mapping)


def _is_tools(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, Mapping) and isinstance(each.get("name"), str) for each in value
    )


_TEXT = (_is_text, "a text")
_COUNT = (_is_count, "a whole number")
_NUMBER = (_is_number, "a number")

_MESSAGE: dict[str, tuple[Callable[[object], bool], str]] = {
    **dict.fromkeys(
        [
            "parent",
            "model",
            "connection",
            "finish_reason",
            "request_id",
            "tool_call_id",
            "continued",
            "reasked",
            "invalid",
            "copy_of",
        ],
        _TEXT,
    ),
    "content": (_is_list, "a list"),
    "tools": (_is_tools, "a list of objects"),
    "created": _NUMBER,
    "prompt": _COUNT,
    "tokens": _COUNT,
    **dict.fromkeys(("usage", "timing", "error", "params", "variables"), (_is_object, "an object")),
}

_FIGURES: dict[str, tuple[Callable[[object], bool], str]] = {
    **dict.fromkeys(["input_tokens", "output_tokens", "cached_tokens", "reasoning_tokens"], _COUNT),
    **dict.fromkeys(("cost", "duration", "first_token", "reasoning"), _NUMBER),
}


def _optional(data: Mapping[str, Any], name: str, fits: Callable[[object], bool], kind: str) -> Any:
    value = data.get(name)
    if value is not None and not fits(value):
        raise InputError(f"{name} is {kind}, not {str(value)[:40]!r}")
    return value


def _figures(data: Mapping[str, Any], made: type[Usage | Timing], what: str) -> dict[str, Any]:
    known = [f.name for f in fields(made)]
    for name in known:
        _optional(data, name, *_FIGURES[name])
    if made is Timing and data.get("duration") is None:
        raise InputError(f"the {what} of a message has a duration")
    return {name: data[name] for name in known if data.get(name) is not None}


def _check_error(data: Mapping[str, Any]) -> None:
    for name in ("kind", "title"):
        if not isinstance(data.get(name), str):
            raise InputError(f"the error of a message has a {name}")
    _optional(data, "detail", *_TEXT)
    actions = data.get("actions", [])
    if not isinstance(actions, list) or not all(isinstance(a, str) for a in actions):
        raise InputError("the actions of an error are a list of words")


def _params(data: object) -> Params | None:
    if data is None:
        return None
    if not isinstance(data, Mapping):
        raise InputError("the params are an object")
    return Params().changed(cast("Mapping[str, Any]", data))


def _prompts(data: object) -> tuple[Prompt, ...]:
    if data is None:
        return ()
    if not isinstance(data, list):
        raise InputError("the prompts of a thread are a list")
    made = []
    for prompt in data:
        if not isinstance(prompt, Mapping) or not isinstance(prompt.get("text"), str):
            raise InputError("a prompt has a text")
        created = _optional(prompt, "created", *_NUMBER) or 0.0
        made.append(Prompt(text=prompt["text"], created=created))
    return tuple(made)
