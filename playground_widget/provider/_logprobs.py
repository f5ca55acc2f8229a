"""How probable tokens were, as both APIs and the servers like them write it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from playground_widget.model import TokenLogprob
from playground_widget.text import clean_text

__all__ = ["LEAST", "read_logprobs"]

LEAST = -9999.0
"""What OpenAI says of a token that was next to impossible; minus infinity is no JSON."""


def read_logprobs(entries: object) -> list[TokenLogprob]:
    """Return the tokens of a list of `{token, logprob, top_logprobs}`; what is none is left out.

    Example:
        >>> read_logprobs([{"token": "a", "logprob": -0.5, "top_logprobs": None}, {"token": "b"}])
        [TokenLogprob(token='a', logprob=-0.5, top=())]
    """
    found: list[TokenLogprob] = []
    for entry in entries if isinstance(entries, list) else ():
        read = _pair(entry)
        if read is not None:
            given = entry.get("top_logprobs")
            top = map(_pair, given if isinstance(given, list) else ())
            found.append(TokenLogprob(*read, tuple(pair for pair in top if pair is not None)))
    return found


def _pair(entry: object) -> tuple[str, float] | None:
    if not isinstance(entry, Mapping):
        return None
    token, logprob = entry.get("token"), entry.get("logprob")
    if not isinstance(token, str) or isinstance(logprob, bool):
        return None
    if not isinstance(logprob, int | float) or math.isnan(logprob):
        return None
    # Rounding makes some servers say a little more than certain.
    return clean_text(token), max(LEAST, min(0.0, float(logprob)))
