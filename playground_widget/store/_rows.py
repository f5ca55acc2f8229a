"""Messages in and out of the tables; each function runs in a transaction of its caller."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from playground_widget.events import Delta, Live
from playground_widget.model import Message, Params, Part, Prompt, Thread
from playground_widget.store._dialect import dialect_of
from playground_widget.store._schema import blobs, contents, growth, messages
from playground_widget.store._values import (
    blobs_in_facts,
    blobs_named,
    blobs_of,
    facts_of,
    message_from,
    pack,
    unpack,
    words_of,
)

__all__ = [
    "NONE",
    "More",
    "delta_of",
    "grown",
    "put_content",
    "put_messages",
    "read_messages",
    "slices",
    "thread_from",
    "thread_row",
    "update_message",
]

T = TypeVar("T")

_AT_ONCE = 500
"""How many values one statement names; SQLite's own limit is far above."""


def slices(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Give items in as many pieces as it takes for one statement to name each piece."""
    for at in range(0, len(items), _AT_ONCE):
        yield items[at : at + _AT_ONCE]


# -- what messages say


# Statements are made once where they can be: making one takes longer than what SQLite does with it.
_LAST_PLACE = select(func.coalesce(func.max(contents.c.n), 0))
_PLACES = select(contents.c.hash, contents.c.n).where(
    contents.c.hash.in_(bindparam("hashes", expanding=True))
)
_PUT_CONTENT = insert(contents)


def put_content(connection: Connection, several: Sequence[tuple[Part, ...]]) -> list[int | None]:
    """Store what messages say, each thing once, and return where it is; nothing is `None`."""
    packed = [pack(content) if content else None for content in several]
    texts = {p.hash: (p.parts, words_of(c)) for p, c in zip(packed, several, strict=True) if p}
    places = _places(connection, list(texts))
    new = [hash_ for hash_ in texts if hash_ not in places]
    if new:
        # Nobody else can write meanwhile.
        last = connection.execute(_LAST_PLACE).scalar_one()
        places |= {hash_: last + n for n, hash_ in enumerate(new, start=1)}
        rows = [{"n": places[hash_], "hash": hash_, "parts": texts[hash_][0]} for hash_ in new]
        connection.execute(_PUT_CONTENT, rows)
        said = [(places[hash_], texts[hash_][1]) for hash_ in new]
        dialect_of(connection).put_words(connection, said)
    pictures = [
        {"hash": hash_, "data": data} for p in packed if p for hash_, data in p.blobs.items()
    ]
    _put_blobs(connection, pictures)
    return [places[p.hash] if p else None for p in packed]


def _put_blobs(connection: Connection, rows: Sequence[Mapping[str, bytes]]) -> None:
    if rows:
        connection.execute(dialect_of(connection).add_once(blobs), rows)


def _put_variables(connection: Connection, several: Iterable[Message]) -> None:
    found = {hash_: data for message in several for hash_, data in blobs_of(message).items()}
    _put_blobs(connection, [{"hash": hash_, "data": data} for hash_, data in found.items()])


def _places(connection: Connection, hashes: Sequence[bytes]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for some in slices(hashes):
        found |= {row.hash: row.n for row in connection.execute(_PLACES, {"hashes": some})}
    return found


def _unpacked(connection: Connection, packed: Iterable[str]) -> dict[str, tuple[Part, ...]]:
    texts = set(packed)
    pictures = _blobs(connection, (hash_ for parts in texts for hash_ in blobs_named(parts)))
    return {parts: unpack(parts, pictures) for parts in texts}


def _blobs(connection: Connection, named: Iterable[bytes]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for some in slices(list(set(named))):
        query = select(blobs.c.hash, blobs.c.data).where(blobs.c.hash.in_(some))
        found |= {row.hash: row.data for row in connection.execute(query)}
    return found


# -- messages


_PUT_MESSAGES = insert(messages)
_SIBLINGS = (
    select(messages.c.parent, func.count().label("n"))
    .where(
        messages.c.thread == bindparam("of"),
        messages.c.parent.in_(bindparam("parents", expanding=True)),
    )
    .group_by(messages.c.parent)
)
_FIRST_ONES = (
    select(func.count())
    .select_from(messages)
    .where(messages.c.thread == bindparam("of"), messages.c.parent.is_(None))
)


class More(NamedTuple):
    """By how much a thread grows.

    Args:
        messages: How many more messages it has.
        branches: How many more paths.
    """

    messages: int
    branches: int


NONE = More(0, 0)


def put_messages(connection: Connection, thread: str, made: Sequence[Message]) -> More:
    """Add messages to a thread and return by how much it grows."""
    if not made:
        return NONE
    more = More(len(made), _new_branches(connection, thread, made))
    places = put_content(connection, [message.content for message in made])
    _put_variables(connection, made)
    rows = [
        {
            "thread": thread,
            "id": message.id,
            "parent": message.parent,
            "role": message.role,
            "status": message.status,
            "content": place,
            "facts": facts_of(message),
        }
        for message, place in zip(made, places, strict=True)
    ]
    connection.execute(_PUT_MESSAGES, rows)
    return more


def _new_branches(connection: Connection, thread: str, made: Sequence[Message]) -> int:
    """Return how many more paths there are: each child of a parent but its first begins one."""
    added = Counter(message.parent for message in made)
    there: Counter[str | None] = Counter()
    if None in added:
        there[None] = connection.execute(_FIRST_ONES, {"of": thread}).scalar_one()
    for some in slices([parent for parent in added if parent is not None]):
        found = connection.execute(_SIBLINGS, {"of": thread, "parents": some})
        there.update({row.parent: row.n for row in found})
    return sum(count - (not there[parent]) for parent, count in added.items())


def update_message(connection: Connection, thread: str, message: Message) -> None:
    """Put an answer in the place of what it was while it was being written."""
    (place,) = put_content(connection, [message.content])
    _put_variables(connection, [message])
    connection.execute(
        update(messages)
        .where(messages.c.thread == thread, messages.c.id == message.id)
        .values(status=message.status, content=place, facts=facts_of(message))
    )
    connection.execute(
        delete(growth).where(growth.c.thread == thread, growth.c.message == message.id)
    )


_BY_THREAD = (
    select(messages, contents.c.parts)
    .join_from(messages, contents, messages.c.content == contents.c.n, isouter=True)
    .where(messages.c.thread == bindparam("of"))
    .order_by(messages.c.n)
)


def read_messages(
    connection: Connection, thread: str, ids: Sequence[str] | None = None
) -> dict[str, Message]:
    """Return messages of a thread in the order they came, running answers with their text so far.

    Args:
        connection: In a transaction, so that all is of one moment.
        thread: The id of the thread.
        ids: Only these; by default all.
    """
    rows: list[Any] = []
    if ids is None:
        rows += connection.execute(_BY_THREAD, {"of": thread})
    else:
        for some in slices(ids):
            rows += connection.execute(_BY_THREAD.where(messages.c.id.in_(some)), {"of": thread})
    said = _unpacked(connection, (row.parts for row in rows if row.parts))
    values = _blobs(connection, (hash_ for row in rows for hash_ in blobs_in_facts(row.facts)))
    found = {
        row.id: message_from(row, said[row.parts] if row.parts else (), values) for row in rows
    }
    for identity, message in found.items():
        if message.status == "streaming":
            found[identity] = grown(connection, thread, message)
    return found


def grown(connection: Connection, thread: str, message: Message) -> Message:
    """Return a running answer with the text that was written of it so far."""
    live = Live(message.content)
    query = (
        select(growth)
        .where(growth.c.thread == thread, growth.c.message == message.id)
        .order_by(growth.c.n)
    )
    for row in connection.execute(query):
        live.append(delta_of(row))
    return replace(message, content=live.freeze(), tokens=live.tokens or None)


def delta_of(row: Any) -> Delta:
    """Return the text of a row of `growth`."""
    call = tuple(json.loads(row.call)) if row.call else None
    return Delta(row.message, row.part, row.position, row.text, row.kind, row.tokens, call)


# -- the thread's own fields


def thread_row(thread: Thread) -> dict[str, Any]:
    """Return the columns of a thread's own fields."""
    return {
        "title": thread.title,
        "system": thread.system,
        "prompts": json.dumps([p.to_dict() for p in thread.prompts], ensure_ascii=False),
        "model": thread.model,
        "params": json.dumps(thread.params.to_dict(), ensure_ascii=False),
        "head": thread.head,
    }


def thread_from(row: Any, made: dict[str, Message]) -> Thread:
    """Return the thread of a row of `threads` and its messages."""
    return Thread(
        id=row.id,
        messages=made,
        head=row.head,
        title=row.title,
        system=row.system,
        prompts=tuple(Prompt(**prompt) for prompt in json.loads(row.prompts)),
        model=row.model,
        params=Params().changed(json.loads(row.params)),
        created=row.created,
    )
