r"""`{{name}}` in text: what is a variable, and what only looks like one.

A variable is `{{`, the name, `}}`, with spaces or tabs around the name if one likes. The name is a
Python identifier. Everything else is left as it is:

- other things in braces: `{"a": {"b": 1}}`, `{{ user.name }}`, `{{ x | upper }}`, `{% if x %}`;
- more braces on either side: `{{{name}}}`, `{"a": {{name}}}`;
- arguments of a LaTeX command: `\frac{{a}}{b}`, `\text{{a}}`.

`\{{name}}` stands for the text `{{name}}`; the backslash is left out when it is sent.

`js/src/variables.ts` has the same rules; `tests/fixtures/variables.json` holds both to them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping

__all__ = ["MOST_NAME", "digest_of", "escaped", "is_name", "names", "rendered"]

MOST_NAME = 200
"""The most characters of a name; nobody calls a variable by more."""

_BRACES = r"\{\{[ \t]*([^\s{}\\]{1,200})[ \t]*\}\}"

# A command of LaTeX is matched with its arguments, so that they are passed over.
_FOUND = re.compile(
    rf"(?P<latex>\\[A-Za-z]+\*?(?:\[[^\[\]\n]*\])?(?:{_BRACES}|\{{[^{{}}\n]*\}})+)"
    rf"|(?P<escaped>\\{_BRACES}(?!\}}))"
    rf"|(?<!\{{){_BRACES}(?!\}})"
)
_ESCAPED, _NAME_ESCAPED, _NAME = "escaped", 4, 5


def is_name(text: str) -> bool:
    """Return whether a text can be the name of a variable.

    Example:
        >>> is_name("größe"), is_name("a.b"), is_name("1st")
        (True, False, False)
    """
    return text.isidentifier() and len(text) <= MOST_NAME


def digest_of(text: str) -> str:
    """Return 12 hex digits by which the texts of a variable are told apart."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def names(text: str) -> tuple[str, ...]:
    r"""Return the names of the variables in a text, each once, in the order they come.

    Example:
        >>> names("Say {{word}} in {{ language }}, {{word}}; \\{{no}} and {{a.b}} are none.")
        ('word', 'language')
    """
    found: dict[str, str] = {}
    _replaced(text, found.setdefault)
    return tuple(found)


def rendered(text: str, values: Mapping[str, str]) -> str:
    r"""Return a text with its variables filled in, once: braces in a value stay as they are.

    Args:
        text: The template.
        values: The texts by name; a variable that is not among them stays as it is.

    Example:
        >>> rendered(r"{{ a }} {{b}} \{{a}}", {"a": "{{b}}"})
        '{{b}} {{b}} {{a}}'
    """
    return _replaced(text, values.get, unescape=True)


def escaped(text: str) -> str:
    r"""Return a template that is rendered as this text, whatever is in it.

    Example:
        >>> print(escaped("{{a}} is no variable"))
        \{{a}} is no variable
        >>> rendered(escaped("{{a}}"), {"a": "A value"})
        '{{a}}'
    """
    if "{{" not in text:
        return text

    def put(match: re.Match[str]) -> str:
        name = match[_NAME_ESCAPED] or match[_NAME]
        return f"\\{match[0]}" if name and is_name(name) else match[0]

    return _FOUND.sub(put, text)


def _replaced(text: str, fill: Callable[[str, str], str], *, unescape: bool = False) -> str:
    if "{{" not in text:
        return text

    def put(match: re.Match[str]) -> str:
        whole = match[0]
        if match[_ESCAPED]:
            return whole[1:] if unescape and is_name(match[_NAME_ESCAPED]) else whole
        name = match[_NAME]
        return fill(name, whole) if name and is_name(name) else whole

    return _FOUND.sub(put, text)
