"""Messages, and what is known of how each came about."""

from __future__ import annotations

import time

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from playground_widget import errors, events, model
from playground_widget.server._enums import MessageStatus, Role
from playground_widget.server._parts import Part, part_of
from playground_widget.server._scalars import id_or_none, whole, whole_or_none
from playground_widget.server._variables import UsedVariable, used_of

__all__ = [
    "Consent",
    "ErrorInfo",
    "Message",
    "Retry",
    "Timing",
    "Usage",
    "consent_of",
    "error_of",
    "message_in",
    "message_of",
    "retry_of",
    "timing_of",
    "usage_of",
]


@strawberry.type
class Usage:
    """What an answer cost, as the service counted it.

    Attributes:
        input_tokens: Tokens read, those from a cache among them.
        output_tokens: Tokens written, those of reasoning among them.
        cached_tokens: Tokens of the input that came from the service's cache.
        reasoning_tokens: Tokens of the output that were reasoning.
        cost: In US dollars by the price list; null for a model it does not know.
    """

    input_tokens: int
    output_tokens: int
    cached_tokens: int | None
    reasoning_tokens: int | None
    cost: float | None


@strawberry.type
class Timing:
    """How long an answer took, in seconds from the sending of its request.

    Attributes:
        duration: Until the end.
        first_token: Until the first text or reasoning; null if there was none.
        reasoning: From the first reasoning to the first text after it.
    """

    duration: float
    first_token: float | None
    reasoning: float | None


@strawberry.type
class ErrorInfo:
    """What went wrong in a run.

    Attributes:
        kind: One word for programs, such as rate_limited or context_too_long.
        title: What happened, in one sentence without a full stop.
        detail: What was kept, and whether anything was sent or charged when this is known.
        actions: What can be done, the best first: retry, regenerate, continue, change_key,
            use_demo, leave_out, use_model, without (a parameter, which facts name).
        facts: Figures that belong to the kind, such as retry_after in seconds.
    """

    kind: str
    title: str
    detail: str
    actions: list[str]
    facts: JSON


@strawberry.type
class Retry:
    """A run waits before it asks again.

    Attributes:
        attempt: The number of the coming attempt; the first request was attempt 1.
        attempts: How many there will be at most.
        wait: Seconds until then, counted from when this was sent.
        error: Why the last attempt failed.
    """

    attempt: int
    attempts: int
    wait: float
    error: ErrorInfo


@strawberry.type
class Consent:
    """The call of a tool waits until somebody says whether it may be made.

    Attributes:
        wait: Seconds until it counts as refused.
    """

    wait: float


@strawberry.type
class Message:
    """One message of a thread. Messages are never changed: an edit makes another version.

    Attributes:
        id: Unique in the thread.
        parent: The message before it; null for a first one.
        role: Who speaks.
        status: How far it is.
        content: Its parts.
        text: Its words, without reasoning.
        created: Seconds since the epoch.
        model: The model that answered.
        connection: The label of the connection that it came through.
        params: The parameters it was asked for with.
        prompt: Which of the thread's prompts it was asked with, counted from 1.
        finish_reason: Why the model stopped, by the API's word, such as stop or length.
        usage: Tokens and cost.
        timing: How long it took.
        error: Why it failed.
        invalid: Why an answer that came whole does not fit the format it was asked for in.
        request_id: The service's id of the request, for its support.
        tool_call_id: Which call a tool message answers.
        continued: The answer that this one goes on from.
        reasked: The answer that did not fit its format, and that this one was asked for in place
            of.
        copy_of: The message whose content this shares on another path.
        tokens: About how many tokens came, where the service did not get to count them.
        retry: While it waits to ask again.
        consent: While the call of a tool waits for somebody to allow it.
        has_logprobs: Whether the probabilities of its tokens are known; ask for them by logprobs.
        variables: What was filled in when it was asked for; null if nothing was.
    """

    id: ID
    parent: ID | None
    role: Role
    status: MessageStatus
    content: list[Part]
    text: str
    created: float
    model: str | None
    connection: str | None
    params: JSON | None
    prompt: int | None
    finish_reason: str | None
    usage: Usage | None
    timing: Timing | None
    error: ErrorInfo | None
    invalid: str | None
    request_id: str | None
    tool_call_id: str | None
    continued: ID | None
    reasked: ID | None
    copy_of: ID | None
    tokens: int | None
    retry: Retry | None
    consent: Consent | None
    has_logprobs: bool
    variables: list[UsedVariable] | None


def message_in(state: events.State, identity: str) -> Message:
    """Return a message as it is at this moment, a growing answer with its text so far."""
    live = state.live.get(identity)
    return message_of(state.message(identity), tokens=live.tokens if live else None)


def message_of(message: model.Message, tokens: int | None = None) -> Message:
    """Return a message as the schema has it.

    Args:
        message: The message.
        tokens: How many came so far, of a growing answer.
    """
    return Message(
        id=ID(message.id),
        parent=id_or_none(message.parent),
        role=Role(message.role),
        status=MessageStatus(message.status),
        content=[part_of(part) for part in message.content],
        text=message.text,
        created=message.created,
        model=message.model,
        connection=message.connection,
        params=JSON(message.params.to_dict()) if message.params else None,
        prompt=whole_or_none(message.prompt),
        finish_reason=message.finish_reason,
        usage=usage_of(message.usage) if message.usage else None,
        timing=timing_of(message.timing) if message.timing else None,
        error=error_of(message.error) if message.error else None,
        invalid=message.invalid,
        request_id=message.request_id,
        tool_call_id=message.tool_call_id,
        continued=id_or_none(message.continued),
        reasked=id_or_none(message.reasked),
        copy_of=id_or_none(message.copy_of),
        tokens=whole_or_none(message.tokens if tokens is None else tokens),
        retry=retry_of(message.retry) if message.retry else None,
        consent=consent_of(message.consent) if message.consent else None,
        has_logprobs=bool(message.logprobs),
        variables=used_of(message.variables) if message.variables else None,
    )


def consent_of(consent: model.Consent) -> Consent:
    """Return a wait for consent as the schema has it: what is left of it now."""
    return Consent(wait=consent.left(time.monotonic()))


def retry_of(retry: model.Retry) -> Retry:
    """Return a wait as the schema has it: what is left of it now."""
    return Retry(
        attempt=retry.attempt,
        attempts=retry.attempts,
        wait=retry.left(time.monotonic()),
        error=error_of(retry.error),
    )


def error_of(info: errors.ErrorInfo) -> ErrorInfo:
    """Return what went wrong as the schema has it."""
    return ErrorInfo(
        kind=info.kind,
        title=info.title,
        detail=info.detail,
        actions=list(info.actions),
        facts=JSON(dict(info.facts)),
    )


def usage_of(usage: model.Usage) -> Usage:
    return Usage(
        input_tokens=whole(usage.input_tokens),
        output_tokens=whole(usage.output_tokens),
        cached_tokens=whole_or_none(usage.cached_tokens),
        reasoning_tokens=whole_or_none(usage.reasoning_tokens),
        cost=usage.cost,
    )


def timing_of(timing: model.Timing) -> Timing:
    return Timing(
        duration=timing.duration, first_token=timing.first_token, reasoning=timing.reasoning
    )
