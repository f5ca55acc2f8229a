"""The one thread that writes a database: jobs in order, many in one transaction.

A job is a function of a connection. It runs between two savepoints, so that one that is refused
costs no other; its future is done after the commit. Text of running answers is not a job each:
it is collected, and written 50 ms after its first byte or with the next job, whichever is first.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, NamedTuple, TypeVar

import sqlalchemy
from sqlalchemy import Connection, PoolProxiedConnection

from playground_widget.errors import StoreError
from playground_widget.store._database import Database

__all__ = ["REFUSED", "Job", "Writer"]

T = TypeVar("T")
Job = Callable[[Connection], T]

_log = logging.getLogger("playground_widget")

DELAY = 0.05
"""Seconds from the first byte of an answer that is unwritten until it is written."""

TOGETHER = 200
"""The most jobs in one transaction, so that another process gets its turn."""

GLANCE = 0.02
"""Seconds that a glance waits for a transaction to end; most take a few milliseconds."""

PAUSE = 1.0
"""Seconds until text that could not be written is tried again."""


REFUSED = (sqlalchemy.exc.DBAPIError, sqlalchemy.exc.TimeoutError, sqlite3.Error, OSError)
"""What a database that can't be used raises."""


class _Waiting(NamedTuple):
    job: Job[Any]
    done: Future[Any]
    writes: bool


