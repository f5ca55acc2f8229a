"""Requests that are wrong get the API's own errors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground_widget.demo._errors import ApiError
from playground_widget.demo._fields import parse_body
from playground_widget.demo._parse_chat import read_chat
from playground_widget.demo._parse_responses import read_responses
from playground_widget.demo._plan import plan
from playground_widget.demo._request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.demo.conftest import Caller, Reply

USER = {"role": "user", "content": "Hello"}
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
FUNCTION = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}


def refused(reply: Reply, status: int = 400) -> dict[str, Any]:
    assert reply.status == status, reply.body
    assert reply.headers["x-request-id"].startswith("req_")
    error = reply.error
    assert set(error) == {"message", "type", "param", "code"}
    assert isinstance(error["message"], str)
    assert error["message"]
    return error


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"\xff\xfe",
        b'{"model": NaN}',
        b"[" * 100_000,
        b'{"a":' + b"9" * 5_000 + b"}",
    ],
)
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses"])
def test_what_is_no_json_object_is_said_to_be_none(call: Caller, path: str, body: bytes) -> None:
    error = refused(call.request("POST", path, body))
    assert "could not parse the JSON body" in error["message"]


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"messages": None}, "messages", "missing_required_parameter"),
        ({"messages": []}, "messages", "empty_array"),
        ({"messages": "Hello"}, "messages", "invalid_type"),
        ({"messages": ["Hello"]}, "messages[0]", "invalid_type"),
        ({"messages": [{"content": "x"}]}, "messages[0].role", "missing_required_parameter"),
        ({"messages": [{"role": "king", "content": "x"}]}, "messages[0].role", "invalid_value"),
        ({"messages": [{"role": "user"}]}, "messages[0].content", None),
        ({"messages": [{"role": "user", "content": 7}]}, "messages[0].content", "invalid_type"),
        (
            {"messages": [{"role": "user", "content": [{"type": "video"}]}]},
            "messages[0].content[0].type",
            "invalid_value",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {
                "url": "data:image/png;base64,!"}}]}]},
            "messages[0].content[0].image_url",
            "invalid_base64_image",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {
                "url": "file:///etc/passwd"}}]}]},
            "messages[0].content[0].image_url",
            "invalid_image_url",
        ),
        ({"model": None}, "model", "missing_required_parameter"),
        ({"model": 4}, "model", "invalid_type"),
        ({"temperature": 2.5}, "temperature", "decimal_above_max_value"),
        ({"temperature": -1}, "temperature", "decimal_below_min_value"),
        ({"temperature": "hot"}, "temperature", "invalid_type"),
        ({"temperature": True}, "temperature", "invalid_type"),
        ({"top_p": 1.1}, "top_p", "decimal_above_max_value"),
        ({"max_tokens": 0}, "max_tokens", "integer_below_min_value"),
        ({"max_tokens": 1.5}, "max_tokens", "invalid_type"),
        ({"presence_penalty": 3}, "presence_penalty", "decimal_above_max_value"),
        ({"n": 2}, "n", "unsupported_value"),
        ({"n": 0}, "n", "integer_below_min_value"),
        ({"stop": ["a"] * 5}, "stop", "array_above_max_length"),
        ({"stop": [1]}, "stop[0]", "invalid_type"),
        ({"stream": "yes"}, "stream", "invalid_type"),
        ({"stream_options": {"include_usage": True}}, "stream_options", None),
        ({"logprobs": 3}, "logprobs", "invalid_type"),
        ({"top_logprobs": 3}, "top_logprobs", None),
        ({"logprobs": True, "top_logprobs": 21}, "top_logprobs", "integer_above_max_value"),
        ({"seed": 1.5}, "seed", "invalid_type"),
        ({"tools": [{"type": "function"}]}, "tools[0].function", "missing_required_parameter"),
        ({"tool_choice": "auto"}, "tool_choice", None),
        ({"tools": [FUNCTION], "tool_choice": "maybe"}, "tool_choice", "invalid_value"),
        ({"response_format": {"type": "xml"}}, "response_format.type", "invalid_value"),
        (
            {"response_format": {"type": "json_schema", "json_schema": {
                "name": "x", "schema": {"type": "integer", "minimum": 2, "maximum": 1}}}},
            "response_format",
            "invalid_json_schema",
        ),
        ({"top_k": 40}, None, None),
        ({"demo": {"speed": 9}}, "demo", "unknown_parameter"),
        ({"demo": {"rate": 0}}, "demo.rate", "decimal_below_min_value"),
    ],
)  # fmt: skip
def test_a_wrong_chat_request_names_what_is_wrong(
    call: Caller, change: dict[str, Any], param: str | None, code: str | None
) -> None:
    body = {"model": "demo-fast", "messages": [USER]} | change
    error = refused(call.post("chat/completions", **body))
    assert (error["param"], error["code"]) == (param, code)
    assert error["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"input": None}, "input", "missing_required_parameter"),
        ({"input": []}, "input", "empty_array"),
        ({"input": 7}, "input", "invalid_type"),
        ({"input": [{"role": "tool", "content": "x"}]}, "input[0].role", "invalid_value"),
        ({"input": [{"type": "audio"}]}, "input[0].type", "invalid_value"),
        ({"max_output_tokens": 15}, "max_output_tokens", "integer_below_min_value"),
        ({"stop": "x"}, "stop", "unknown_parameter"),
        (
            {"previous_response_id": "resp_1"},
            "previous_response_id",
            "previous_response_not_found",
        ),
        ({"background": True}, "background", "unsupported_parameter"),
        ({"text": {"format": {"type": "xml"}}}, "text.format.type", "invalid_value"),
        ({"reasoning": "high"}, "reasoning", "invalid_type"),
    ],
)
def test_a_wrong_responses_request_names_what_is_wrong(
    call: Caller, change: dict[str, Any], param: str, code: str
) -> None:
    body = {"model": "demo-fast", "input": "Hello"} | change
    error = refused(call.post("responses", **body))
    assert (error["param"], error["code"]) == (param, code)


@pytest.mark.parametrize("path", ["chat/completions", "responses"])
def test_an_unknown_model_is_not_found(call: Caller, path: str) -> None:
    body = {"model": "gpt-4o", "messages": [USER], "input": "Hello"}
    del body["input" if path.startswith("chat") else "messages"]
    error = refused(call.post(path, **body), 404)
    assert error["code"] == "model_not_found"
    assert "`gpt-4o` does not exist" in error["message"]


def test_tool_messages_and_calls_must_belong_together(call: Caller) -> None:
    answer = {"role": "tool", "tool_call_id": "c1", "content": "x"}
    made = {"role": "assistant", "tool_calls": [CALL]}
    assert call.chat([USER, made, answer]).status == 200
    assert "preceding" in refused(call.chat([USER, answer]))["message"]
    assert "c1" in refused(call.chat([USER, made]))["message"]
    assert "c1" in refused(call.chat([USER, made, USER]))["message"]
    item = {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"}
    output = {"type": "function_call_output", "call_id": "c1", "output": "x"}
    assert call.respond([USER, item, output]).status == 200
    assert "No tool output" in refused(call.respond([USER, item]))["message"]
    assert "No tool call" in refused(call.respond([USER, output]))["message"]


def test_other_addresses_and_methods_are_refused_in_the_same_shape(call: Caller) -> None:
    assert "Invalid URL" in refused(call.request("GET", "/v1/nothing"), 404)["message"]
    assert "Invalid URL" in refused(call.request("POST", "/", b"{}"), 404)["message"]
    error = refused(call.request("GET", "/v1/chat/completions"), 405)
    assert error["code"] == "method_not_supported"


NAMES = [
    "model", "messages", "input", "role", "content", "type", "text", "image_url", "url",
    "tools", "function", "name", "parameters", "tool_choice", "tool_calls", "tool_call_id", "id",
    "arguments", "call_id", "output", "stream", "stream_options", "include_usage", "temperature",
    "max_tokens", "max_output_tokens", "stop", "n", "seed", "response_format", "json_schema",
    "schema", "format", "reasoning", "effort", "demo", "tokens", "rate", "variant", "metadata",
    "instructions", "properties", "items", "$ref", "enum", "anyOf", "minimum", "pattern",
]  # fmt: skip
WORDS = [
    "demo-fast", "demo-tools", "demo-json", "user", "assistant", "system", "tool", "text",
    "image_url", "function", "json_schema", "json_object", "object", "string", "auto", "required",
    "Continue exactly where you stopped.", "message", "function_call", "function_call_output",
    "json table code", "a,b\n1,2\n3,4", "#", "f", "data:image/png;base64,AAAA",
]  # fmt: skip
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.sampled_from(WORDS)
    | st.text(st.characters(), max_size=20)
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
    ),
    max_leaves=20,
)
messages = st.lists(
    st.fixed_dictionaries(
        {"role": st.sampled_from(WORDS), "content": values},
        optional={"tool_calls": values, "tool_call_id": leaves, "type": leaves},
    ),
    max_size=4,
)
bodies = st.fixed_dictionaries(
    {"model": st.sampled_from(["demo-fast", "demo-tools", "demo-json", "demo-echo"]) | leaves},
    optional={"messages": messages | values, "input": messages | values}
    | {name: values for name in NAMES if name not in {"model", "messages", "input"}},
)


@given(bodies)
def test_any_body_is_answered_or_refused_with_a_status_below_500(body: dict[str, Any]) -> None:
    for read in (read_chat, read_responses):
        error = outcome(read, body)
        if error is not None:
            assert 400 <= error.status < 500
            assert set(error.body()["error"]) == {"message", "type", "param", "code"}


def outcome(read: Callable[[dict[str, Any]], Request], body: dict[str, Any]) -> ApiError | None:
    try:
        plan(read(parse_body(json.dumps(body).encode())))
    except ApiError as error:
        return error
    return None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=60) | bodies.map(lambda body: json.dumps(body).encode()))
def test_any_bytes_get_an_answer_or_the_shape_of_an_error(call: Caller, body: bytes) -> None:
    for path in ("/v1/chat/completions", "/v1/responses"):
        reply = call.request("POST", path, body)
        if reply.status != 200:
            assert reply.status < 500
            refused(reply, reply.status)
