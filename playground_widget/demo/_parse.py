"""What both APIs share when a request body is read."""

from __future__ import annotations

import base64
import re
from typing import Any

from playground_widget.demo._errors import invalid, model_not_found, wrong_type
from playground_widget.demo._fields import Fields
from playground_widget.demo._models import MODELS, Model
from playground_widget.demo._request import Format, Image, Request, Steering, Tool, Turn

__all__ = [
    "MOST_ALTERNATIVES",
    "MOST_TOKENS",
    "check_context",
    "known_only",
    "read_call_choice",
    "read_model",
    "read_parts",
    "read_sampling",
    "read_schema",
    "read_steering",
    "read_tool",
    "unanswered",
]

# The longest answer, in tokens; a limit beyond it is allowed and not reached.
MOST_TOKENS = 200_000

# The most alternatives to a token that can be asked for.
MOST_ALTERNATIVES = 20

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+)?(?:;[\w.+=-]+)*;base64,(.*)", re.DOTALL)
_STEERS = ("tokens", "rate", "first_token", "variant", "break_after", "retry_after", "rounds")


def read_model(body: Fields) -> Model:
    """Return the model a request names."""
    name = body.need_text("model")
    if name not in MODELS:
        raise model_not_found(name[:200])
    return MODELS[name]


def read_steering(body: Fields, model: Model) -> Steering:
    """Return the `demo` field, filled up with what the model does by itself."""
    demo = body.mapping("demo") or Fields({}, "demo")
    for name in demo.values:
        if name not in _STEERS:
            raise invalid(f"Unknown parameter: 'demo.{name[:100]}'.", "demo", "unknown_parameter")
    rate = demo.number("rate", 0.1, 1_000_000) if "rate" in demo.values else model.rate
    first = demo.number("first_token", 0, 3600)
    after = demo.integer("break_after", 0, MOST_TOKENS)
    retry = demo.integer("retry_after", 0, 3600)
    rounds = demo.integer("rounds", 0, 1000)
    return Steering(
        tokens=demo.integer("tokens", 0, MOST_TOKENS),
        rate=rate,
        first_token=model.first_token if first is None else first,
        variant=demo.integer("variant", 0, 1_000_000) or 0,
        break_after=after,
        retry_after=2 if retry is None else retry,
        rounds=1 if rounds is None else rounds,
    )


def read_sampling(body: Fields) -> tuple[int | None, float | None]:
    """Check the sampling parameters; return the two that matter here, seed and temperature."""
    temperature = body.number("temperature", 0, 2)
    body.number("top_p", 0, 1)
    return body.integer("seed", -(2**63), 2**63 - 1), temperature


def _need_name(fields: Fields) -> str:
    """Return the name of a function or a schema."""
    name = fields.need_text("name")
    if not _NAME.fullmatch(name):
        raise invalid(
            f"Invalid '{fields.path('name')}': string does not match pattern. "
            "Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
            fields.path("name"),
            "invalid_value",
        )
    return name


def read_tool(fields: Fields) -> Tool:
    """Return a function from its name, description and parameters."""
    name = _need_name(fields)
    fields.flag("strict")
    parameters = fields.mapping("parameters")
    return Tool(
        name=name,
        description=fields.text("description") or "",
        parameters=parameters.values if parameters else {},
    )


def read_call_choice(body: Fields, tools: tuple[Tool, ...], *, nested: bool) -> str:
    """Return `auto`, `none`, `required` or a tool's name.

    `nested` is how Chat Completions writes it: the name inside `function`.
    """
    choice = body.get("tool_choice")
    if choice is None:
        return "auto"
    if not tools:
        raise invalid(
            "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are "
            "specified.",
            "tool_choice",
        )
    if isinstance(choice, str):
        return body.choice("tool_choice", ("none", "auto", "required")) or "auto"
    fields = body.mapping("tool_choice") or Fields({}, "tool_choice")
    fields.need("type")
    fields.choice("type", ("function",))
    name = (fields.need_mapping("function") if nested else fields).need_text("name")
    if name not in {tool.name for tool in tools}:
        raise invalid(
            f"Invalid value for 'tool_choice': no function named '{name[:100]}' was specified in "
            "the 'tools' parameter.",
            "tool_choice",
        )
    return name


def _read_image(url: object, path: str) -> Image:
    """Return the image behind a `data:` or `https:` address; nothing is fetched."""
    if not isinstance(url, str):
        raise wrong_type(path, "a string", url)
    if url.startswith(("https://", "http://")):
        return Image(url=url)
    match = _DATA_URL.fullmatch(url)
    if match is None:
        raise invalid(
            f"Invalid '{path}'. Expected a valid URL, or a data URL with base64-encoded content.",
            path,
            "invalid_image_url",
        )
    try:
        data = base64.b64decode(match[2], validate=True)
    except ValueError:
        raise invalid(f"Invalid base64 image at '{path}'.", path, "invalid_base64_image") from None
    return Image(media_type=match[1] or "application/octet-stream", data=data)


def read_schema(fields: Fields) -> Format:
    """Return the format that a `json_schema` object with name and schema asks for."""
    _need_name(fields)
    fields.flag("strict")
    schema = fields.mapping("schema")
    return Format("json_schema", schema.values if schema else {})


def unanswered(turns: list[Turn]) -> list[str]:
    """Return the ids of calls in the conversation that no tool message answers."""
    answered = {turn.call_id for turn in turns if turn.role == "tool"}
    return [call.id for turn in turns for call in turn.calls if call.id not in answered]


def check_context(request: Request, param: str) -> None:
    """Refuse a request that is longer than the model's context window."""
    used = request.input_tokens()
    window = request.model.context_window
    if used > window:
        raise invalid(
            f"This model's maximum context length is {window} tokens. However, your messages "
            f"resulted in {used} tokens. Please reduce the length of the messages.",
            param,
            "context_length_exceeded",
        )


def known_only(body: Fields, known: frozenset[str]) -> str | None:
    """Return the first field of the body that the API does not know."""
    return next((name for name in body.values if name not in known), None)


def read_parts(fields: Fields, name: str, kinds: dict[str, str]) -> tuple[str, tuple[Image, ...]]:
    """Return the text and the images of a message's content.

    `kinds` says which types of part the role may have and where each keeps its value: a field
    with text, or `image_url`.
    """
    content = fields.get(name)
    if isinstance(content, str):
        return content, ()
    if content is not None and not isinstance(content, list):
        raise wrong_type(fields.path(name), "one of a string or array of objects", content)
    texts: list[str] = []
    images: list[Image] = []
    for part in fields.objects(name):
        part.need("type")
        kind = part.choice("type", tuple(kinds)) or ""
        key = kinds[kind]
        if key == "image_url":
            url: Any = part.need(key)
            if isinstance(url, dict):
                url = part.need_mapping(key).need("url")
            images.append(_read_image(url, part.path(key)))
        else:
            texts.append(part.need_text(key))
    return "\n\n".join(texts), tuple(images)
