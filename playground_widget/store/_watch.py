"""The one thread of a process that watches a database, for those who follow and for requests.

It lives only while somebody follows, or while this process writes answers that another one might
ask to stop. It looks when a bell rings, and every 50 ms where not all who write ring one. What this
process itself writes rings for the others, and here only where somebody waits for it.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial

import sqlalchemy
from sqlalchemy import Connection

from playground_widget.errors import StoreError
from playground_widget.store._asks import Asked, AskKind, asked, take
from playground_widget.store._bells import Bell, Bells
from playground_widget.store._eyes import Eyes
from playground_widget.store._follow import Follower, ListFollower, sight
from playground_widget.store._listeners import Listeners
from playground_widget.store._owner import RENEWAL
from playground_widget.store._runs import Grown, Recorded, abandoned, fold
from playground_widget.store._writer import Writer

__all__ = ["Watcher"]

_log = logging.getLogger("playground_widget")

PAUSE = 1.0
"""Seconds until the next look after one that failed."""

PATIENCE = 5.0
"""Seconds for which the end of the thread is waited for."""


class Watcher:
    """Watches a database while it is needed.

    Args:
        eyes: How it is read.
        bells: What wakes the thread.
        asked: Who is told what is asked of runs of this process.
        writer: Deletes the requests that were heard.
    """

    def __init__(
        self, eyes: Eyes, bells: Bells, asked: Listeners[[str, str, AskKind]], writer: Writer
    ) -> None:
        """Begin without a thread."""
        self._eyes = eyes
        self._bells = bells
        self._asked = asked
        self._writer = writer
        self._lock = threading.Lock()
        self._at_work = threading.Lock()
        self._followers: list[Follower | ListFollower] = []
        self._heeds: frozenset[tuple[str, str]] = frozenset()
        self._heeds_more = False
        self._has_news = False
        self._heard: set[Asked] = set()
        self._bell: Bell | None = None
        self._thread: threading.Thread | None = None
        self._process = os.getpid()
        self._ended = False
        self._failed = False
        self._has_runs = False
        self._next_check = 0.0
        writer.wrote = self._wrote

    def follow(self, follower: Follower | ListFollower) -> Callable[[], None]:
        """Have one told what is new from now on; return what ends that."""
        self._writer.check()
        with self._lock:
            self._followers.append(follower)
            self._wake()
        return partial(self._leave, follower)

    def _leave(self, follower: Follower | ListFollower) -> None:
        with self._lock:
            if follower in self._followers:
                self._followers.remove(follower)
                if self._bell is not None:
                    self._bell.ring()

    def heed(self, runs: frozenset[tuple[str, str]]) -> None:
        """Look what is asked of these runs, by thread and message."""
        with self._lock:
            # A request may have come before this was known.
            self._heeds_more = self._heeds_more or bool(runs - self._heeds)
            self._heeds = runs
            if runs:
                self._wake()
            elif self._bell is not None:
                self._bell.ring()

    def _wrote(self, text: Iterable[Grown | Recorded], news: bool) -> None:
        """Tell everybody that this process has written; the writing thread must not wait here."""
        followers = [each for each in tuple(self._followers) if isinstance(each, Follower)]
        grown = {(each.thread, each.delta.message) for each in text if isinstance(each, Grown)}
        try:
            news = news or any(each.wants(*answer) for answer in grown for each in followers)
        except Exception:  # noqa: BLE001 - the look meets it too, and says so
            news = True
        if news:
            self._has_news = True
        self._bells.ring(None if news else self._bell)

    def _wake(self) -> None:
        """Have the thread look at once; the lock is held."""
        if self._ended:
            return
        if self._bell is not None:
            self._bell.ring()
            return
        self._bell = bell = self._bells.make()
        self._thread = threading.Thread(
            target=self._run, args=(bell,), name="playground-watch", daemon=True
        )
        self._thread.start()

    def end(self) -> None:
        """End the thread, without waiting for that."""
        if os.getpid() != self._process:
            return
        with self._lock:
            self._ended = True
            if self._bell is not None:
                self._bell.ring()

    def close(self) -> None:
        """End the thread, and wait for that a while."""
        self.end()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(PATIENCE)

    def rest(self) -> bool:
        """Hold no connection until `go_on`; return whether that is so."""
        rests = self._at_work.acquire(timeout=PAUSE)
        if rests:
            self._eyes.close()
        return rests

    def go_on(self) -> None:
        """Watch again."""
        self._at_work.release()

    def forget(self) -> None:
        """Let go of what belongs to the parent, in the child of a fork."""
        if self._bell is not None:
            self._bell.forget()

    # -- on the thread

    def _run(self, bell: Bell) -> None:
        try:
            while self._is_needed():
                bell.wait(self._eyes.period if self._look() else PAUSE)
        finally:
            # In a child that was forked from a listener, all this is the parent's.
            if os.getpid() == self._process:
                with self._at_work:
                    self._eyes.close()
                bell.close()

    def _is_needed(self) -> bool:
        with self._lock:
            self._followers = [each for each in self._followers if not each.is_gone]
            needed = not self._ended and bool(self._heeds or self._followers)
            if not needed:
                # Whoever comes from now on finds no bell, and starts another thread.
                self._bell = None
            return needed

    def _look(self) -> bool:
        """Read what is new and tell it; return whether it could be read."""
        new: list[Callable[[], None]] = []
        requests: list[Asked] = []
        # As it is before the transaction begins: what is deleted in the middle is still seen there.
        heard = frozenset(self._heard)
        # Cleared only where it was set: what the writer notes in between is for the next look.
        news = self._has_news
        if news:
            self._has_news = False
        try:
            with self._at_work:
                fresh = self._heeds_more or any(each.fresh for each in tuple(self._followers))
                read = partial(self._read, new, requests, news)
                self._eyes.look(read, anyhow=news or fresh or self._check_is_due())
        except (sqlalchemy.exc.SQLAlchemyError, sqlite3.Error, OSError, StoreError) as error:
            if not self._failed and not self._writer.closing:
                _log.warning("What others write can't be seen: %s", error)
            self._failed = True
        except Exception:  # noqa: BLE001 - the next look may go well
            _log.exception("Watching threads ended by a mistake of the playground")
            self._failed = True
        else:
            self._failed = False
        # What was read before it failed is told too: it will not come again.
        for tell in new:
            try:
                tell()
            except Exception:  # noqa: BLE001 - no follower may hold up the others
                _log.exception("A follower raised an error")
        if self._failed and news:
            self._has_news = True
        requests = [each for each in requests if each not in heard]
        if requests:
            self._obey(requests)
        return not self._failed

    def _read(
        self,
        new: list[Callable[[], None]],
        requests: list[Asked],
        news: bool,
        connection: Connection,
        changed: bool,
    ) -> None:
        changed = changed or news
        with self._lock:
            followers = [each for each in self._followers if changed or each.fresh]
            heeds = self._heeds if changed or self._heeds_more else frozenset()
            self._heeds_more = False
        if followers:
            seen = sight(connection, followers)
            self._has_runs = bool(seen.running)
            for follower in followers:
                # At once: the next one may find that the database can't be read any more.
                tell = follower.look(connection, seen)
                if tell is not None:
                    new.append(tell)
        if heeds:
            requests += [each for each in asked(connection) if (each.thread, each.message) in heeds]
        if self._check_is_due():
            self._next_check = time.monotonic() + RENEWAL
            if abandoned(connection):
                self._writer.submit(_put_away)

    def _check_is_due(self) -> bool:
        """Return whether to see to it that whoever writes an answer still lives: it is waited for.

        Runs of this process are alive, and so are most others, so that now and then is enough.
        """
        return self._has_runs and time.monotonic() >= self._next_check

    def _obey(self, requests: list[Asked]) -> None:
        self._heard.update(requests)
        for each in requests:
            self._asked.tell(each.thread, each.message, each.kind)
        try:
            done = self._writer.submit(lambda connection: take(connection, requests))
        except StoreError:
            return

        def forget(_: Future[None]) -> None:
            # One that could not be deleted goes with the others of its age.
            self._heard.difference_update(requests)

        done.add_done_callback(forget)


def _put_away(connection: Connection) -> None:
    fold(connection, abandoned(connection))
