"""Runs: one background loop a process, the growing answers, and everybody who listens."""

from playground_widget.engine._answer import Answering, Ask
from playground_widget.engine._feed import Feed
from playground_widget.engine._foreign import described, is_harmless
from playground_widget.engine._loop import Engine, engine
from playground_widget.engine._outbox import (
    Batch,
    Committed,
    Listener,
    Opened,
    Removed,
    joined,
)
from playground_widget.engine._queue import Begin, Queue
from playground_widget.engine._run import SETTLING, Run

__all__ = [
    "SETTLING",
    "Answering",
    "Ask",
    "Batch",
    "Begin",
    "Committed",
    "Engine",
    "Feed",
    "Listener",
    "Opened",
    "Queue",
    "Removed",
    "Run",
    "described",
    "engine",
    "is_harmless",
    "joined",
]
