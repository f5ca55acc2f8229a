"""Models that fail, each in its own way."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx2
import openai
import pytest
from openai import OpenAI

from playground_widget.demo import DemoServer

if TYPE_CHECKING:
    from tests.unit.demo.conftest import Caller, Reply

APIS = ["chat", "respond"]


def ask(call: Caller, api: str, model: str, **body: Any) -> Reply:
    method: Callable[..., Reply] = getattr(call, api)
    return method(body.pop("message", "Hello"), model, **body)


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("demo-rate-limited-always", (429, "requests", "rate_limit_exceeded")),
        ("demo-no-quota", (429, "insufficient_quota", "insufficient_quota")),
        ("demo-bad-key", (401, "invalid_request_error", "invalid_api_key")),
        ("demo-overloaded", (503, "server_error", None)),
    ],
)
def test_the_error_has_the_shape_of_the_api(
    call: Caller, api: str, stream: bool, model: str, expected: tuple[int, str, str | None]
) -> None:
    for _ in range(4):
        reply = ask(call, api, model, stream=stream)
        assert reply.headers["content-type"] == "application/json"
        assert reply.headers["x-request-id"].startswith("req_")
        assert set(reply.error) == {"message", "type", "param", "code"}
        assert (reply.status, reply.error["type"], reply.error["code"]) == expected


@pytest.mark.parametrize(
    ("model", "status"), [("demo-rate-limited", 429), ("demo-server-error", 500)]
)
def test_two_tries_of_a_conversation_fail_and_the_third_is_answered(
    call: Caller, model: str, status: int
) -> None:
    for _ in range(2):
        tries = [ask(call, "chat", model, message="once") for _ in range(2)]
        assert [one.status for one in tries] == [status, status]
        # Another conversation has its own tries.
        assert ask(call, "chat", model, message="other").status == status
        assert ask(call, "chat", model, message="once").status == 200
        assert ask(call, "chat", model, message="other").status == status
        assert ask(call, "chat", model, message="other").status == 200


def test_a_rate_limit_says_how_long_to_wait(call: Caller) -> None:
    reply = call.chat(model="demo-rate-limited-always")
    assert reply.headers["retry-after"] == "2"
    assert "Please try again in 2s." in reply.error["message"]
    steered = call.chat(model="demo-rate-limited-always", demo={"retry_after": 7})
    assert steered.headers["retry-after"] == "7"
    assert steered.headers["retry-after-ms"] == "7000"


def test_the_sdk_raises_its_own_errors(client: OpenAI) -> None:
    expected = {
        "demo-rate-limited-always": openai.RateLimitError,
        "demo-no-quota": openai.RateLimitError,
        "demo-bad-key": openai.AuthenticationError,
        "demo-overloaded": openai.InternalServerError,
        "none-such": openai.NotFoundError,
    }
    for model, error in expected.items():
        with pytest.raises(error):
            client.chat.completions.create(
                model=model, messages=[{"role": "user", "content": "Hello"}]
            )


def test_the_sdk_gets_through_two_rate_limits_by_itself(server: DemoServer) -> None:
    with httpx2.Client(trust_env=False) as http_client:
        client = OpenAI(
            base_url=server.base_url, api_key="demo", http_client=http_client, max_retries=2
        )
        answer = client.chat.completions.create(
            model="demo-rate-limited",
            messages=[{"role": "user", "content": "by itself"}],
            extra_body={"demo": {"retry_after": 0, "rate": None, "first_token": 0}},
        )
    assert answer.choices[0].message.content


@pytest.mark.parametrize("api", APIS)
def test_a_full_context_is_refused_with_the_true_numbers(call: Caller, api: str) -> None:
    short = ask(call, api, "demo-context")
    assert short.status == 200
    usage = short.json["usage"]
    base = usage.get("prompt_tokens", usage.get("input_tokens"))
    reply = ask(call, api, "demo-context", message="Hello" + " word" * 600)
    assert reply.status == 400
    assert reply.error["code"] == "context_length_exceeded"
    assert reply.error["message"].startswith(
        "This model's maximum context length is 512 tokens. However, your messages resulted in "
        f"{base + 600} tokens."
    )


def test_an_error_in_mid_stream_follows_text(call: Caller, client: OpenAI) -> None:
    reply = call.chat(model="demo-stream-error", stream=True)
    assert reply.status == 200
    *chunks, (_, last) = reply.events
    assert len(chunks) == 21
    assert last["error"]["type"] == "server_error"
    with pytest.raises(openai.APIError, match="had an error"):
        list(
            client.chat.completions.create(
                model="demo-stream-error",
                messages=[{"role": "user", "content": "Hello"}],
                stream=True,
                extra_body={"demo": {"rate": None}},
            )
        )
    assert call.chat(model="demo-stream-error").status == 500


def test_a_failed_response_says_so_in_its_events_and_in_its_status(call: Caller) -> None:
    events = call.respond(model="demo-stream-error", stream=True).events
    assert [name for name, _ in events[-2:]] == ["error", "response.failed"]
    assert events[-2][1]["message"].startswith("The server had an error")
    assert events[-1][1]["response"]["error"]["code"] == "server_error"
    assert [data["sequence_number"] for _, data in events] == list(range(len(events)))
    whole = call.respond(model="demo-stream-error").json
    assert whole["status"] == "failed"
    assert whole["error"]["code"] == "server_error"


@pytest.mark.parametrize("api", APIS)
def test_malformed_lines_stand_between_good_ones(call: Caller, api: str) -> None:
    body = ask(call, api, "demo-malformed", stream=True).body
    bad = []
    for line in body.split(b"\n"):
        if line.startswith(b"data: ") and line != b"data: [DONE]":
            try:
                json.loads(line[6:])
            except ValueError:
                bad.append(line)
    assert len(bad) == 1
    assert b"\nnonsense: 1\nno colon at all\n" in body
    assert body.index(b"\n: still here\n") < body.index(bad[0]) < len(body) - 1000
    with pytest.raises(ValueError, match="Unterminated"):
        _ = ask(call, api, "demo-malformed").json


@pytest.mark.parametrize("after", [0, 1, 50, 100_000])
def test_where_it_breaks_can_be_chosen(call: Caller, after: int) -> None:
    tokens = call.chat().json["usage"]["completion_tokens"]
    reply = call.chat(model="demo-stream-error", stream=True, demo={"break_after": after})
    assert len(reply.events) == 1 + min(after, tokens) + 1


@pytest.mark.parametrize("model", ["demo-cut", "demo-stream-error", "demo-malformed", "demo-stall"])
def test_a_broken_answer_is_finished_when_continued(call: Caller, model: str) -> None:
    whole = call.text("Hello")
    messages = [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": whole[:60]},
        {"role": "user", "content": "Continue exactly where you stopped."},
    ]
    assert whole[:60] + call.text(messages, model) == whole
