"""Makes a text that matches a regular expression of the kind JSON schemas use.

Groups, classes, alternatives and counts are understood; look-around and back references are not.
The caller checks what comes out, so that a misread pattern shows as "none", never as a wrong text.
"""

from __future__ import annotations

import string
from dataclasses import dataclass

__all__ = ["UnknownPatternError", "text_for"]

_CLASSES = {"d": string.digits, "w": "a" + string.ascii_letters + string.digits + "_", "s": " "}
_NOT_CLASSES = {"D": "a-", "W": "-. ", "S": "a1"}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_PRINTABLE = string.ascii_lowercase + string.ascii_uppercase + string.digits + " -_.,:;/@#+*!?"
_LONGEST = 2_000


class UnknownPatternError(Exception):
    """The pattern uses something this reader does not know."""


def text_for(pattern: str, extra: int = 0) -> str:
    r"""Return a text for `pattern`, with open-ended counts `extra` above their least.

    >>> text_for(r"^[A-Z]{2}-\d{3}$")
    'AA-000'

    Raises:
        UnknownPatternError: The pattern has look-around, back references or an error.
    """
    reader = _Reader(pattern, extra)
    text = reader.alternatives()
    if reader.at < len(pattern) or len(text) > _LONGEST:
        raise UnknownPatternError(pattern)
    return text


@dataclass(slots=True)
class _Reader:
    """Reads the pattern from left to right and writes the text as it goes."""

    pattern: str
    extra: int
    at: int = 0

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        taken = self.peek()
        if not taken:
            raise UnknownPatternError(self.pattern)
        self.at += 1
        return taken

    def alternatives(self) -> str:
        first = self.sequence()
        while self.peek() == "|":
            self.at += 1
            self.sequence()
        return first

    def sequence(self) -> str:
        pieces = []
        while self.peek() not in {"", "|", ")"}:
            piece = self.atom()
            pieces.append(piece * self.times())
        return "".join(pieces)

    def atom(self) -> str:
        taken = self.take()
        match taken:
            case "^" | "$":
                return ""
            case ".":
                return "a"
            case "(":
                return self.group()
            case "[":
                return self.characters()
            case "\\":
                return self.escape()[:1]
            case "*" | "+" | "?":
                raise UnknownPatternError(self.pattern)
            case _:
                return taken

    def group(self) -> str:
        if self.peek() == "?":
            self.at += 1
            kind = self.take()
            if kind == "P":
                kind = self.take()
            if kind == "<" and self.peek() not in {"=", "!"}:
                while self.take() != ">":
                    pass
            elif kind != ":":
                raise UnknownPatternError(self.pattern)
        inside = self.alternatives()
        if self.take() != ")":
            raise UnknownPatternError(self.pattern)
        return inside

    def escape(self) -> str:
        """Return the characters that the escape after a backslash stands for."""
        taken = self.take()
        if taken in _CLASSES:
            return _CLASSES[taken]
        if taken in _NOT_CLASSES:
            return _NOT_CLASSES[taken]
        if taken in {"b", "B", "A", "Z"}:
            return ""
        if taken in _ESCAPES:
            return _ESCAPES[taken]
        if taken.isalnum():
            raise UnknownPatternError(self.pattern)
        return taken

    def characters(self) -> str:
        negated = self.peek() == "^"
        if negated:
            self.at += 1
        members = ""
        while self.peek() != "]" or not members:
            taken = self.take()
            taken = self.escape() if taken == "\\" else taken
            following = self.pattern[self.at : self.at + 2]
            if len(taken) == 1 and following[:1] == "-" and following[1:] not in {"", "]"}:
                self.at += 1
                last = self.take()
                last = self.escape() if last == "\\" else last
                if len(last) != 1 or ord(last) < ord(taken):
                    raise UnknownPatternError(self.pattern)
                # Any member will do: a long range need not be written out.
                taken = "".join(chr(code) for code in range(ord(taken), ord(last) + 1)[:128])
            members += taken
        self.at += 1
        if negated:
            members = "".join(char for char in _PRINTABLE if char not in members)
        if not members:
            raise UnknownPatternError(self.pattern)
        return members[0]

    def times(self) -> int:
        """Return how often the last atom comes, from the count behind it."""
        least, most = 1, 1
        taken = self.peek()
        if taken in {"*", "+", "?"} and taken:
            self.at += 1
            least, most = {"*": (0, -1), "+": (1, -1), "?": (0, 1)}[taken]
        elif taken == "{":
            end = self.pattern.find("}", self.at)
            low, comma, high = self.pattern[self.at + 1 : end].partition(",")
            if end < 0 or not low.isdecimal() or (high and not high.isdecimal()):
                raise UnknownPatternError(self.pattern)
            least = int(low[:6])
            most = int(high[:6]) if high else (-1 if comma else least)
            self.at = end + 1
        else:
            return 1
        if self.peek() in {"?", "+"}:
            self.at += 1
        times = least + self.extra if most < 0 else min(least + self.extra, most)
        if times > _LONGEST:
            raise UnknownPatternError(self.pattern)
        return times
