"""A thread's path and its parameters, turned into the exact body of either API's request.

Pure: what is sent, what is shown as having been sent and what is exported are the same.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from playground_widget.model import Image, Message, Params, Part, Refusal, Table, Text, text_of
from playground_widget.template import names, rendered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "CONTINUE",
    "REASK",
    "Api",
    "chat_messages",
    "chat_request",
    "estimate_request",
    "estimate_tokens",
    "filled",
    "ignored",
    "names_used",
    "responses_request",
]

Api = Literal["chat", "responses"]

CONTINUE = (
    "Continue exactly where you stopped. Write only what comes next: "
    "repeat nothing and add no introduction."
)
"""What is asked of a model whose answer was cut off; it follows the cut-off answer."""

REASK = (
    "Your answer does not fit the format that was asked for: {reason}. "
    "Answer again, whole and in that format, and write nothing else."
)
"""What is asked of a model whose answer did not fit; it follows the answer that did not."""

_JOIN = "\n\n"

_TEMPLATES = ("system", "developer", "user")
"""The roles whose words may name variables: what a model or a tool says is never filled in."""


def chat_messages(system: str, messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Return messages as the Chat Completions API takes them.

    Reasoning is not sent back, since services refuse or ignore it. Answers without content
    are left out, and so are tool calls that later messages pass over without an answer: no
    service accepts either.

    Args:
        system: The system prompt; empty for none.
        messages: From the first to the last.

    Example:
        >>> chat_messages("Be brief.", [])
        [{'role': 'system', 'content': 'Be brief.'}]
    """
    found: list[dict[str, Any]] = [{"role": "system", "content": system}] if system else []
    open_calls = _calls_to_send(messages)
    for message in messages:
        if message.role == "assistant":
            found += _chat_answer(message, open_calls)
        elif message.role == "tool":
            answers = message.tool_call_id or ""
            found.append({"role": "tool", "tool_call_id": answers, "content": _result(message)})
        elif message.content:
            found.append({"role": message.role, "content": _chat_content(message)})
    return found


def chat_request(
    system: str,
    messages: Sequence[Message],
    model: str,
    params: Params,
    *,
    tools: Sequence[Mapping[str, Any]] = (),
    stream: bool = True,
    openai: bool = False,
    continue_: bool = False,
    reason: str | None = None,
) -> dict[str, Any]:
    """Return the body of a Chat Completions request.

    Args:
        system: The system prompt; empty for none.
        messages: The path, from its first message to the one to answer (or to continue).
        model: The model to ask.
        params: What shapes the answer; `extra` is merged last.
        tools: What the model may call, each with `name`, `description` and `parameters`.
        stream: Whether the answer is to come in pieces, with the usage at its end.
        openai: Whether it goes to OpenAI itself, which calls `max_tokens` by a newer name
            that compatible servers do not all know.
        continue_: The last message is a cut-off answer to go on with.
        reason: The last message is an answer that does not fit its format, for this reason.
    """
    asked = chat_messages(system, messages) + _demand(continue_, reason)
    body: dict[str, Any] = {"model": model, "messages": asked}
    if stream:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    if tools:
        body["tools"] = [{"type": "function", "function": dict(tool)} for tool in tools]
    given = params.to_dict()
    extra = given.pop("extra", {})
    if "logprobs" in given:
        given |= {"logprobs": True, "top_logprobs": given["logprobs"]}
    if openai and "max_tokens" in given:
        given["max_completion_tokens"] = given.pop("max_tokens")
    return {**body, **given, **extra}


