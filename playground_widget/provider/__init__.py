"""Services that answer: one `Connection`, two APIs, one stream of chunks.

Nothing here knows threads, ids or time: a connection makes requests of what it is given and
says what came back.
"""

from __future__ import annotations

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
from playground_widget.provider._failures import can_retry, explain
from playground_widget.provider._limits import Allowance, Limits
from playground_widget.provider._local import SERVERS, Offer, Server, local_servers
from playground_widget.provider._models import ModelInfo, roomier
from playground_widget.provider._param_errors import params_in
from playground_widget.provider._prices import cost, rate, window
from playground_widget.provider._refusals import refusals

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
