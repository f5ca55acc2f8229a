"""Which parts of the words of a command may be secret, by what stands before them."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["secrets_of"]

_NAME = r"[-\w.]*(?:key|token|secret|passw|auth|cookie|credential)[-\w.]*"
_OPTION = re.compile(rf"-{_NAME}", re.IGNORECASE)
# `--api-key=...`, `TOKEN=...` after docker's -e, `Authorization: Bearer ...` after --header
_GIVEN = re.compile(rf"(?:[-\w.]+=)?{_NAME}\s*[=:]\s*(?!//)(.+)", re.IGNORECASE | re.DOTALL)
# `https://example.com/?api_key=...`
_IN_A_QUERY = re.compile(rf"[?&]{_NAME}=([^&#]+)", re.IGNORECASE)
# `postgresql://name:password@localhost/`
_BEFORE_A_HOST = re.compile(r"://(?:[^:/?#\s@]*:)?([^/?#\s]+)@")


def secrets_of(words: Sequence[str]) -> list[list[str]]:
    """Return what may be secret in each word of a command.

    Example:
        >>> secrets_of(["server", "--token", "a-secret", "--auth-key=another", "--fast"])
        [[], [], ['a-secret'], ['another'], []]
    """
    found: list[list[str]] = []
    is_value = False
    for word in words:
        given = _GIVEN.fullmatch(word)
        if is_value:
            parts = [word]
        elif given is not None:
            parts = [given[1]]
        else:
            parts = [*_IN_A_QUERY.findall(word), *_BEFORE_A_HOST.findall(word)]
        found.append(parts)
        is_value = _OPTION.fullmatch(word) is not None
    return found
