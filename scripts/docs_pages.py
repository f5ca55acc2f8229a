"""Puts sections of the README into pages of the documentation, so that nothing is written twice.

A page says `<!-- README: Tools -->` where the section of that heading belongs, and
`<!-- README -->` for what stands before the first one. MkDocs calls `on_page_markdown`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

_ASKED = re.compile(r"<!-- README(?:: (.+?))? -->")
_PICTURE = re.compile(r"<picture>.*?</picture>\n*", re.DOTALL)
_LINK = re.compile(r"\[([^\]]+)\]\(([^)#:]+)\)")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Return the text of a page with the sections in it."""
    return _ASKED.sub(lambda asked: section(asked[1]), markdown)


def section(title: str | None) -> str:
    """Return what the README says under a heading, or before the first one.

    Raises:
        KeyError: It has no such heading.
    """
    readme = (ROOT / "README.md").read_text("utf-8")
    lead, *rest = re.split(r"^## ", readme, flags=re.MULTILINE)
    found: dict[str | None, str] = {None: lead.partition("\n")[2]}
    for each in rest:
        heading, _, text = each.partition("\n")
        found[heading] = text
    return _LINK.sub(_within, _PICTURE.sub("", found[title])).strip()


def _within(link: re.Match[str]) -> str:
    """Keep the words of a link to a file that is in the repository and not on the site."""
    return link[1] if (ROOT / link[2]).exists() else link[0]
