"""What to do about a conversation that is too long: known only where the thread is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from playground_widget.errors import ErrorInfo
from playground_widget.model import Message
from playground_widget.provider import ModelInfo, roomier
from playground_widget.request import estimate_request, estimate_tokens

__all__ = ["advised"]


def advised(
    info: ErrorInfo,
    system: str,
    messages: Sequence[Message],
    model: str,
    models: Sequence[ModelInfo],
) -> ErrorInfo:
    """Return an error with the ways out that fit this conversation.

    Only a conversation that is too long has any to add: how many of its oldest messages to
    leave out, by an estimate, and a model that could read it all.
    """
    if info.kind != "context_too_long":
        return info
    facts: dict[str, Any] = dict(info.facts)
    over = facts.get("tokens_over", 1)
    parts = [estimate_tokens(system), *map(_tokens, messages)]
    if limit := facts.get("limit"):
        parts = _scaled(parts, limit + over)
    of_system, *sizes = parts
    breakdown = [("System", of_system), ("Messages", sum(sizes))]
    facts["breakdown"] = [
        {"label": label, "tokens": tokens} for label, tokens in breakdown if tokens
    ]
    actions = [action for action in info.actions if action not in {"leave_out", "use_model"}]
    if limit:
        others = [other for other in models if other.id != model]
        if better := roomier(others, limit + over):
            facts["suggest_model"] = better.id
            actions.insert(0, "use_model")
    if count := _oldest(sizes, over):
        facts["leave_out"] = count
        actions.insert(0, "leave_out")
    what = "" if actions else " Shorten the last message, or choose a model that reads more."
    return replace(info, detail=info.detail + what, facts=facts, actions=tuple(actions))


def _scaled(estimates: Sequence[int], total: int) -> list[int]:
    """Return estimates that are too low raised to the total that the service has counted."""
    estimated = sum(estimates)
    if not 0 < estimated < total:
        return list(estimates)
    return [round(each * total / estimated) for each in estimates]


def _oldest(sizes: Sequence[int], over: int) -> int | None:
    """Return how many of the oldest messages to leave out, or `None` if the last is too long."""
    left_out = 0
    for count, size in enumerate(sizes[:-1], start=1):
        left_out += size
        # A tenth more than the estimate, since it is one.
        if left_out >= over * 1.1:
            return count
    return None


def _tokens(message: Message) -> int:
    return estimate_request("", [message])
