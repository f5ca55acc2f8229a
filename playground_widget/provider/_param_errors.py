"""Which parameter a service refused, by what it says of it.

OpenAI names it in a field of the error. Compatible servers have only words for it, each its own;
those here were taken from errors that people have reported.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

__all__ = ["params_in", "refused_param"]

# What services call a parameter, without their capitals, underscores and spaces.
_NAMES = {
    "temperature": "temperature",
    "topp": "top_p",
    "maxtokens": "max_tokens",
    "maxcompletiontokens": "max_tokens",
    "maxoutputtokens": "max_tokens",
    "stop": "stop",
    "stopsequences": "stop",
    "seed": "seed",
    "frequencypenalty": "frequency_penalty",
    "presencepenalty": "presence_penalty",
    "reasoning": "reasoning_effort",
    "reasoningeffort": "reasoning_effort",
    "thinking": "reasoning_effort",
    "logprobs": "logprobs",
    "toplogprobs": "logprobs",
    "include": "logprobs",
    "responseformat": "response_format",
    "text": "response_format",
    "textformat": "response_format",
    "jsonschema": "response_format",
    "jsonmode": "response_format",
    "structuredoutput": "response_format",
    "structuredoutputs": "response_format",
    "tools": "tools",
    "tooluse": "tools",
    "toolchoice": "tools",
    "toolcalling": "tools",
    "functioncalling": "tools",
    "paralleltoolcalls": "tools",
}
# Fields that make a request one, and none of a person's choosing.
_NEEDED = {
    "model", "messages", "input", "instructions", "stream", "stream_options", "store", "demo",
}  # fmt: skip

_CODES = {"unsupported_parameter", "unsupported_value", "unknown_parameter"}

# A name as it stands in a sentence: quoted or not, with what belongs to it behind a dot.
_NAME = r"[\['\"`]*([A-Za-z_][\w.]*)"
_KNOWN = (
    r"\b(temperature|top_?p|max_?(?:completion_?|output_?)?tokens|stop|seed"
    r"|(?:frequency|presence)_?penalty|reasoning[_ ]?effort|thinking|(?:top_?)?logprobs"
    r"|response[_ ]?format|json[_ ]schema|json mode|structured outputs?"
    r"|tool(?:s|[_ ]choice| use| calling)|function calling|parallel_tool_calls)\b"
)
_DENIED = (
    r"(?:not (?:supported|enabled|available|allowed|permitted)|unsupported|unavailable|deprecated)"
)
_SAYINGS = tuple(
    re.compile(saying, re.IGNORECASE)
    for saying in (
        # OpenAI, Azure, llama.cpp
        rf"unsupported (?:value|parameter|param): {_NAME}",
        rf"unknown parameter: {_NAME}",
        rf"unrecognized request arguments? supplied: {_NAME}",
        rf"not allowed to request {_KNOWN}",
        # Google, and servers written in Go
        rf"unknown (?:name|field) {_NAME}",
        # xAI
        rf"argument not supported[\w ]*: {_NAME}",
        # Groq, Cerebras
        rf"property {_NAME}['\"`]* is (?:unsupported|not supported)",
        # vLLM, Mistral, NVIDIA, Fireworks: a validation of pydantic
        rf"extra_forbidden.{{0,20}}loc['\"]?: ?[\[(]['\"]body['\"], ?{_NAME}",
        rf"body -> {_NAME}\s+extra inputs are not permitted",
        rf"extra inputs are not permitted, field: {_NAME}",
        # LiteLLM, xAI, Ollama, Groq, OpenRouter
        rf"(?:does not|doesn't|don't|do not) support (?:the )?(?:parameters?:? )?[\['\"`]*{_KNOWN}",
        rf"no endpoints found that support {_KNOWN}",
        # Most others
        rf"{_KNOWN}['\"`]*(?: of type \S+| type)? (?:is|are) {_DENIED}",
        rf"['\"`]{_KNOWN}['\"`] does not support",
        rf"{_KNOWN} param(?:eter)? requires --",
    )
)
# What names its parameter in no way that could be read.
_HINTS = (
    (re.compile(r"tool choice requires --enable-auto-tool-choice", re.IGNORECASE), "tools"),
    (re.compile(r"\bthink value \S+ is not supported", re.IGNORECASE), "reasoning_effort"),
)


def params_in(body: Mapping[str, Any]) -> set[str]:
    """Return which parameters a request has, by the names of `Params`, and `tools`.

    Example:
        >>> sorted(params_in({"model": "m", "max_completion_tokens": 5, "top_k": 1}))
        ['extra', 'max_tokens']
    """
    return {_ours(name) or "extra" for name in body if name not in _NEEDED}


def refused_param(
    error: Mapping[str, Any], message: str, body: Collection[str] | None = None
) -> tuple[str, str] | None:
    """Return the parameter that a service did not take, or `None` if it is about something else.

    Args:
        error: The error object, as it came.
        message: Its words.
        body: The fields that the request had; what was not sent was not refused.

    Returns:
        Its name in `Params`, `tools`, or `extra` for another field; and what the service calls it.

    Example:
        >>> refused_param({}, "Unsupported parameter: 'max_tokens' is not supported.")
        ('max_tokens', 'max_tokens')
    """
    sent = None if body is None else params_in(dict.fromkeys(body))
    for name in _named(error, message):
        ours = _ours(name)
        if ours is None and body is not None and name.split(".")[0] in set(body) - _NEEDED:
            ours = "extra"
        if ours is not None and (sent is None or ours in sent):
            return ours, name
    return None


def _named(error: Mapping[str, Any], message: str) -> Iterator[str]:
    """Return what may be the name of the parameter, the surest first."""
    param = error.get("param")
    if error.get("code") in _CODES and isinstance(param, str):
        yield param
    # Details that a server gives beside its message say it too.
    for text in (message, str(error.get("detail") or "")):
        for saying in _SAYINGS:
            for found in saying.finditer(text[:4000]):
                yield found[1].rstrip(".")
        for hint, name in _HINTS:
            if hint.search(text[:4000]):
                yield name


def _ours(name: str) -> str | None:
    """Return our name of a parameter: by its whole path, else by what it is part of."""
    plain = re.sub(r"[\s_]", "", name).lower()
    return _NAMES.get(plain.replace(".", "")) or _NAMES.get(re.split(r"[.\[]", plain)[0])
