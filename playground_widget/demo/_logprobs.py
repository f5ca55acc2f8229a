"""Makes up how probable each token was: the same for the same answer, and plausible to look at.

Most tokens are all but certain. Some are a close call, and now and then the one that was taken was
not the most probable.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from typing import Any

__all__ = ["logprobs"]

# What could as well have been said, with and without the space before it.
_OTHERS = (
    "the", "a", "this", "that", "it", "is", "are", "was", "and", "or", "but", "so", "then", "to",
    "of", "in", "on", "for", "with", "by", "you", "we", "they", "can", "will", "may", "one", "two",
    "first", "more", "most", "also", "only", "here", "there", "what", "which", "some", "all", "not",
)  # fmt: skip
# The share of what is left that each alternative takes.
_SHARE = 0.45


def logprobs(tokens: list[str], alternatives: int, salt: int) -> Iterator[dict[str, Any]]:
    """Yield the API's entry for each token.

    Args:
        tokens: Of the answer, in order.
        alternatives: How many of the most probable tokens each entry has, up to 20.
        salt: Another one gives other figures for the same tokens.
    """
    for place, token in enumerate(tokens):
        seen = f"{salt}\0{place}\0{token}".encode(errors="surrogatepass")
        digest = hashlib.sha256(seen).digest()
        doubt = int.from_bytes(digest[:4]) / 2**32
        chosen = 1.0 - 0.8 * doubt**4
        entry = _entry(token, chosen)
        entry["top_logprobs"] = _top(token, chosen, alternatives, digest)
        yield entry


def _top(token: str, chosen: float, count: int, digest: bytes) -> list[dict[str, Any]]:
    found = [(chosen, token)]
    space = " " if token.startswith(" ") else ""
    start, left = digest[4], 1.0 - chosen
    for step in range(count):
        other = space + _OTHERS[(start + 7 * step) % len(_OTHERS)]
        if other != token:
            found.append((left * _SHARE, other))
            left *= 1 - _SHARE
    # Stable, so that equals keep their order.
    found.sort(key=lambda pair: -pair[0])
    return [_entry(other, probability) for probability, other in found[:count]]


def _entry(token: str, probability: float) -> dict[str, Any]:
    return {
        "token": token,
        "logprob": round(math.log(probability), 6) if probability > 0 else -9999.0,
        "bytes": list(token.encode(errors="surrogatepass")),
    }
