"""Reads the body of `POST /v1/chat/completions`."""

from __future__ import annotations

from typing import Any

from playground_widget.demo._errors import invalid, wrong_type
from playground_widget.demo._fields import Fields, unsupported
from playground_widget.demo._models import Model
from playground_widget.demo._parse import (
    MOST_ALTERNATIVES,
    check_context,
    known_only,
    read_call_choice,
    read_model,
    read_parts,
    read_sampling,
    read_schema,
    read_steering,
    read_tool,
    unanswered,
)
from playground_widget.demo._request import Call, Format, Request, Tool, Turn

__all__ = ["read_chat"]

_KNOWN = frozenset(
    {
        "demo", "frequency_penalty", "include_reasoning", "logit_bias", "logprobs",
        "max_completion_tokens", "max_tokens", "messages", "metadata", "modalities", "model",
        "n", "parallel_tool_calls", "prediction", "presence_penalty", "prompt_cache_key",
        "prompt_cache_options", "prompt_cache_retention", "reasoning_effort", "response_format",
        "safety_identifier", "seed", "service_tier", "stop", "store", "stream",
        "stream_options", "temperature", "tool_choice", "tools", "top_logprobs", "top_p",
        "user", "verbosity", "web_search_options",
    }
)  # fmt: skip
_ROLES = ("system", "assistant", "user", "tool", "developer")
_STOPS = 4
_TEXT = {"text": "text"}
_PARTS = {
    "system": _TEXT,
    "developer": _TEXT,
    "tool": _TEXT,
    "user": {"text": "text", "image_url": "image_url"},
    "assistant": {"text": "text", "refusal": "refusal"},
}


def read_chat(raw: dict[str, Any]) -> Request:
    """Return the request in a Chat Completions body.

    Raises:
        ApiError: What is wrong with it, as the API would say it.
    """
    body = Fields(raw)
    unknown = known_only(body, _KNOWN)
    if unknown is not None:
        raise invalid(f"Unrecognized request argument supplied: {unknown[:100]}")
    model = read_model(body)
    turns = _read_messages(body)
    tools = _read_tools(body)
    seed, temperature = read_sampling(body)
    body.number("frequency_penalty", -2, 2)
    body.number("presence_penalty", -2, 2)
    _refuse_unsupported(body)
    _refuse_parameters(body, model)
    options = body.mapping("stream_options")
    stream = body.flag("stream")
    if options is not None and not stream:
        raise invalid(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            "stream_options",
        )
    limit = body.integer("max_completion_tokens", 1)
    older_limit = body.integer("max_tokens", 1)
    request = Request(
        model=model,
        turns=tuple(turns),
        tools=tools,
        tool_choice=read_call_choice(body, tools, nested=True),
        parallel=body.flag("parallel_tool_calls", default=True),
        format=_read_format(body, turns),
        limit=older_limit if limit is None else limit,
        stop=_read_stop(body),
        seed=seed,
        temperature=temperature,
        think=body.text("reasoning_effort") not in {"none", "minimal"},
        stream=stream,
        logprobs=_read_logprobs(body),
        include_usage=options.flag("include_usage") if options else False,
        steering=read_steering(body, model),
    )
    check_context(request, "messages")
    return request


def _read_messages(body: Fields) -> list[Turn]:
    body.need("messages")
    messages = body.objects("messages")
    if not messages:
        raise invalid(
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got "
            "an empty array instead.",
            "messages",
            "empty_array",
        )
    turns: list[Turn] = []
    for message in messages:
        turn = _read_message(message)
        if turn.role == "tool" and not _answers_a_call(turn, turns):
            raise invalid(
                "Invalid parameter: messages with role 'tool' must be a response to a preceding "
                "message with 'tool_calls'.",
                message.path("role"),
            )
        turns.append(turn)
    waiting = unanswered(turns)
    if waiting:
        raise invalid(
            "An assistant message with 'tool_calls' must be followed by tool messages responding "
            "to each 'tool_call_id'. The following tool_call_ids did not have response messages: "
            + ", ".join(waiting)[:500],
            "messages",
        )
    return turns


