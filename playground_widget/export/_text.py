"""Messages as markdown, in blocks that can be found again."""

from __future__ import annotations

import json
import re
from typing import NamedTuple, cast

from playground_widget.export._figures import host_of, state_words, table_size
from playground_widget.export._markdown import closed
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
)

__all__ = ["arguments_of", "body_of", "call_line", "read_back", "role_of"]

_PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}


class _Block(NamedTuple):
    part: Part
    text: str


def body_of(message: Message) -> str:
    """Return the content of a message as markdown, with words for how it ended."""
    said, end = _said(message)
    return f"{said}{end}"


def read_back(message: Message, body: str) -> tuple[Part, ...]:
    """Return the parts that a changed body means.

    What is still there of images, tables, calls and reasoning, word for word, stays what it was;
    all other text is text. What is no longer there is gone.

    Args:
        message: The message before the change.
        body: The new text, of the form that `body_of` returns.
    """
    _, end = _said(message)
    for ended in (end.lstrip(), _tail(message)):
        if ended and body.rstrip().endswith(ended):
            body = body.rstrip().removesuffix(ended)
            break
    found: list[Part] = []
    at = 0
    for block in _blocks(message):
        if isinstance(block.part, Text) or not block.text:
            continue
        start = body.find(block.text, at)
        if start >= 0:
            found += _words(message, body[at:start])
            found.append(block.part)
            at = start + len(block.text)
    return (*found, *_words(message, body[at:]))


def _said(message: Message) -> tuple[str, str]:
    """Return the content of a message as markdown, and what stands behind it: how it ended.

    The latter also ends a code block that was being written.
    """
    said = "\n\n".join(block.text for block in _blocks(message))
    tail = _tail(message)
    if not tail:
        return said, ""
    whole = closed(said)
    return said, f"{whole[len(said) :]}\n\n{tail}" if said else tail


def _words(message: Message, text: str) -> list[Part]:
    text = text.strip("\n")
    if message.role == "tool" and (inside := _FENCED.fullmatch(text)):
        text = inside[2]
    return [Text(text)] if text.strip() else []


_FENCED = re.compile(r"(`{3,})\n(.*)\n\1", re.DOTALL)


def _tail(message: Message) -> str:
    words = state_words(message)
    return f"*{_label(words) if message.invalid else words}*" if words else ""


def _blocks(message: Message) -> list[_Block]:
    found = [_Block(part, _block(message, part)) for part in message.content]
    return [block for block in found if block.text.strip()]


def _block(message: Message, part: Part) -> str:
    drawn = ""
    match part:
        case Text(text):
            drawn = _fenced(text) if message.role == "tool" else text
        case Reasoning(text):
            drawn = _quoted("*Thinking*\n\n" + text)
        case Refusal(text):
            drawn = f"*The model declined:*\n\n{text}"
        case Image():
            drawn = _image(part)
        case Table():
            drawn = _table(part)
        case ToolCall():
            drawn = f"Call of {_code(part.name)}:\n\n" + _fenced(arguments_of(part), "json")
    return drawn


def _fenced(text: str, language: str = "") -> str:
    """Return a text as a code block whose fence is longer than any in it."""
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _quoted(text: str) -> str:
    """Return a text as a block quote."""
    return "\n".join(f"> {line}".rstrip() for line in re.split(r"\r\n|\r|\n", text))


def _code(text: str) -> str:
    inline = " ".join(text.split()) or "?"
    ticks = "`" * (max((len(run) for run in re.findall("`+", inline)), default=0) + 1)
    pad = " " if "`" in inline else ""
    return f"{ticks}{pad}{inline}{pad}{ticks}"


def _image(image: Image) -> str:
    name = _label(image.name or "image")
    if image.data and image.media_type in _PICTURES and re.fullmatch(r"[\w+/=]+", image.data):
        return f"![{name}](data:{image.media_type};base64,{image.data})"
    if image.url and host_of(image.url) and not re.search(r"[\s<>]", image.url):
        return f"[{name} at {_label(host_of(image.url))}](<{image.url}>)"
    return f"\\[{name}\\]"


def _label(text: str) -> str:
    return re.sub(r"([\\\[\]`*_<>!&])", r"\\\1", " ".join(text.split()))


def _table(table: Table) -> str:
    """Return the preview of a table as a markdown table, with its real size below."""
    if not table.columns:
        return _fenced(table.text)
    rows = [[_cell(cell) for cell in row[: len(table.columns)]] for row in table.rows]
    head = [_cell(name) for name in table.columns]
    lines = [head, ["---"] * len(head), *rows]
    drawn = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    size = table_size(table)
    name = f"{_label(table.name)}, " if table.name else ""
    return f"{drawn}\n\n*{name}{size}*"


def _cell(value: object) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return re.sub(r"([\\|`*_<>\[\]])", r"\\\1", text)


def arguments_of(call: ToolCall) -> str:
    """Return the arguments of a call as indented JSON, or as the model wrote them."""
    try:
        return json.dumps(json.loads(call.arguments), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return call.arguments


def call_line(call: ToolCall, most: int = 120) -> str:
    """Return a call as people write it: `describe(frame="penguins", by="species")`."""
    try:
        given = json.loads(call.arguments or "{}")
        if isinstance(given, dict):
            shown = (f"{k}={json.dumps(v, ensure_ascii=False)}" for k, v in given.items())
            line = f"{call.name}({', '.join(shown)})"
        else:
            line = f"{call.name}({call.arguments})"
    except (ValueError, RecursionError):
        line = f"{call.name}({call.arguments})"
    return line if len(line) <= most else line[: most - 2] + "…)"


def role_of(line: str) -> Role | None:
    """Return the role that the first line of a message's cell names."""
    found = re.match(r"\*\*(\w+)\*\*", line)
    return cast("Role", found[1]) if found and found[1] in ROLES else None