def responses_request(
    system: str,
    messages: Sequence[Message],
    model: str,
    params: Params,
    *,
    tools: Sequence[Mapping[str, Any]] = (),
    stream: bool = True,
    continue_: bool = False,
    reason: str | None = None,
) -> dict[str, Any]:
    """Return the body of a Responses request; the arguments are those of `chat_request`.

    What the API has no field for is left out: see `ignored`. Nothing is stored by the
    service, since the thread is sent whole each time.
    """
    asked = _response_items(messages) + _demand(continue_, reason)
    body: dict[str, Any] = {"model": model, "input": asked, "store": False}
    if system:
        body["instructions"] = system
    if stream:
        body["stream"] = True
    if tools:
        # Strict is the default of this API, and would refuse schemas with optional arguments.
        body["tools"] = [{"type": "function", **tool, "strict": False} for tool in tools]
    given = params.to_dict()
    extra = given.pop("extra", {})
    body |= {name: given[name] for name in ("temperature", "top_p") if name in given}
    if "max_tokens" in given:
        body["max_output_tokens"] = given["max_tokens"]
    if "reasoning_effort" in given:
        body["reasoning"] = {"effort": given["reasoning_effort"], "summary": "auto"}
    if "logprobs" in given:
        body["include"] = ["message.output_text.logprobs"]
        body["top_logprobs"] = given["logprobs"]
    if "response_format" in given:
        body["text"] = {"format": _text_format(given["response_format"])}
    return {**body, **extra}


def ignored(api: Api, params: Params) -> tuple[str, ...]:
    """Return the names of those parameters that are set and that the API has no field for.

    Example:
        >>> ignored("responses", Params(temperature=0.5, seed=7))
        ('seed',)
    """
    if api == "chat":
        return ()
    given = params.to_dict()
    return tuple(n for n in ("stop", "seed", "frequency_penalty", "presence_penalty") if n in given)


class Said(Protocol):
    """Who says what: a message, or one that is about to be added."""

    @property
    def role(self) -> str:
        """Who speaks."""
        ...

    @property
    def content(self) -> tuple[Part, ...]:
        """Its parts."""
        ...


def names_used(system: str, messages: Iterable[Said]) -> tuple[str, ...]:
    """Return the names of the variables that a request needs, in the order they come.

    Args:
        system: The system prompt.
        messages: From the first to the last; what models and tools said is passed over.

    Example:
        >>> names_used("Answer in {{language}}.", [])
        ('language',)
    """
    found = dict.fromkeys(names(system))
    for message in messages:
        if message.role in _TEMPLATES:
            for part in message.content:
                if isinstance(part, Text):
                    found |= dict.fromkeys(names(part.text))
    return tuple(found)


def filled(
    system: str, messages: Sequence[Message], values: Mapping[str, str]
) -> tuple[str, tuple[Message, ...]]:
    """Return the system prompt and the messages as they are sent, with their variables filled in.

    Args:
        system: The system prompt.
        messages: From the first to the last; what models and tools said stays as it is.
        values: The texts by name; a variable that is not among them stays as it is.

    Example:
        >>> filled("Answer in {{language}}.", [], {"language": "French"})[0]
        'Answer in French.'
    """
    return rendered(system, values), tuple(_filled(message, values) for message in messages)


def _filled(message: Message, values: Mapping[str, str]) -> Message:
    if message.role not in _TEMPLATES:
        return message
    content = tuple(
        Text(rendered(part.text, values)) if isinstance(part, Text) else part
        for part in message.content
    )
    return message if content == message.content else replace(message, content=content)


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a text has.

    Four ASCII characters a token, and one and a half of any others: within a third of
    OpenAI's tokenizers for prose and code. Only a service's own count is exact.
    """
    plain = len(text.encode("ascii", "ignore"))
    return math.ceil(plain / 4 + (len(text) - plain) / 1.5)


def estimate_request(system: str, messages: Iterable[Message]) -> int:
    """Return about how many tokens a request has, before its variables are filled in or after."""
    parts = [part for message in messages for part in message.content]
    pictures = sum(isinstance(part, Image) for part in parts)
    words = sum(estimate_tokens(text_of(part)) for part in parts)
    return estimate_tokens(system) + words + pictures * _IMAGE_TOKENS


_IMAGE_TOKENS = 425
"""What a picture counts for, about: a 512 pixel tile and a half of OpenAI's reckoning."""


# -------------------------------------------------------------------------------- both


