r"""Values written as Python, for people to read.

A string that fits stays on its line; a longer one becomes adjacent strings in parentheses, cut
after its line breaks and between words. That is right for every text, keeps the indentation, and
holds no line that a notebook could take for something else (`>>> `, `%magic`), as the lines of a
triple-quoted string can be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from playground_widget.text import clean_text

__all__ = ["as_file", "call", "comment", "literal", "string"]

_WIDTH = 88
_STEP = "    "


def string(text: str) -> str:
    r"""Return a text as a Python string on one line.

    Example:
        >>> print(string("it's\n"), string('{"a": 1}'))
        "it's\n" '{"a": 1}'
    """
    text = str.__str__(text)  # of an Enum or of NumPy, it would be written as one of these
    if '"' in text and "'" not in text:
        return repr(text)
    # A piece without double quotes has none that repr escapes once the outer ones are gone.
    pieces = [repr(piece)[1:-1] for piece in text.split('"')]
    return '"' + '\\"'.join(pieces) + '"'


def literal(
    value: Any, indent: int = 0, used: int = 0, names: Mapping[str, str] | None = None
) -> str:
    """Return a JSON value as Python.

    Args:
        value: The value.
        indent: How many steps its first line is indented.
        used: Characters on that line before and after it.
        names: Texts that stand in variables, with the names of these.
    """
    names = names or {}
    if isinstance(value, str) and value in names:
        return names[value]
    room = _WIDTH - indent * len(_STEP) - used
    short = _flat(value, names, room)
    if short is not None:
        return short
    if isinstance(value, str):
        return _long_string(value, indent)
    pad, end = _STEP * (indent + 1), _STEP * indent
    if isinstance(value, Mapping):
        items = [
            f"{pad}{key}: {literal(item, indent + 1, len(key) + 3, names)},"
            for key, item in ((string(str(name)), item) for name, item in value.items())
        ]
        return "\n".join(["{", *items, end + "}"])
    items = [f"{pad}{literal(item, indent + 1, 1, names)}," for item in value]
    return "\n".join(["[", *items, end + "]"])


def call(
    function: str,
    arguments: Sequence[str],
    keywords: Mapping[str, Any],
    names: Mapping[str, str] | None = None,
    before: str = "",
) -> str:
    """Return a call, on one line if it fits, else with one argument a line.

    Args:
        function: What is called.
        arguments: Positional arguments as code.
        keywords: Keyword arguments as JSON values.
        names: As in `literal`.
        before: What stands before the call, such as `stream = `.
    """
    found = [*arguments]
    found += [f"{k}={literal(v, 1, len(k) + 2, names)}" for k, v in keywords.items()]
    line = f"{before}{function}({', '.join(found)})"
    if len(line) <= _WIDTH and "\n" not in line:
        return line
    inner = "".join(f"{_STEP}{item},\n" for item in found)
    return f"{before}{function}(\n{inner})"


def comment(text: str) -> str:
    r"""Return a text as a comment, each of its lines behind a `#`.

    Example:
        >>> comment("one\r\x00two")
        '# one\n# \ufffdtwo'
    """
    lines = [_UNSEEN.sub("\ufffd", line).rstrip() for line in clean_text(text).splitlines()]
    return "\n".join(f"# {line}" if line else "#" for line in lines)


def as_file(program: str) -> str:
    """Return a program as the text of a file in UTF-8, whatever the comments at its top say.

    Python takes words such as "coding: tips" there for the file's encoding (PEP 263), unless a line
    before them names one.
    """
    top = "\n".join(program.splitlines()[:2])
    return f"# coding: utf-8\n{program}" if _ENCODING.search(top) else program


_ENCODING = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]", re.MULTILINE)
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _flat(value: Any, names: Mapping[str, str], room: int) -> str | None:
    """Return a value on one line, or `None` if it does not fit the room."""
    if isinstance(value, str):
        if value not in names and (len(value) > room or "\n" in value[:-1]):
            return None
        found = names.get(value) or string(value)
    elif isinstance(value, Mapping | list | tuple):
        pairs = value.items() if isinstance(value, Mapping) else ((None, item) for item in value)
        items: list[str] = []
        for name, item in pairs:
            key = "" if name is None else f"{string(str(name))}: "
            inner = _flat(item, names, room - len(key))
            if inner is None:
                return None
            items.append(key + inner)
            room -= len(items[-1]) + 2
        found = ", ".join(items)
        start, end = "{}" if isinstance(value, Mapping) else "[]"
        return f"{start}{found}{end}" if room >= 0 else None
    else:
        return _number(value)  # which cannot be broken
    return found if len(found) <= room else None


def _number(value: Any) -> str:
    """Return a number, a truth value or `None` as Python, whatever its class is."""
    if isinstance(value, float):
        return float.__repr__(value)
    return (
        int.__repr__(value)
        if isinstance(value, int) and not isinstance(value, bool)
        else repr(value)
    )


def _long_string(text: str, indent: int) -> str:
    pad = _STEP * (indent + 1)
    pieces = [piece for line in text.splitlines(keepends=True) for piece in _wrapped(line)]
    if len(pieces) <= 1:
        return string(text)
    lines = [pad + string(piece) for piece in pieces]
    return "\n".join(["(", *lines, _STEP * indent + ")"])


def _wrapped(line: str) -> list[str]:
    """Cut a line between words; a word is never cut."""
    if len(line) <= _WIDTH:
        return [line]
    pieces = [""]
    for word in re.findall(r"\S+\s*|\s+", line):
        if pieces[-1] and len(pieces[-1]) + len(word.rstrip()) > _WIDTH:
            pieces.append("")
        pieces[-1] += word
    return pieces
