"""Cells made by `to_cells`, as a thread again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from playground_widget.errors import InputError
from playground_widget.export._cells import hash_of, message_source, pieces_of
from playground_widget.export._check import checked_version, message_of, planted
from playground_widget.export._figures import title_of
from playground_widget.export._json import loads
from playground_widget.export._text import read_back, role_of
from playground_widget.export._values import KEY, VERSION, Cell
from playground_widget.model import Message, Role, Thread
from playground_widget.text import clean_texts

__all__ = ["from_cells", "from_notebook"]

_NONE = (
    "this notebook holds no conversation of playground_widget: none of its cells was made by an "
    "export, or their metadata was taken out. Nothing was changed."
)


def from_cells(cells: Iterable[object]) -> Thread:
    """Return the thread that cells were made of; the first one, if there are several.

    Cells of others in between are passed over. In the style `transcript`, what was changed by
    hand counts: the title, the system prompt, a message's role (on its first line) and its text.
    Of images, tables, calls and reasoning what is unchanged in the text is kept and the rest is
    gone; a message whose cell was taken out is gone, and what came after it follows the message
    before. In the other styles programs are not read back: what the metadata holds counts.

    Args:
        cells: `Cell`s, cells of nbformat, or their JSON forms.

    Returns:
        The thread, with the ids that it was exported with.

    Raises:
        InputError: None of them was made by an export, or what they hold cannot be read.

    Example:
        >>> from playground_widget.export import to_cells
        >>> from_cells(to_cells(Thread(id="t", title="Penguins"))).title
        'Penguins'
    """
    try:
        return _thread_of(_ours(cells))
    except RecursionError:
        raise InputError("these cells are nested too deeply to be a conversation") from None


def from_notebook(text: str) -> Thread:
    """Return the thread in a notebook that cells were exported into.

    Args:
        text: The content of an `.ipynb` file.

    Returns:
        The thread, with the ids that it was exported with.

    Raises:
        InputError: It is no notebook, or `from_cells` finds no thread in it.

    Example:
        >>> from playground_widget.export import export
        >>> from_notebook(export(Thread(id="t", title="Penguins"), "ipynb").text).title
        'Penguins'
    """
    data = loads(text, "this notebook")
    cells = data.get("cells") if isinstance(data, Mapping) else None
    if not isinstance(cells, list):
        raise InputError("this is no Jupyter notebook: it has no list of cells")
    return from_cells(cells)


class _Ours:
    """A cell of an export: its source and its metadata."""

    def __init__(self, source: str, data: Mapping[str, Any]) -> None:
        self.source = "\n".join(re.split(r"\r\n|\r|\n", source))
        self.data = data
        self.kind = data.get("kind")
        self.changed = data.get("style") == "transcript" and data.get("hash") != hash_of(source)


def _ours(cells: Iterable[object]) -> list[_Ours]:
    """Return the cells of the first export."""
    found: list[_Ours] = []
    if isinstance(cells, str | bytes | Mapping) or not isinstance(cells, Iterable):
        raise InputError(f"cells are a list of cells, not {type(cells).__name__}")
    for cell in cells:
        data, source = _read(cell)
        if data is None:
            continue
        checked_version(data.get("version"), VERSION, "this export")
        if found and (data.get("fields") or data.get("thread") != found[0].data.get("thread")):
            if data.get("fields"):
                break
            continue
        found.append(_Ours(source, data))
    if not found:
        raise InputError(_NONE)
    return found


def _read(cell: object) -> tuple[Mapping[str, Any] | None, str]:
    """Return what is ours of a cell, and its source; `None` for a cell of others."""
    if isinstance(cell, Cell):
        return clean_texts(cell.metadata.get(KEY)), cell.source
    if not isinstance(cell, Mapping):
        return None, ""
    metadata = cell.get("metadata")
    data = metadata.get(KEY) if isinstance(metadata, Mapping) else None
    if not isinstance(data, Mapping):
        return None, ""
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise InputError("the source of a cell is text or a list of lines")
    return clean_texts(data), clean_texts(source)


def _thread_of(cells: list[_Ours]) -> Thread:
    fields = cells[0].data.get("fields")
    fields = dict(fields) if isinstance(fields, Mapping) else {"id": cells[0].data.get("thread")}
    for cell in cells:
        if cell.kind == "title" and cell.changed:
            fields["title"] = _title(cell.source, fields.get("title"))
        if cell.kind == "system" and cell.changed:
            fields["system"] = _body(cell.source)[1]
    if "system" in fields and cells[0].data.get("style") == "transcript":
        shown = any(cell.kind == "system" for cell in cells)
        fields["system"] = fields["system"] if shown else ""
    messages = _messages(cells)
    order = fields.pop("order", [])
    placed = _placed(messages, order if isinstance(order, list) else [])
    head = fields.get("head")
    known = {message.id for message in placed}
    if placed and (not isinstance(head, str) or head not in known):
        head = None if head is None and "head" in fields else _last(placed, messages)
    return planted(fields, placed, head if placed else None)


def _title(source: str, before: object) -> str:
    before = before if isinstance(before, str) else ""
    heading = re.match(r"\s*#+\s+(.*)", source)
    if heading is None:
        return before
    shown = re.sub(r"\\([\\`*_\[\]<>#])", r"\1", heading[1].strip())
    return before if shown == title_of(Thread(id="", title=before)) else shown


def _body(source: str) -> tuple[Role | None, str]:
    """Return the role that a source names, if it does, and what is below it."""
    first, _, rest = source.lstrip("\n").partition("\n")
    role = role_of(first)
    return (role, rest.strip("\n")) if role else (None, source.strip("\n"))


# --------------------------------------------------------------------------- messages


def _messages(cells: list[_Ours]) -> list[Message]:
    """Return the messages in the order of their cells, with changes by hand."""
    carried: dict[str, Message] = {}
    shown: dict[str, list[_Ours]] = {}
    for cell in cells:
        given = cell.data.get("messages", [])
        if not isinstance(given, list):
            raise InputError("the messages of an exported cell are a list")
        for data in given:
            message = message_of(data)
            carried.setdefault(message.id, message)
        name = cell.data.get("message")
        if cell.kind == "message" and isinstance(name, str):
            shown.setdefault(name, []).append(cell)
    return [
        _changed(message, shown[message.id]) if message.id in shown else message
        for message in carried.values()
    ]


def _changed(message: Message, cells: list[_Ours]) -> Message:
    """Return a message as its cells show it now."""
    count = cells[0].data.get("piece")
    pieces = count[1] if isinstance(count, list) and len(count) == len(("at", "of")) else 1
    if pieces == 1:
        return _reread(message, cells[0].source) if cells[0].changed else message
    whole = pieces_of(message, message_source(message))
    now: dict[int, _Ours] = {}
    for cell in cells:
        place = cell.data.get("piece")
        if isinstance(place, list) and place and isinstance(place[0], int):
            now.setdefault(place[0], cell)
    blank = {at for at, piece in enumerate(whole) if not piece[1].strip()}
    if not any(cell.changed for cell in now.values()) and len(now) + len(blank) == len(whole):
        return message
    text = ""
    for at, (_, source, before, after) in enumerate(whole):
        if at in now:
            text += before + (now[at].source if now[at].changed else source) + after
        elif at in blank:
            text += before + source + after
    return _reread(message, text)


def _reread(message: Message, source: str) -> Message:
    role, body = _body(source)
    content = read_back(message, body)
    return replace(message, role=role or message.role, content=content)


def _placed(messages: list[Message], order: list[object]) -> list[Message]:
    """Return messages in their first order, each after the one it follows.

    One whose parent is gone follows the message before it instead.
    """
    known = {message.id for message in messages}
    before: str | None = None
    grounded: list[Message] = []
    for message in messages:
        if message.parent is not None and message.parent not in known:
            grounded.append(replace(message, parent=before))
        else:
            grounded.append(message)
        before = message.id
    rank = {name: at for at, name in enumerate(order) if isinstance(name, str)}
    grounded.sort(key=lambda message: rank.get(message.id, len(rank)))
    by_id = {message.id: message for message in grounded}
    done: dict[str, Message] = {}
    for message in grounded:
        # From a message up to the first one that is in place already, and down again.
        chain: list[Message] = []
        at: Message | None = message
        climbed: set[str] = set()
        while at is not None and at.id not in done:
            if at.id in climbed:
                raise InputError("these messages follow each other in a circle")
            climbed.add(at.id)
            chain.append(at)
            at = by_id.get(at.parent) if at.parent is not None else None
        done.update((link.id, link) for link in reversed(chain))
    return list(done.values())


def _last(placed: list[Message], shown: list[Message]) -> str:
    """Return the end of the path when the old end is gone: the last message that is shown."""
    parents = {message.parent for message in placed}
    ends = [message.id for message in shown if message.id not in parents]
    return ends[0] if ends else placed[-1].id
