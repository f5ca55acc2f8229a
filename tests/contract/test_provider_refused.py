"""What services say of a parameter that a model does not take, and how it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.demo import DemoServer
from playground_widget.errors import ErrorInfo, ParamRefusedError, RunError
from playground_widget.model import Message, Params, Text
from playground_widget.provider import Connection, can_retry, params_in
from playground_widget.provider._param_errors import refused_param
from tests.contract.servers import BODY, WIRES, Answer, Scripted, Wire, plain, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playground_widget.request import Api


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    with DemoServer() as server:
        yield server


def said(message: str, code: object = None, param: str | None = None) -> dict[str, Any]:
    kind = "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


# ruff: noqa: E501
# The wordings of the services stand here as people have reported them, on one line.

EXTRA = {
    "type": "extra_forbidden",
    "loc": ["body", "seed"],
    "msg": "Extra inputs are not permitted",
    "input": 1,
}
CASES: list[tuple[int, Any, str]] = [
    # OpenAI and Azure
    (400, said("Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.", "unsupported_value", "temperature"), "temperature"),
    (400, said("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "unsupported_parameter", "max_tokens"), "max_tokens"),
    (400, said("Unsupported parameter: 'reasoning.effort' is not supported with this model.", "unsupported_parameter", "reasoning.effort"), "reasoning_effort"),
    (400, said("Unsupported value: 'low' is not supported with the 'gpt-5-pro' model. Supported values are: 'high'.", "unsupported_value", "reasoning.effort"), "reasoning_effort"),
    (400, said("Unknown parameter: 'seed'.", "unknown_parameter", "seed"), "seed"),
    (400, said("Unrecognized request argument supplied: reasoning_effort"), "reasoning_effort"),
    (400, said("Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."), "response_format"),
    (400, said("Invalid parameter: 'text.format' of type 'json_schema' is not supported with model version `m`.", "unsupported_parameter", "text.format.type"), "response_format"),
    (403, said("You are not allowed to request logprobs from this model."), "logprobs"),
    (400, said("Unsupported parameter: 'top_logprobs' is not supported with this model.", "unsupported_parameter", "top_logprobs"), "logprobs"),
    # xAI
    (400, {"code": "Client specified an invalid argument", "error": "Argument not supported on this model: presencePenalty"}, "presence_penalty"),
    (400, {"code": "Client specified an invalid argument", "error": "Model grok-4 does not support parameter reasoningEffort."}, "reasoning_effort"),
    # LiteLLM
    (400, said("litellm.UnsupportedParamsError: ollama_chat does not support parameters: ['logprobs'], for model=llama3.1:70b. To drop these, set `litellm.drop_params=True`"), "logprobs"),
    (400, said("litellm.UnsupportedParamsError: gpt-5 models don't support temperature=0.2. Only temperature=1 is supported."), "temperature"),
    # vLLM, Mistral, NVIDIA: validations
    (400, {"object": "error", "message": "[{'type': 'extra_forbidden', 'loc': ('body', 'max_completion_tokens'), 'msg': 'Extra inputs are not permitted', 'input': 800}]", "type": "BadRequestError", "param": None, "code": 400}, "max_tokens"),
    (422, {"detail": [EXTRA]}, "seed"),
    (422, {"object": "error", "message": {"detail": [EXTRA]}, "type": "invalid_request_error"}, "seed"),
    (422, {"title": "Unprocessable Entity", "status": 422, "detail": "body -> frequency_penalty\n  Extra inputs are not permitted (type=extra_forbidden)"}, "frequency_penalty"),
    (400, {"object": "error", "message": '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set', "code": 400}, "tools"),
    # llama.cpp, of which old ones answered with 500
    (500, {"error": {"code": 500, "message": "Unsupported param: tools", "type": "server_error"}}, "tools"),
    (400, {"error": {"code": 400, "message": "logprobs is not supported with tools + stream", "type": "invalid_request_error"}}, "logprobs"),
    (500, {"error": {"code": 500, "message": "tools param requires --jinja flag", "type": "server_error"}}, "tools"),
    # Ollama
    (400, said("registry.ollama.ai/library/gemma3:4b does not support tools"), "tools"),
    (400, said('"llama3.1:8b" does not support thinking'), "reasoning_effort"),
    (400, said('think value "low" is not supported for this model'), "reasoning_effort"),
    # Groq, Google, Anthropic, OpenRouter, DeepSeek
    (400, said("property 'seed' is unsupported"), "seed"),
    (400, said("`reasoning_effort` is not supported with this model"), "reasoning_effort"),
    (400, said("This model does not support response format `json_schema`."), "response_format"),
    (400, [{"error": {"code": 400, "message": 'Invalid JSON payload received. Unknown name "frequency_penalty": Cannot find field.', "status": "INVALID_ARGUMENT"}}], "frequency_penalty"),
    (400, [{"error": {"code": 400, "message": "Logprobs is not enabled for models/m", "status": "INVALID_ARGUMENT"}}], "logprobs"),
    (400, said("temperature: `temperature` is deprecated for this model."), "temperature"),
    (404, said("No endpoints found that support tool use.", 404), "tools"),
    (400, said("This response_format type is unavailable now"), "response_format"),
    # A field of one's own
    (400, said("Unrecognized request argument supplied: top_k"), "extra"),
]  # fmt: skip
EVERYTHING = {
    "temperature": 0.2, "max_tokens": 9, "seed": 1, "frequency_penalty": 1, "presence_penalty": 1,
    "reasoning_effort": "low", "response_format": {}, "logprobs": True, "tools": [], "top_k": 1,
}  # fmt: skip


async def told(status: int, answer: Any, body: dict[str, Any] | None = None) -> ErrorInfo:
    headers = {"content-type": "application/json"}
    async with Scripted(Answer([plain(answer)], status, headers)) as server:
        connection = Connection("test", server.url, label="OpenAI", api_key="k")
        with pytest.raises(RunError) as caught:
            await read(connection, {**BODY, **(EVERYTHING if body is None else body)})
    return caught.value.info


@pytest.mark.parametrize(("status", "answer", "param"), CASES)
async def test_each_wording_of_a_refused_parameter_is_understood(
    status: int, answer: Any, param: str
) -> None:
    info = await told(status, answer)
    assert (info.kind, info.facts.get("param")) == ("param_refused", param)
    assert isinstance(RunError.of(info), ParamRefusedError)
    assert not can_retry(info)


async def test_it_says_what_was_refused_and_what_to_do() -> None:
    info = await told(*CASES[3][:2])
    assert info.title == "gpt-x does not take reasoning effort"
    assert info.detail.startswith("Your message is kept; nothing was charged. OpenAI says: ")
    assert info.actions == ("without", "retry")
    own = await told(*CASES[-1][:2])
    assert own.title == "gpt-x does not take top_k"


async def test_nothing_can_be_left_out_for_tools() -> None:
    info = await told(400, said("m does not support tools"))
    assert info.actions == ("retry",)


@pytest.mark.parametrize(("status", "answer", "param"), CASES)
async def test_what_was_not_sent_was_not_refused(status: int, answer: Any, param: str) -> None:
    assert (await told(status, answer, {})).kind != "param_refused", param


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "max_tokens is too large: 99999. This model supports at most 4096 tokens."),
        (400, "Invalid 'temperature': decimal above maximum value. Expected a value <= 2."),
        (400, "Invalid schema for response_format 'n': 'required' is required to be supplied."),
        (400, "This model does not support image input."),
        (401, "Unsupported parameter: 'temperature' is not supported with this model."),
        (429, "seed is not available: rate limit reached"),
    ],
)
async def test_other_errors_about_parameters_are_no_refusals(status: int, message: str) -> None:
    assert (await told(status, said(message))).kind != "param_refused"


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.api)
@pytest.mark.parametrize("name", ["temperature", "seed"])
async def test_the_picky_demo_refuses_as_reasoning_models_do(
    wire: Wire, name: str, demo: DemoServer
) -> None:
    connection = Connection("demo", demo.base_url, api=wire.api)
    asked = Message(id="u", parent=None, role="user", content=(Text("Hello"),))
    fast = {"demo": {"rate": None, "first_token": 0}}
    body = connection.request("", [asked], "demo-picky", Params(extra=fast))
    assert await read(connection, body)
    with pytest.raises(ParamRefusedError) as caught:
        await read(connection, {**body, name: 0})
    assert caught.value.info.facts == {"param": name, "status": 400}


@pytest.mark.parametrize(("api", "openai"), [("chat", True), ("chat", False), ("responses", True)])
def test_every_parameter_is_found_in_the_request_that_has_it(api: Api, openai: bool) -> None:
    params = Params(
        temperature=1,
        top_p=1,
        max_tokens=9,
        reasoning_effort="low",
        logprobs=3,
        response_format={"type": "json_object"},
        extra={"top_k": 1},
    )
    url = "https://api.openai.com/v1" if openai else "http://localhost:1/v1"
    connection = Connection("test", url, "sk-none-of-any-use", api)
    assert params_in(connection.request("", [], "m", params)) == set(params.to_dict())
    assert params_in(connection.request("Hi", [], "m", Params())) == set()


@given(st.text(), st.dictionaries(st.sampled_from(["param", "code", "detail"]), st.text()))
def test_any_words_name_a_parameter_or_none(message: str, error: dict[str, Any]) -> None:
    found = refused_param(error, message, EVERYTHING)
    assert found is None or found[0] in params_in(EVERYTHING)
