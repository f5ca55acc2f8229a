"""The demo models, named for what they do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["MODELS", "Break", "Model", "Refusal"]

Style = Literal["talk", "long", "json", "tools", "echo", "refuse", "filter", "empty"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP error instead of an answer.

    Attributes:
        kind: Which error.
        tries: How many tries of one conversation fail before one is answered; None is all.
    """

    kind: Literal["rate_limit", "quota", "key", "server_error", "overloaded"]
    tries: int | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """Something that goes wrong once the request was accepted.

    Attributes:
        kind: `cut` drops the TCP connection, `stall` stops sending, `error` sends the API's
            error event, `garbage` sends lines that are no JSON and goes on.
        after: How many tokens are sent first; None is not even the headers.
    """

    kind: Literal["cut", "stall", "error", "garbage"]
    after: int | None


@dataclass(frozen=True, slots=True)
class Model:
    """One entry of the model list.

    Attributes:
        id: What requests call it.
        description: One sentence for people.
        style: Which kind of answer it gives.
        rate: Tokens per second; None is as fast as the connection takes them.
        first_token: Seconds until the first token.
        context_window: Tokens of request that it accepts.
        thinks: Whether it sends reasoning before the answer.
        refusal: The HTTP error it gives instead of an answer.
        breaks: What goes wrong in its answers.
        refuses: Parameters that it does not take.
    """

    id: str
    description: str
    style: Style = "talk"
    rate: float | None = 80.0
    first_token: float = 0.25
    context_window: int = 128_000
    thinks: bool = False
    refusal: Refusal | None = None
    breaks: Break | None = None
    refuses: tuple[str, ...] = ()


_ALL = (
    Model("demo", "Explains the playground, at a pleasant pace."),
    Model("demo-fast", "The same answers at full speed.", rate=None, first_token=0.0),
    Model("demo-slow", "The same answers at 8 tokens a second.", rate=8.0, first_token=0.6),
    Model(
        "demo-long",
        "A very long answer at full speed: max_tokens tokens, or 20,000.",
        style="long",
        rate=None,
        first_token=0.0,
        context_window=1_000_000,
    ),
    Model("demo-reasoning", "Thinks first, then answers.", thinks=True),
    Model("demo-json", "Answers in JSON, with or without a schema.", style="json"),
    Model("demo-tools", "Calls a tool whenever one is offered.", style="tools"),
    Model(
        "demo-echo",
        "Repeats the last user message exactly, at full speed.",
        style="echo",
        rate=None,
        first_token=0.0,
        context_window=1_000_000,
    ),
    Model(
        "demo-picky",
        "Refuses temperature and seed, as reasoning models do.",
        refuses=("temperature", "seed"),
    ),
    Model("demo-refusal", "Declines to answer, as a refusal.", style="refuse"),
    Model("demo-filter", "Is stopped by a content filter.", style="filter"),
    Model("demo-empty", "Gives an answer without text.", style="empty"),
    Model(
        "demo-context",
        "Has a context window of 512 tokens, which is soon full.",
        context_window=512,
    ),
    Model(
        "demo-rate-limited",
        "Is rate limited twice, then answers.",
        refusal=Refusal("rate_limit", 2),
    ),
    Model("demo-rate-limited-always", "Is always rate limited.", refusal=Refusal("rate_limit")),
    Model("demo-no-quota", "Has no quota left.", refusal=Refusal("quota")),
    Model("demo-bad-key", "Refuses every key.", refusal=Refusal("key")),
    Model(
        "demo-server-error",
        "Fails with a server error twice, then answers.",
        refusal=Refusal("server_error", 2),
    ),
    Model("demo-overloaded", "Is always overloaded.", refusal=Refusal("overloaded")),
    Model(
        "demo-cut",
        "Drops the connection after 34 tokens; asked to continue, it finishes.",
        breaks=Break("cut", 34),
    ),
    Model(
        "demo-stream-error",
        "Sends an error in mid-stream.",
        breaks=Break("error", 20),
    ),
    Model(
        "demo-malformed",
        "Sends lines that are no JSON in mid-stream.",
        breaks=Break("garbage", 20),
    ),
    Model("demo-stall", "Stops in mid-stream without closing.", breaks=Break("stall", 20)),
    Model("demo-hang", "Accepts the request and never answers.", breaks=Break("stall", None)),
)

MODELS: dict[str, Model] = {model.id: model for model in _ALL}
