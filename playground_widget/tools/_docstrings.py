"""What the docstring of a function says of it and of its parameters."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable
from typing import Any

from docstring_parser import Docstring, DocstringStyle
from docstring_parser import parse as parse_docstring

from playground_widget.text import clean_text

__all__ = ["documented", "is_instance"]


def is_instance(function: object) -> bool:
    """Return whether it is an object that can be called, not a function or a class."""
    return not (inspect.isroutine(function) or inspect.isclass(function))


def documented(function: Callable[..., Any]) -> tuple[str, dict[str, str]]:
    """Return what the docstring says of the function and of each parameter."""
    inner = function.func if isinstance(function, functools.partial) else function
    text = inspect.getdoc(inner) if not is_instance(inner) else None
    if not text and is_instance(inner):
        text = inspect.getdoc(type(inner).__call__) or inspect.getdoc(type(inner))
    read = _read_docstring(text or "")
    if read is None:
        return (text or "").strip(), {}
    parts = (read.short_description, read.long_description)
    about = "\n\n".join(part.strip() for part in parts if part)
    said = {each.arg_name: each.description for each in read.params if each.description}
    return about, {name: " ".join(clean_text(words).split()) for name, words in said.items()}


def _read_docstring(text: str) -> Docstring | None:
    """Return what a docstring says in the style that finds most parameters in it."""
    found: list[Docstring] = []
    for style in _STYLES:
        # A reader raises whatever it comes to in a text of another style, such as IndexError.
        with contextlib.suppress(Exception):
            found.append(parse_docstring(text, style))
    return max(found, key=lambda each: (len(each.params), len(each.meta)), default=None)


_STYLES = (
    DocstringStyle.REST,
    DocstringStyle.GOOGLE,
    DocstringStyle.NUMPYDOC,
    DocstringStyle.EPYDOC,
)
