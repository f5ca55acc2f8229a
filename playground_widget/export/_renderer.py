"""What markdown-it makes of untrusted text.

CommonMark with tables and strikethrough. Raw HTML is shown as text, links are http, https or
mailto, an image is named and not loaded, and no id, class or style comes from the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from playground_widget.export._figures import host_of

__all__ = ["parser"]

_LINK = re.compile(r"(?:https?://[^\s/?#]|mailto:[^\s])", re.IGNORECASE)
_NAMES = {"py": "Python", "js": "JavaScript", "sh": "Shell", "json": "JSON", "sql": "SQL"}
_DEEPEST = 40
"""From which level on (a list counts two) lists and quotes are read as paragraphs."""


def parser() -> MarkdownIt:
    """Return a parser, which also renders."""
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": 100}, renderer_cls=_Renderer)
    made.enable(["table", "strikethrough"])
    paragraph = made.block.ruler.getRules("")[-1]

    # markdown-it leaves out what is nested deeper than its limit, and all of a text must be shown.
    def too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level >= _DEEPEST and paragraph(state, start, end, silent)

    made.block.ruler.before("table", "too_deep", too_deep)
    made.validateLink = _is_safe  # type: ignore[method-assign,assignment]
    # An address is shown as it was written, so that it cannot look like another one.
    made.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    return made


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
