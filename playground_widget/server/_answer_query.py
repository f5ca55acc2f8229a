"""What lies behind an answer: its request, what came back, and how probable its tokens were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry
from strawberry import ID, Info
from strawberry.scalars import JSON

from playground_widget import protocol
from playground_widget.server._enums import CodeLanguage
from playground_widget.server._scalars import whole
from playground_widget.server._service import Service

__all__ = [
    "AnswerQuery",
    "TokenAlternative",
    "TokenLogprob",
    "Wire",
    "WireAttempt",
    "WireChunk",
    "WireRequest",
]


@strawberry.type
class TokenAlternative:
    """One of the most probable tokens in a place.

    Attributes:
        token: Its text.
        logprob: The natural logarithm of its probability.
    """

    token: str
    logprob: float


@strawberry.type
class TokenLogprob:
    """How probable a token of an answer was.

    Attributes:
        token: Its text.
        logprob: The natural logarithm of its probability.
        top: The most probable tokens in its place, the best first.
    """

    token: str
    logprob: float
    top: list[TokenAlternative]


@strawberry.type
class WireRequest:
    """A request to a service, without headers and keys.

    Attributes:
        url: Where it was sent.
        method: Of HTTP.
        body: Its JSON.
    """

    url: str
    method: str
    body: JSON


@strawberry.type
class WireAttempt:
    """One time that a request was made.

    Attributes:
        at: When it was sent, in seconds since the epoch.
        wait: Seconds that were waited before it.
        status: Of HTTP; null where there was no answer, or it is not known.
        request_id: The service's id of it, for its support.
        error: Why it failed, in a sentence.
    """

    at: float
    wait: float
    status: int | None
    request_id: str | None
    error: str | None


@strawberry.type
class WireChunk:
    """What one read of the network brought.

    Attributes:
        at: Seconds since the request was sent.
        text: Word for word.
    """

    at: float
    text: str


@strawberry.type
class Wire:
    """What was sent for an answer, and what came back.

    Attributes:
        request: As it was sent last.
        rebuilt: Whether it was made anew from what is stored, rather than kept as it was sent.
        attempts: Each time that it was sent, the first one first.
        chunks: What the last attempt brought.
        omitted: How many later chunks were not kept, or not whole: there was too much of them.
        recorded: Whether chunks were kept at all.
    """

    request: WireRequest
    rebuilt: bool
    attempts: list[WireAttempt]
    chunks: list[WireChunk]
    omitted: int
    recorded: bool


@strawberry.type
class AnswerQuery:
    """What can be asked about an answer."""

    @strawberry.field
    async def code(
        self,
        info: Info[Service, None],
        thread: ID,
        language: CodeLanguage,
        message: ID | None = None,
    ) -> str:
        """A program that makes the request of an answer; it reads the key from the environment.

        Args:
            thread: The thread.
            language: What it is written in.
            message: The answer; null for the request that would be made now.
        """
        wanted = protocol.Code(language.value, message)
        text: str = (await _told(info.context, thread, wanted))["text"]
        return text

    @strawberry.field
    async def wire(self, info: Info[Service, None], thread: ID, message: ID) -> Wire:
        """What was sent for an answer, and what came back.

        Args:
            thread: The thread.
            message: The answer.
        """
        told = await _told(info.context, thread, protocol.Wire(message))
        request = told["request"]
        return Wire(
            request=WireRequest(
                url=request["url"], method=request["method"], body=JSON(request["body"])
            ),
            rebuilt=told["rebuilt"],
            attempts=[WireAttempt(**attempt) for attempt in told["attempts"]],
            chunks=[WireChunk(**chunk) for chunk in told["chunks"]],
            omitted=whole(told["omitted"]),
            recorded=told["recorded"],
        )

    @strawberry.field
    async def logprobs(
        self, info: Info[Service, None], thread: ID, message: ID
    ) -> list[TokenLogprob]:
        """How probable each token of an answer was; empty where that was not asked for.

        Args:
            thread: The thread.
            message: The answer.
        """
        told = await _told(info.context, thread, protocol.Logprobs(message))
        return [_token(each) for each in told["tokens"]]


async def _told(service: Service, thread: str, request: protocol.Request) -> dict[str, Any]:
    outcome = await service.inside(service.rooms.carry_out, thread, request)
    return outcome.result


def _token(data: Mapping[str, Any]) -> TokenLogprob:
    return TokenLogprob(
        token=data["token"],
        logprob=data["logprob"],
        top=[TokenAlternative(token=t["token"], logprob=t["logprob"]) for t in data["top"]],
    )
