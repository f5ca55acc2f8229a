"""Threads that last: in an SQLite file or in PostgreSQL, written by one thread of each process.

A structural change is a compare-and-set on the thread's revision, so that two processes cannot
overwrite each other; text of running answers is appended as it comes and folded at the end.
"""

from playground_widget.store._asks import AskKind
from playground_widget.store._comparisons import (
    ComparisonInfo,
    Comparisons,
    StoredCell,
    StoredComparison,
)
from playground_widget.store._follow import Seen
from playground_widget.store._jobs import Ended
from playground_widget.store._list import Snippet, ThreadFilter, ThreadInfo, ThreadPage, cursor_of
from playground_widget.store._log import Stale
from playground_widget.store._runs import RunInfo
from playground_widget.store._shared import open_store
from playground_widget.store._sqlite_file import StoreWarning
from playground_widget.store._store import Store, Stored

__all__ = [
    "AskKind",
    "ComparisonInfo",
    "Comparisons",
    "Ended",
    "RunInfo",
    "Seen",
    "Snippet",
    "Stale",
    "Store",
    "StoreWarning",
    "Stored",
    "StoredCell",
    "StoredComparison",
    "ThreadFilter",
    "ThreadInfo",
    "ThreadPage",
    "cursor_of",
    "open_store",
]
