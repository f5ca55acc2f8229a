"""Server-sent events, read from blocks of bytes split anywhere.

Follows the parsing rules of the HTML Standard (section 9.2.6), but for two things that
compatible servers do: a last event without its empty line counts, and several complete
`data` lines without an empty line between them can be told apart (`Event.lines`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Event", "EventParser"]

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\n|\r")


class Event(NamedTuple):
    """One event: its name, `b""` if it has none, and the lines of its data."""

    name: bytes
    lines: tuple[bytes, ...]


class EventParser:
    r"""Bytes in, events out.

    Example:
        >>> EventParser().feed(b"data: 1\n\ndata: 2\n\n")
        [Event(name=b'', lines=(b'1',)), Event(name=b'', lines=(b'2',))]
    """

    __slots__ = ("_begun", "_data", "_name", "_tail")

    def __init__(self) -> None:
        self._begun = False
        self._tail = b""
        self._name = b""
        self._data: list[bytes] = []

    def feed(self, block: bytes) -> list[Event]:
        """Return the events that the block completes."""
        block = self._tail + block
        if not self._begun:
            if len(block) < len(_BOM) and _BOM.startswith(block):
                self._tail = block
                return []
            self._begun = True
            block = block.removeprefix(_BOM)
        if b"\r" in block:
            # A carriage return at the end may be the first half of a line's end.
            held = b"\r" if block.endswith(b"\r") else b""
            lines = _LINE_END.split(block[: len(block) - len(held)])
            self._tail = lines.pop() + held
        else:
            lines = block.split(b"\n")
            self._tail = lines.pop()
        return self._read(lines)

    def end(self) -> list[Event]:
        """Return the event that the end of the stream completes, if there is one."""
        return self._read([*_LINE_END.split(self._tail), b""])

    def _read(self, lines: list[bytes]) -> list[Event]:
        found: list[Event] = []
        data = self._data
        for line in lines:
            if line.startswith(b"data:"):
                data.append(line[6:] if line[5:6] == b" " else line[5:])
            elif not line:
                if data:
                    found.append(Event(self._name, tuple(data)))
                    data.clear()
                self._name = b""
            elif line.startswith(b"event:"):
                self._name = line[6:].strip()
        return found
