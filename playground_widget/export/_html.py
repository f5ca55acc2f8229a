"""Messages as HTML that reads well with the style sheet of `_style.py` and without any."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from playground_widget.export._figures import (
    count_bytes,
    figures,
    first_line,
    host_of,
    plural,
    prompt_version,
    state_words,
    table_size,
    thinking,
    title_of,
)
from playground_widget.export._markdown import to_html
from playground_widget.export._style import PAGE
from playground_widget.export._text import arguments_of, call_line
from playground_widget.model import (
    Image,
    Message,
    Part,
    Reasoning,
    Refusal,
    Table,
    Text,
    Thread,
    ToolCall,
)

__all__ = ["box", "page", "page_around", "rows", "system_row"]

_MARKS = {
    "system": '<rect x="1.5" y="1.5" width="7" height="7" rx="1"/>',
    "user": '<circle cx="5" cy="5" r="3.5"/>',
    "assistant": '<path d="M5 .8 9.2 5 5 9.2 .8 5z"/>',
    "tool": '<path d="M5 1.3 9 8.5H1z"/>',
}
_WRENCH = (
    "M13.3 4.6a3.3 3.3 0 0 1-4.4 4.2L4.6 13.1a1.2 1.2 0 0 1-1.7-1.7L7.2 7.1A3.3 3.3 0 0 1 11.4 2.7"
    "L9.5 4.6l.3 1.6 1.6.3z"
)
_HISTORY = "M3 8a5 5 0 1 0 1.6-3.65L3 5.8 M3 2.6v3.2h3.2M8 5.5V8l1.8 1.2"
_PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}


def box(head: str, summary: str, inside: str) -> str:
    """Return the frame of a transcript.

    Args:
        head: HTML of the words at the top.
        summary: Text on the right.
        inside: HTML of the rows.
    """
    return (
        f'<div class="pgw-box">\n<p class="pgw-bar-top">{_icon(_HISTORY)}'
        f'<span class="pgw-say">{head}</span> '
        f'<span class="pgw-sum">{escape(summary)}</span></p>\n'
        f'<div class="pgw-rows">\n{inside}</div>\n</div>\n'
    )


def rows(line: Sequence[Message], versions: Mapping[str, str]) -> str:
    """Return messages as HTML, a row each.

    Args:
        line: The messages.
        versions: Which version of how many each is, by its id.
    """
    made = []
    # By the last call before a result: some services give the calls of each answer the same ids.
    names: dict[str, str] = {}
    for message in line:
        called = names.get(message.tool_call_id or "", "")
        made.append(_message(message, versions.get(message.id, ""), called))
        names |= {call.id: call.name for call in message.tool_calls}
    return "".join(made)


def _message(message: Message, version: str, called: str) -> str:
    if message.role == "tool":
        parts = [_result(message, called)]
        parts += [_part(message, part) for part in message.content if isinstance(part, Image)]
    else:
        parts = [_part(message, part) for part in message.content]
    parts += [_state(message), _foot(message, version)]
    return _row(message.role, "\n".join(part for part in parts if part))


def _row(role: str, inside: str) -> str:
    kind = "system" if role == "developer" else role
    mark = f'<svg class="pgw-mark" viewBox="0 0 10 10" aria-hidden="true">{_MARKS[kind]}</svg>'
    return (
        f'<section class="pgw-msg pgw-{kind}">\n<p class="pgw-role">{mark}<b>{role}</b></p>\n'
        f'<div class="pgw-cell">\n{inside}\n</div>\n</section>\n'
    )


def _icon(path: str) -> str:
    return f'<svg class="pgw-i" viewBox="0 0 16 16" aria-hidden="true"><path d="{path}"/></svg>'


def system_row(thread: Thread) -> str:
    """Return the row of the system prompt, closed; empty where there is none."""
    if not thread.system.strip():
        return ""
    text = thread.system.strip()
    version = prompt_version(thread)
    end = f' <span class="pgw-end">v{version}</span>'
    short = first_line(text, 160)
    cut = f'<span class="pgw-cut"><span>{_variables(short)}</span></span>'
    whole = "<br>".join(_variables(line) for line in text.splitlines())
    # Line breaks as elements, since nothing else keeps them without a style sheet.
    body = f'<div class="pgw-md"><p>{whole}</p></div>'
    return _row("system", f"<details><summary>{cut}{end}</summary>{body}</details>")


def _variables(text: str) -> str:
    """Return an escaped text in which `{{name}}` is set off."""
    pieces = re.split(r"(\{\{\s*\w+\s*\}\})", text)
    return "".join(
        f'<code class="pgw-var">{escape(piece)}</code>' if at % 2 else escape(piece)
        for at, piece in enumerate(pieces)
    )


def _part(message: Message, part: Part) -> str:
    drawn = ""
    match part:
        case Text(text):
            drawn = _words(text) if text.strip() else ""
        case Refusal(text):
            drawn = f'<p class="pgw-small">The model declined:</p>\n{_words(text)}'
        case Reasoning(text):
            drawn = _thoughts(message, text)
        case Image():
            drawn = _image(part)
        case Table():
            drawn = _table(part)
        case ToolCall():
            drawn = _call(part)
    return drawn


def _words(text: str) -> str:
    return f'<div class="pgw-md">{to_html(text)}</div>'


def _thoughts(message: Message, text: str) -> str:
    time = message.timing.reasoning if message.timing else None
    words = "Thought" if time is None else f"Thought for {thinking(time)}"
    inside = f'<div class="pgw-md">{to_html(text)}</div>'
    return f'<details class="pgw-fold pgw-think"><summary>{words}</summary>{inside}</details>'


def _call(call: ToolCall) -> str:
    shown = escape(call_line(call))
    return (
        f'<details class="pgw-fold"><summary>{_icon(_WRENCH)}<code>{shown}</code></summary>'
        f"<pre>{escape(arguments_of(call))}</pre></details>"
    )


def _result(message: Message, name: str) -> str:
    text = "\n\n".join(
        part.text for part in message.content if isinstance(part, Text | Refusal | Table)
    )
    of = f" of <code>{escape(name)}</code>" if name else ""
    lines = len(text.splitlines())
    size = f"{plural(lines, 'line')}, {count_bytes(len(text.encode('utf-8', 'replace')))}"
    return (
        f'<details class="pgw-fold"><summary>Result{of} <span class="pgw-end">{size}</span>'
        f"</summary><pre>{escape(text)}</pre></details>"
    )


def _image(image: Image) -> str:
    name = escape(image.name or "image")
    if image.data and image.media_type in _PICTURES and re.fullmatch(r"[\w+/=]+", image.data):
        source = f"data:{image.media_type};base64,{image.data}"
        return f'<p><img alt="{name}" src="{source}"></p>'
    host = host_of(image.url or "")
    where = f" at {escape(host)}" if host else ""
    return f"<p><em>[{name}{where}]</em></p>"


def _table(table: Table) -> str:
    size = table_size(table)
    name = f"{escape(table.name)}, " if table.name else ""
    caption = f'<p class="pgw-small">{name}{size}</p>'
    if not table.columns:
        return f"<pre>{escape(table.text)}</pre>\n{caption}"
    numbers = [_numeric(table, at) for at in range(len(table.columns))]
    head = "".join(_cell("th", name, numbers, at) for at, name in enumerate(table.columns))
    body = "".join(
        "<tr>" + "".join(_cell("td", cell, numbers, at) for at, cell in enumerate(row)) + "</tr>\n"
        for row in table.rows
    )
    return (
        f'<div class="pgw-tablewrap"><table>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}</tbody>\n</table></div>\n{caption}"
    )


def _numeric(table: Table, at: int) -> bool:
    cells = [row[at] for row in table.rows if at < len(row)]
    return any(_number(c) for c in cells) and all(c is None or _number(c) for c in cells)


def _number(cell: object) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _cell(tag: str, value: object, numbers: Sequence[bool], at: int) -> str:
    side = ' align="right"' if at < len(numbers) and numbers[at] else ""
    return f"<{tag}{side}>{'' if value is None else escape(str(value))}</{tag}>"


def _state(message: Message) -> str:
    words = state_words(message)
    if not words:
        return ""
    failed = " pgw-failed" if message.status == "failed" else ""
    detail = message.error.detail if message.error and message.status == "failed" else ""
    more = f" <span>{escape(detail)}</span>" if detail else ""
    return f'<p class="pgw-note{failed}"><b>{escape(words)}</b>{more}</p>'


def _foot(message: Message, version: str) -> str:
    found = [
        f"<b>{escape(strong)}</b>{escape(rest)}" if strong else escape(rest)
        for strong, rest in figures(message)
    ]
    if not found and not version:
        return ""
    first = f'<span class="pgw-version">{version}{"<i> · </i>" if found else ""}</span>'
    return f'<p class="pgw-foot">{first if version else ""}{"<i> · </i>".join(found)}</p>'


def page(thread: Thread, inside: str) -> str:
    """Return a page of its own around a transcript; it loads nothing and runs nothing."""
    return page_around(title_of(thread), inside)


def page_around(name: str, inside: str, style: str = "") -> str:
    """Return a page of its own with a heading; it loads nothing and runs nothing.

    Args:
        name: Text of the heading and the title.
        inside: HTML of what is below the heading.
        style: Rules for it, beside those of every page.
    """
    title = escape(name)
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{title}</title>\n<style>{PAGE}{style}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n{inside}</main>\n</body>\n</html>\n"
    )
