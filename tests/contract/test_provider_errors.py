"""What services answer when they do not answer, told in the words people see."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.errors import ErrorInfo, RunError, SetupError
from playground_widget.provider import Connection, can_retry, explain
from playground_widget.provider._figures import is_too_long, retry_after, token_figures
from tests.contract.servers import WIRES, Answer, Scripted, Wire, failure, plain, read, sse

if TYPE_CHECKING:
    from playground_widget.provider._secret import Key

KEY = "sk-proj-Zq8vTn3LwB5yHd2RkMx7Qa"
CHAT = WIRES[0]


def said(message: str, code: object = None, kind: str | None = None, **more: Any) -> bytes:
    return plain({"error": {"message": message, "code": code, "type": kind, **more}})


async def told(status: int, body: bytes, **headers: str) -> ErrorInfo:
    answer = Answer([body], status, {"content-type": "application/json", **headers})
    return (await failure(CHAT, answer, api_key=KEY, label="OpenAI")).info


# ruff: noqa: E501
# The wordings of the services stand here as they are, on one line.

CASES = [
    # OpenAI
    (401, said("Incorrect API key provided.", "invalid_api_key"), "key_refused"),
    (403, said("Country not supported", "unsupported_country_region_territory"), "no_permission"),
    (404, said("The model `x` does not exist", "model_not_found"), "model_not_found"),
    (429, said("Rate limit reached for gpt-4o", "rate_limit_exceeded", "requests"), "rate_limited"),
    (429, said("You exceeded your current quota", "insufficient_quota"), "quota"),
    (400, said("Your input exceeds the context window", "context_length_exceeded"), "context_too_long"),
    (400, said("Unsupported value: 'temperature'", "unsupported_value"), "param_refused"),
    (400, said("Invalid value: 'xhigh'. Supported values are: 'low'.", "invalid_value", param="reasoning.effort"), "bad_request"),
    (400, said("Unsupported value: 'messages[0].role' does not support 'system' with this model.", "unsupported_value", param="messages[0].role"), "bad_request"),
    (400, said("max_tokens is too large: 9. This model supports 4", "invalid_value"), "bad_request"),
    (400, said("The prompt was filtered", "content_filter"), "content_filter"),
    (409, said("Conflict"), "server"),
    (500, said("The server had an error", None, "server_error"), "server"),
    (503, said("The engine is currently overloaded"), "server"),
    # Those that are compatible, each in its own way
    (400, plain([{"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}}]), "key_refused"),
    (400, said("Invalid API Key", "400"), "key_refused"),
    (401, plain({"detail": "Unauthorized"}), "key_refused"),
    (402, said("This request requires more credits", 402), "quota"),
    (403, said("Invalid api_key provided"), "key_refused"),
    (404, plain({"detail": "Not Found"}), "bad_request"),
    (404, said("model 'llama9' not found", None, "api_error"), "model_not_found"),
    (400, said("x is not a valid model ID", 400), "model_not_found"),
    (404, plain({"object": "error", "message": "The model `x` does not exist.", "code": 404}), "model_not_found"),
    (422, plain({"detail": [{"loc": ["body"], "msg": "extra fields"}]}), "bad_request"),
    (429, plain([{"error": {"code": 429, "message": "You exceeded your current quota, please check your plan and billing details. Please retry in 31.5s.", "status": "RESOURCE_EXHAUSTED"}}]), "rate_limited"),
    (429, b"slow down", "rate_limited"),
    (500, b"", "server"),
    (502, b"<html><h1>502 Bad Gateway</h1></html>", "server"),
    (504, b"", "timeout"),
    (529, said("Overloaded", None, "overloaded_error"), "server"),
    (413, b"", "bad_request"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "kind"), CASES)
async def test_each_wording_is_understood(status: int, body: bytes, kind: str) -> None:
    info = await told(status, body)
    assert info.kind == kind
    assert info.facts["status"] == status
    assert RunError.of(info).kind == kind
    assert "kept" in info.detail


async def test_a_wrong_key_names_its_end_and_where_it_came_from() -> None:
    info = await told(401, said(f"Incorrect API key provided: {KEY}."))
    assert info.title == "OpenAI did not accept the key"
    assert info.detail == (
        "It ends in …x7Qa and came from the api_key argument. "
        "Your message is kept; nothing was charged."
    )
    assert info.actions == ("change_key", "use_demo")
    assert info.facts == {"status": 401, "key_tail": "x7Qa", "key_source": "argument"}


async def test_no_key_where_one_is_needed_says_so() -> None:
    answer = Answer([said("You didn't provide an API key.")], 401)
    info = (await failure(CHAT, answer, label="vLLM")).info
    assert info.title == "vLLM asks for a key"
    assert info.detail.startswith("None was sent. Your message is kept; nothing was charged.")


async def test_the_demo_does_not_offer_itself() -> None:
    answer = Answer([said("no")], 401)
    async with Scripted(answer) as server:
        with pytest.raises(RunError) as caught:
            await read(Connection("demo", server.url))
    assert caught.value.info.actions == ("change_key",)


async def test_a_short_key_is_not_shown_at_all() -> None:
    info = (await failure(CHAT, Answer([said("no")], 401), api_key="hunter2")).info
    assert info.detail.startswith("It came from the api_key argument.")
    assert "key_tail" not in info.facts


async def test_a_rate_limit_says_how_long_to_wait() -> None:
    info = await told(429, said("Rate limit"), **{"retry-after": "12"})
    assert (info.title, info.detail) == (
        "OpenAI is limiting requests",
        "Your message is kept.",
    )
    assert info.facts["retry_after"] == 12.0
    assert can_retry(info)


async def test_a_conversation_that_is_too_long_says_by_how_much() -> None:
    message = (
        "This model's maximum context length is 128000 tokens. However, your messages "
        "resulted in 137210 tokens. Please reduce the length of the messages."
    )
    info = await told(400, said(message, "context_length_exceeded"))
    assert info.title == "This is 9,210 tokens more than gpt-x can read"
    assert info.detail == "It reads 128,000. Nothing was charged, and your message is kept."
    assert (info.facts["tokens_over"], info.facts["limit"]) == (9210, 128000)
    assert info.actions == ("leave_out",)


async def test_a_window_that_is_full_in_the_middle_of_an_answer_keeps_its_text() -> None:
    full = {"code": 500, "type": "exceed_context_size_error", "message": "Context size exceeded."}
    data = sse(*CHAT.text("Hello"), *CHAT.text(" there"), CHAT.error(full))
    info = (await failure(CHAT, Answer([data]))).info
    assert info.kind == "context_too_long"
    assert info.title == "gpt-x ran out of room after 2 tokens"
    assert info.detail == "The text above is kept."
    assert info.actions == ("continue", "regenerate")


async def test_what_the_service_says_is_shown_shortened_and_on_one_line() -> None:
    info = await told(400, said("line one\nline two " + "x" * 5000))
    assert "OpenAI says: line one line two xxx" in info.detail
    assert len(info.detail) < 400


async def test_the_page_of_a_proxy_is_not_shown() -> None:
    info = await told(502, b"<html><h1>502 Bad Gateway</h1></html>")
    assert info.detail == "Your message is kept. It answered 502."


async def test_an_address_without_the_api_says_where_it_looked() -> None:
    info = await told(404, b"404 page not found")
    assert "There is nothing at http://127.0.0.1:" in info.detail
    assert "/v1" in info.detail


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.api)
async def test_a_limit_met_in_mid_answer_keeps_the_text_and_is_not_retried(wire: Wire) -> None:
    error = wire.error({"message": "Rate limit reached", "code": "rate_limit_exceeded"})
    info = (await failure(wire, Answer([sse(*wire.text("a"), error)]))).info
    assert (info.kind, info.detail) == ("rate_limited", "The text above is kept.")
    assert info.actions == ("continue", "regenerate")
    assert not can_retry(info)


def of(error: BaseException, key: Key | None = None) -> RunError:
    connection = Connection("test", "http://localhost:1/v1", key)
    return explain(error, connection, model="m", had_text=False, tokens=0)


def test_a_set_up_that_cannot_work_says_its_own_words() -> None:
    assert of(SetupError("This client cannot be copied.")).info.title == (
        "This client cannot be copied"
    )


def test_an_unknown_error_is_named_and_masked() -> None:
    info = of(ValueError(f"bad {KEY}"), KEY).info
    assert (info.kind, info.title) == ("error", "The run failed")
    assert info.detail == "Your message is kept. ValueError: bad …x7Qa"


def test_an_explained_error_leads_back_to_nothing() -> None:
    try:
        raise ValueError("x")  # noqa: TRY301 (there has to be an error to lead back to)
    except ValueError as error:
        found = of(error)
    assert found.__cause__ is None
    assert found.__context__ is None


def test_a_run_error_passes_through() -> None:
    info = ErrorInfo(kind="quota", title="t")
    assert of(RunError.of(info)).info == info


# ------------------------------------------------------------------------------ figures

FIGURES = [
    # OpenAI, twice
    ("This model's maximum context length is 4097 tokens. However, you requested 5000 tokens (1000 in the messages, 4000 in the completion).", 5000, 4097),
    ("Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 50,000.", 50000, 30000),
    # vLLM, three times
    ("This model's maximum context length is 4096 tokens. However, you requested 5100 tokens (5000 in the messages, 100 in the completion).", 5100, 4096),
    ("The decoder prompt (length 5000) is longer than the maximum model length of 4096.", 5000, 4096),
    ("You passed 5001 input tokens and requested 100 output tokens. However, the model's context length is only 4096 tokens.", 5101, 4096),
    # llama.cpp, Ollama, LM Studio
    ("request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it", 5000, 4096),
    ("the input length exceeds the context length", None, None),
    ("Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens", 5000, 4096),
    # Anthropic, twice
    ("prompt is too long: 210000 tokens > 200000 maximum", 210000, 200000),
    ("input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000", 210000, 200000),
    # Google, Mistral, TGI, OpenRouter
    ("The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", 1200000, 1048576),
    ("Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length", 40000, 32768),
    ("`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens and 100 `max_new_tokens`", 5100, 4096),
    ("This endpoint's maximum context length is 8192 tokens. However, you requested about 9000 tokens (8000 of text input, 1000 in the output).", 9000, 8192),
]  # fmt: skip


@pytest.mark.parametrize(("message", "needed", "limit"), FIGURES)
def test_every_servers_wording_of_too_long_is_read(
    message: str, needed: int | None, limit: int | None
) -> None:
    assert is_too_long(message)
    assert token_figures(message, {}) == (needed, limit)


def test_figures_in_fields_of_their_own_come_first() -> None:
    error = {"n_prompt_tokens": 5000, "n_ctx": 4096, "type": "exceed_context_size_error"}
    assert is_too_long("exceed_context_size_error")
    assert token_figures("too long", error) == (5000, 4096)


@given(st.text(), st.dictionaries(st.sampled_from(["n_ctx", "n_prompt_tokens"]), st.integers()))
def test_any_message_has_figures_or_none(message: str, error: dict[str, Any]) -> None:
    token_figures(message, error)
    token_figures("requested " + "9" * 300, {})


NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"retry-after-ms": "1500", "retry-after": "9"}, "", 1.5),
        ({"retry-after": "2.5"}, "", 2.5),
        ({"retry-after": "Thu, 01 Jan 2026 00:00:30 GMT"}, "", 30.0),
        ({"retry-after": "Wed, 31 Dec 2025 23:00:00 GMT"}, "", 0.0),
        (
            {
                "retry-after": "Thu, 01 Jan 2026 08:00:30 GMT",
                "date": "Thu, 01 Jan 2026 08:00:10 GMT",
            },
            "",
            20.0,
        ),
        ({"retry-after": "Thu, 01 Jan 2026 00:00:30 GMT", "date": "today"}, "", 30.0),
        ({}, f"Please try again in {'9' * 400}h.", None),
        ({"retry-after": "soon"}, "Please try again in 20s.", 20.0),
        ({}, "Please try again in 1m2.5s.", 62.5),
        ({}, "Try again in 350ms.", 0.35),
        ({}, "Please retry in 12.3s.", 12.3),
        ({"retry-after": "-1"}, "", None),
        ({"retry-after": "nan"}, "", None),
        ({}, "later", None),
    ],
)
def test_the_time_to_wait_is_read_from_wherever_it_is_said(
    headers: dict[str, str], message: str, seconds: float | None
) -> None:
    assert retry_after(headers, message, NOW) == pytest.approx(seconds)


@given(st.text(), st.text())
def test_any_header_and_message_give_a_time_to_wait_or_none(header: str, message: str) -> None:
    for name in ("retry-after", "date"):
        seconds = retry_after({"retry-after": "Thu, 01 Jan 2026", name: header}, message, NOW)
        assert seconds is None or 0 <= seconds < math.inf
