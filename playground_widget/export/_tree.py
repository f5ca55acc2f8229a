"""The tree of a thread, drawn with characters and as a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from playground_widget.export._figures import first_line, title_of
from playground_widget.model import Image, Message, Table, Thread, ToolCall, path
from playground_widget.text import clean_text

__all__ = ["draw_svg", "draw_text"]

_WORDS = 72
_ROW, _STEP, _TOP = 26, 22, 40


def draw_text(thread: Thread) -> str:
    """Return the tree of a thread as text.

    Messages without siblings stay on one level; each version of a message opens a level of its
    own. `◀` marks the last message of the active path and, where versions part, its version.

    Example:
        >>> print(draw_text(Thread(id="t", title="Penguins")))
        Penguins
    """
    lines = [title_of(thread)]
    # The pieces that lead to a level: what is drawn before each of its lines.
    rails: list[str] = []
    for row in _rows(thread):
        del rails[row.level :]
        mark = " ◀" if row.marked else ""
        lines.append("".join(rails) + ("└─ " if row.last else "├─ ") + row.words + mark)
        rails.append("   " if row.last else "│  ")
    return clean_text("\n".join(lines))


def draw_svg(thread: Thread) -> str:
    """Return the tree of a thread as a picture, an SVG file that stands alone.

    It is as `draw_text` has it, with the marks of the roles and the active path in the accent.
    Colours follow the notebook where it is part of a page, and the system's scheme elsewhere.

    Example:
        >>> draw_svg(Thread(id="t")).startswith("<svg")
        True
    """
    rows = list(_rows(thread))
    active = {message.id for message in path(thread)}
    widest = max((row.level * _STEP + 7.2 * len(row.words) for row in rows), default=0)
    width, height = round(max(widest, 7.8 * len(title_of(thread)), 200)) + 60, _TOP + 12
    height += _ROW * len(rows)
    places: dict[str | None, tuple[int, int]] = {}
    plain: list[str] = []
    accented: list[str] = []
    nodes: list[str] = []
    for at, row in enumerate(rows):
        x, y = 20 + _STEP * row.level, _TOP + _ROW * at + _ROW // 2
        on = row.message.id in active
        if row.message.parent in places:
            from_x, from_y = places[row.message.parent]
            bend = f"V{y - 7}" if from_x == x else f"V{y}H{x - 8}"
            drawn = f"M{from_x} {from_y + 7}{bend}"
            (accented if on else plain).append(drawn)
        places[row.message.id] = (x, y)
        nodes.append(_node(row, x, y, on=on))
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="pgw-tree" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" role="img">'
        f"<title>{escape(title_of(thread))}</title><style>{_STYLE}</style>"
        f'<text class="head" x="13" y="24">{escape(title_of(thread)[:200])}</text>'
        f'<path class="line" d="{"".join(plain)}"/><path class="line on" d="{"".join(accented)}"/>'
        f"{''.join(nodes)}</svg>"
    )
    return _NO_XML.sub("\ufffd", clean_text(drawn))


_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 has no form for."""


_STYLE = (
    ".pgw-tree{--a:var(--jp-brand-color1,#1668c7);--t:var(--jp-ui-font-color1,#24262a);"
    "--q:var(--jp-ui-font-color2,#66696f);--l:var(--jp-border-color1,#c4c7cc)}"
    "@media(prefers-color-scheme:dark){.pgw-tree{--a:var(--jp-brand-color1,#4c9df3);"
    "--t:var(--jp-ui-font-color1,#e3e4e6);--q:var(--jp-ui-font-color2,#9a9da3);"
    "--l:var(--jp-border-color1,#4a4d53)}}"
    ".pgw-tree text{font:13px system-ui,sans-serif;fill:var(--t)}"
    ".pgw-tree .head{font-weight:600;font-size:14px}"
    ".pgw-tree tspan{font:12px ui-monospace,Menlo,Consolas,monospace;fill:var(--q)}"
    ".pgw-tree .line{fill:none;stroke:var(--l);stroke-width:1.25}"
    ".pgw-tree .line.on{stroke:var(--a)}"
    ".pgw-tree .at{fill:var(--a)}"
    ".pgw-tree .off text{fill:var(--q)}"
    ".pgw-tree .mark{fill:none;stroke:var(--q);stroke-width:1.5}"
    ".pgw-tree .user .mark{fill:var(--q)}"
    ".pgw-tree .assistant .mark{fill:var(--q)}"
    ".pgw-tree .on .mark{stroke:var(--a)}"
    ".pgw-tree .on.user .mark,.pgw-tree .on.assistant .mark{fill:var(--a)}"
)

_MARKS = {
    "user": '<circle class="mark" cx="{x}" cy="{y}" r="3.5"/>',
    "assistant": '<path class="mark" d="M{x} {y}m0-4.2 4.2 4.2-4.2 4.2-4.2-4.2z"/>',
    "tool": '<path class="mark" d="M{x} {y}m0-3.8 4 7.2h-8z"/>',
}
_SQUARE = '<path class="mark" d="M{x} {y}m-3.5-3.5h7v7h-7z"/>'


class _Row(NamedTuple):
    message: Message
    level: int
    last: bool
    marked: bool
    words: str


def _node(row: _Row, x: int, y: int, *, on: bool) -> str:
    role = row.message.role
    mark = _MARKS.get(role, _SQUARE).format(x=x, y=y)
    words = row.words.removeprefix(f"{role}: ").removeprefix(role)
    whole = escape(first_line(f"{role}: {_words(row.message)}", 300))
    head = '<tspan class="at" dx="8">◀</tspan>' if row.marked else ""
    return (
        f'<g class="{role} {"on" if on else "off"}"><title>{whole}</title>{mark}'
        f'<text x="{x + 13}" y="{y + 4}"><tspan>{role}</tspan>'
        f'<tspan dx="8" style="font:inherit;fill:inherit">{escape(words)}</tspan>{head}'
        "</text></g>"
    )


def _rows(thread: Thread) -> Iterator[_Row]:
    """Yield the messages in the order they are drawn, without recursion: trees may be deep."""
    below: dict[str | None, list[Message]] = {}
    for message in thread.messages.values():
        below.setdefault(message.parent, []).append(message)
    active = {message.id for message in path(thread)}
    # Those to draw, the next one at the end: message, level, last on it, one of several versions.
    waiting: list[tuple[Message, int, bool, bool]] = []

    def wait(messages: list[Message], level: int) -> None:
        several = len(messages) > 1
        for at in range(len(messages) - 1, -1, -1):
            message = messages[at]
            last = at == len(messages) - 1
            if not several:
                last = len(below.get(message.id, ())) != 1
            waiting.append((message, level, last, several))

    wait(below.get(None, []), 0)
    while waiting:
        message, level, last, version = waiting.pop()
        marked = message.id == thread.head or (version and message.id in active)
        words = first_line(f"{message.role}: {_words(message)}", _WORDS).rstrip(": ")
        yield _Row(message, level, last, marked, words)
        after = below.get(message.id, [])
        wait(after, level + 1 if version or len(after) > 1 else level)


def _words(message: Message) -> str:
    """Return what a message says, or what stands in it instead of words."""
    if text := message.text.strip():
        return text
    for part in message.content:
        if isinstance(part, ToolCall):
            return f"{part.name}(…)"
        if isinstance(part, Image):
            return f"[{part.name or 'image'}]"
        if isinstance(part, Table):
            return f"[{part.name or 'table'}]"
    return "" if message.status == "complete" else f"({message.status})"
