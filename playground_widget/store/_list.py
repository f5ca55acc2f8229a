"""The list of threads: pages of it, and search in what was said."""

from __future__ import annotations

import base64
import json
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from playground_widget.errors import InputError
from playground_widget.store._dialect import dialect_of
from playground_widget.store._rows import slices
from playground_widget.store._schema import contents, messages, runs, threads
from playground_widget.store._values import words_in
from playground_widget.text import clean_text

__all__ = ["Snippet", "ThreadFilter", "ThreadInfo", "ThreadPage", "cursor_of", "list_threads"]

PAGE = 50
MOST_WORDS = 32
"""How many words of a search count: SQLite takes only so many conditions."""

NEWEST_FOUND = 2000
"""How many of the newest hits of a search are looked at."""

AROUND = 40
"""Characters of a snippet before its first hit."""
LONGEST_SNIPPET = 140


class Snippet(NamedTuple):
    """A piece of a text in which something was found.

    Args:
        text: The words.
        hit: Whether they are what was searched for.
    """

    text: str
    hit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadInfo:
    """A thread as a list shows it.

    Args:
        id: Opens it, as `Playground(thread=id)`.
        title: What it is called; empty until the first exchange gives a name.
        created: Seconds since the epoch.
        updated: The same, of the last change.
        pinned: Whether it stands first.
        messages: How many messages it has, on all branches.
        branches: How many paths.
        running: Whether an answer is being written.
        snippet: Where a search found something in what was said.

    Example:
        >>> from playground_widget import Playground
        >>> pg = Playground(store=":memory:", connection="demo", title="Penguins", messages="Hi")
        >>> [thread.title for thread in pg.threads()]
        ['Penguins']
    """

    id: str
    title: str
    created: float
    updated: float
    pinned: bool = False
    messages: int = 0
    branches: int = 1
    running: bool = False
    snippet: tuple[Snippet, ...] = field(default=(), repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form.

        Example:
            >>> pg = Playground(store=":memory:", connection="demo", title="Penguins")
            >>> message = pg.add("Hello")
            >>> pg.threads()[0].to_dict()["title"]
            'Penguins'
        """
        data = {name: getattr(self, name) for name in self.__slots__ if name != "snippet"}
        if self.snippet:
            data["snippet"] = [piece._asdict() for piece in self.snippet]
        return data


class ThreadPage(NamedTuple):
    """Some threads of a list, in order.

    Args:
        threads: At most fifty.
        after: What asks for those that follow, or `None` at the end.
    """

    threads: tuple[ThreadInfo, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadFilter:
    """Which threads of a list are wanted; all conditions hold together.

    Args:
        pinned: Those that stand first, or those that don't.
        running: Those in which an answer is being written, or those in which none is.
        updated_after: Those changed later than that, in seconds since the epoch.
        updated_before: Those changed earlier than that.
    """

    pinned: bool | None = None
    running: bool | None = None
    updated_after: float | None = None
    updated_before: float | None = None


_RUNNING = exists().where(runs.c.thread == threads.c.id, runs.c.running)
_ORDER = (threads.c.pinned.desc(), threads.c.updated.desc(), threads.c.id)


def list_threads(
    connection: Connection,
    search: str | None = None,
    after: str | None = None,
    limit: int = PAGE,
    filter_: ThreadFilter | None = None,
) -> ThreadPage:
    """Return threads, pinned ones first, then by their last change, newest first.

    A page begins after a place in that order, not after a number of threads, so that a list that
    changes meanwhile neither skips nor repeats what did not.

    Args:
        connection: In a transaction.
        search: Words that begin words of what was said, all in one message, or a piece of a title.
        after: The `after` of the page before, or the cursor of a thread.
        limit: The most threads to return.
        filter_: Which threads; by default all.

    Raises:
        InputError: `after` is none that was given.
    """
    query = (
        select(threads, _RUNNING.label("is_running"))
        .where(threads.c.deleted.is_(None), *_filtered(filter_ or ThreadFilter()))
        .order_by(*_ORDER)
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(_past(after))
    found: Mapping[str, int] = {}
    words = clean_text(search or "").split()[:MOST_WORDS]
    if words:
        found = _search(connection, words)
        titled = [dialect_of(connection).has_title(word) for word in words]
        query = query.where(or_(and_(*titled), threads.c.id.in_(list(found))))
    rows = list(connection.execute(query))
    shown = rows[:limit]
    hits = _texts(connection, [found[row.id] for row in shown if row.id in found])
    infos = tuple(
        ThreadInfo(
            id=row.id,
            title=row.title,
            created=row.created,
            updated=row.updated,
            pinned=row.pinned,
            messages=row.messages,
            branches=row.branches,
            running=row.is_running,
            snippet=snippet(hits[found[row.id]], words) if row.id in found else (),
        )
        for row in shown
    )
    if len(rows) <= limit:
        return ThreadPage(infos, None)
    return ThreadPage(infos, cursor_of(infos[-1]) if infos else after)


def _filtered(wanted: ThreadFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.pinned is not None:
        yield threads.c.pinned if wanted.pinned else ~threads.c.pinned
    if wanted.running is not None:
        yield _RUNNING if wanted.running else ~_RUNNING
    if wanted.updated_after is not None:
        yield threads.c.updated > wanted.updated_after
    if wanted.updated_before is not None:
        yield threads.c.updated < wanted.updated_before


def cursor_of(info: ThreadInfo) -> str:
    """Return what asks for the threads that follow one in the list.

    Example:
        >>> info = ThreadInfo(id="t", title="Penguins", created=0.0, updated=1.5)
        >>> cursor_of(info)
        'W2ZhbHNlLCAxLjUsICJ0Il0='
    """
    place = json.dumps([info.pinned, info.updated, info.id])
    return base64.urlsafe_b64encode(place.encode()).decode()


def _place(after: str) -> tuple[bool, float, str]:
    """Return whether the thread of a cursor was pinned, when it was changed, and its id."""
    try:
        match json.loads(base64.b64decode(after, altchars=b"-_", validate=True)):
            case [bool(pinned), int() | float() as updated, str(name)] if (
                not isinstance(updated, bool)
                and math.isfinite(updated)
                and clean_text(name) == name
            ):
                return pinned, float(updated), name
    except (ValueError, OverflowError, RecursionError):
        pass
    raise InputError("after is what an earlier page of the list gave")


def _past(after: str) -> ColumnElement[bool]:
    """Return the condition on threads to come after the one of a cursor."""
    pinned, updated, name = _place(after)
    later = or_(
        threads.c.updated < updated, and_(threads.c.updated == updated, threads.c.id > name)
    )
    below = ~threads.c.pinned
    return or_(below, later) if pinned else and_(below, later)


def _search(connection: Connection, wanted: Sequence[str]) -> dict[str, int]:
    """Return the threads in which a message has all words, each with the newest of its hits."""
    words = [word for each in wanted for word in re.findall(r"[^\W_]+", each)][:MOST_WORDS]
    if not words or all(len(word) == 1 and word.isascii() for word in words):
        # One letter begins a word of almost every message.
        return {}
    places = dialect_of(connection).find(connection, words, NEWEST_FOUND)
    found: dict[str, int] = {}
    for some in slices(places):
        query = (
            select(messages.c.thread, messages.c.content)
            .where(messages.c.content.in_(some))
            .order_by(messages.c.content.desc())
        )
        for thread, place in connection.execute(query):
            found.setdefault(thread, place)
    return found


def _texts(connection: Connection, places: Sequence[int]) -> dict[int, str]:
    query = select(contents).where(contents.c.n.in_(places))
    return {row.n: words_in(row.parts) for row in connection.execute(query)}


def snippet(said: str, words: Sequence[str]) -> tuple[Snippet, ...]:
    """Return a piece of a text around the first word that was found, with the hits told apart.

    Example:
        >>> [piece.text for piece in snippet("Which is heaviest?", ["heav"])]
        ['Which is ', 'heav', 'iest?']
    """
    plain = "".join(_base(character) for character in said)
    wanted = [re.escape("".join(map(_base, w))) for word in words for w in re.findall(r"\w+", word)]
    pattern = re.compile(rf"\b(?:{'|'.join(wanted)})") if wanted else None
    first = pattern.search(plain) if pattern else None
    if pattern is None or first is None:
        return ()
    begin = max(0, first.start() - AROUND)
    end = min(len(said), begin + LONGEST_SNIPPET)
    pieces: list[Snippet] = []
    at = begin
    for hit in pattern.finditer(plain, first.start(), end):
        pieces += [Snippet(said[at : hit.start()], hit=False)]
        pieces += [Snippet(said[hit.start() : hit.end()], hit=True)]
        at = hit.end()
    pieces.append(Snippet(said[at:end], hit=False))
    if begin:
        pieces[0] = Snippet(f"…{pieces[0].text.lstrip()}", hit=False)
    if end < len(said):
        pieces[-1] = Snippet(f"{pieces[-1].text.rstrip()}…", hit=False)
    return tuple(Snippet(re.sub(r"\s+", " ", p.text), p.hit) for p in pieces if p.text)


def _base(character: str) -> str:
    """Return one character for one: without its accents, in lower case, as search sees it."""
    return unicodedata.normalize("NFKD", character)[0].lower()[0]
