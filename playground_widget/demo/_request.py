"""A request as the demo model sees it: the same values whichever API it came by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from playground_widget.demo import _tokens

if TYPE_CHECKING:
    from playground_widget.demo._models import Model

__all__ = ["Call", "Format", "Image", "Request", "Role", "Steering", "Tool", "Turn"]

Role = Literal["system", "developer", "user", "assistant", "tool"]

# What the API adds for each message and counts for an image of low detail.
_PER_MESSAGE = 4
_PER_IMAGE = 85


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a tool; `arguments` is JSON text."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Image:
    """An image in a message: its bytes, or the address it was given by (never fetched)."""

    media_type: str = ""
    data: bytes = b""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation."""

    role: Role
    text: str = ""
    images: tuple[Image, ...] = ()
    calls: tuple[Call, ...] = ()
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that may be called; `parameters` is a JSON schema."""

    name: str
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Format:
    """The form the answer must have; `schema` belongs to `json_schema`."""

    kind: Literal["text", "json_object", "json_schema"] = "text"
    schema: Any = True


@dataclass(frozen=True, slots=True)
class Steering:
    """The `demo` field of a request, which tests and demonstrations steer an answer with.

    Attributes:
        tokens: Make the text exactly this many tokens long.
        rate: Tokens per second, None for full speed.
        first_token: Seconds until the first token.
        variant: Another wording for each number.
        break_after: Tokens before a model that breaks does so.
        retry_after: Seconds that a rate limit asks to wait.
        rounds: How often tools are called before there are words.
    """

    tokens: int | None = None
    rate: float | None = None
    first_token: float = 0.0
    variant: int = 0
    break_after: int | None = None
    retry_after: int = 2
    rounds: int = 1


@dataclass(frozen=True, slots=True)
class Request:
    """A valid request.

    Attributes:
        model: Who answers.
        turns: The messages, the system prompt among them.
        tools: What may be called.
        tool_choice: `auto`, `none`, `required` or the name of the tool to call.
        parallel: Whether several calls in one answer are allowed.
        format: The form of the answer.
        limit: Most tokens of answer, thinking included.
        stop: Texts that end the answer.
        seed: Chooses the wording.
        temperature: At 0 the seed plays no part.
        think: Whether a thinking model may think.
        stream: Whether the answer is streamed.
        logprobs: How many alternatives to each token are told, None if its probability is not.
        include_usage: Whether a chat stream ends with a usage chunk.
        steering: The `demo` field.
        echo: Parameters that a response of the Responses API repeats.
    """

    model: Model
    turns: tuple[Turn, ...]
    tools: tuple[Tool, ...] = ()
    tool_choice: str = "auto"
    parallel: bool = True
    format: Format = Format()
    limit: int | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None
    temperature: float | None = None
    think: bool = True
    stream: bool = False
    logprobs: int | None = None
    include_usage: bool = False
    steering: Steering = Steering()
    echo: dict[str, Any] = field(default_factory=dict)

    @property
    def wording(self) -> int:
        """Which of several wordings the answer takes; equal requests take the same."""
        chosen = -1 if self.temperature == 0 else self.seed or 0
        return self.steering.variant + chosen

    def input_tokens(self) -> int:
        """Return how many tokens the request has."""
        texts = 0
        for turn in self.turns:
            texts += _PER_MESSAGE + _tokens.count(turn.text) + _PER_IMAGE * len(turn.images)
            texts += sum(_tokens.count(call.name + call.arguments) for call in turn.calls)
        tools = sum(
            _PER_MESSAGE + _tokens.count(f"{tool.name} {tool.description} {tool.parameters}")
            for tool in self.tools
        )
        return texts + tools

    def digest(self) -> str:
        """Return a hash of the conversation and of what chooses the answer, ids left out."""
        seen = hashlib.sha256(f"{self.model.id}\0{self.wording}".encode())
        for turn in self.turns:
            calls = "".join(f"\0{call.name}\0{call.arguments}" for call in turn.calls)
            seen.update(f"\0{turn.role}\0{turn.text}{calls}".encode(errors="surrogatepass"))
            for image in turn.images:
                seen.update(image.data or image.url.encode(errors="surrogatepass"))
        return seen.hexdigest()
