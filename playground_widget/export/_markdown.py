"""Markdown of untrusted text as HTML, and where its code blocks are.

What was rendered is kept: a transcript is written after each answer, and its older messages are
the same each time.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

__all__ = ["closed", "cut_at_code", "to_html"]

_PYTHON = {"python", "py", "python3", "ipython", "ipython3"}


@lru_cache(maxsize=4096)
def to_html(text: str) -> str:
    r"""Return the HTML of a text.

    Example:
        >>> to_html("*a* <b>")
        '<p><em>a</em> &lt;b&gt;</p>\n'
    """
    return str(_parser().render(text))


def cut_at_code(text: str) -> list[tuple[Literal["code", "markdown"], str, str, str]]:
    r"""Cut a text at its Python blocks, so that the pieces joined are the text again.

    Returns:
        Kind, what is shown, and what stands before and after that in the text.

    Example:
        >>> [kind for kind, *_ in cut_at_code("Try:\n```python\n1 + 1\n```\n")]
        ['markdown', 'code']
    """
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)
    found: list[tuple[Literal["code", "markdown"], str, str, str]] = []
    at = 0
    for token in _parser().parse(text):
        words = token.info.split()
        if token.type != "fence" or token.level or not token.map or not words:
            continue
        start, end = token.map
        whole = end - start > 1 and lines[end - 1].strip().startswith(token.markup)
        if words[0].lower().strip("{}.") not in _PYTHON or not whole:
            continue
        found += _around("".join(lines[at:start]))
        inside = "".join(lines[start + 1 : end - 1])
        shown = inside.rstrip("\r\n")
        after = inside[len(shown) :] + lines[end - 1]
        found.append(("code", shown, lines[start], after))
        at = end
    return [*found, *_around("".join(lines[at:]))]


def _around(text: str) -> list[tuple[Literal["code", "markdown"], str, str, str]]:
    if not text:
        return []
    shown = text.strip("\r\n")
    start = text.find(shown) if shown else len(text)
    return [("markdown", shown, text[:start], text[start + len(shown) :])]


@lru_cache(maxsize=4096)
def closed(text: str) -> str:
    """Return a text that ends its last block, so that what is put behind it stays outside."""
    if not re.search("```|~~~|<", text):
        return text
    tokens = _raw().parse(text)
    last = tokens[-1] if tokens else None
    if last is None or last.level or last.type not in {"fence", "html_block"}:
        return text
    if last.type == "fence":
        ends = text.rstrip().splitlines()[-1].strip()
        done = last.map and last.map[1] - last.map[0] > 1
        if done and re.fullmatch(re.escape(last.markup) + re.escape(last.markup[0]) + "*", ends):
            return text
        return f"{text}\n{last.markup}"
    for start, end in _ENDS:
        if last.content.lstrip().lower().startswith(start) and end not in last.content.lower():
            return f"{text}\n{end}"
    return text


_ENDS = (
    ("<!--", "-->"),
    ("<?", "?>"),
    ("<![cdata[", "]]>"),
    ("<!", ">"),
    *((f"<{name}", f"</{name}>") for name in ("script", "pre", "style", "textarea")),
)


@cache
def _raw() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - many export nothing, and it is slow to load

    return MarkdownIt("commonmark").enable("table")


@cache
def _parser() -> MarkdownIt:
    from playground_widget.export._renderer import parser  # noqa: PLC0415 - it loads markdown-it

    return parser()
