"""Runs: one background loop a process, the growing answers, and everybody who listens."""

from playground_widget.engine._admission import Admission
from playground_widget.engine._answer import Answering, Ask
from playground_widget.engine._attempts import repeated
from playground_widget.engine._calling import Caller, CallError
from playground_widget.engine._calls import Calls, Toolset
from playground_widget.engine._feed import Feed
from playground_widget.engine._fit import checked
from playground_widget.engine._foreign import described, is_harmless
from playground_widget.engine._functions import Functions, Returned, refuse_inside
from playground_widget.engine._limits import Limiter, Permit
from playground_widget.engine._loop import Engine, engine
from playground_widget.engine._outbox import (
    INTERVAL,
    Batch,
    Committed,
    Listener,
    Opened,
    Removed,
    joined,
)
from playground_widget.engine._passage import Passage
from playground_widget.engine._queue import Begin, Queue
from playground_widget.engine._run import SETTLING, Run
from playground_widget.engine._seen import Seen
from playground_widget.engine._servers import Offer, Servers, Uses, renewed
from playground_widget.engine._session import News
from playground_widget.engine._turn import Turn, open_calls
from playground_widget.engine._wire import Recording, Wire, WireAttempt, Wires, chunk_texts

__all__ = [
    "INTERVAL",
    "SETTLING",
    "Admission",
    "Answering",
    "Ask",
    "Batch",
    "Begin",
    "CallError",
    "Caller",
    "Calls",
    "Committed",
    "Engine",
    "Feed",
    "Functions",
    "Limiter",
    "Listener",
    "News",
    "Offer",
    "Opened",
    "Passage",
    "Permit",
    "Queue",
    "Recording",
    "Removed",
    "Returned",
    "Run",
    "Seen",
    "Servers",
    "Toolset",
    "Turn",
    "Uses",
    "Wire",
    "WireAttempt",
    "Wires",
    "checked",
    "chunk_texts",
    "described",
    "engine",
    "is_harmless",
    "joined",
    "open_calls",
    "refuse_inside",
    "renewed",
    "repeated",
]
