"""Text that JSON, SQL and a browser can all hold.

A lone surrogate half cannot be written as UTF-8 and NUL cannot be kept by every database, so
both become U+FFFD when they arrive. A service may split a character beyond the BMP between
two chunks: `Cleaner` holds its first half back until the second comes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["Cleaner", "clean_text", "clean_texts", "described_error"]

_UNFIT = re.compile("[\x00\ud800-\udfff]")
_FIRST_HALF = re.compile("[\ud800-\udbff]")


def clean_text(text: str) -> str:
    r"""Return the text with surrogate pairs joined, lone halves and NUL replaced by U+FFFD.

    Example:
        >>> clean_text("a\x00b") == "a\ufffdb"
        True
    """
    if not _UNFIT.search(text):
        # Members of an Enum and texts of NumPy are texts too, but are written otherwise in code.
        return text if type(text) is str else str.__str__(text)
    units = text.replace("\x00", "\ufffd").encode("utf-16-le", "surrogatepass")
    return units.decode("utf-16-le", "replace")


def clean_texts(value: Any) -> Any:
    r"""Return a JSON value with every text in it clean.

    Raises:
        RecursionError: It is nested deeper than anything that is meant.

    Example:
        >>> clean_texts({"a": ["\x00", 1]}) == {"a": ["\ufffd", 1]}
        True
    """
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_texts(name): clean_texts(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean_texts(item) for item in value]
    return value


def described_error(error: BaseException, most: int) -> str:
    r"""Return the class of an error and what it says, in one line.

    It may be of anybody's class, so that saying it may fail: then it says nothing.

    Args:
        error: Any.
        most: The most characters of what it says.

    Example:
        >>> described_error(ValueError("no such\nbird"), 100), described_error(KeyError(), 100)
        ('ValueError: no such bird', 'KeyError')
    """
    try:
        said = clean_text(" ".join(str(error).split())[:most])
    except Exception:  # noqa: BLE001 - code of users
        said = ""
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


class Cleaner:
    r"""`clean_text` for a text that comes in pieces.

    Example:
        >>> cleaner = Cleaner()
        >>> cleaner.feed("\ud83d") + cleaner.feed("\ude00") + cleaner.end() == "\U0001f600"
        True
    """

    __slots__ = ("_held",)

    def __init__(self) -> None:
        """Begin a text."""
        self._held = ""

    def feed(self, text: str) -> str:
        """Return what is certain so far of the text that was fed and not yet returned."""
        text = self._held + text
        if text and _FIRST_HALF.match(text[-1]):
            self._held = text[-1]
            return clean_text(text[:-1])
        self._held = ""
        return clean_text(text)

    def end(self) -> str:
        """Return what was held back, and begin anew."""
        held, self._held = self._held, ""
        return clean_text(held)
