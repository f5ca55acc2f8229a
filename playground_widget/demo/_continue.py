"""Goes on with an answer that was cut.

The answers are deterministic, so that the answer to the conversation before the cut can be made
again: if it starts with the text that is there, the rest of it is what remains to be said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from playground_widget.demo._request import Request, Turn

__all__ = ["rest", "unfold"]

# As many wordings are tried as a person is likely to have asked for.
_WORDINGS = 32
_ASKED = re.compile(
    r"\b(?:continue|carry on|go on|resume|pick up)\b.{0,200}"
    r"\b(?:exactly|where|stopped|left off|ended|cut|interrupted|partial|from)\b",
    re.IGNORECASE | re.DOTALL,
)
_LOST = (
    " […] The text before this is not word for word what I would have said, so I can't find the "
    "place where I stopped. A language model would simply go on."
)


def unfold(request: Request) -> tuple[Request, str]:
    """Return the request as it was before the cut, and the part of the answer that is there.

    The part is empty when the request asks for no continuation. An answer that ends the
    conversation is a part too, as servers with "prefill" have it.
    """
    turns = list(request.turns)
    partial = ""
    while True:
        asked = len(turns) > 1 and _asks(turns[-1]) and _partial(turns[-2])
        if asked:
            turns.pop()
        elif not _partial(turns[-1]):
            break
        partial = turns.pop().text + partial
        if not turns:
            return request, ""
    return replace(request, turns=tuple(turns)), partial


def rest(request: Request, partial: str, text_of: Callable[[Request], str]) -> str:
    """Return what comes after `partial` in the answer to `request`."""
    steering = request.steering
    for variant in (steering.variant, *range(_WORDINGS)):
        other = replace(request, steering=replace(steering, variant=variant))
        if other.limit is not None:
            # The limit is for what is still to come.
            other = replace(other, limit=other.limit + len(partial))
        text = text_of(other)
        if text.startswith(partial):
            return text[len(partial) :]
        if text.startswith(partial.rstrip()) and partial.strip():
            return text[len(partial.rstrip()) :].lstrip()
    return _LOST


def _partial(turn: Turn) -> bool:
    return turn.role == "assistant" and bool(turn.text) and not turn.calls


def _asks(turn: Turn) -> bool:
    return turn.role in {"user", "system", "developer"} and bool(_ASKED.search(turn.text))
