"""What both adapters share: events become JSON, JSON becomes chunks, few and in order.

A `Reducer` knows one API. `Folder` feeds it and knows the rest: how to tell a stream from a
plain answer, how to read JSON that is not quite, and how to join the text of one network
read into one chunk, so that a fast answer costs little.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from playground_widget.provider._chunks import (
    Chunk,
    Counted,
    Delta,
    EmptyStreamError,
    Ended,
    Kind,
    Logprobs,
    StreamCutError,
    StreamRefusedError,
    StreamUnreadableError,
    ToolDelta,
    WebPageError,
)
from playground_widget.provider._sse import Event, EventParser
from playground_widget.text import Cleaner, clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from playground_widget.model import TokenLogprob, Usage

__all__ = ["Folder", "Output", "Reducer", "load_json"]

_BLANK = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"


def load_json(data: bytes) -> Any:
    """Read JSON as servers write it.

    orjson refuses half a surrogate pair, which a server may put at the end of a chunk, and
    what is not UTF-8; the standard library reads both.

    Raises:
        StreamUnreadableError: It is not JSON.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        try:
            return json.loads(data.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            start = clean_text(data[:80].decode("utf-8", "replace"))
            raise StreamUnreadableError(f"this is not JSON: {start}") from None


class Output:
    """Where a reducer writes; adjacent text becomes one chunk when it is taken."""

    __slots__ = (
        "_chunks",
        "_cleaner",
        "_count",
        "_kind",
        "_logprobs",
        "_pieces",
        "_tools",
        "finish_reason",
        "model",
        "usage",
    )

    def __init__(self) -> None:
        self._chunks: list[Chunk] = []
        self._cleaner = Cleaner()
        self._kind: Kind | None = None
        self._pieces: list[str] = []
        self._count = 0
        self._tools: dict[int, tuple[str, str, Cleaner]] = {}
        self._logprobs: list[TokenLogprob] = []
        self.usage: Usage | None = None
        self.finish_reason: str | None = None
        self.model: str | None = None

    def text(self, kind: Kind, text: str) -> None:
        """Add text of an event."""
        if kind != self._kind:
            self._close()
            self._kind = kind
        self._pieces.append(text)
        self._count += 1

    def tool(self, index: int, call: str, name: str, arguments: str) -> None:
        """Begin tool call number `index`, or go on with it; id and name count once."""
        self._close()
        begun = index in self._tools
        if not begun:
            self._tools[index] = (clean_text(call), clean_text(name), Cleaner())
        call, known, cleaner = self._tools[index]
        if name and not known:
            known = clean_text(name)
            self._tools[index] = (call, known, cleaner)
        arguments = cleaner.feed(arguments)
        if arguments or not begun or name:
            self._chunks.append(ToolDelta(index, call, known, arguments))

    def logprobs(self, tokens: Iterable[TokenLogprob]) -> None:
        """Add how probable tokens were."""
        self._logprobs += tokens

    def take(self) -> list[Chunk]:
        """Return the chunks since the last time."""
        self._flush()
        chunks, self._chunks = self._chunks, []
        if self._logprobs:
            chunks.append(Logprobs(tuple(self._logprobs)))
            self._logprobs.clear()
        if self.usage is not None:
            chunks.append(Counted(self.usage))
            self.usage = None
        return chunks

    def end(self) -> list[Chunk]:
        """Return what was held back."""
        self._close()
        for index, (call, name, cleaner) in self._tools.items():
            if rest := cleaner.end():
                self._chunks.append(ToolDelta(index, call, name, rest))
        return self.take()

    def _flush(self, *, closing: bool = False) -> None:
        """Make a chunk of the text so far; half a character waits for its other half."""
        if self._kind is None:
            return
        text = self._cleaner.feed("".join(self._pieces))
        self._pieces.clear()
        if closing:
            text += self._cleaner.end()
        if text:
            self._chunks.append(Delta(self._kind, text, self._count))
            self._count = 0

    def _close(self) -> None:
        """End the run of one kind of text; half a character that still waits is lost."""
        self._flush(closing=True)
        self._kind = None
        self._count = 0


class Reducer(Protocol):
    """One API's way of telling an answer."""

    @property
    def whole(self) -> bool:
        """Whether the answer may end here."""

    @property
    def over(self) -> bool:
        """Whether it has been said how the answer ended: only figures may follow."""

    def event(self, data: Mapping[str, Any], name: bytes, out: Output) -> None:
        """Fold one event of a stream.

        Raises:
            StreamRefusedError: It is an error.
        """

    def answer(self, data: Mapping[str, Any], out: Output) -> None:
        """Fold an answer that came in one piece.

        Raises:
            StreamRefusedError: It is an error.
        """


class Folder:
    """Blocks of bytes in, chunks out.

    Args:
        reducer: Of the API that is spoken.

    Attributes:
        done: Whether the service has said that nothing more comes.
        error: Why nothing more can be read, once that is so: a `StreamCutError`,
            `StreamRefusedError` or `StreamUnreadableError`.
    """

    __slots__ = ("_body", "_events", "_heard", "_out", "_plain", "_reducer", "done", "error")

    def __init__(self, reducer: Reducer) -> None:
        self._reducer = reducer
        self._out = Output()
        self._events = EventParser()
        self._plain: bool | None = None
        self._body = bytearray()
        self._heard = False
        self.done = False
        self.error: Exception | None = None

    @property
    def whole(self) -> bool:
        """Whether the answer may end here."""
        return self.done or self._reducer.whole

    @property
    def over(self) -> bool:
        """Whether it has been said how the answer ended: only figures may follow."""
        return self.done or self._reducer.over

    def feed(self, block: bytes) -> list[Chunk]:
        """Return the chunks that the block brings, those before an `error` included."""
        if self._plain is None:
            self._body += block
            start = bytes(self._body).removeprefix(_BOM).lstrip(_BLANK)
            if not start or _BOM.startswith(start):
                return []  # nothing to tell by yet
            # Told by content: servers that do not stream, and those that stream, are both
            # seen to send the other's content type. No line of a stream begins so.
            if start.startswith(b"<"):
                self.error = WebPageError("this is a web page")
                return []
            self._plain = start[:1] in b"{["
            if self._plain:
                return []
            block = bytes(self._body)
            self._body.clear()
        if self._plain:
            self._body += block
            return []
        self._fold_all(self._events.feed(block))
        return self._out.take() if self.error is None else self._out.end()

    def end(self) -> list[Chunk]:
        """Return the last chunks: `Ended` is the last of them, or there is an `error`."""
        if self.error is None:
            if self._plain:
                self._fold_plain()
            else:
                self._fold_all(self._events.end(), cut=True)
        if self.error is None and not self._heard:
            self.error = EmptyStreamError("nothing came before the end")
        if self.error is None and not self.whole:
            self.error = StreamCutError("the stream ended before the answer did")
        chunks = self._out.end()
        if self.error is None:
            chunks.append(Ended(self._out.finish_reason, self._out.model))
        return chunks

    def _fold_all(self, events: list[Event], *, cut: bool = False) -> None:
        """Fold events; the end of the stream may have cut the last one in two."""
        try:
            for event in events:
                self._fold(event)
        except StreamUnreadableError as error:
            if cut:
                self._heard = True
            else:
                self.error = error
        except StreamRefusedError as error:
            self.error = error

    def _fold(self, event: Event) -> None:
        if self.done:
            return
        data = event.lines[0] if len(event.lines) == 1 else b"\n".join(event.lines)
        if data == b"[DONE]":
            self.done = self._heard = True
            return
        try:
            read = load_json(data)
        except StreamUnreadableError:
            if len(event.lines) == 1:
                raise
            for line in event.lines:  # events without the empty line between them
                self._fold(Event(event.name, (line,)))
            return
        if not isinstance(read, dict):
            kind = type(read).__name__
            raise StreamUnreadableError(f"an event of the stream is a {kind}, not an object")
        self._heard = True
        self._reducer.event(read, event.name, self._out)

    def _fold_plain(self) -> None:
        try:
            read = load_json(bytes(self._body).removeprefix(_BOM))
            if isinstance(read, list) and len(read) == 1:
                read = read[0]  # Google wraps its errors so
            if isinstance(read, dict):
                self._heard = True
                self._reducer.answer(read, self._out)
            else:
                self.error = StreamUnreadableError("the answer is not a JSON object")
        except (StreamRefusedError, StreamUnreadableError) as error:
            self.error = error
