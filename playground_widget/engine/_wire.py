"""What was sent for an answer and what came back, kept in memory for a look at it.

The loop only appends to what is kept. Bytes become text, and keys are masked, when somebody looks:
`Recording.read` does that, on a thread that may wait.
"""

from __future__ import annotations

import codecs
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from playground_widget.text import clean_text

if TYPE_CHECKING:
    from playground_widget.provider import Connection

__all__ = ["LARGEST", "MOST", "Recording", "Wire", "WireAttempt", "Wires", "chunk_texts"]

MOST = 20
"""How many answers of this process are kept, the last ones."""

LARGEST = 4 * 2**20
"""Bytes that are kept of one answer, its request among them; what comes after is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WireAttempt:
    """One time that a request was made.

    Args:
        at: When it was sent, in seconds since the epoch.
        wait: Seconds that were waited before it.
        status: Of HTTP, or `None` while there is no answer.
        request_id: The service's id of it, for its support.
        error: Why it failed, in a sentence.

    Example:
        >>> pg = Playground(connection="demo", model="demo-fast")
        >>> attempt = pg.wire(pg.send("Hello")).attempts[0]
        >>> attempt.status, attempt.wait, attempt.error
        (200, 0.0, None)
    """

    at: float
    wait: float = 0.0
    status: int | None = None
    request_id: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What was sent for an answer, and what came back: no headers, and no key.

    Args:
        url: Where it was sent.
        method: Of HTTP.
        body: The request's JSON.
        rebuilt: Whether the body was made anew from what is stored, rather than kept as it was
            sent: the answer is of another process, or of a while ago.
        attempts: Each time that it was sent, the first one first.
        chunks: What the last attempt brought, one for each read of the network: seconds since it
            was sent, and the text, word for word.
        omitted: How many later chunks were not kept, or not whole: there was too much of them.
        recorded: Whether chunks were kept at all.

    Example:
        >>> from playground_widget import Playground
        >>> pg = Playground(connection="demo", model="demo-fast")
        >>> wire = pg.wire(pg.send("Hello"))
        >>> wire.body["messages"]
        [{'role': 'user', 'content': 'Hello'}]
        >>> wire.attempts[0].status, wire.chunks[0][1].startswith("data: ")
        (200, True)
    """

    url: str
    body: Mapping[str, Any]
    method: str = "POST"
    rebuilt: bool = False
    attempts: tuple[WireAttempt, ...] = ()
    chunks: tuple[tuple[float, str], ...] = ()
    omitted: int = 0
    recorded: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form.

        Example:
            >>> Wire(url="http://localhost/v1", body={"model": "demo"}).to_dict()["request"]["body"]
            {'model': 'demo'}
        """
        return {
            "request": {"url": self.url, "method": self.method, "body": dict(self.body)},
            "rebuilt": self.rebuilt,
            "attempts": [
                {
                    "at": attempt.at,
                    "wait": attempt.wait,
                    "status": attempt.status,
                    "request_id": attempt.request_id,
                    "error": attempt.error,
                }
                for attempt in self.attempts
            ],
            "chunks": [{"at": at, "text": text} for at, text in self.chunks],
            "omitted": self.omitted,
            "recorded": self.recorded,
        }


class Recording:
    """What is kept of one answer while it is written. Its methods belong to the loop's thread.

    Args:
        connection: Where it is asked; knows the key that must not be shown.

    Attributes:
        body: The request as it was last sent, or `None` where it is too large to be kept, or
            nothing was sent.
    """

    __slots__ = (
        "_attempts",
        "_blocks",
        "_omitted",
        "_size",
        "_url",
        "_wait",
        "_zero",
        "body",
        "connection",
    )

    def __init__(self, connection: Connection) -> None:
        """Begin with nothing sent."""
        self.connection: Connection = connection
        self.body: Mapping[str, Any] | None = None
        self._url = ""
        self._attempts: list[WireAttempt] = []
        self._blocks: list[tuple[float, bytes]] = []
        self._omitted = 0
        self._size = 0
        self._wait = 0.0
        self._zero = 0.0

    @property
    def was_sent(self) -> bool:
        """Whether any request was made."""
        return bool(self._attempts)

    def waiting(self, seconds: float) -> None:
        """Note the wait before the next attempt."""
        self._wait = seconds

    def sending(self, url: str, body: Mapping[str, Any]) -> None:
        """Note another attempt; what the one before brought is no part of the answer."""
        size = _size(body, LARGEST)
        self._url = url
        self.body = body if size <= LARGEST else None
        self._size = size if size <= LARGEST else 0
        self._blocks, self._omitted = [], 0
        self._attempts.append(WireAttempt(at=time.time(), wait=self._wait))
        self._wait = 0.0
        self._zero = time.monotonic()

    def answered(self, status: int, request_id: str | None, url: str) -> None:
        """Note how the last attempt was answered."""
        self._url = url
        self._amend(status=status, request_id=request_id)

    def received(self, block: bytes) -> None:
        """Keep a block, or as much of it as there is room for."""
        room = LARGEST - self._size
        self._size += len(block)
        if len(block) > room:
            self._omitted += 1
            block = block[: max(0, room)]
        if block:
            self._blocks.append((time.monotonic() - self._zero, block))

    def failed(self, why: str) -> None:
        """Note why the last attempt failed."""
        self._amend(error=why)

    def _amend(self, **changes: Any) -> None:
        if self._attempts:
            self._attempts[-1] = replace(self._attempts[-1], **changes)

    def reader(self) -> Callable[[Mapping[str, Any] | None], Wire]:
        """Return what makes the present state one to look at, on a thread that may wait.

        It is given the request as it can be rebuilt, for where none was kept.
        """
        kept, url, attempts = self.body, self._url, tuple(self._attempts)
        blocks, omitted = tuple(self._blocks), self._omitted
        connection = self.connection

        def read(rebuilt: Mapping[str, Any] | None) -> Wire:
            body = rebuilt or {} if kept is None else kept
            masked = (
                replace(
                    each,
                    request_id=each.request_id and connection.mask(each.request_id),
                    error=each.error and connection.mask(each.error),
                )
                for each in attempts
            )
            return Wire(
                url=connection.mask(_plain(url)),
                body=connection.mask_json(body),
                rebuilt=kept is None,
                attempts=tuple(masked),
                chunks=tuple(chunk_texts(blocks, connection.mask)),
                omitted=omitted,
                recorded=True,
            )

        return read


class Wires:
    """The recordings of the last answers of this process. Belongs to the loop's thread."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: OrderedDict[str, Recording] = OrderedDict()

    def begin(self, message: str, connection: Connection) -> Recording:
        """Return what keeps an answer that begins; the oldest one gives way."""
        made = self._kept[message] = Recording(connection)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return made

    def rename(self, message: str, kept_as: str) -> None:
        """Follow an answer that is kept under another id than it was begun with."""
        if message != kept_as and message in self._kept:
            self._kept[kept_as] = self._kept.pop(message)

    def of(self, message: str) -> Recording | None:
        """Return what is kept of an answer, if anything is."""
        return self._kept.get(message)


