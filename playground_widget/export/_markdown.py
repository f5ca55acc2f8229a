"""Markdown of untrusted text as HTML, and where its code blocks are.

CommonMark with tables and strikethrough. Raw HTML is shown as text, links are http, https or
mailto, an image is named and not loaded, and no id, class or style comes from the text.

What was rendered is kept: a transcript is written after each answer, and its older messages are
the same each time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from html import escape
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from playground_widget.export._figures import host_of

__all__ = ["closed", "cut_at_code", "to_html"]

_LINK = re.compile(r"(?:https?://[^\s/?#]|mailto:[^\s])", re.IGNORECASE)
_PYTHON = {"python", "py", "python3", "ipython", "ipython3"}
_NAMES = {"py": "Python", "js": "JavaScript", "sh": "Shell", "json": "JSON", "sql": "SQL"}


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


_DEEPEST = 40
"""From which level on (a list counts two) lists and quotes are read as paragraphs."""


@cache
def _raw() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 100}, renderer_cls=_Renderer)
    parser.enable(["table", "strikethrough"])
    paragraph = parser.block.ruler.getRules("")[-1]

    # markdown-it leaves out what is nested deeper than its limit, and all of a text must be shown.
    def too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level >= _DEEPEST and paragraph(state, start, end, silent)

    parser.block.ruler.before("table", "too_deep", too_deep)
    parser.validateLink = _is_safe  # type: ignore[method-assign,assignment]
    # An address is shown as it was written, so that it cannot look like another one.
    parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    return parser


def _is_safe(address: str) -> bool:
    return _LINK.match(address) is not None


class _Renderer(RendererHTML):
    """Writes the elements of markdown, with attributes of our own alone."""

    def link_open(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        address = str(tokens[at].attrs.get("href", ""))
        title = str(tokens[at].attrs.get("title", ""))
        named = f' title="{escape(title)}"' if title else ""
        return f'<a href="{escape(address)}"{named} rel="noopener noreferrer nofollow">'

    def image(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[at]
        alt = self.renderInlineAsText(token.children or [], options, env)
        host = host_of(str(token.attrs.get("src", "")))
        where = f" at {host}" if host else ""
        return f"<em>[image{where}{': ' if alt else ''}{escape(alt)}]</em>".replace(
            where, escape(where), 1
        )

    def fence(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        words = tokens[at].info.split()
        return _code(tokens[at].content, words[0] if words else "")

    def code_block(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return _code(tokens[at].content, "")

    def table_open(self, *_: Any) -> str:
        return '<div class="pgw-tablewrap"><table>\n'

    def table_close(self, *_: Any) -> str:
        return "</table></div>\n"

    def td_open(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return _table_cell(tokens[at])

    def th_open(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return _table_cell(tokens[at])

    def ordered_list_open(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        start = tokens[at].attrs.get("start", 1)
        return "<ol>\n" if start == 1 else f'<ol start="{int(start)}">\n'


def _code(content: str, language: str) -> str:
    name = _NAMES.get(language.lower(), language[:1].upper() + language[1:])
    bar = f'<p class="pgw-bar">{escape(name[:40])}</p>' if name else ""
    return f'<div class="pgw-code">{bar}<pre><code>{escape(content)}</code></pre></div>\n'


def _table_cell(token: Token) -> str:
    style = str(token.attrs.get("style", ""))
    side = style.removeprefix("text-align:")
    return f'<{token.tag} align="{side}">' if side in {"right", "center"} else f"<{token.tag}>"
