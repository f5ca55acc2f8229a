"""What went wrong, for a person; and whether the same may be asked again without one.

The words are in `_explain.py`, which imports the SDK: that is loaded with the first failure.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from playground_widget.errors import ErrorInfo, RunError
from playground_widget.provider._case import Case

if TYPE_CHECKING:
    from playground_widget.provider._connection import Connection

__all__ = ["can_retry", "explain"]

_PASSING = {"rate_limited", "server", "connection", "dropped", "timeout"}

_STAYING = {"tokens", "working", "certificate", "location", "proxy"}
"""Facts with which asking again is for a person to decide: some of the answer has come, the service
may still be working on it, or it would go the same way again."""


def explain(
    error: BaseException,
    connection: Connection,
    *,
    model: str,
    had_text: bool,
    tokens: int,
    body: Collection[str] | None = None,
    words: bool = True,
    calls: bool = False,
) -> RunError:
    """Return the error of a run in words for the person who sees it.

    Raise it `from None`, outside of the `except` clause: what is behind it holds the
    request's headers.

    Args:
        error: What `Connection.stream` or `Connection.models` raised.
        connection: The connection it came through.
        model: The model that was asked.
        had_text: Whether any text, reasoning or tool call had arrived.
        tokens: About how many tokens had arrived.
        body: The request, or the names of its fields.
        words: Whether what had arrived can be gone on from.
        calls: Whether calls of tools were among it.
    """
    from playground_widget.provider import _explain  # noqa: PLC0415 (imports the SDK)

    case = Case(connection, model, had_text, tokens, body, words, calls)
    return RunError.of(_explain.explain(error, case))


def can_retry(info: ErrorInfo) -> bool:
    """Return whether the same request may be made again without asking anybody.

    That is so for what passes by itself, and only while nothing of an answer has come.
    """
    return info.kind in _PASSING and not _STAYING & info.facts.keys()