class Writer:
    """Runs jobs on a thread of its own.

    Args:
        database: What is written.
        pour: Writes text that was collected; gets all of it.
        tick: Called in a transaction every `period` seconds.
        period: How often.
    """

    def __init__(
        self,
        database: Database,
        *,
        pour: Callable[[Connection, list[Any]], None],
        tick: Callable[[Connection], None],
        period: float,
    ) -> None:
        """Start the thread."""
        self._database = database
        self._engine = database.engine(write=True)
        self._pour = pour
        self._tick = tick
        self._period = period
        self._process = os.getpid()
        self._wake = threading.Condition()
        self._at_work = threading.Lock()
        self._has_ended = False
        self._jobs: deque[_Waiting] = deque()
        self._text: list[Any] = []
        self._due: float | None = None
        self._next_tick: float | None = None
        self.closing = False
        self.failure: str | None = None
        self.wrote: Callable[[list[Any], bool], None] = lambda _text, _news: None
        """Called after each commit that others may wait for, with the text that was written, and
        whether jobs have changed more than that."""
        self._thread = threading.Thread(target=self._run, name="playground-store", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Refuse what another process or a closed database is asked for.

        Raises:
            StoreError: It is so.
        """
        if os.getpid() != self._process:
            raise StoreError(
                f"{self._database.place} belongs to the process that this one was forked from, "
                "which alone reads and writes it. Make another playground here."
            )
        if self.closing:
            raise StoreError(f"{self._database.place} was closed.")

    def submit(self, job: Job[T], *, writes: bool = True) -> Future[T]:
        """Run a job in its turn; the future is done once it is committed.

        Args:
            job: What to do.
            writes: Whether it changes anything that others may wait for.
        """
        self.check()
        done: Future[T] = Future()
        with self._wake:
            # It may have been closed meanwhile.
            self.check()
            self._jobs.append(_Waiting(job, done, writes))
            self._wake.notify()
        return done

    def collect(self, text: Any) -> None:
        """Keep text of a running answer for the next write."""
        with self._wake:
            self._text.append(text)
            if self._due is None:
                self._due = time.monotonic() + DELAY
                self._wake.notify()

    def tick_while(self, needed: bool) -> None:
        """Begin to call `tick`, or end it."""
        with self._wake:
            if not needed:
                self._next_tick = None
            elif self._next_tick is None:
                self._next_tick = time.monotonic() + self._period
                self._wake.notify()

    def inside(self) -> bool:
        """Return whether this is the writing thread."""
        return threading.current_thread() is self._thread

    def end(self) -> None:
        """Write what is there and end, without waiting for that."""
        with self._wake:
            self.closing = True
            self._wake.notify()

    def close(self, patience: float) -> None:
        """Write what is there and end; wait for that at most some seconds."""
        self.end()
        if not self.inside():
            self._thread.join(patience)

    def glance(self, look: Callable[[PoolProxiedConnection], T]) -> T | None:
        """Look at the writing connection; `None` where it is at work, or has ended."""
        if not self._at_work.acquire(timeout=GLANCE):
            return None
        try:
            if self._has_ended:
                return None
            connection = self._engine.raw_connection()
            try:
                return look(connection)
            finally:
                connection.close()
        finally:
            self._at_work.release()

    def rest(self) -> bool:
        """Close the connection and write nothing until `go_on`; return whether that is so."""
        rests = self._at_work.acquire(timeout=PAUSE)
        if rests:
            self._engine.dispose()
        return rests

    def go_on(self) -> None:
        """Write again."""
        self._at_work.release()

    # -- on the thread

    def _run(self) -> None:
        while True:
            taken = self._take()
            if taken is None:
                break
            with self._at_work:
                self._write(*taken)
            # While the next one is waited for, these would hold their store.
            del taken
        with self._at_work:
            self._has_ended = True
            self._engine.dispose()

    def _take(self) -> tuple[list[_Waiting], list[Any], bool] | None:
        """Wait for something to do; `None` means the end."""
        with self._wake:
            while True:
                now = time.monotonic()
                due = self._due is not None and (self._due <= now or self.closing)
                tick = self._next_tick is not None and self._next_tick <= now
                if self._jobs or due or tick:
                    break
                if self.closing:
                    return None
                moments = [at for at in (self._due, self._next_tick) if at is not None]
                self._wake.wait(max(0.0, min(moments) - now) if moments else None)
            taken = [self._jobs.popleft() for _ in range(min(len(self._jobs), TOGETHER))]
            # From here on a job can't be cancelled any more.
            jobs = [job for job in taken if job.done.set_running_or_notify_cancel()]
            text, self._text, self._due = self._text, [], None
            if tick:
                self._next_tick = now + self._period
            return jobs, text, tick

    def _write(self, jobs: list[_Waiting], text: list[Any], tick: bool) -> None:
        results: list[tuple[Future[Any], Any, BaseException | None]] = []
        news = any(each.writes for each in jobs)
        matters = bool(text) or news
        try:
            with self._engine.connect() as connection, connection.begin():
                if text:
                    self._pour(connection, text)
                results += [(each.done, *self._try(connection, each.job)) for each in jobs]
                if tick:
                    self._tick(connection)
                if matters:
                    self._database.announce(connection)
        except (*REFUSED, StoreError) as error:
            failed = error if isinstance(error, StoreError) else self._explained(error)
            # Text is tried again and again; what is wrong is said once.
            if self.failure != str(failed):
                self.failure = str(failed)
                _log.warning("%s", failed)
            self._give_up(jobs, text, failed)
        except Exception as bug:  # noqa: BLE001 - raised again where it was asked for
            _log.exception("Writing a thread ended by a mistake of the playground")
            self._give_up(jobs, text, bug)
        else:
            self.failure = None
            if matters:
                self.wrote(text, news)
            for result in results:
                _tell(*result)

    def _give_up(self, jobs: list[_Waiting], text: list[Any], error: Exception) -> None:
        """Tell whoever waits; text of running answers is kept for another try."""
        self._put_back(text)
        for each in jobs:
            each.done.set_exception(error)

    def _try(self, connection: Connection, job: Job[Any]) -> tuple[Any, BaseException | None]:
        """Run a job; one that raises is taken back, and raises where it was asked for."""
        try:
            connection.exec_driver_sql("SAVEPOINT job")
            result = job(connection)
        except sqlalchemy.exc.DBAPIError as error:
            if not isinstance(error, sqlalchemy.exc.IntegrityError):
                # The whole transaction is in doubt.
                raise
            refused: Exception = error
        except Exception as error:  # noqa: BLE001 - belongs to whoever waits for the job
            refused = error
        else:
            connection.exec_driver_sql("RELEASE job")
            return result, None
        connection.exec_driver_sql("ROLLBACK TO job")
        connection.exec_driver_sql("RELEASE job")
        return None, refused

    def _put_back(self, text: list[Any]) -> None:
        """Keep text that could not be written, for another try a little later."""
        if not text:
            return
        with self._wake:
            if self.closing:
                return
            self._text = text + self._text
            self._due = time.monotonic() + PAUSE

    def _explained(self, error: BaseException) -> StoreError:
        reason = self._database.reason(error)
        return StoreError(
            f"{self._database.place} could not be written: {reason}. What was not saved is still "
            f"here in this session; export it, or {self._database.advice}."
        )


def _tell(done: Future[Any], result: Any, refused: BaseException | None) -> None:
    if refused is None:
        done.set_result(result)
    else:
        done.set_exception(refused)
