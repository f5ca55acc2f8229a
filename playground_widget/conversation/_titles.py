"""A title for a thread that was given none: the beginning of its first exchange."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playground_widget.model import Message

__all__ = ["title_of"]

LONGEST = 48


def title_of(messages: Sequence[Message]) -> str:
    """Return a title from the first question that has an answer, or an empty one.

    Args:
        messages: The active path.

    Example:
        >>> from playground_widget.model import Text
        >>> said = (Text("# Which *species* is heaviest?  Show code."),)
        >>> question = Message(id="a", parent=None, role="user", content=said)
        >>> title_of([question, Message(id="b", parent="a", role="assistant", content=())])
        'Which species is heaviest?'
    """
    asked = None
    for message in messages:
        if message.role == "user" and message.text.strip():
            asked = message
        elif asked and message.role == "assistant" and message.status != "streaming":
            return _shortened(asked.text)
    return ""


def _shortened(text: str) -> str:
    """Return the first sentence of a text as plain words, cut at the end of a word."""
    lines = (
        re.sub(r"^[#>\-*+\s]+|[`*_]{1,3}(?=\S)|(?<=\S)[`*_]{1,3}", "", line)
        for line in text.splitlines()
    )
    line = next((line.strip() for line in lines if line.strip()), "")
    sentence = re.match(r".+?[.?!](?=\s|$)", line)
    short = re.sub(r"\s+", " ", sentence.group() if sentence else line).rstrip(".")
    if len(short) <= LONGEST:
        return short
    cut = short[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:-")
    return f"{cut or short[:LONGEST]}…"
