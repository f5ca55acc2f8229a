"""A key that can be used and not seen."""

from __future__ import annotations

import itertools
import re
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, Self

from playground_widget.errors import SetupError

__all__ = ["Key", "Secret", "checked_key", "mask", "tail"]

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

    def __repr__(self) -> str:
        value = self.reveal()
        shown = tail(value) if isinstance(value, str) else None
        return f"<Secret …{shown}>" if shown else "<Secret>"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is kept in memory only: it cannot be pickled")


def tail(key: str) -> str | None:
    """Return the last four characters of a key, or `None` if the key is short."""
    return key[-_TAIL:] if len(key) >= _LONG_ENOUGH else None


def checked_key(key: str) -> str:
    """Return a key as it can be sent, without the white space that pasting brings.

    Raises:
        SetupError: No header could hold it. The key is not in the text.
    """
    key = key.strip()
    if not key:
        raise SetupError("The key is empty.")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise SetupError(
            "The key has characters that no key has, such as spaces or letters with accents. "
            "It may have been copied with something beside it."
        )
    return key


def mask(text: str, key: str | None = None) -> str:
    """Return a text with everything that may be a key, or a part of this key, shortened.

    Example:
        >>> mask("Incorrect API key provided: sk-abcdefghijklmnop1234.")
        'Incorrect API key provided: …1234.'
    """
    if key and len(key) >= _A_KEY:
        text = _without(text, key)
    return _LOOKS_LIKE_A_KEY.sub(lambda found: _shortened(found[0]), text)


def _shortened(found: str) -> str:
    bare = found.rstrip(".")
    key = bare.split()[-1]
    return f"{bare[: -len(key)]}…{tail(key) or ''}{found[len(bare) :]}"


def _without(text: str, key: str) -> str:
    """Take a key out of a text, and the pieces of it that a server may have cut out."""
    text = text.replace(key, f"…{tail(key) or ''}")
    hidden = [False] * len(text)
    for start in range(len(key) - _TELLING + 1):
        piece = key[start : start + _TELLING]
        at = text.find(piece)
        while at >= 0:
            hidden[at : at + _TELLING] = [True] * _TELLING
            at = text.find(piece, at + 1)
    left = zip(text, hidden, strict=True)
    runs = itertools.groupby(left, key=lambda pair: pair[1])
    return "".join("…" if cut else "".join(c for c, _ in run) for cut, run in runs)
