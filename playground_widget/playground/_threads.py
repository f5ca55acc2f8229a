"""The other threads: the list, going to another one, and what is done to one."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from playground_widget.conversation import new_id
from playground_widget.errors import InputError, NotFoundError
from playground_widget.model import Thread
from playground_widget.playground._base import Base, checked_params, text_of_argument
from playground_widget.store import Store, ThreadInfo

__all__ = ["ThreadRef", "Threads", "opened"]

MOST = 1_000_000
"""How many threads a list has at most."""

ThreadRef = ThreadInfo | Thread | str
"""How a thread is named: itself, its entry in the list, its id or its title."""


def resolve_thread(store: Store, thread: ThreadRef) -> str | None:
    """Return the id of the thread that is meant, or `None` when no title is that."""
    if isinstance(thread, ThreadInfo | Thread):
        return thread.id
    given: object = thread
    if not isinstance(given, str) or not given:
        what = "an empty text" if given == "" else type(given).__name__
        raise InputError(f"a thread is named by itself, its id or its title, not {what}")
    return store.find(given)


class Threads(Base):
    """The part of `Playground` that deals with threads other than the open one."""

    def threads(self, search: str | None = None, *, limit: int = 50) -> tuple[ThreadInfo, ...]:
        """Return the threads, pinned ones first, then by their last change, newest first.

        Args:
            search: Words that begin words of what was said, or a piece of a title.
            limit: The most threads to return.

        Example:
            >>> pg = Playground(store=":memory:", connection="demo")
            >>> message = pg.add("Which penguin is heaviest?")
            >>> [len(pg.threads("peng")), len(pg.threads("albatross"))]
            [1, 0]
        """
        given: object = limit
        if not isinstance(given, int) or not 0 < given <= MOST:
            raise InputError(f"limit is a whole number from 1 to {MOST}")
        if search is not None:
            search = text_of_argument("search", search)
        return self._conversation.store.page(search, limit=limit).threads

    def new_thread(
        self,
        system: str | None = None,
        *,
        title: str = "",
        model: str | None = None,
        **params: Any,
    ) -> Thread:
        """Open a new thread in this playground and return it; the views follow.

        It is stored with its first message. A run of the thread before goes on.

        Args:
            system: The system prompt; by default that of the thread before.
            title: What it is called; by default the beginning of its first exchange.
            model: The model to ask; by default that of the thread before.
            **params: Parameters that differ from those of the thread before, as in `Params`.

        Example:
            >>> pg = Playground("Be brief.", connection="demo", messages="Hello")
            >>> pg.new_thread(title="Another").system
            'Be brief.'
            >>> len(pg)
            0
        """
        before = self._session.state.thread
        changes = checked_params("new_thread", params)
        thread = Thread(
            id=new_id(),
            title=text_of_argument("title", title),
            system=before.system if system is None else text_of_argument("system", system),
            model=before.model if model is None else text_of_argument("model", model),
            params=before.params.changed(changes),
            created=time.time(),
        )
        self._engine.call(self._conversation.threads.new, thread)
        return self._session.state.thread

    def open(self, thread: ThreadRef) -> Thread:
        """Open a stored thread in this playground and return it; the views follow.

        A run of the thread before goes on, and is there when that is opened again.

        Args:
            thread: A thread of `threads()`, its id or its title; of several with one title the
                one that was changed last.

        Returns:
            The thread that is open now.

        Raises:
            NotFoundError: There is none.
            StoreError: The store cannot be read.

        Example:
            >>> pg = Playground(connection="demo", title="Penguins", messages="Hello")
            >>> seals = pg.new_thread(title="Seals")
            >>> pg.open("Penguins").title, pg[0].text
            ('Penguins', 'Hello')
        """
        self._do(self._conversation.threads.open, self._thread_id(thread))
        return self._session.state.present()

    def rename(self, title: str, thread: ThreadRef | None = None) -> None:
        """Give a thread another title.

        Args:
            title: The title.
            thread: As in `open`; by default the open one.

        Raises:
            NotFoundError: There is no such thread.

        Example:
            >>> pg = Playground(connection="demo", title="Pengins", messages="Hello")
            >>> pg.rename("Penguins")
            >>> pg.title
            'Penguins'
        """
        self._do(
            self._conversation.threads.rename,
            self._thread_id(thread),
            text_of_argument("title", title),
        )

    def pin(self, thread: ThreadRef | None = None, *, pinned: bool = True) -> None:
        """Have a thread stand first in the list, or not.

        Args:
            thread: As in `open`; by default the open one.
            pinned: Whether it stands first.

        Raises:
            NotFoundError: There is no such thread.

        Example:
            >>> pg = Playground(connection="demo", store=":memory:", messages="Hello")
            >>> pg.pin()
            >>> pg.threads()[0].pinned
            True
        """
        self._do(self._conversation.threads.pin, self._thread_id(thread), pinned)

    def duplicate(self, thread: ThreadRef | None = None) -> ThreadInfo:
        """Store a copy of a thread with all its branches, and return it; it is not opened.

        Args:
            thread: As in `open`; by default the open one.

        Returns:
            The entry of the copy, as `threads` lists it.

        Raises:
            NotFoundError: There is no such thread.

        Example:
            >>> pg = Playground(connection="demo", title="Penguins", messages="Hello")
            >>> pg.duplicate().messages
            1
        """
        copy = self._do(self._conversation.threads.duplicate, self._thread_id(thread))
        stored = self._conversation.store.load(copy).thread
        return ThreadInfo(
            id=copy,
            title=stored.title,
            created=stored.created,
            updated=stored.created,
            messages=len(stored.messages),
        )

    def delete_thread(self, thread: ThreadRef | None = None) -> None:
        """Take a thread out of the list; `undo` brings it back, for thirty days.

        Args:
            thread: As in `open`; by default the open one, and a new one is open afterwards.

        Raises:
            NotFoundError: There is no such thread.

        Example:
            >>> pg = Playground(connection="demo", title="Penguins", messages="Hello")
            >>> pg.delete_thread()
            >>> len(pg), pg.undo(), len(pg)
            (0, 'delete thread', 1)
        """
        self._do(self._conversation.threads.delete, self._thread_id(thread))

    def _thread_id(self, thread: ThreadRef | None) -> str:
        if thread is None:
            return self._session.state.thread.id
        found = resolve_thread(self._conversation.store, thread)
        if found is None:
            open_ = self._session.state.thread
            if thread in {open_.id, open_.title}:
                return open_.id
            raise NotFoundError(
                f"There is no thread {str(thread)[:60]!r}. pg.threads() lists what there is."
            )
        return found


def opened(
    store: Store, thread: ThreadRef | None, start: Thread
) -> tuple[tuple[int | None, Thread], bool]:
    """Return the thread to begin with and its revision, and whether it was stored before.

    Args:
        store: Where threads last.
        thread: Which one, or `None` for a new one. A title that is not there yet is given to a
            new thread, so that a cell that names one can be run the first time and again.
        start: The new thread.

    Raises:
        NotFoundError: There is no thread of this id.
    """
    if thread is None:
        return (None, start), False
    found = resolve_thread(store, thread)
    if found is not None:
        stored = store.load(found)
        return (stored.revision, stored.thread), True
    if not isinstance(thread, str) or _is_id(thread):
        raise NotFoundError(
            f"There is no thread {thread!r} in {store.place}. pg.threads() lists what there is."
        )
    return (None, replace(start, title=start.title or thread)), False


def _is_id(name: str) -> bool:
    return len(name) == len(new_id()) and set(name) <= set("0123456789abcdef")
