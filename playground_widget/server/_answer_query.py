"""What lies behind an answer: how probable its tokens were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry
from strawberry import ID, Info

from playground_widget import protocol
from playground_widget.server._service import Service

__all__ = ["AnswerQuery", "TokenAlternative", "TokenLogprob"]


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
class AnswerQuery:
    """What can be asked about an answer."""

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
