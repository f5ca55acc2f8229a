"""Which request an export shows: the one that the last answer came from, or the next one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from playground_widget.errors import InputError
from playground_widget.export._figures import prompt_version
from playground_widget.export._values import Options, Target
from playground_widget.model import Message, Params, Thread, children, path
from playground_widget.request import chat_request, filled, responses_request

__all__ = [
    "Asked",
    "address",
    "asked",
    "base_url",
    "is_plain_openai",
    "key_name",
    "request_for",
    "settings_of",
]

OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request and its answer.

    Args:
        body: The exact body.
        messages: What it asks about, from the first message to the last.
        answer: What came of it, or `None` while nobody has asked.
        prompt: The version of the system prompt in it, or `None` for none.
        model: The model that it asks.
    """

    body: dict[str, Any]
    messages: tuple[Message, ...]
    answer: Message | None
    prompt: int | None
    model: str


def asked(thread: Thread, options: Options, target: Target) -> Asked:
    """Return the request of the last answer on the active path.

    If the path ends with a user's message, it is the request that would be sent now. An answer
    that was asked for with another model, parameters or prompt is shown with those.

    Args:
        thread: The whole thread, with all versions of its answers.
        options: `system` and `params` leave out what they name.
        target: Where it goes.
    """
    line = path(thread)
    end = next((i for i in range(len(line) - 1, -1, -1) if line[i].role != "tool"), -1)
    answer = line[end] if end >= 0 and line[end].role == "assistant" else None
    if answer is not None and end < len(line) - 1:
        answer = None  # results of its tool calls wait to be sent
    return request_for(thread, answer, options, target)


def request_for(thread: Thread, answer: Message | None, options: Options, target: Target) -> Asked:
    """Return the request of any answer, or (`None`) the one that would be made now.

    Args:
        thread: The whole thread, with all versions of its answers.
        answer: The answer.
        options: `system` and `params` leave out what they name.
        target: Where it goes.
    """
    if answer is None:
        before = path(thread)
    else:
        before = path(thread, answer.parent) if answer.parent is not None else ()
    system, model, params = settings_of(thread, answer, options)
    continued = thread.messages.get(answer.continued or "") if answer else None
    reasked = thread.messages.get(answer.reasked or "") if answer else None
    reason = reasked.invalid if reasked else None
    last = continued or (reasked if reason else None)
    values = (answer.variables if answer else target.variables) or {}
    system, sent = filled(system, (*before, last) if last else before, values)
    tools = (answer.tools if answer else target.tools) or ()
    goes_on = continued is not None
    if target.api == "responses":
        body = responses_request(
            system, sent, model, params, tools=tools, continue_=goes_on, reason=reason
        )
    else:
        body = chat_request(
            system,
            sent,
            model,
            params,
            tools=tools,
            openai=target.openai,
            continue_=goes_on,
            reason=reason,
        )
    if target.demo and continued is None:
        body["demo"] = {"variant": _version(thread, answer, before), **(body.get("demo") or {})}
    prompt = prompt_version(thread, answer) if system else None
    return Asked(body=body, messages=before, answer=answer, prompt=prompt, model=model)


def settings_of(
    thread: Thread, answer: Message | None, options: Options
) -> tuple[str, str, Params]:
    """Return system prompt, model and parameters of an answer, or (`None`) of the next one."""
    system = _system(thread, answer) if options.system else ""
    params = answer.params if answer and answer.params is not None else thread.params
    return system, _model(thread, answer), params if options.params else Params()


def _system(thread: Thread, answer: Message | None) -> str:
    """Return the system prompt that an answer was asked with.

    An answer without a number comes from before there were numbers, was written by a person, or
    had no prompt. The last is certain only where a prompt was in use before it.
    """
    if answer is None or not thread.prompts:
        return thread.system
    if answer.prompt is not None and 1 <= answer.prompt <= len(thread.prompts):
        return thread.prompts[answer.prompt - 1].text
    if answer.prompt is None and answer.model and thread.prompts[0].created <= answer.created:
        return ""
    return thread.system


def _model(thread: Thread, answer: Message | None) -> str:
    """Return the model that was asked; a service may answer with a dated name for it."""
    answered = answer.model if answer else None
    if not answered:
        return thread.model
    dated = re.fullmatch(re.escape(thread.model) + r"[-@]\d[\d-]*", answered)
    return thread.model if thread.model and dated else answered


def _version(thread: Thread, answer: Message | None, before: tuple[Message, ...]) -> int:
    """Return how many answers there were beside this one: what varies the demo's words."""
    parent = before[-1].id if before else None
    beside = [m.id for m in children(thread, parent) if m.role == "assistant"]
    return beside.index(answer.id) if answer else len(beside)


def base_url(target: Target) -> str:
    """Return the address of the service, without a user name, a password and a query.

    Raises:
        InputError: It is no http or https address.
    """
    if target.demo and not target.base_url:
        raise InputError("the demo model's address is needed for this: give its base_url")
    given = target.base_url or OPENAI
    try:
        url = urlsplit(given)
        host = url.hostname or ""
        port = f":{url.port}" if url.port else ""
    except ValueError:
        host = port = ""
        url = urlsplit("")
    if url.scheme not in {"http", "https"} or not host or not given.isprintable():
        raise InputError(f"{given[:60]!r} is no http or https address of a service")
    host = f"[{host}]" if ":" in host else host
    return urlunsplit((url.scheme, host + port, url.path.rstrip("/"), "", ""))


def address(target: Target) -> str:
    """Return where a request goes, to the last part of its path.

    Raises:
        InputError: It is no http or https address.
    """
    return base_url(target) + ("/responses" if target.api == "responses" else "/chat/completions")


def is_plain_openai(target: Target) -> bool:
    """Return whether the SDK goes there without being told an address."""
    return target.openai and not target.demo and base_url(target) == OPENAI


def key_name(target: Target) -> str:
    """Return the name of the variable with the key; empty where none is needed.

    Raises:
        InputError: It cannot be the name of a variable.
    """
    if target.demo:
        return ""
    if target.key_env and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", target.key_env):
        raise InputError(f"{target.key_env[:60]!r} is no name of an environment variable")
    return target.key_env
