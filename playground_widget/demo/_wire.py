"""What the wire formats of both APIs share."""

from __future__ import annotations

import json
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from playground_widget.demo._errors import ApiError
from playground_widget.demo._logprobs import logprobs

if TYPE_CHECKING:
    from playground_widget.demo._plan import Plan, Section
    from playground_widget.demo._request import Request

__all__ = ["BROKEN", "Frame", "Wire", "dump", "new_id", "quote"]

_encode_text = json.JSONEncoder(ensure_ascii=False).encode
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_encode_ascii = json.JSONEncoder(separators=(",", ":")).encode

BROKEN = ApiError(
    500,
    "The server had an error while processing your request. Sorry about that!",
    kind="server_error",
    code="server_error",
)


class Frame(NamedTuple):
    """Bytes to send, and what they are: a token has its time, `cut` and `stall` no bytes."""

    data: bytes
    kind: Literal["token", "event", "cut", "stall"] = "event"


class Wire(ABC):
    """Writes one answer the way one API does. Made for one request and used once.

    Attributes:
        scored: Kinds of sections whose tokens the API tells the probability of.
    """

    scored: ClassVar[frozenset[str]] = frozenset({"text"})

    def __init__(self, request: Request, plan: Plan, created: float) -> None:
        self.request = request
        self.plan = plan
        self.created = created

    @abstractmethod
    def whole(self) -> dict[str, Any]:
        """Return the JSON body of the answer when it is not streamed."""

    @abstractmethod
    def opening(self) -> Iterator[bytes]:
        """Yield the events before the first section."""

    @abstractmethod
    def start(self, section: Section) -> Iterator[bytes]:
        """Yield the events that open a section."""

    @abstractmethod
    def token(self, token: str, scored: dict[str, Any] | None) -> bytes:
        """Return the event for one token of the section that is open.

        Args:
            token: Its text.
            scored: How probable it was, if that was asked for.
        """

    @abstractmethod
    def end(self, section: Section) -> Iterator[bytes]:
        """Yield the events that close a section."""

    @abstractmethod
    def closing(self) -> Iterator[bytes]:
        """Yield the events after the last section."""

    @abstractmethod
    def error(self, error: ApiError) -> Iterator[bytes]:
        """Yield the events of an error in mid-stream."""

    def frames(self) -> Iterator[Frame]:
        """Yield the whole stream, one frame for each event, up to where it breaks."""
        breaks = self.plan.breaks
        # A shorter answer breaks at its end.
        left = min(breaks.after or 0, self.plan.output_tokens) if breaks else -1
        yield from map(Frame, self.opening())
        for section in self.plan.sections:
            yield from map(Frame, self.start(section))
            scores = iter(self.scores(section))
            for token in (*section.tokens, None):
                if left == 0:
                    yield from self.broken()
                    if breaks and breaks.kind != "garbage":
                        return
                    left = -1
                if token is not None:
                    left -= 1
                    yield Frame(self.token(token, next(scores, None)), "token")
            yield from map(Frame, self.end(section))
        yield from map(Frame, self.closing())

    def scores(self, section: Section) -> list[dict[str, Any]]:
        """Return how probable each token of a section was; nothing if that was not asked for."""
        wanted = self.request.logprobs
        if wanted is None or section.kind not in self.scored:
            return []
        return list(logprobs(section.tokens, wanted, self.request.wording))

    def broken(self) -> Iterator[Frame]:
        """Yield what is sent where the stream breaks."""
        match self.plan.breaks and self.plan.breaks.kind:
            case "cut":
                yield Frame(b"", "cut")
            case "stall":
                yield Frame(b"", "stall")
            case "error":
                yield from map(Frame, self.error(BROKEN))
            case _:
                # A comment and an unknown field are allowed by the format; the rest is not JSON.
                yield Frame(b": still here\n\n")
                yield Frame(b"nonsense: 1\nno colon at all\n\n")
                yield Frame(b'data: {"id": "demo", "choices": [{"delta": {"content": "cut of\n\n')


def dump(value: object) -> bytes:
    """Return `value` as compact JSON in UTF-8; half a surrogate pair is written as an escape."""
    try:
        return _encode(value).encode()
    except UnicodeEncodeError:
        return _encode_ascii(value).encode()


def quote(text: str) -> bytes:
    """Return `text` as a JSON string, like `dump` and faster."""
    try:
        return _encode_text(text).encode()
    except UnicodeEncodeError:
        return _encode_ascii(text).encode()


def new_id(prefix: str) -> str:
    """Return a new id, such as `chatcmpl-` and 24 hexadecimal digits."""
    return prefix + uuid.uuid4().hex[:24]
