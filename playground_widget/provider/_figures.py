"""Figures that services write into headers and error messages, in the wordings seen so far."""

from __future__ import annotations

import datetime as dt
import email.utils
import math
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["is_too_long", "number_in", "retry_after", "token_figures"]

# OpenAI, Groq, vLLM, llama.cpp, Ollama, LM Studio, Anthropic, Google, Mistral, TGI, OpenRouter
_TOO_LONG = re.compile(
    r"""context[ _-]?(length|window|size|limit|overflow)
    | maximum\ (model|context|input|prompt)\ length
    | (input|prompt)\ (is\ )?too\ long
    | prompt\ contains\ \d+\ tokens
    | token\ count\ .*exceeds
    | context\ the\ overflows
    | `inputs`\ tokens
    | reduce\ the\ length\ of\ the\ (messages|prompt)
    | request\ too\ large\ for
    | exceed_context_size""",
    re.VERBOSE | re.IGNORECASE,
)
# Two groups are added: what is read, and what was asked to be written.
_NEEDED = [
    r"(\d+) \+ (\d+) >",
    r"passed (\d+) input tokens and requested (\d+)",
    r"given: (\d+) `inputs` tokens and (\d+)",
    r"request \((\d+) tokens",
    r"token count \((\d+)\)",
    r"too long: (\d+)",
    r"\(length (\d+)\)",
    r"contains (\d+) tokens",
    r"resulted in (\d+)",
    r"keep the first (\d+)",
    r"requested:? (?:about )?(\d+)",
]
_LIMIT = [
    r"> (\d+)",
    r"must be <= (\d+)",
    r"tokens allowed \((\d+)\)",
    r"context size \((\d+)",
    r"with (\d+) maximum context",
    r"(?:context|model) (?:length|window|size) (?:is|of) (?:only )?(\d+)",
    r"limit:? (\d+)",
]
_AGAIN = re.compile(r"(?:again|retry) in ((?:\d+(?:\.\d+)?(?:ms|[hms])\s*)+)", re.IGNORECASE)
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def is_too_long(words: str) -> bool:
    """Return whether an error's code and message say that the request has too many tokens."""
    return bool(_TOO_LONG.search(words))


def token_figures(message: str, error: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Return how many tokens a request needed and how many there may be, where it says so.

    Args:
        message: Of the error, of a few hundred characters: the search grows with its square.
        error: The error object, for those that have figures in fields of their own.

    Example:
        >>> token_figures("prompt is too long: 210000 tokens > 200000 maximum", {})
        (210000, 200000)
    """
    needed, limit = error.get("n_prompt_tokens"), error.get("n_ctx")  # llama.cpp
    if isinstance(needed, int) and isinstance(limit, int):
        return needed, limit
    text = re.sub(r"(?<=\d),(?=\d{3})", "", message)
    return _first(_NEEDED, text), _first(_LIMIT, text)


def _first(patterns: list[str], text: str) -> int | None:
    for pattern in patterns:
        if found := re.search(pattern, text, re.IGNORECASE | re.DOTALL):
            # Longer numbers are no token counts, and int() refuses very long ones.
            return sum(int(group[:12]) for group in found.groups())
    return None


def retry_after(headers: Mapping[str, str], message: str, now: dt.datetime) -> float | None:
    """Return how many seconds a service asks to wait, or `None` if it does not say.

    Args:
        headers: Of its answer, by lower-case name: `retry-after-ms`, `retry-after` in
            seconds or as an HTTP date (RFC 9110). A date is counted from the one at which the
            service says that it answered, since this machine's clock may be wrong.
        message: Some say it only there, as "try again in 1m2.5s".
        now: With a time zone, for a service that does not say when it answered.
    """
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        if (seconds := number_in(headers.get(name, ""))) is not None:
            return seconds * unit
    then = _date(headers.get("retry-after", ""))
    if then is not None:
        return max(0.0, (then - (_date(headers.get("date", "")) or now)).total_seconds())
    if found := _AGAIN.search(message):
        parts = re.findall(r"(\d+(?:\.\d+)?)(ms|[hms])", found[1], re.IGNORECASE)
        seconds = sum(float(n) * _UNITS[unit.lower()] for n, unit in parts)
        return seconds if math.isfinite(seconds) else None
    return None


def _date(text: str) -> dt.datetime | None:
    try:
        date = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=dt.UTC)


def number_in(text: str) -> float | None:
    """Return the number that a header gives, or `None` if it is none that could be meant."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
