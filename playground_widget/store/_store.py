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
from pathlib import Path
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, select

from playground_widget.errors import StoreError
from playground_widget.events import Delta, Event, Started
from playground_widget.model import Message, Thread
from playground_widget.store import _asks, _comparisons, _jobs, _runs
from playground_widget.store._asks import AskKind
from playground_widget.store._comparisons import Comparisons
from playground_widget.store._database import Database
from playground_widget.store._follow import Follower, ListFollower, Seen
from playground_widget.store._jobs import Ended
from playground_widget.store._list import PAGE, ThreadFilter, ThreadPage, list_threads
from playground_widget.store._listeners import Listeners
from playground_widget.store._log import row_of, since, with_waits
from playground_widget.store._owner import RENEWAL
from playground_widget.store._rows import read_messages, thread_from
from playground_widget.store._runs import RunInfo
from playground_widget.store._schema import raw, runs, threads
from playground_widget.store._tidy import tidy
from playground_widget.store._watch import Watcher
from playground_widget.store._where import database_of
from playground_widget.store._writer import REFUSED, Job, Writer

__all__ = ["Store", "Stored"]

T = TypeVar("T")


class Stored(NamedTuple):
    """A thread as it is in the database.

    Args:
        revision: How many structural changes it has had.
        thread: All of it; running answers hold the text that was written so far.
    """

    revision: int
    thread: Thread


