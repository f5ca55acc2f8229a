"""The parts of a message's content, as they are sent and as they are taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Annotated, Any

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from playground_widget import model
from playground_widget.errors import InputError
from playground_widget.model import part_from_dict
from playground_widget.server._scalars import whole, whole_or_none

__all__ = [
    "ImageInput",
    "ImagePart",
    "Part",
    "PartInput",
    "ReasoningPart",
    "RefusalPart",
    "TableInput",
    "TablePart",
    "TextPart",
    "ToolCallInput",
    "ToolCallPart",
    "part_of",
    "parts_from",
]


@strawberry.type
class TextPart:
    """Words.

    Attributes:
        text: Markdown, as the model or the person wrote it.
    """

    text: str


@strawberry.type
class ReasoningPart:
    """What the model thought before it answered, as far as the service shows it.

    Attributes:
        text: Its words.
    """

    text: str


@strawberry.type
class RefusalPart:
    """The model's words for why it does not answer.

    Attributes:
        text: Its words.
    """

    text: str


@strawberry.type
class ImagePart:
    """A picture, by its bytes or by its address.

    Attributes:
        media_type: Such as image/png; null for an address.
        data: The file's bytes in base64; null for an address.
        url: An http or https address.
        label: What to call it, such as a file's name.
        width: In pixels, where known.
        height: In pixels, where known.
        detail: low, high or auto, as the OpenAI API takes it.
    """

    media_type: str | None
    data: str | None
    url: str | None
    label: str | None
    width: int | None
    height: int | None
    detail: str | None


@strawberry.type
class TablePart:
    """A table: the text that the model reads and a preview for people.

    Attributes:
        text: What the model reads.
        columns: The names of the columns.
        rows: The first rows, a list of lists of cells.
        shape: How many rows and columns the whole table has.
        label: What to call it.
    """

    text: str
    columns: list[str]
    rows: JSON
    shape: list[int]
    label: str | None


@strawberry.type
class ToolCallPart:
    """The model asks for a function to be called.

    Attributes:
        id: A message of role TOOL answers it by this id.
        name: Of the function.
        arguments: JSON as the model wrote it, which need not be valid.
    """

    id: ID
    name: str
    arguments: str


Part = Annotated[
    TextPart | ReasoningPart | RefusalPart | ImagePart | TablePart | ToolCallPart,
    strawberry.union("Part", description="A part of a message's content."),
]


def part_of(part: model.Part) -> Part:
    """Return a part as the schema has it."""
    match part:
        case model.Text(text):
            return TextPart(text=text)
        case model.Reasoning(text):
            return ReasoningPart(text=text)
        case model.Refusal(text):
            return RefusalPart(text=text)
        case model.Image():
            return ImagePart(
                media_type=part.media_type or None,
                data=part.data or None,
                url=part.url,
                label=part.name,
                width=whole_or_none(part.width),
                height=whole_or_none(part.height),
                detail=part.detail,
            )
        case model.Table():
            return TablePart(
                text=part.text,
                columns=list(part.columns),
                rows=JSON([list(row) for row in part.rows]),
                shape=[whole(size) for size in part.shape],
                label=part.name,
            )
        case model.ToolCall(id=identity, name=name, arguments=arguments):
            return ToolCallPart(id=ID(identity), name=name, arguments=arguments)


# ---------------------------------------------------------------------------- what comes in


@strawberry.input
class ImageInput:
    """A picture, either by its bytes or by its address.

    Attributes:
        media_type: Such as image/png; needed with data.
        data: The file's bytes in base64.
        url: An http or https address.
        label: What to call it, such as a file's name.
        width: In pixels.
        height: In pixels.
        detail: low, high or auto, as the OpenAI API takes it.
    """

    media_type: str | None = None
    data: str | None = None
    url: str | None = None
    label: str | None = None
    width: int | None = None
    height: int | None = None
    detail: str | None = None


@strawberry.input
class TableInput:
    """A table.

    Attributes:
        text: What the model reads.
        columns: The names of the columns.
        rows: The first rows, a list of lists of texts, numbers, booleans and nulls.
        shape: How many rows and columns the whole table has.
        label: What to call it.
    """

    text: str
    columns: list[str]
    rows: JSON
    shape: list[int]
    label: str | None = None


@strawberry.input
class ToolCallInput:
    """A call of a function, as a model would ask for it.

    Attributes:
        id: A message of role TOOL answers it by this id.
        name: Of the function.
        arguments: JSON.
    """

    id: ID
    name: str
    arguments: str


@strawberry.input(one_of=True)
class PartInput:
    """A part of a message's content: exactly one of these.

    Attributes:
        text: Words.
        reasoning: What a model thought.
        refusal: A model's words for why it does not answer.
        image: A picture.
        table: A table.
        tool_call: A call of a function.
    """

    text: strawberry.Maybe[str]
    reasoning: strawberry.Maybe[str]
    refusal: strawberry.Maybe[str]
    image: strawberry.Maybe[ImageInput]
    table: strawberry.Maybe[TableInput]
    tool_call: strawberry.Maybe[ToolCallInput]


def parts_from(given: Iterable[PartInput]) -> tuple[model.Part, ...]:
    """Return the content of a message that came in.

    Raises:
        InputError: It is none.
    """
    parts = tuple(part_from_dict(_dict_of(part)) for part in given)
    if not any(model.text_of(part).strip() or part.type == "image" for part in parts):
        raise InputError("The content of a message must not be empty. Nothing was changed.")
    return parts


def _dict_of(given: PartInput) -> Mapping[str, Any]:
    for f in fields(given):
        some = getattr(given, f.name)
        if some is None:
            continue
        value = some.value
        if isinstance(value, str):
            return {"type": f.name, "text": value}
        named = {
            "name" if inner.name == "label" else inner.name: getattr(value, inner.name)
            for inner in fields(value)
        }
        return {"type": f.name, **{n: v for n, v in named.items() if v is not None}}
    raise InputError("A part of a message has nothing in it. Nothing was changed.")
