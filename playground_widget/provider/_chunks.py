"""What a provider's stream consists of, and the ways in which its content can be wrong.

Chunks know no ids of messages, no time and no cost: they say what the service said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from playground_widget.provider._limits import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playground_widget.model import TokenLogprob, Usage

__all__ = [
    "Chunk",
    "Counted",
    "Delta",
    "Ended",
    "Kind",
    "Logprobs",
    "Opened",
    "StreamCutError",
    "StreamRefusedError",
    "StreamUnreadableError",
    "ToolDelta",
]

Kind = Literal["text", "reasoning", "refusal"]


@dataclass(frozen=True, slots=True)
class Opened:
    """The service has begun to answer.

    Args:
        request_id: The service's id of the request, for its support.
        limits: What it says of its rate limits.
    """

    request_id: str | None
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """More of the answer's text.

    Args:
        kind: What it is part of.
        text: Never empty, without NUL and lone surrogates.
        count: How many of the service's events it came in, about one a token; 0 for what
            was still missing of an event that counted already.
    """

    kind: Kind
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class ToolDelta:
    """More of a tool call.

    Args:
        index: Which of the answer's tool calls, counted from 0.
        id: Known with its first delta; the same in each.
        name: The function; may be known with its first delta only, later ones repeat it.
        arguments: More of the arguments' JSON; may be empty in the first.
    """

    index: int
    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Logprobs:
    """How probable the next tokens of the answer's text were.

    Args:
        tokens: At least one; they follow those of the chunk before.
    """

    tokens: tuple[TokenLogprob, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """The usage so far, replacing what was said before."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class Ended:
    """The answer is whole.

    Args:
        finish_reason: In the words of Chat Completions: `stop`, `length`, `tool_calls`,
            `content_filter`; another word if the service has one; `None` if it said nothing.
        model: The model that answered, by the service's word.
    """

    finish_reason: str | None
    model: str | None


Chunk = Opened | Delta | ToolDelta | Logprobs | Counted | Ended


class StreamCutError(Exception):
    """The stream ended before the answer did."""


class StreamUnreadableError(Exception):
    """The stream held something that is no answer; the text says what."""


class WebPageError(StreamUnreadableError):
    """A web page came where an answer should have: there may be no API at this address."""


class EmptyStreamError(StreamUnreadableError):
    """The answer ended before anything came."""


class RedirectedError(Exception):
    """The service points to another host, where nothing was sent.

    Attributes:
        origin: That host, with its scheme and port.
    """

    def __init__(self, origin: str) -> None:
        super().__init__(f"redirected to {origin}")
        self.origin = origin


class StreamRefusedError(Exception):
    """The service reported an error within its stream.

    Attributes:
        error: The error object as it came.
    """

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(str(error.get("message") or "error"))
        self.error = error
