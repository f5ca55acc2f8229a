"""Reads the body of `POST /v1/responses`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from playground_widget.demo._errors import ApiError, invalid, wrong_type
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

__all__ = ["read_responses"]

_KNOWN = frozenset(
    {
        "background", "conversation", "demo", "include", "input", "instructions",
        "max_output_tokens", "max_tool_calls", "metadata", "model", "parallel_tool_calls",
        "previous_response_id", "prompt_cache_key", "prompt_cache_options",
        "prompt_cache_retention", "reasoning", "safety_identifier", "seed", "service_tier",
        "store", "stream", "stream_options", "temperature", "text", "tool_choice", "tools",
        "top_logprobs", "top_p", "truncation", "user",
    }
)  # fmt: skip
_ECHOED = ("instructions", "max_output_tokens", "metadata", "temperature", "tool_choice", "tools")
_LOGPROBS = "message.output_text.logprobs"
_INCLUDES = (
    "code_interpreter_call.outputs",
    "computer_call_output.output.image_url",
    "file_search_call.results",
    "message.input_image.image_url",
    _LOGPROBS,
    "reasoning.encrypted_content",
    "web_search_call.action.sources",
    "web_search_call.results",
)
_PARTS = {
    "input_text": "text",
    "output_text": "text",
    "refusal": "refusal",
    "input_image": "image_url",
}
_ITEMS = ("message", "function_call", "function_call_output", "reasoning", "item_reference")


def read_responses(raw: dict[str, Any]) -> Request:
    """Return the request in a Responses body.

    Raises:
        ApiError: What is wrong with it, as the API would say it.
    """
    body = Fields(raw)
    unknown = known_only(body, _KNOWN)
    if unknown is not None:
        name = unknown[:100]
        raise invalid(f"Unknown parameter: '{name}'.", name, "unknown_parameter")
    model = read_model(body)
    turns = _read_input(body)
    instructions = body.text("instructions")
    if instructions:
        turns.insert(0, Turn("system", instructions))
    _refuse_state(body)
    _refuse_parameters(body, model)
    tools = _read_tools(body)
    seed, temperature = read_sampling(body)
    body.mapping("metadata")
    reasoning = body.mapping("reasoning")
    request = Request(
        model=model,
        turns=tuple(turns),
        tools=tools,
        tool_choice=read_call_choice(body, tools, nested=False),
        parallel=body.flag("parallel_tool_calls", default=True),
        format=_read_format(body, turns),
        limit=body.integer("max_output_tokens", 16),
        seed=seed,
        temperature=temperature,
        think=not reasoning or reasoning.text("effort") not in {"none", "minimal"},
        stream=body.flag("stream"),
        logprobs=_read_logprobs(body),
        steering=read_steering(body, model),
        echo={name: raw[name] for name in _ECHOED if raw.get(name) is not None},
    )
    check_context(request, "input")
    return request


def _read_input(body: Fields) -> list[Turn]:
    value = body.need("input")
    if isinstance(value, str):
        return [Turn("user", value)]
    if not isinstance(value, list):
        raise wrong_type("input", "one of a string or array of input items", value)
    turns: list[Turn] = []
    for item in body.objects("input"):
        _read_item(item, turns)
    if not turns:
        raise invalid(
            "Invalid 'input': empty array. Expected an array with minimum length 1, but got an "
            "empty array instead.",
            "input",
            "empty_array",
        )
    waiting = unanswered(turns)
    if waiting:
        raise invalid(f"No tool output found for function call {waiting[0][:100]}.", "input")
    return turns


def _read_item(item: Fields, turns: list[Turn]) -> None:
    match item.choice("type", _ITEMS) or "message":
        case "message":
            item.need("role")
            role = item.choice("role", ("assistant", "system", "developer", "user"))
            item.need("content")
            text, images = read_parts(item, "content", _PARTS)
            # The choice above leaves only these roles.
            turns.append(Turn(role, text, images))  # type: ignore[arg-type]
        case "function_call":
            call = Call(
                id=item.need_text("call_id"),
                name=item.need_text("name"),
                arguments=item.need_text("arguments"),
            )
            if turns and turns[-1].role == "assistant":
                turns[-1] = replace(turns[-1], calls=(*turns[-1].calls, call))
            else:
                turns.append(Turn("assistant", calls=(call,)))
        case "function_call_output":
            call_id = item.need_text("call_id")
            if not any(call.id == call_id for turn in turns for call in turn.calls):
                raise invalid(
                    f"No tool call found for function call output with call_id {call_id[:100]}.",
                    "input",
                )
            item.need("output")
            text, _ = read_parts(item, "output", _PARTS)
            turns.append(Turn("tool", text, call_id=call_id))
        case "item_reference":
            name = item.need_text("id")[:100]
            raise ApiError(404, f"Item with id '{name}' not found.", param=item.where)
        case _:
            # Reasoning that a client sends back: the demo model starts afresh each time.
            return


def _read_tools(body: Fields) -> tuple[Tool, ...]:
    tools = []
    for tool in body.objects("tools"):
        tool.need("type")
        tool.choice("type", ("function",))
        tools.append(read_tool(tool))
    return tuple(tools)


def _read_format(body: Fields, turns: list[Turn]) -> Format:
    text = body.mapping("text")
    fields = text.mapping("format") if text else None
    if fields is None:
        return Format()
    fields.need("type")
    kind = fields.choice("type", ("text", "json_object", "json_schema"))
    if kind == "json_schema":
        fields.need("schema")
        return read_schema(fields)
    if kind == "json_object":
        if not any("json" in turn.text.lower() for turn in turns):
            raise invalid(
                "Response input messages must contain the word 'json' in some form to use "
                "'text.format' of type 'json_object'.",
                "input",
            )
        return Format("json_object")
    return Format()


def _read_logprobs(body: Fields) -> int | None:
    for index, name in enumerate(body.array("include")):
        if name not in _INCLUDES:
            raise unsupported(f"include[{index}]", str(name), _INCLUDES)
    count = body.integer("top_logprobs", 0, MOST_ALTERNATIVES)
    return (count or 0) if _LOGPROBS in body.array("include") else None


def _refuse_parameters(body: Fields, model: Model) -> None:
    for name in model.refuses:
        if body.get(name) is None:
            continue
        if name == "seed":  # which this API has for no model
            raise invalid("Unknown parameter: 'seed'.", name, "unknown_parameter")
        raise invalid(
            f"Unsupported parameter: '{name}' is not supported with this model.",
            name,
            "unsupported_parameter",
        )


def _refuse_state(body: Fields) -> None:
    previous = body.text("previous_response_id")
    if previous is not None:
        raise invalid(
            f"Previous response with id '{previous[:100]}' not found.",
            "previous_response_id",
            "previous_response_not_found",
        )
    if body.get("conversation") is not None or body.flag("background"):
        name = "background" if body.flag("background") else "conversation"
        raise invalid(
            f"Unsupported parameter: '{name}' is not supported with this model.",
            name,
            "unsupported_parameter",
        )
