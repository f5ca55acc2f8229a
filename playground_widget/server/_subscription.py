"""What can be subscribed to. Each is a stream of the hub's, which paces no run."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

import strawberry
from strawberry import ID, Info

from playground_widget.errors import InputError
from playground_widget.server._comparison_events import ComparisonEventBatch, comparison_batch_of
from playground_widget.server._events import (
    RunEventBatch,
    TextOffset,
    ThreadEventBatch,
    ThreadsChanged,
    run_batch_of,
    thread_batch_of,
)
from playground_widget.server._service import Service

__all__ = ["RESULTS", "Subscription"]


def _offsets(given: list[TextOffset] | None) -> dict[tuple[str, int], int]:
    for each in given or ():
        if each.part < 0 or each.offset < 0:
            raise InputError("A part and an offset are numbers from 0 on.")
    return {(each.message_id, each.part): each.offset for each in given or ()}


def _results(stream: AsyncGenerator[Any]) -> AsyncGenerator[Any]:
    """Return a stream of the hub as that of results, which `RESULTS` makes of what it gives.

    Subscribers in step are given the same object, and its result is made once for all of them.
    """
    return stream


@strawberry.type
class Subscription:
    """What can be subscribed to."""

    @strawberry.subscription
    def thread_events(
        self,
        info: Info[Service, None],
        id: ID,  # noqa: A002 - the schema's word
        revision: int | None = None,
        offsets: list[TextOffset] | None = None,
    ) -> AsyncGenerator[ThreadEventBatch]:
        """What happens to a thread, from now on or from where one was.

        Without a revision a snapshot comes first. With one comes what is missing since, or a
        snapshot where that is not known any more; and the settings.

        Args:
            id: The thread.
            revision: The last one that one has.
            offsets: How much of growing answers one has.
        """
        return _results(info.context.hub.thread_events(id, revision, _offsets(offsets)))

    @strawberry.subscription
    def run_events(
        self,
        info: Info[Service, None],
        thread_id: ID,
        message_id: ID,
        offsets: list[TextOffset] | None = None,
    ) -> AsyncGenerator[RunEventBatch]:
        """One answer: its text, and its end, after which this completes.

        Args:
            thread_id: The thread.
            message_id: The answer.
            offsets: How much of it one has; without them all of its text comes.
        """
        return _results(info.context.hub.run_events(thread_id, message_id, _offsets(offsets)))

    @strawberry.subscription
    def threads_changed(self, info: Info[Service, None]) -> AsyncGenerator[ThreadsChanged]:
        """That the list of threads is another; the first comes at once."""
        return _results(info.context.hub.threads_changed())

    @strawberry.subscription
    def comparison_events(
        self,
        info: Info[Service, None],
        id: ID,  # noqa: A002 - the schema's word
    ) -> AsyncGenerator[ComparisonEventBatch]:
        """What happens in a comparison; a snapshot comes first.

        Args:
            id: The comparison.
        """
        return _results(info.context.hub.comparison_events(id))


RESULTS: Mapping[str, Callable[[Any], object]] = {
    "threadEvents": thread_batch_of,
    "runEvents": run_batch_of,
    "comparisonEvents": comparison_batch_of,
    "threadsChanged": lambda changes: ThreadsChanged(changes=changes),
}
"""What makes the result of a field from what its stream gives."""