def _demand(continue_: bool, reason: str | None) -> list[dict[str, Any]]:
    """Return what is asked after an answer that was cut off or did not fit, else nothing."""
    if continue_:
        return [{"role": "user", "content": CONTINUE}]
    if reason is not None:
        return [{"role": "user", "content": REASK.format(reason=reason)}]
    return []


def _calls_to_send(messages: Sequence[Message]) -> set[str]:
    """Return the ids of the tool calls that are answered, or that nothing follows yet."""
    sent = {m.tool_call_id for m in messages if m.role == "tool" and m.tool_call_id}
    if messages:
        sent |= {call.id for call in messages[-1].tool_calls}
    return sent


def _plain(message: Message) -> str:
    """Return the content as one text, for roles that can have nothing else."""
    texts = [_text(part) for part in message.content]
    return _JOIN.join(text for text in texts if text)


def _result(message: Message) -> str:
    """Return what a model reads of a call: something also where its process ended before it."""
    lost = "Error: the call was interrupted and has no result."
    return _plain(message) or (lost if message.status == "interrupted" else "")


def _text(part: Part) -> str:
    """Return the words that stand for a part; reasoning and tool calls have none here."""
    if isinstance(part, Text | Refusal | Table):
        return part.text
    if isinstance(part, Image):
        return f"[image{': ' + part.name if part.name else ''}]"
    return ""


def _image_url(image: Image) -> str:
    return image.url or f"data:{image.media_type};base64,{image.data}"


# -------------------------------------------------------------------- chat completions


def _chat_content(message: Message) -> str | list[dict[str, Any]]:
    """Return text wherever text is enough, since many servers read nothing else."""
    has_image = any(isinstance(part, Image) for part in message.content)
    if message.role != "user" or not has_image:
        return _plain(message)
    parts: list[dict[str, Any]] = []
    for part in message.content:
        if isinstance(part, Image):
            image = {"url": _image_url(part)}
            if part.detail:
                image["detail"] = part.detail
            parts.append({"type": "image_url", "image_url": image})
        elif text := _text(part):
            parts.append({"type": "text", "text": text})
    return parts


def _chat_answer(message: Message, open_calls: set[str]) -> list[dict[str, Any]]:
    content: str | list[dict[str, Any]] = _plain(message)
    if any(isinstance(part, Refusal) for part in message.content):
        content = [
            {"type": "refusal", "refusal": part.text}
            if isinstance(part, Refusal)
            else {"type": "text", "text": _text(part)}
            for part in message.content
            if _text(part)
        ]
    calls = [
        {
            "id": call.id,
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        for call in message.tool_calls
        if call.id in open_calls
    ]
    if not content and not calls:
        return []
    answer: dict[str, Any] = {"role": "assistant", "content": content or None}
    return [{**answer, "tool_calls": calls} if calls else answer]


# --------------------------------------------------------------------------- responses


def _response_items(messages: Sequence[Message]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    open_calls = _calls_to_send(messages)
    for message in messages:
        if message.role == "tool":
            call = message.tool_call_id or ""
            output = {"type": "function_call_output", "call_id": call, "output": _result(message)}
            items.append(output)
        elif message.role == "user":
            if message.content:
                items.append({"role": "user", "content": _response_content(message)})
        elif text := _plain(message):
            items.append({"role": message.role, "content": text})
        items += [
            {
                "type": "function_call",
                "call_id": call.id,
                "name": call.name,
                "arguments": call.arguments,
            }
            for call in message.tool_calls
            if call.id in open_calls
        ]
    return items


def _response_content(message: Message) -> str | list[dict[str, Any]]:
    if not any(isinstance(part, Image) for part in message.content):
        return _plain(message)
    return [
        {"type": "input_image", "image_url": _image_url(part), "detail": part.detail or "auto"}
        if isinstance(part, Image)
        else {"type": "input_text", "text": _text(part)}
        for part in message.content
        if _text(part)
    ]


def _text_format(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Chat Completions `response_format` in the form of the Responses API."""
    schema = wanted.get("json_schema")
    if wanted.get("type") == "json_schema" and schema is not None:
        return {"type": "json_schema", **schema}
    return dict(wanted)
