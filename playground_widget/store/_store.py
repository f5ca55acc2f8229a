"""`Store`: threads that last. The one door to a database.

Writing returns a future that is done after the commit; reading blocks the caller, and belongs on
a thread that may wait.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeVar
from weakref import WeakMethod

import sqlalchemy
from sqlalchemy import Connection, insert, select, update

from playground_widget.errors import NotFoundError, StoreError
from playground_widget.events import (
    Added,
    Changed,
    Delta,
    Event,
    Finished,
    Retrying,
    Selected,
    Started,
)
from playground_widget.model import Message, Thread
from playground_widget.store import _runs
from playground_widget.store._list import PAGE, ThreadPage, list_threads
from playground_widget.store._log import Stale, advance, row_of, since
from playground_widget.store._migrations import migrate
from playground_widget.store._open import MEMORY, connect, prepare
from playground_widget.store._owner import RENEWAL
from playground_widget.store._rows import (
    NONE,
    put_messages,
    read_messages,
    thread_from,
    thread_row,
    update_message,
)
from playground_widget.store._schema import (
    raw,
    runs,
    threads,
)
from playground_widget.store._tidy import tidy
from playground_widget.store._writer import Job, Writer

__all__ = ["Ended", "Store", "Stored"]

T = TypeVar("T")

Listener = Callable[[str, "int | None"], None]


class Stored(NamedTuple):
    """A thread as it is in the database.

    Args:
        revision: How many structural changes it has had.
        thread: All of it; running answers hold the text that was written so far.
    """

    revision: int
    thread: Thread


class Ended(NamedTuple):
    """What became of the end of a run.

    Args:
        revision: Of the event that ended it.
        changes: What others did to the thread since the revision that the caller knew, or `None`
            when that is too much; the last one is the end itself.
        ours: Whether the run was still this process's: when not, another process took it for
            abandoned and put it away, and the answer became a version beside that.
    """

    revision: int
    changes: list[tuple[int, Event]] | None
    ours: bool


class Store:
    """A database of threads, shared by all playgrounds of a process that use the same file.

    Args:
        place: A path, or `":memory:"`.

    Raises:
        StoreError: It cannot be used.
    """

    def __init__(self, place: Path | str) -> None:
        """Open the database, and put away what processes that have ended left running."""
        self.place = place
        self.set_aside = prepare(place) if isinstance(place, Path) else None
        self._listeners: list[WeakMethod[Listener]] = []
        self._running: set[tuple[str, str]] = set()
        write = connect(place, write=True)
        self._writer = Writer(write, str(place), pour=_runs.pour, tick=_runs.renew, period=RENEWAL)
        self._reader = None if place == MEMORY else connect(place, write=False)
        # What is only in memory ends with the last playground that uses it.
        weakref.finalize(self, self._writer.end).atexit = False
        if place == MEMORY:
            self._writer.submit(migrate).result()
        with suppress(StoreError):
            # It can wait; `failure` tells what is wrong.
            self._writer.submit(tidy).result()

    @property
    def in_memory(self) -> bool:
        """Whether it ends with this process."""
        return self.place == MEMORY

    @property
    def closed(self) -> bool:
        """Whether nothing can be written any more."""
        return self._writer.closing

    @property
    def failure(self) -> str | None:
        """Why the last write failed, until one succeeds again."""
        return self._writer.failure

    def listen(self, listener: Listener) -> None:
        """Call a method with each thread that this process has written, and its new revision.

        It is called on the writing thread and must not wait. Its object is not kept alive by it.
        """
        self._listeners.append(WeakMethod(listener))

    def _tell(self, thread: str, revision: int | None) -> None:
        listeners = tuple(self._listeners)
        for reference in listeners:
            listener = reference()
            if listener is None:
                self._listeners.remove(reference)
            else:
                listener(thread, revision)

    def close(self, patience: float = 5.0) -> None:
        """Write what waits, and close the file."""
        self._writer.close(patience)
        if self._reader is not None:
            self._reader.dispose()

    def rest(self) -> bool:
        """Hold no connection until `go_on`; return whether that is so."""
        if self._reader is not None:
            self._reader.dispose()
        return self._writer.rest()

    def go_on(self) -> None:
        """Write again."""
        self._writer.go_on()

    # -- reading

    def load(self, thread: str) -> Stored:
        """Return a thread; what processes that have ended left running in it is put away first.

        Raises:
            NotFoundError: There is none.
        """

        def read(connection: Connection) -> Stored | None:
            row = row_of(connection, thread)
            if _runs.abandoned(connection, thread):
                return None
            return Stored(row.revision, thread_from(row, read_messages(connection, thread)))

        found = self._read(read)
        if found is None:
            self._submit(_fold_in(thread), thread).result()
            found = self._read(read)
        if found is None:
            raise StoreError(f"The thread {thread!r} is being put in order elsewhere. Try again.")
        return found

    def since(self, thread: str, revision: int) -> list[tuple[int, Event]] | None:
        """Return what happened to a thread after a revision; `None`: read it whole."""
        return self._read(lambda connection: since(connection, thread, revision))

    def find(self, name: str) -> str | None:
        """Return the id of the thread of that id or title, of several the one changed last."""

        def read(connection: Connection) -> str | None:
            query = (
                select(threads.c.id)
                .where(
                    threads.c.deleted.is_(None),
                    (threads.c.id == name) | (threads.c.title == name),
                )
                .order_by(threads.c.id != name, threads.c.updated.desc())
                .limit(1)
            )
            return connection.execute(query).scalar()

        return self._read(read)

    def page(
        self, search: str | None = None, after: str | None = None, limit: int = PAGE
    ) -> ThreadPage:
        """Return a page of the list of threads, as `list_threads` does."""
        return self._read(lambda connection: list_threads(connection, search, after, limit))

    def recorded(self, thread: str, message: str) -> list[tuple[float, bytes]]:
        """Return what a service sent for an answer that was recorded, each piece with its time."""
        query = (
            select(raw.c.at, raw.c.data)
            .where(raw.c.thread == thread, raw.c.message == message)
            .order_by(raw.c.n)
        )
        return self._read(lambda connection: [(r.at, r.data) for r in connection.execute(query)])

    def request(self, thread: str, message: str) -> str | None:
        """Return what an answer was asked with, as JSON."""
        query = select(runs.c.request).where(runs.c.thread == thread, runs.c.message == message)
        return self._read(lambda connection: connection.execute(query).scalar())

    # -- writing

    def create(self, thread: Thread, revision: int = 0) -> Future[None]:
        """Store a new thread with its messages; none of them may be running."""

        def job(connection: Connection) -> None:
            row = {
                "id": thread.id,
                "revision": revision,
                "created": thread.created,
                "updated": time.time(),
                "pinned": False,
                **thread_row(thread),
            }
            more = put_messages(connection, thread.id, tuple(thread.messages.values()))
            row |= {"messages": more.messages, "branches": 1 + more.branches}
            connection.execute(insert(threads), row)

        return self._submit(job, thread.id)

    def commit(self, thread: str, expected: int, event: Event) -> Future[int]:
        """Write a structural change of a thread that still has the expected revision.

        The future gives the new revision, or raises `Stale` with what happened meanwhile, or
        `NotFoundError` when the thread was deleted.
        """

        def job(connection: Connection) -> int:
            row = row_of(connection, thread)
            if row.revision != expected:
                raise Stale(since(connection, thread, expected))
            return _apply(connection, thread, event)

        done = self._submit(job, thread)
        if isinstance(event, Started):
            answer = (thread, event.message.id)
            done.add_done_callback(lambda future: self._begun(future, answer))
        return done

    def grow(self, thread: str, delta: Delta) -> None:
        """Have text of a running answer written, 50 ms from now at the latest."""
        self._writer.collect(_runs.Grown(thread, delta))

    def record(self, thread: str, message: str, data: bytes) -> None:
        """Have a piece of what a service sent written, word for word."""
        self._writer.collect(_runs.Recorded(thread, message, time.time(), data))

    def finish(self, thread: str, expected: int, message: Message, beside: str) -> Future[Ended]:
        """Write the end of a run: its answer as it is kept.

        It is no compare-and-set, and the thread may have been deleted, since an answer that came
        must not be lost. Where another process took the run for abandoned and put it away, the
        answer becomes a version beside that.

        Args:
            thread: The id of the thread.
            expected: The revision that the caller knows.
            message: The answer.
            beside: The id that the answer gets where it becomes a version beside.
        """

        def job(connection: Connection) -> Ended:
            row = row_of(connection, thread, deleted=True)
            ours = _runs.end(connection, thread, message.id)
            if ours:
                update_message(connection, thread, message)
                now = advance(connection, thread, Finished(message))
            else:
                head = beside if row.head == message.id else row.head
                now = _apply(connection, thread, Added((replace(message, id=beside),), head))
            return Ended(now, since(connection, thread, expected), ours)

        done = self._submit(job, thread)
        done.add_done_callback(lambda future: self._ended(future, (thread, message.id)))
        return done

    def rename(self, thread: str, title: str) -> Future[int]:
        """Give a thread another title."""

        def job(connection: Connection) -> int:
            row_of(connection, thread)
            return _apply(connection, thread, Changed({"title": title}))

        return self._submit(job, thread)

    def pin(self, thread: str, pinned: bool) -> Future[None]:
        """Have a thread stand first in the list, or not."""

        def job(connection: Connection) -> None:
            row_of(connection, thread)
            connection.execute(update(threads).where(threads.c.id == thread).values(pinned=pinned))

        return self._submit(job, thread)

    def delete(self, thread: str) -> Future[None]:
        """Take a thread out of the list; for thirty days it can be brought back."""

        def job(connection: Connection) -> None:
            row_of(connection, thread)
            connection.execute(
                update(threads).where(threads.c.id == thread).values(deleted=time.time())
            )

        return self._submit(job, thread)

    def restore(self, thread: str) -> Future[None]:
        """Bring a deleted thread back; the future raises `NotFoundError` if it is gone for good."""

        def job(connection: Connection) -> None:
            back = update(threads).where(threads.c.id == thread).values(deleted=None)
            if not connection.execute(back).rowcount:
                raise NotFoundError("This thread was deleted for good: it can't be brought back.")

        return self._submit(job, thread)

    # -- inside

    def _submit(self, job: Job[T], thread: str) -> Future[T]:
        done = self._writer.submit(job)

        def tell(future: Future[T]) -> None:
            if not future.cancelled() and future.exception() is None:
                result: object = future.result()
                if isinstance(result, Ended):
                    result = result.revision
                self._tell(thread, result if type(result) is int else None)

        done.add_done_callback(tell)
        return done

    def _read(self, job: Job[T]) -> T:
        if self._reader is None:
            return self._writer.submit(job).result()
        try:
            with self._reader.connect() as connection, connection.begin():
                return job(connection)
        except sqlalchemy.exc.DBAPIError as error:
            raise StoreError(f"{self.place} could not be read: {error.orig}") from None

    def _begun(self, started: Future[int], answer: tuple[str, str]) -> None:
        if not started.cancelled() and started.exception() is None:
            self._running.add(answer)
            self._writer.tick_while(needed=True)

    def _ended(self, ended: Future[Ended], answer: tuple[str, str]) -> None:
        # An end that could not be written comes again, and until then the run is this process's.
        if not ended.cancelled() and not isinstance(ended.exception(), StoreError):
            self._running.discard(answer)
            self._writer.tick_while(needed=bool(self._running))


def _apply(connection: Connection, thread: str, event: Event) -> int:
    """Write what an event makes of a thread, and return its revision."""
    more = NONE
    columns: dict[str, object] = {}
    match event:
        case Added(made, head):
            more = put_messages(connection, thread, made)
            columns["head"] = head
        case Started(message, head):
            more = put_messages(connection, thread, (message,))
            _runs.begin(connection, thread, message)
            columns["head"] = head
        case Selected(head):
            columns["head"] = head
        case Changed(changes):
            row = thread_row(Thread(id=thread, **changes))
            columns = {name: row[name] for name in changes}
        case Retrying() | Finished():
            pass
    return advance(connection, thread, event, more, **columns)


def _fold_in(thread: str) -> Job[None]:
    def job(connection: Connection) -> None:
        _runs.fold(connection, _runs.abandoned(connection, thread))

    return job
