"""The parts of a message's content, and their JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, get_args

from playground_widget.errors import InputError
from playground_widget.model._flat import field_names, flat

__all__ = [
    "Image",
    "Part",
    "Reasoning",
    "Refusal",
    "Table",
    "Text",
    "ToolCall",
    "part_from_dict",
    "part_to_dict",
    "text_of",
]


@dataclass(frozen=True, slots=True)
class Text:
    """Words.

    Args:
        text: The words, as markdown where they are an answer's.

    Example:
        >>> pg = Playground(connection="demo")
        >>> pg.add("Hello").content
        (Text(text='Hello'),)
    """

    type: ClassVar[str] = "text"
    text: str


@dataclass(frozen=True, slots=True)
class Reasoning:
    """What the model thought before it answered, as far as the service shows it.

    Args:
        text: The words.

    Example:
        >>> pg = Playground(connection="demo", model="demo-reasoning", max_tokens=20)
        >>> pg.send("Hello").content[0].type
        'reasoning'
    """

    type: ClassVar[str] = "reasoning"
    text: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """The model's words for why it does not answer.

    Args:
        text: The words.

    Example:
        >>> pg = Playground(connection="demo", model="demo-refusal")
        >>> isinstance(pg.send("Hello").content[0], Refusal)
        True
    """

    type: ClassVar[str] = "refusal"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture, by its bytes (base64) or by its address.

    Args:
        media_type: Such as `image/png`; empty for an address.
        data: The file's bytes in base64, or empty for an address.
        url: An http or https address, or `None`.
        name: What to call it on the page, such as a file's name.
        width: In pixels, where known.
        height: In pixels, where known.
        detail: `low`, `high` or `auto`, as the OpenAI API takes it.

    Example:
        >>> pg = Playground(connection="demo")
        >>> message = pg.add(["What is this?", Image(url="https://example.com/penguin.png")])
        >>> message.content[1].url
        'https://example.com/penguin.png'
    """

    type: ClassVar[str] = "image"
    media_type: str = ""
    data: str = ""
    url: str | None = None
    name: str | None = None
    width: int | None = None
    height: int | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A DataFrame: the text that the model reads and a preview for people.

    Args:
        text: What is sent.
        columns: The names of the columns.
        rows: The first rows, one tuple of cells a row.
        shape: Rows and columns of the whole frame.
        name: What to call it on the page.

    Example:
        >>> import pandas as pd
        >>> pg = Playground(connection="demo")
        >>> table = pg.add(pd.DataFrame({"species": ["Gentoo"], "mass": [5.1]})).content[0]
        >>> table.columns, table.shape
        (('species', 'mass'), (1, 2))
    """

    type: ClassVar[str] = "table"
    text: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    shape: tuple[int, int] = (0, 0)
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """The model asks for a function to be called.

    Args:
        id: Names the call; the message with its result has it as `tool_call_id`.
        name: Of the function.
        arguments: JSON as the model wrote it, which may be none.

    Example:
        >>> import json
        >>> call = ToolCall(id="call-1", name="area", arguments='{"width": 2, "height": 3}')
        >>> json.loads(call.arguments)["height"]
        3
    """

    type: ClassVar[str] = "tool_call"
    id: str
    name: str
    arguments: str


Part = Text | Reasoning | Refusal | Image | Table | ToolCall

_PARTS: dict[str, type[Part]] = {kind.type: kind for kind in get_args(Part)}


def text_of(part: Part) -> str:
    """Return the growing text of a part: words, or a tool call's arguments; else empty."""
    if isinstance(part, ToolCall):
        return part.arguments
    return "" if isinstance(part, Image) else part.text


def part_to_dict(part: Part) -> dict[str, Any]:
    """Return the JSON form of a part, such as `{"type": "text", "text": "hi"}`."""
    data = {"type": part.type, **flat(part)}
    if isinstance(part, Table):
        data.update(
            columns=list(part.columns), rows=[list(r) for r in part.rows], shape=list(part.shape)
        )
    if isinstance(part, Image):
        empty = {name for name in ("media_type", "data") if data[name] == ""}
        data = {name: item for name, item in data.items() if name not in empty}
    return data


def part_from_dict(data: object) -> Part:
    """Read a part from its JSON form.

    Raises:
        InputError: It is no part, or one of its fields has the wrong type.

    Example:
        >>> part_from_dict({"type": "text", "text": "hi"})
        Text(text='hi')
    """
    if not isinstance(data, Mapping):
        raise InputError("a content part is an object with a type")
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in _PARTS:
        raise InputError(f"unknown content part {str(kind)[:40]!r}; known are {', '.join(_PARTS)}")
    made = _PARTS[kind]
    given = {str(name): value for name, value in data.items() if name != "type"}
    if unknown := sorted(set(given).difference(field_names(made))):
        raise InputError(f"a {kind} part has no {', '.join(unknown)[:80]}")
    if made is Table:
        _table_fields(given)
    try:
        part = made(**given)
    except TypeError as error:
        raise InputError(f"a {kind} part needs more than was given") from error
    _check_part(part)
    return part


def _table_fields(given: dict[str, Any]) -> None:
    """Turn the lists of a table's JSON form into tuples, in place."""
    columns, rows, shape = (given.get(name, ()) for name in ("columns", "rows", "shape"))
    # Text and objects can be gone through too, and would come out as lists of letters or names.
    lists = [columns, rows, shape, *(rows if isinstance(rows, list | tuple) else ())]
    if not all(isinstance(each, list | tuple) for each in lists):
        raise InputError("a table part has columns, rows and a shape, each a list")
    given["columns"], given["rows"] = tuple(columns), tuple(tuple(row) for row in rows)
    given["shape"] = tuple(shape) if "shape" in given else (0, 0)
    cells = [cell for row in given["rows"] for cell in row]
    if not all(isinstance(cell, str | int | float | bool | None) for cell in cells):
        raise InputError("a table's cells are text, numbers, booleans or empty")
    if not all(isinstance(name, str) for name in given["columns"]):
        raise InputError("a table's columns are text")
    shape = given["shape"]
    if len(shape) != len(("rows", "columns")) or not all(_whole(n) for n in shape):
        raise InputError("a table's shape is its number of rows and columns")


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _check_part(part: Part) -> None:
    """Refuse a part whose fields do not have the types they claim."""
    texts = {"text", "id", "arguments", "media_type", "data"}
    optional = {"url", "name", "detail"}
    sizes = {"width", "height"}
    for field in field_names(type(part)):
        value = getattr(part, field)
        named = field in texts or (field == "name" and isinstance(part, ToolCall))
        wrong = (
            (named and not isinstance(value, str))
            or (field in optional and not named and not isinstance(value, str | None))
            or (field in sizes and value is not None and not _whole(value))
        )
        if wrong:
            raise InputError(f"the {field} of a {part.type} part has the wrong type")
    if isinstance(part, Image):
        if bool(part.data) == bool(part.url):
            raise InputError("an image has either data or a url")
        if part.data and not part.media_type.startswith("image/"):
            raise InputError("an image's media_type is such as image/png")
        if part.url and not part.url.startswith(("https://", "http://", "data:image/")):
            raise InputError("an image's url is http or https")
