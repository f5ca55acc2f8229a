"""What people pass as a message, turned into parts.

str                                Text
Path, bytes, PIL image, figure     Image
DataFrame, Series                  Table
Message                            its role and content
dict with a role                   a message as the OpenAI API takes it
dict with a type                   one part, in this package's form or in OpenAI's
object of OpenAI's SDK             what its dict would be
list of Messages and role dicts    messages
any other list                     the parts of one message
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, cast, get_args

from playground_widget.errors import InputError
from playground_widget.frames import table_from_object
from playground_widget.images import (
    image_from_base64,
    image_from_bytes,
    image_from_object,
    image_from_path,
    image_from_url,
)
from playground_widget.model import (
    ROLES,
    Image,
    Message,
    Part,
    Reasoning,
    Refusal,
    Role,
    Table,
    Text,
    ToolCall,
    part_from_dict,
    part_to_dict,
)
from playground_widget.text import clean_text

__all__ = ["Draft", "clean", "draft_of", "messages_of", "parts_of", "taken"]


_TEXT = {"text", "input_text", "output_text"}
"""What text is called here and in the two OpenAI APIs."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before it has an id and a place in a thread.

    Args:
        role: Who speaks.
        content: Its parts; only the result of a call may have none.
        tool_call_id: Which call a tool message answers.
    """

    role: Role
    content: tuple[Part, ...]
    tool_call_id: str | None = None


def messages_of(value: object, role: Role = "user") -> list[Draft]:
    """Return the messages that a value means.

    Args:
        value: See the top of this module.
        role: The role of a message that does not say its own.

    Raises:
        InputError: The value, or something in it, cannot be a message.

    Example:
        >>> [draft.role for draft in messages_of(["What is this?", "An answer?"])]
        ['user']
    """
    if isinstance(value, Message):
        return [_from_message(value)]
    if _is_role_dict(value := _plain(value)):
        return [_from_openai(cast("Mapping[str, Any]", value))]
    if isinstance(value, list | tuple) and value and all(_is_message(item) for item in value):
        return [draft for item in value for draft in messages_of(item)]
    return [Draft(_known_role(role), parts_of(value))]


def parts_of(value: object) -> tuple[Part, ...]:
    """Return the parts of the one message that a value means.

    Raises:
        InputError: The value, or something in it, cannot be part of a message.

    Example:
        >>> parts_of("hi")
        (Text(text='hi'),)
    """
    if isinstance(value, list | tuple):
        if not value:
            raise InputError("a message has at least one part; the list is empty")
        items = [_plain(item) for item in value]
        if any(map(_is_message, items)):
            raise _mixed(items)
        return tuple(map(_part, items))
    if isinstance(value, Message):
        return _from_message(value).content
    if _is_role_dict(value := _plain(value)):
        return _from_openai(cast("Mapping[str, Any]", value)).content
    return (_part(value),)


def taken(part: Part) -> Part:
    """Return a part that came over a wire as it is kept.

    Raises:
        InputError: It is a picture, and its bytes are none.
    """
    return clean(_checked_image(part) if isinstance(part, Image) else part)


def clean(part: Part) -> Part:
    """Return the part with every text in it fit for JSON, SQL and a browser."""
    changed: dict[str, Any] = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, str) and field.name != "data":
            changed[field.name] = clean_text(value)
    if isinstance(part, Table):
        changed["columns"] = tuple(clean_text(name) for name in part.columns)
        changed["rows"] = tuple(tuple(_clean_cell(cell) for cell in row) for row in part.rows)
    return replace(part, **changed)


def _clean_cell(cell: object) -> object:
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    return clean_text(cell) if isinstance(cell, str) else cell


def _part(value: object) -> Part:
    """Return the part that one value means; an object of the SDK is given as its dict."""
    if isinstance(value, str):
        return _words(value)
    if isinstance(value, get_args(Part)):
        return _checked(cast("Part", value))
    if isinstance(value, Path):
        return clean(image_from_path(value))
    if isinstance(value, bytes | bytearray | memoryview):
        return image_from_bytes(bytes(value))
    if isinstance(value, Mapping) and "role" not in value:
        return _from_part_dict(value)
    if _is_message(value):
        raise _mixed([value])
    found = image_from_object(value) or table_from_object(value)
    if found is not None:
        return clean(found)
    kind = type(value)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    raise InputError(
        f"{name} cannot be a message: pass text, an image (a Path, its bytes, a PIL image, "
        "a matplotlib figure), a DataFrame, a Message, an OpenAI message (its dict or the SDK's "
        "object), or a list of these"
    )


def _mixed(items: Iterable[object]) -> InputError:
    """Return what is wrong with a list in which a message is among other things."""
    for item in items:
        if isinstance(item, Mapping) and "role" not in item:
            _refuse_answers(item)
    return InputError("a list holds either messages or the parts of one message, not both")


def _words(text: str) -> Text:
    if not text.strip():
        raise InputError("a message cannot be empty")
    return Text(clean_text(text))


def _checked(part: Part) -> Part:
    """Return a part that was given as such, if it says something; complete an image."""
    if isinstance(part, Image):
        part = _checked_image(part)
    # Values are not checked when they are made; what is stored has to be read again.
    part = part_from_dict(part_to_dict(part))
    if isinstance(part, Text):
        return _words(part.text)
    if isinstance(part, Reasoning | Refusal | Table) and not part.text.strip():
        raise InputError(f"the text of a {part.type} part cannot be empty")
    if isinstance(part, ToolCall) and not (part.id and part.name):
        raise InputError("a tool call has an id and the name of a function")
    return clean(part)


def _checked_image(image: Image) -> Image:
    """Return an image whose kind and size are those of its bytes."""
    given: list[object] = [image.data, image.url or ""]
    if not all(isinstance(each, str) for each in given):
        raise InputError("the data of an image is base64, and its url an address, as text")
    if bool(image.data) == bool(image.url):
        raise InputError("an image has either data or a url")
    if image.data:
        return image_from_base64(image.data, image.name, image.detail)
    read = image_from_url(image.url or "", image.name, image.detail)
    if read.data:
        return read
    return replace(read, width=image.width, height=image.height)


# ---------------------------------------------------------------------------- messages


def _is_role_dict(value: object) -> bool:
    return isinstance(value, Mapping) and "role" in value


def _is_message(value: object) -> bool:
    return isinstance(value, Message) or _is_role_dict(value) or _says(value, "role")


def _plain(value: object) -> object:
    """Return an object of OpenAI's SDK as its dict, and anything else as it is.

    Such an object is known by its shape, so that the SDK need not be loaded, and so that those of
    programs that imitate it will do.
    """
    if _is_model(value) and _says(getattr(value, "message", None), "role"):
        raise InputError("a choice of a chat completion is no message: pass choice.message")
    if not any(_says(value, name) for name in ("role", "type", "object")):
        return value
    # What was parsed may be of any class; its text is there too.
    given = cast("Any", value).model_dump(exclude_none=True, exclude={"parsed"}, warnings=False)
    return cast("object", given)


def _says(value: object, name: str) -> bool:
    """Return whether it is a model of pydantic with a field of that name that is text."""
    return _is_model(value) and isinstance(getattr(value, name, None), str)


def _is_model(value: object) -> bool:
    return callable(getattr(type(value), "model_dump", None))


def _known_role(role: object) -> Role:
    if role not in ROLES:
        raise InputError(f"unknown role {str(role)[:40]!r}; known are {', '.join(ROLES)}")
    return cast("Role", role)


def _from_message(message: Message) -> Draft:
    if not message.content and message.role != "tool":
        raise InputError(f"this {message.role} message is empty")
    # Values are not checked when they are made; what is stored has to be read again.
    content = tuple(part_from_dict(part_to_dict(clean(part))) for part in message.content)
    return Draft(_known_role(message.role), content, message.tool_call_id)


def _from_openai(data: Mapping[str, Any]) -> Draft:
    draft = draft_of(data)
    if not draft.content and draft.role != "tool":
        raise InputError(f"this {draft.role} message is empty")
    return draft


def draft_of(data: Mapping[str, Any]) -> Draft:
    """Return the message of a dict as the Chat Completions API takes it, or this package writes it.

    It has no content where nothing in the dict says anything.

    Raises:
        InputError: Something in it cannot be part of a message.
    """
    role = _known_role(data["role"])
    for name in ("audio", "function_call"):
        if data.get(name):
            raise InputError(f"the {name} of a message dict cannot be used here")
    parts: list[Part] = []
    thought = data.get("reasoning_content") or data.get("reasoning")
    if isinstance(thought, str) and thought.strip():
        parts.append(Reasoning(clean_text(thought)))
    parts += _content(data.get("content"))
    refusal = data.get("refusal")
    if isinstance(refusal, str) and refusal.strip():
        parts.append(Refusal(clean_text(refusal)))
    parts += _tool_calls(data.get("tool_calls"))
    answers = data.get("tool_call_id")
    if not isinstance(answers, str | None):
        raise InputError("a tool_call_id is text")
    return Draft(role, tuple(parts), answers)


def _content(content: object) -> list[Part]:
    if content is None:
        return []
    if isinstance(content, str):
        content = [content]
    if isinstance(content, list | tuple):
        return [_part(item) for item in map(_plain, content) if not _is_blank(item)]
    raise InputError(
        f"the content of a message dict is text or a list, not {type(content).__name__}"
    )


def _is_blank(item: object) -> bool:
    """Return whether it is text that says nothing, as programs write it beside pictures."""
    if isinstance(item, Mapping) and str(item.get("type")) in _TEXT:
        item = item.get("text")
    return isinstance(item, str) and not item.strip()


def _tool_calls(calls: object) -> list[Part]:
    if not calls:
        return []
    if not isinstance(calls, list | tuple):
        raise InputError("the tool_calls of a message dict are a list")
    made: list[Part] = []
    for each in calls:
        call: Any = _plain(each)
        function = call.get("function") if isinstance(call, Mapping) else None
        if not isinstance(function, Mapping):
            raise InputError("a tool call has a function with a name and arguments")
        given = {**function, "id": call.get("id")}
        part = {name: given.get(name) for name in ("id", "name", "arguments")}
        made.append(_checked(part_from_dict({"type": "tool_call", **part})))
    return made


def _from_part_dict(data: Mapping[Any, Any]) -> Part:
    """Read one part: this package's forms, and what either OpenAI API calls its parts."""
    kind = str(data.get("type"))
    if kind in _TEXT and isinstance(data.get("text"), str):
        return _words(data["text"])
    if kind == "refusal" and isinstance(data.get("refusal"), str):
        return _checked(Refusal(data["refusal"]))
    if kind in {"image_url", "input_image"}:
        return clean(_openai_image(data))
    _refuse_answers(data)
    return _checked(part_from_dict(data))


