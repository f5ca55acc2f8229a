"""The conversation as the saved notebook and files show it: HTML, markdown and plain text."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape

from playground_widget.export._figures import (
    figures,
    prompt_version,
    short_cost,
    summary,
    title_of,
    version_words,
)
from playground_widget.export._html import box, page, rows, system_row
from playground_widget.export._markdown import closed
from playground_widget.export._style import SAVED
from playground_widget.export._text import body_of
from playground_widget.export._trim import trimmed, without
from playground_widget.export._values import Options
from playground_widget.model import Message, Table, Text, Thread, ToolCall, path
from playground_widget.text import clean_text

__all__ = ["markdown_text", "page_text", "transcript"]

LONGEST = 200
"""Messages of the active path that a transcript shows, the last ones.

It is written into the notebook whenever an answer ends; a file of the whole thread is an export.
"""


def transcript(thread: Thread, *, go_on: str, anchor: str) -> dict[str, str]:
    """Return the mime bundle of the transcript that a notebook keeps beside the widget.

    The HTML holds no script, loads nothing, and its style sheet reaches nothing outside of it.
    It is made of elements that say what they are, for readers that strip styles.

    Args:
        thread: The thread; the end of its active path is shown.
        go_on: The line of code that continues it, such as `Playground(thread="Penguins")`.
        anchor: What the widget finds it by: the value of `data-pgw-transcript`.

    Returns:
        `text/html`, `text/markdown` and `text/plain`. Without messages the HTML is an empty
        element with the anchor, and the others are empty.

    Example:
        >>> transcript(Thread(id="t"), go_on="Playground()", anchor="a1")["text/plain"]
        ''
    """
    start = f'<div class="pgw-saved" data-pgw-transcript="{escape(anchor)}">'
    line = path(thread)
    if not line:
        return {"text/html": f"{start}</div>", "text/markdown": "", "text/plain": ""}
    code = f"<code>{escape(go_on)}</code>"
    head = f"<b>Saved transcript.</b> Go on with {code}"
    shown, earlier = line[-LONGEST:], _earlier(len(line))
    note = f'<p class="pgw-say">{earlier}</p>\n' if earlier else ""
    inside = system_row(thread) + note + rows(shown, version_words(thread))
    told = _sum(thread, line)
    html = f"{start}\n<style>\n{SAVED}\n</style>\n{box(head, told, inside)}</div>"
    words = f"*Saved transcript. Go on with* {_inline(go_on)}"
    kept = _cut(thread, shown)
    markdown = _markdown(kept, thread, words if not earlier else f"{words}\n\n{earlier}", told)
    return {
        "text/html": clean_text(html),
        "text/markdown": clean_text(markdown),
        "text/plain": clean_text(_plain(thread, shown, go_on, told, earlier)),
    }


def _earlier(count: int) -> str:
    """Return the words for the messages that a long transcript begins after, if there are any."""
    left = count - LONGEST
    if left <= 0:
        return ""
    return f"{left:,} earlier message{'s are' if left > 1 else ' is'} in the thread."


def _cut(thread: Thread, shown: tuple[Message, ...]) -> Thread:
    """Return a thread of these messages alone, which follow each other."""
    first = replace(shown[0], parent=None)
    return replace(thread, messages={m.id: m for m in (first, *shown[1:])}, head=shown[-1].id)


def page_text(thread: Thread, options: Options) -> str:
    """Return a thread as a web page of its own."""
    kept = _kept(thread, options)
    line = path(kept)
    versions = version_words(thread)
    head = box("<b>Transcript.</b>", _sum(kept, line), system_row(kept) + rows(line, versions))
    others = _others(kept, line)
    if others:
        head += '<h2 class="pgw-others">Other versions</h2>\n'
        head += f'<div class="pgw-box"><div class="pgw-rows">{rows(others, versions)}</div></div>\n'
    inside = f'<div class="pgw-saved">\n<style>\n{SAVED}\n</style>\n{head}</div>\n'
    return clean_text(page(kept, inside))


def markdown_text(thread: Thread, options: Options) -> str:
    """Return a thread as a markdown file."""
    return clean_text(_markdown(_kept(thread, options), thread, "")) + "\n"


def _kept(thread: Thread, options: Options) -> Thread:
    kept = trimmed(thread, options)
    return kept if options.answers else without(kept, "assistant", "tool")


def _others(thread: Thread, line: tuple[Message, ...]) -> list[Message]:
    """Return the messages that are not on the path."""
    shown = {message.id for message in line}
    return [message for message in thread.messages.values() if message.id not in shown]


def _sum(thread: Thread, line: tuple[Message, ...]) -> str:
    """Return the words at the right: model, prompt version, messages, cost."""
    costs = [m.usage.cost for m in line if m.usage and m.usage.cost is not None]
    found = summary(thread.model, prompt_version(thread), len(line))
    return " · ".join([*found, *([short_cost(sum(costs))] if costs else [])])


def _inline(code: str) -> str:
    ticks = "`" * (max((len(run) for run in re.findall("`+", code)), default=0) + 1)
    pad = " " if "`" in code else ""
    return f"{ticks}{pad}{code}{pad}{ticks}"


def _markdown(thread: Thread, whole: Thread, words: str, told: str | None = None) -> str:
    line = path(thread)
    title = re.sub(r"([\\`*_\[\]<>#])", r"\\\1", title_of(thread))
    found = [f"# {title}", told or _sum(thread, line)]
    if words:
        found.append(words)
    if thread.system.strip():
        found += ["---", f"**system** (v{prompt_version(thread)})", closed(thread.system)]
    versions = version_words(whole)
    for message in line:
        found += _spoken(message, versions.get(message.id, ""))
    others = _others(thread, line)
    if others:
        found += ["---", "## Other versions"]
    for message in others:
        found += _spoken(message, versions.get(message.id, ""))
    return "\n\n".join(text for text in found if text.strip())


def _spoken(message: Message, version: str) -> list[str]:
    shown = " · ".join([*([version] if version else []), *(a + b for a, b in figures(message))])
    found = ["---", f"**{message.role}**", closed(body_of(message))]
    return [*found, f"*{shown}*"] if shown else found


def _plain(thread: Thread, line: tuple[Message, ...], go_on: str, told: str, earlier: str) -> str:
    found = [title_of(thread), told, f"Saved transcript. Go on with {go_on}"]
    found += [earlier] if earlier else []
    if thread.system.strip():
        found.append(f"system:\n{thread.system.strip()}")
    found += [f"{message.role}:\n{_said(message)}".rstrip() for message in line]
    return "\n\n".join(found)


def _said(message: Message) -> str:
    if all(isinstance(part, Text | Table | ToolCall) for part in message.content):
        texts = []
        for part in message.content:
            if isinstance(part, ToolCall):
                texts.append(f"{part.name}({part.arguments})")
            elif isinstance(part, Text | Table):
                texts.append(part.text)
        if message.status == "complete":
            return "\n\n".join(texts)
    return re.sub(r"\(data:image/[^)]*\)", "", body_of(message))
