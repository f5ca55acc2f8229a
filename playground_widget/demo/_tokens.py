"""Splits text into the demo model's tokens: about four characters each, nothing lost.

Concatenating the tokens gives the text back exactly. A token may end between the code points
of one visible character (an emoji with a skin tone, a letter and its accent), as it may with
real servers.
"""

from __future__ import annotations

import re

__all__ = ["count", "split"]

# In order: a piece of a word and a number, each with the space before it; signs, emoji and
# combining marks; line ends; indentation; whatever is left.
_TOKEN = re.compile(
    r" ?[^\W\d_]{1,6}| ?\d{1,3}| ?[^\w\s]{1,3}|\n{1,2}|[ \t]{1,8}|.",
    re.DOTALL,
)


def split(text: str) -> list[str]:
    """Return the tokens of `text`; joined they are `text` again.

    >>> split("Streaming works.")
    ['Stream', 'ing', ' works', '.']
    """
    return _TOKEN.findall(text)


def count(text: str) -> int:
    """Return how many tokens `text` has."""
    return len(split(text))