def _read_message(message: Fields) -> Turn:
    message.need("role")
    role = message.choice("role", _ROLES) or ""
    message.text("name")
    text, images = read_parts(message, "content", _PARTS[role])
    calls = _read_calls(message) if role == "assistant" else ()
    if role == "assistant":
        text = text or message.text("refusal") or ""
    if message.get("content") is None and not (role == "assistant" and (calls or text)):
        raise invalid(
            "Invalid value for 'content': expected a string, got null.",
            message.path("content"),
        )
    call_id = message.need_text("tool_call_id") if role == "tool" else ""
    # The match above leaves only the five roles.
    return Turn(role, text, images, calls, call_id)  # type: ignore[arg-type]


def _read_calls(message: Fields) -> tuple[Call, ...]:
    calls = []
    for call in message.objects("tool_calls"):
        call.need("type")
        call.choice("type", ("function",))
        function = call.need_mapping("function")
        calls.append(
            Call(
                id=call.need_text("id"),
                name=function.need_text("name"),
                arguments=function.need_text("arguments"),
            )
        )
    return tuple(calls)


def _answers_a_call(turn: Turn, before: list[Turn]) -> bool:
    # Tool messages follow their assistant message directly, in any order among themselves.
    for earlier in reversed(before):
        if earlier.role != "tool":
            return any(call.id == turn.call_id for call in earlier.calls)
    return False


def _read_tools(body: Fields) -> tuple[Tool, ...]:
    tools = []
    for tool in body.objects("tools"):
        tool.need("type")
        tool.choice("type", ("function",))
        tools.append(read_tool(tool.need_mapping("function")))
    return tuple(tools)


def _read_format(body: Fields, turns: list[Turn]) -> Format:
    fields = body.mapping("response_format")
    if fields is None:
        return Format()
    fields.need("type")
    kind = fields.choice("type", ("text", "json_object", "json_schema"))
    if kind == "json_schema":
        return read_schema(fields.need_mapping("json_schema"))
    if kind == "json_object":
        if not any("json" in turn.text.lower() for turn in turns):
            raise invalid(
                "'messages' must contain the word 'json' in some form, to use 'response_format' "
                "of type 'json_object'.",
                "messages",
            )
        return Format("json_object")
    return Format()


def _read_stop(body: Fields) -> tuple[str, ...]:
    stop = body.get("stop")
    if stop is None:
        return ()
    found = [stop] if isinstance(stop, str) else body.array("stop")
    if len(found) > _STOPS:
        raise invalid(
            f"Invalid 'stop': array too long. Expected an array with maximum length {_STOPS}, "
            f"but got an array with length {len(found)} instead.",
            "stop",
            "array_above_max_length",
        )
    for index, text in enumerate(found):
        if not isinstance(text, str):
            raise wrong_type(f"stop[{index}]", "a string", text)
    return tuple(text for text in found if text)


def _read_logprobs(body: Fields) -> int | None:
    wanted = body.flag("logprobs")
    count = body.integer("top_logprobs", 0, MOST_ALTERNATIVES)
    if count is not None and not wanted:
        raise invalid(
            "Invalid value for 'top_logprobs': 'top_logprobs' is only allowed when 'logprobs' is "
            "enabled.",
            "top_logprobs",
        )
    return (count or 0) if wanted else None


def _refuse_parameters(body: Fields, model: Model) -> None:
    for name in model.refuses:
        value = body.get(name)
        if name == "temperature" and value not in {None, 1}:
            raise invalid(
                f"Unsupported value: 'temperature' does not support {value} with this model. "
                "Only the default (1) value is supported.",
                name,
                "unsupported_value",
            )
        if name != "temperature" and value is not None:
            raise invalid(
                f"Unsupported parameter: '{name}' is not supported with this model.",
                name,
                "unsupported_parameter",
            )


def _refuse_unsupported(body: Fields) -> None:
    answers = body.integer("n", 1, 128)
    if answers is not None and answers != 1:
        raise invalid(
            "Invalid value for 'n': the demo model gives one answer per request.",
            "n",
            "unsupported_value",
        )
    for index, modality in enumerate(body.array("modalities")):
        if modality != "text":
            raise unsupported(f"modalities[{index}]", str(modality), ("text",))
