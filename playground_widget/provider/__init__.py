"""Services that answer: one `Connection`, two APIs, one stream of chunks.

Nothing here knows threads, ids or time: a connection makes requests of what it is given and
says what came back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground_widget.provider._arguments import DEMO_LABEL
from playground_widget.provider._carried import Carried
from playground_widget.provider._chunks import (
    Chunk,
    Counted,
    Delta,
    Ended,
    Kind,
    Logprobs,
    Opened,
    ToolDelta,
)
from playground_widget.provider._connection import Connection, default
from playground_widget.provider._limits import Allowance, Limits
from playground_widget.provider._local import SERVERS, Offer, Server, local_servers
from playground_widget.provider._models import ModelInfo, roomier
from playground_widget.provider._prices import cost, rate, window
from playground_widget.provider._refusals import refusals
from playground_widget.provider._refused import params_in

if TYPE_CHECKING:
    from collections.abc import Collection

    from playground_widget.errors import ErrorInfo, RunError

__all__ = [
    "DEMO_LABEL",
    "SERVERS",
    "Allowance",
    "Carried",
    "Chunk",
    "Connection",
    "Counted",
    "Delta",
    "Ended",
    "Kind",
    "Limits",
    "Logprobs",
    "ModelInfo",
    "Offer",
    "Opened",
    "Server",
    "ToolDelta",
    "can_retry",
    "cost",
    "default",
    "explain",
    "local_servers",
    "params_in",
    "rate",
    "refusals",
    "roomier",
    "window",
]

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

    return _explain.explain(
        error,
        connection,
        model=model,
        had_text=had_text,
        tokens=tokens,
        body=body,
        words=words,
        calls=calls,
    )


def can_retry(info: ErrorInfo) -> bool:
    """Return whether the same request may be made again without asking anybody.

    That is so for what passes by itself, and only while nothing of an answer has come.
    """
    return info.kind in _PASSING and not _STAYING & info.facts.keys()
