"""The program that asks with the `openai` package: client, messages, request, answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from playground_widget.export._asked import Asked, base_url, is_plain_openai, key_name
from playground_widget.export._python import call, literal, string
from playground_widget.export._values import Target

__all__ = ["Program", "program"]

_LONG = 400
"""From how many characters on an image stands in a variable of its own."""

CHAT_FIELDS = frozenset(
    [
        "model",
        "messages",
        "stream",
        "stream_options",
        "temperature",
        "top_p",
        "max_tokens",
        "max_completion_tokens",
        "stop",
        "seed",
        "frequency_penalty",
        "presence_penalty",
        "reasoning_effort",
        "response_format",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "logit_bias",
        "logprobs",
        "top_logprobs",
        "n",
        "user",
        "metadata",
        "store",
        "service_tier",
        "prediction",
        "modalities",
        "audio",
        "verbosity",
        "web_search_options",
        "safety_identifier",
        "prompt_cache_key",
    ]
)
RESPONSES_FIELDS = frozenset(
    [
        "model",
        "input",
        "instructions",
        "stream",
        "store",
        "temperature",
        "top_p",
        "max_output_tokens",
        "reasoning",
        "text",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "include",
        "metadata",
        "previous_response_id",
        "service_tier",
        "truncation",
        "user",
        "top_logprobs",
        "max_tool_calls",
        "background",
        "conversation",
        "prompt",
        "stream_options",
        "safety_identifier",
        "prompt_cache_key",
    ]
)
"""The keywords of the SDK's `create`; other fields of a body go through `extra_body`."""


class Program(NamedTuple):
    """The parts of a program, each a cell.

    Args:
        client: Makes the client.
        images: Variables for what is too long to stand among the messages; may be empty.
        request: The messages, the call, and the printing of the answer.
    """

    client: str
    images: str
    request: str


def program(asked: Asked, target: Target) -> Program:
    """Return the program that sends a request's exact body and prints the answer."""
    names = {text: f"image_{at}" for at, text in enumerate(_long(asked.body), 1)}
    images = "\n".join(f"{name} = {string(text)}" for text, name in names.items())
    return Program(_client(target), images, _request(asked.body, target, names))


def _client(target: Target) -> str:
    if target.demo:
        return (
            "from openai import OpenAI\n"
            "from playground_widget.demo import shared\n\n"
            "# The demo model answers inside this process.\n"
            'client = OpenAI(base_url=shared().base_url, api_key="demo")'
        )
    key = key_name(target)
    if is_plain_openai(target) and key == "OPENAI_API_KEY":
        return "from openai import OpenAI\n\nclient = OpenAI()  # reads OPENAI_API_KEY"
    given: list[str] = []
    if not is_plain_openai(target):
        given.append(f"base_url={string(base_url(target))}")
    if not key:
        start = "from openai import OpenAI"
        given.append('api_key="none"')
        return f"{start}\n\n" + call("OpenAI", given, {}, before="client = ")
    if key == "OPENAI_API_KEY":
        line = call("OpenAI", given, {}, before="client = ")
        return f"from openai import OpenAI\n\n{line}  # reads {key}"
    given.append(f"api_key=os.environ[{string(key)}]")
    start = "import os\n\nfrom openai import OpenAI"
    return f"{start}\n\n" + call("OpenAI", given, {}, before="client = ")


def _request(body: dict[str, Any], target: Target, names: dict[str, str]) -> str:
    responses = target.api == "responses"
    known = RESPONSES_FIELDS if responses else CHAT_FIELDS
    subject = "input" if responses else "messages"
    given = {name: value for name, value in body.items() if name in known}
    extra = {name: value for name, value in body.items() if name not in known}
    if extra:
        given["extra_body"] = extra
    variable = "messages"
    said = literal(given.pop(subject, []), used=len(variable) + 3, names=names)
    order = {"model": given.pop("model", "")}
    keywords = {**order, **given}
    streams = body.get("stream") is True
    function = "client.responses.create" if responses else "client.chat.completions.create"
    before = "stream = " if streams else "reply = "
    # The model first, as everybody writes it, then what it is asked about.
    first = [f"model={literal(keywords.pop('model'))}", f"{subject}={variable}"]
    asking = call(function, first, keywords, names, before)
    return f"{variable} = {said}\n\n{asking}\n{_printing(responses=responses, streams=streams)}"


def _printing(*, responses: bool, streams: bool) -> str:
    if responses:
        if not streams:
            return "print(reply.output_text)"
        return (
            "for event in stream:\n"
            '    if event.type == "response.output_text.delta":\n'
            '        print(event.delta, end="", flush=True)\n'
            "print()"
        )
    if not streams:
        return "print(reply.choices[0].message.content)"
    return (
        "for chunk in stream:\n"
        "    if chunk.choices:\n"
        '        print(chunk.choices[0].delta.content or "", end="", flush=True)\n'
        "print()"
    )


def _long(value: Any) -> Iterator[str]:
    """Find the images of a body that are too long to be read among its messages."""
    if isinstance(value, dict):
        for item in value.values():
            yield from _long(item)
    elif isinstance(value, list):
        for item in value:
            yield from _long(item)
    elif isinstance(value, str) and len(value) > _LONG and value.startswith("data:image/"):
        yield value