class Store:
    """A database of threads, shared by all playgrounds of a process that use the same one.

    Args:
        place: The database, or what `database_of` takes.

    Raises:
        StoreError: It cannot be used.
    """

    def __init__(self, place: Database | Path | str) -> None:
        """Open the database, and put away what processes that have ended left running."""
        database = database_of(place) if isinstance(place, Path | str) else place
        self._database = database
        self.place: Path | str = database.place
        self.set_aside: str | None = database.prepare()
        self._listeners: Listeners[[str, int | None]] = Listeners()
        self._running: set[tuple[str, str]] = set()
        self._comparing: set[str] = set()
        self._asked: Listeners[[str, str, AskKind]] = Listeners()
        self._writer = Writer(database, pour=_runs.pour, tick=_renew, period=RENEWAL)
        self._reader = None if database.in_memory else database.engine(write=False)
        eyes = database.eyes(self._writer.submit, self._writer.glance)
        self._watcher = Watcher(eyes, database.bells, self._asked, self._writer)
        # What is only in memory ends with the last playground that uses it.
        ends = [self._writer.end, self._watcher.end]
        if self._reader is not None:
            ends.append(self._reader.dispose)
        for end in ends:
            weakref.finalize(self, end).atexit = False
        with suppress(StoreError):
            # It can wait; `failure` tells what is wrong.
            self._writer.submit(tidy).result()

    @property
    def in_memory(self) -> bool:
        """Whether it ends with this process."""
        return self._database.in_memory

    @property
    def closed(self) -> bool:
        """Whether nothing can be written any more."""
        return self._writer.closing

    @property
    def failure(self) -> str | None:
        """Why the last write failed, until one succeeds again."""
        return self._writer.failure

    @property
    def comparisons(self) -> Comparisons:
        """The comparisons that are kept beside the threads."""
        return Comparisons(self._writer.submit, self._read, self._comparing, self._beat)

    def listen(self, listener: Callable[[str, int | None], None]) -> None:
        """Call a method with each thread that this process has written, and its new revision.

        It is called on the writing thread and must not wait. Its object is not kept alive by it.
        """
        self._listeners.add(listener)

    def close(self, patience: float = 5.0) -> None:
        """Write what waits, and close it."""
        self._watcher.close()
        self._writer.close(patience)
        if self._reader is not None:
            self._reader.dispose()

    def rest(self) -> bool:
        """Hold no connection until `go_on`; return whether that is so."""
        if not self._watcher.rest():
            return False
        if self._reader is not None:
            self._reader.dispose()
        rests = self._writer.rest()
        if not rests:
            self._watcher.go_on()
        return rests

    def go_on(self) -> None:
        """Write again."""
        self._writer.go_on()
        self._watcher.go_on()

    def forget(self) -> None:
        """Let go of what belongs to the parent, in the child of a fork."""
        self._watcher.forget()

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
            found = thread_from(row, read_messages(connection, thread))
            return Stored(row.revision, with_waits(connection, found))

        found = self._read(read)
        if found is None:
            self._submit(_jobs.fold_in(thread), thread).result()
            found = self._read(read)
        if found is None:
            raise StoreError(f"The thread {thread!r} is being put in order elsewhere. Try again.")
        return found

    def since(self, thread: str, revision: int) -> list[tuple[int, Event]] | None:
        """Return what happened to a thread after a revision; `None`: read it whole."""
        return self._read(lambda connection: since(connection, thread, revision))

    def is_taken(self, thread: str) -> bool:
        """Return whether there is a thread of an id, be it one that was deleted."""
        query = select(threads.c.id).where(threads.c.id == thread)
        return self._read(lambda connection: connection.execute(query).scalar() is not None)

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
        self,
        search: str | None = None,
        after: str | None = None,
        limit: int = PAGE,
        filter_: ThreadFilter | None = None,
    ) -> ThreadPage:
        """Return a page of the list of threads, as `list_threads` does."""
        return self._read(
            lambda connection: list_threads(connection, search, after, limit, filter_)
        )

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

    def runs(
        self, thread: str | None = None, running: bool | None = None, limit: int = 50
    ) -> list[RunInfo]:
        """Return answers that were asked for, the newest first.

        Args:
            thread: Of this thread alone.
            running: Only those that are being written, or only those that are not.
            limit: The most to return.
        """
        return self._read(lambda connection: _runs.listed(connection, thread, running, limit))

    # -- writing

    def create(self, thread: Thread, revision: int = 0) -> Future[None]:
        """Store a new thread with its messages; none of them may be running."""
        return self._submit(_jobs.create(thread, revision), thread.id)

    def commit(self, thread: str, expected: int, event: Event) -> Future[int]:
        """Write a structural change of a thread that still has the expected revision.

        The future gives the new revision, or raises `Stale` with what happened meanwhile, or
        `NotFoundError` when the thread was deleted.
        """
        done = self._submit(_jobs.commit(thread, expected, event), thread)
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
        done = self._submit(_jobs.finish(thread, expected, message, beside), thread)
        done.add_done_callback(lambda future: self._ended(future, (thread, message.id)))
        return done

    def rename(self, thread: str, title: str) -> Future[int]:
        """Give a thread another title."""
        return self._submit(_jobs.rename(thread, title), thread)

    def pin(self, thread: str, pinned: bool) -> Future[None]:
        """Have a thread stand first in the list, or not."""
        return self._submit(_jobs.pin(thread, pinned), thread)

    def delete(self, thread: str) -> Future[None]:
        """Take a thread out of the list; for thirty days it can be brought back."""
        return self._submit(_jobs.delete(thread), thread)

    def restore(self, thread: str) -> Future[None]:
        """Bring a deleted thread back; the future raises `NotFoundError` if it is gone for good."""
        return self._submit(_jobs.restore(thread), thread)

    # -- what others do, and are asked to do

    def follow(
        self, thread: str, listener: Callable[[Seen], None], mine: Callable[[str], bool]
    ) -> Callable[[], None]:
        """Have a method called with what is done to a thread, by whatever process.

        The first call comes soon, with the revision and all that running answers have grown by.
        A call may tell of the caller's own changes; it says the revision, not what was done.

        Args:
            thread: The id of the thread.
            listener: Called on a thread of the store; must not wait. Its object is not kept alive.
            mine: Called there too, with the id of an answer: whether the caller itself writes it,
                so that its text is left out. The object of a method is not kept alive.

        Returns:
            What ends it. A call that has begun may still come.

        Raises:
            StoreError: The store was closed.
        """
        return self._watcher.follow(Follower(thread, listener, mine))

    def follow_list(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have a method called when the list of threads changed, and once soon.

        The growth of an answer is no change.

        Args:
            listener: Called on a thread of the store; must not wait. Its object is not kept alive.

        Returns:
            What ends it. A call that has begun may still come.

        Raises:
            StoreError: The store was closed.
        """
        return self._watcher.follow(ListFollower(listener))

    def ask(self, thread: str, message: str, kind: AskKind = "stop") -> Future[bool]:
        """Ask something of the process that writes an answer, or makes the call of a tool.

        Args:
            thread: The id of the thread.
            message: The id of the answer, or of the call's message.
            kind: To `stop` it; to `hurry` where it waits; to `allow` a call, `always` this tool, or
                `deny` it.

        The future gives whether it was asked; `False` means that the answer is not being written
        any more. One whose process has ended is put away first, as interrupted.
        """
        asked: Future[bool] = Future()
        asked.set_running_or_notify_cancel()

        def job(connection: Connection) -> tuple[bool, bool]:
            here = self.in_memory or (thread, message) in self._running
            return _asks.ask(connection, thread, message, kind, note=not here), here

        def tell(future: Future[tuple[bool, bool]]) -> None:
            error = future.exception()
            if error is not None:
                asked.set_exception(error)
                return
            runs, here = future.result()
            try:
                if runs and here:
                    self._asked.tell(thread, message, kind)
                elif not runs:
                    # It may have been put away just now.
                    self._listeners.tell(thread, None)
            finally:
                asked.set_result(runs)

        self._writer.submit(job).add_done_callback(tell)
        return asked

    def on_asked(self, listener: Callable[[str, str, AskKind], None]) -> None:
        """Call a method with what is asked of a run of this process: thread, message and kind.

        It is called on a thread of the store and must not wait. Its object is not kept alive.
        """
        self._asked.add(listener)

    # -- inside

    def _submit(self, job: Job[T], thread: str) -> Future[T]:
        done = self._writer.submit(job)

        def tell(future: Future[T]) -> None:
            if not future.cancelled() and future.exception() is None:
                result: object = future.result()
                if isinstance(result, Ended):
                    result = result.revision
                self._listeners.tell(thread, result if type(result) is int else None)

        done.add_done_callback(tell)
        return done

    def _read(self, job: Job[T]) -> T:
        if self._reader is None:
            return self._writer.submit(job, writes=False).result()
        try:
            with self._reader.connect() as connection, connection.begin():
                return job(connection)
        except REFUSED as error:
            reason = self._database.reason(error)
            raise StoreError(f"{self.place} could not be read: {reason}") from None

    def _begun(self, started: Future[int], answer: tuple[str, str]) -> None:
        if not started.cancelled() and started.exception() is None:
            self._running.add(answer)
            self._beat()
            self._heed()

    def _ended(self, ended: Future[Ended], answer: tuple[str, str]) -> None:
        # An end that could not be written comes again, and until then the run is this process's.
        if not ended.cancelled() and not isinstance(ended.exception(), StoreError):
            self._running.discard(answer)
            self._beat()
            self._heed()

    def _beat(self) -> None:
        """Renew leases while there are any."""
        self._writer.tick_while(needed=bool(self._running or self._comparing))

    def _heed(self) -> None:
        # What is only in memory no other process can ask anything of.
        self._watcher.heed(frozenset() if self.in_memory else frozenset(self._running))


def _renew(connection: Connection) -> None:
    _runs.renew(connection)
    _comparisons.renew(connection)
