"""`{{column}}` in a text, filled from a row. The one place that knows how it is written.

Two braces, spaces, an identifier, spaces, two braces. What is written otherwise, or names no
column, is left alone: JSON, Jinja and LaTeX have braces too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["names_in", "render"]

_NAME = re.compile(r"\{\{[ \t]*([^\W\d]\w*)[ \t]*\}\}")


def names_in(text: str) -> set[str]:
    """Return the names that a text asks for.

    Example:
        >>> names_in('{{ review }} and {"a": {{}}}')
        {'review'}
    """
    return set(_NAME.findall(text))


def render(text: str, values: Mapping[str, Any]) -> str:
    """Return a text with the values of a row in their places.

    Text stands as it is, what is missing as nothing, anything else as JSON. A value is not looked
    at again: braces in it stay.

    Example:
        >>> render("{{n}} of {{of}}", {"n": 2})
        '2 of {{of}}'
    """

    def put(found: re.Match[str]) -> str:
        name = found[1]
        return _text(values[name]) if name in values else found[0]

    return _NAME.sub(put, text)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