_INSTEAD = {
    "chat.completion": "a chat completion is no message: pass completion.choices[0].message",
    "chat.completion.chunk": "a chunk is only a piece of a message: pass the text of all of them",
    "response": "a response is no message: pass response.output_text, or those of response.output "
    "whose type is 'message'",
}
"""What to pass of an answer of either OpenAI API, by its `object`."""


def _refuse_answers(data: Mapping[Any, Any]) -> None:
    """Refuse what the two OpenAI APIs answer with beside messages, saying what to pass of it."""
    if said := _INSTEAD.get(str(data.get("object"))):
        raise InputError(said)
    kind = str(data.get("type"))
    if "call_id" in data or "summary" in data or ("id" in data and kind != ToolCall.type):
        raise InputError(
            f"a {kind[:40]} item of an answer is no message: of a chat completion pass "
            "the message that it is in, of a response output_text, or those of output whose type "
            "is 'message'"
        )


def _openai_image(data: Mapping[Any, Any]) -> Image:
    given = data.get("image_url")
    inner = given if isinstance(given, Mapping) else {"url": given, "detail": data.get("detail")}
    url, detail = inner.get("url"), inner.get("detail")
    if not isinstance(url, str) or not isinstance(detail, str | None):
        raise InputError(f"an {data['type']} part has an image_url; a file id cannot be shown here")
    return image_from_url(url, detail=detail)