def chunk_texts(
    blocks: Iterable[tuple[float, bytes]], mask: Callable[[str], str]
) -> Iterator[tuple[float, str]]:
    r"""Return blocks of bytes as texts without keys, each with its time.

    A character that two blocks share belongs to the second. Blocks that share a line are masked
    as one text: a key may be cut in two. If there is one, they are returned as one.

    Example:
        >>> blocks = [(0.1, b"a\n"), (0.2, b"b sk-abcd"), (0.3, b"efghijkl c\n")]
        >>> list(chunk_texts(blocks, lambda text: text.replace("sk-abcdefghijkl", "…ijkl")))
        [(0.1, 'a\n'), (0.2, 'b …ijkl c\n')]
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    group: list[tuple[float, str]] = []
    for at, block in blocks:
        text = clean_text(decoder.decode(block))
        if text:
            group.append((at, text))
        if text.endswith("\n"):
            yield from _masked(group, mask)
            group = []
    if rest := decoder.decode(b"", final=True):
        at = group[-1][0] if group else 0.0
        group.append((at, rest))
    yield from _masked(group, mask)


def _masked(group: list[tuple[float, str]], mask: Callable[[str], str]) -> list[tuple[float, str]]:
    whole = "".join([text for _, text in group])
    masked = mask(whole)
    if masked == whole:
        return group
    return [(group[0][0], masked)]


def _plain(url: str) -> str:
    """Return an address without a user's name, a password and a query, which may be keys."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def _size(value: Any, most: int) -> int:
    """Return about how many characters a JSON value has; it stops counting beyond `most`."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        items: Iterable[Any] = [*value, *value.values()]
    elif isinstance(value, list | tuple):
        items = value
    else:
        return 8
    total = 2
    for item in items:
        total += _size(item, most - total)
        if total > most:
            break
    return total
