"""The errors that models give instead of an answer, on purpose."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from playground_widget.demo._errors import ApiError, wrong_key

if TYPE_CHECKING:
    from playground_widget.demo._request import Request

__all__ = ["Tries"]

_REMEMBERED = 1_000


class Tries:
    """Counts the tries of each conversation, for models that fail only the first few."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, int] = OrderedDict()

    def check(self, request: Request, key: str) -> None:
        """Raise the error of the request's model, if it gives one at this try.

        A conversation that was answered starts over: asked again, it fails as often again.
        """
        refusal = request.model.refusal
        if refusal is None:
            return
        if refusal.tries is not None and self._count(request, refusal.tries):
            return
        match refusal.kind:
            case "rate_limit":
                raise _rate_limited(request)
            case "quota":
                raise ApiError(
                    429,
                    "You exceeded your current quota, please check your plan and billing details. "
                    "For more information on this error, read the docs: "
                    "https://platform.openai.com/docs/guides/error-codes/api-errors.",
                    kind="insufficient_quota",
                    code="insufficient_quota",
                )
            case "key":
                raise wrong_key(key)
            case "server_error":
                raise ApiError(
                    500,
                    "The server had an error while processing your request. Sorry about that!",
                    kind="server_error",
                )
            case _:
                raise ApiError(
                    503,
                    "That model is currently overloaded with other requests. You can retry your "
                    "request, or try another model.",
                    kind="server_error",
                )

    def _count(self, request: Request, failing: int) -> bool:
        """Count a try; return whether it is the one to be answered."""
        digest = request.digest()
        tried = self._counts.pop(digest, 0)
        if tried == failing:
            return True
        self._counts[digest] = tried + 1
        if len(self._counts) > _REMEMBERED:
            self._counts.popitem(last=False)
        return False


def _rate_limited(request: Request) -> ApiError:
    wait = request.steering.retry_after
    return ApiError(
        429,
        f"Rate limit reached for {request.model.id} in organization org-demo on requests per min "
        f"(RPM): Limit 3, Used 3, Requested 1. Please try again in {wait}s.",
        kind="requests",
        code="rate_limit_exceeded",
        headers={
            "retry-after": str(wait),
            "retry-after-ms": str(wait * 1000),
            "x-ratelimit-limit-requests": "3",
            "x-ratelimit-remaining-requests": "0",
            "x-ratelimit-reset-requests": f"{wait}s",
        },
    )
