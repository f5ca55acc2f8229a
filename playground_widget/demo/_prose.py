"""The demo model's own words: which text answers a message, and in which wording."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from playground_widget.demo import _images, _tables
from playground_widget.demo._request import Turn

if TYPE_CHECKING:
    from playground_widget.demo._request import Request

__all__ = ["TOPICS", "last_user", "opening", "paragraphs", "reasoning", "topic"]

# The first that matches the last user message names the text; the order is from narrow to wide.
TOPICS: dict[str, str] = {
    "poem": r"\b(?:haiku|poem|poetry|verse|joke|story)\b",
    "maths": r"\b(?:maths?|mathematics|formulas?|formulae|equations?|integrals?|theorem|latex)\b",
    "json": r"\bjson\b|\bschemas?\b|\bstructured output\b",
    "table": r"\btables?\b|\bdata ?frames?\b|\bcsv\b|\bcolumns?\b|\bpandas\b|\bsummari[sz]e\b",
    "code": r"\bcode\b|\bpython\b|\bstream(?:s|ed|ing)?\b|\bfunctions?\b|\bscripts?\b|\bapi\b",
    "compare": r"\bcompar(?:e|es|ed|ing|ison)\b|\bversus\b|\bvs\b|\btwo prompts\b",
    "branch": r"\bbranch(?:es|ing)?\b|\bedit(?:s|ed|ing)?\b|\bregenerat\w*|\bundo\b|\bversions?\b",
    "errors": r"\berrors?\b|\bfail(?:s|ed|ing|ure)?\b|\brate limit\w*|\bbroken\b|\bmodels\b",
    "key": r"\bkeys?\b|\bopenai\b|\bollama\b|\bconnect(?:ion|ions|ing)?\b|\breal model\b",
    "markdown": r"\bmarkdown\b|\bformat(?:s|ting)?\b|\blists?\b|\brender\w*",
    "thanks": r"\b(?:thanks|thank you|bye|goodbye|great|cheers)\b",
    "hello": r"\b(?:hello|hi|hey|help|start|test|demo|who are you|what are you|what is this|"
    r"what can you|what can i|playground|good (?:morning|evening|day))\b",
}
_PATTERNS = {name: re.compile(words, re.IGNORECASE) for name, words in TOPICS.items()}
_LOOKED_AT = 2_000
_QUOTED = 80


def last_user(request: Request) -> Turn:
    """Return the last user message, or the last message if there is none by the user."""
    users = [turn for turn in request.turns if turn.role == "user"]
    return users[-1] if users else request.turns[-1]


def topic(request: Request) -> str:
    """Return the name of the text that answers the last message."""
    turn = last_user(request)
    if turn.images:
        return "image"
    # The words around a table decide little: that it is there decides.
    if _tables.find(turn.text):
        return "data"
    asked = turn.text[:_LOOKED_AT]
    found = next((name for name, words in _PATTERNS.items() if words.search(asked)), "other")
    if found == "table" and _earlier_table(request):
        return "data"
    return found


def opening(request: Request) -> str:
    """Return the first sentence or two of the answer."""
    said = _pick(_text_file(topic(request))["opening"], _number(request))
    return said.replace("{message}", _quoted(last_user(request).text))


def paragraphs(request: Request) -> list[str]:
    """Return the whole answer as pieces of Markdown, the opening first."""
    name = topic(request)
    sections = _text_file(name)
    number = _number(request)
    pieces = [opening(request)]
    if name == "image":
        pieces.append(_seen(last_user(request)))
    elif name == "data":
        table = _tables.find(last_user(request).text) or _earlier_table(request)
        if table:
            pieces.append(_tables.about(table, last_user(request).text))
    rest = (sections[kind] for kind in ("body", "closing") if kind in sections)
    return [*pieces, *(_pick(choices, number) for choices in rest)]


def reasoning(request: Request) -> str:
    """Return what the thinking model says to itself before it answers."""
    turn = last_user(request)
    words = len(turn.text.split())
    sections = _text_file("thinking")
    note = _pick(sections["opening"], _number(request)).replace(
        "{words}", f"{words} word{'' if words == 1 else 's'}"
    )
    return f"{note}\n\n" + _pick(sections["body"], 0).replace("{topic}", topic(request))


def _number(request: Request) -> int:
    # A message said twice is not answered twice in the same words.
    return request.wording + sum(turn.role == "user" for turn in request.turns) - 1


def _pick(choices: list[str], number: int) -> str:
    return choices[number % len(choices)]


def _earlier_table(request: Request) -> _tables.Table | None:
    for turn in reversed(request.turns):
        table = _tables.find(turn.text) if turn.role in {"user", "tool"} else None
        if table:
            return table
    return None


def _seen(turn: Turn) -> str:
    lines = [f"- {_images.describe(image)}" for image in turn.images]
    return "\n".join(lines)


def _quoted(message: str) -> str:
    """Return the start of a message as a code span, in which nothing is Markdown."""
    start = " ".join(message.split()).replace("`", "'")
    if len(start) > _QUOTED:
        start = start[:_QUOTED].rstrip() + "…"
    return f"`{start}`" if start else "nothing"


@lru_cache(maxsize=32)
def _text_file(name: str) -> dict[str, list[str]]:
    """Return the parts of a text: wordings of its opening, body and closing.

    In the file each begins with a line such as `<!-- opening -->`.
    """
    raw = files(__package__).joinpath("texts", f"{name}.md").read_text(encoding="utf-8")
    parts: dict[str, list[str]] = {}
    for kind, body in re.findall(r"<!-- (\w+) -->\n(.*?)(?=\n*<!-- |\s*\Z)", raw, re.DOTALL):
        parts.setdefault(kind, []).append(body.strip())
    return parts
