"""A key that can be used and not seen."""

from __future__ import annotations

import itertools
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NoReturn, Self

__all__ = ["Key", "Secret", "fault_of", "mask", "mask_json", "secrets_in", "tail"]

Key = str | Callable[[], str | Awaitable[str]]

_TAIL = 4
_LONG_ENOUGH = 12  # of a shorter key, four characters would be too much to show
_TELLING = 8  # characters of a key that are not there by chance
_A_KEY = 4  # shorter ones are words such as "x", and no secret

_LOOKS_LIKE_A_KEY = re.compile(
    r"""(?<![\w-]) (?: (?:sk|pk|rk|gsk|key|xai|hf|pplx|nvapi|AIza) [-_]? [\w*.-]{8,}
                     | Bearer \s+ [^\s"',;]{8,} )""",
    re.VERBOSE,
)


_HOLDS_A_KEY = re.compile(r"auth|key|token|secret|password|cookie", re.IGNORECASE)


class Secret:
    """Holds a value where no `repr`, `vars`, pickle or copy shows it.

    Example:
        >>> Secret("sk-abcdefghijklmnop1234")
        <Secret …1234>
    """

    __slots__ = ("reveal",)

    def __init__(self, value: Any) -> None:
        # A closure, since everything else that holds a value has it in its attributes.
        self.reveal: Callable[[], Any] = lambda: value

    @property
    def tail(self) -> str | None:
        """The last four characters, or `None` if it is no text or a short one."""
        value = self.reveal()
        return tail(value) if isinstance(value, str) else None

    def __repr__(self) -> str:
        return f"<Secret …{self.tail}>" if self.tail else "<Secret>"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is kept in memory only: it cannot be pickled")


def tail(key: str) -> str | None:
    """Return the last four characters of a key, or `None` if the key is short."""
    return key[-_TAIL:] if len(key) >= _LONG_ENOUGH else None


def fault_of(key: object) -> str | None:
    """Return why a key cannot be sent, or `None`. The key is not in the text."""
    if not isinstance(key, str):
        return None if callable(key) else "A key is text, or a function that gives it."
    if not key.strip():
        return "The key is empty."
    if not key.isascii() or not key.isprintable() or " " in key:
        return (
            "The key has characters that no key has, such as spaces or letters with accents. "
            "It may have been copied with something beside it."
        )
    return None


def secrets_in(headers: Mapping[str, str]) -> list[str]:
    """Return the texts in headers that nobody should see, told by the names of the headers.

    Example:
        >>> secrets_in({"Authorization": "Bearer 0123456789ab", "X-Team": "birds-of-the-south"})
        ['0123456789ab']
    """
    words = (
        # Of a cookie the value, without its name.
        re.sub(r"^[\w-]+=(?=.)", "", word)
        for name, value in headers.items()
        if _HOLDS_A_KEY.search(name)
        for word in re.split(r"[\s;,]+", value)
    )
    return [word for word in words if len(word) >= _LONG_ENOUGH]


def mask(text: str, *keys: str) -> str:
    """Return a text with everything that may be a key, or a part of one of these, shortened.

    Example:
        >>> mask("Incorrect API key provided: sk-abcdefghijklmnop1234.")
        'Incorrect API key provided: …1234.'
    """
    for key in keys:
        if len(key) >= _A_KEY:
            text = _without(text, key)
    return _LOOKS_LIKE_A_KEY.sub(lambda found: _shortened(found[0]), text)


def mask_json(value: Any, *keys: str) -> Any:
    """Return a JSON value with each text in it masked, the names of its fields among them.

    Example:
        >>> mask_json({"a": ["sk-abcdefghijklmnop1234", 1]})
        {'a': ['…1234', 1]}
    """
    if isinstance(value, str):
        return mask(value, *keys)
    if isinstance(value, Mapping):
        return {mask_json(name, *keys): mask_json(item, *keys) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [mask_json(item, *keys) for item in value]
    return value


def _shortened(found: str) -> str:
    bare = found.rstrip(".")
    key = bare.split()[-1]
    return f"{bare[: -len(key)]}…{tail(key) or ''}{found[len(bare) :]}"


def _without(text: str, key: str) -> str:
    """Take a key out of a text, and the pieces of it that a server may have cut out."""
    text = text.replace(key, f"…{tail(key) or ''}")
    found: list[int] = []
    for start in range(len(key) - _TELLING + 1):
        piece = key[start : start + _TELLING]
        at = text.find(piece)
        while at >= 0:
            found.append(at)
            at = text.find(piece, at + 1)
    if not found:
        return text
    hidden = [False] * len(text)
    for at in found:
        hidden[at : at + _TELLING] = [True] * _TELLING
    left = zip(text, hidden, strict=True)
    runs = itertools.groupby(left, key=lambda pair: pair[1])
    return "".join("…" if cut else "".join(c for c, _ in run) for cut, run in runs)
