"""The exact request of a cell, from the plan alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playground_widget.compare._inputs import texts_of
from playground_widget.compare._values import Key, Plan
from playground_widget.errors import InputError
from playground_widget.model import Message, Text
from playground_widget.request import estimate_request, filled, names_used
from playground_widget.template import names

__all__ = [
    "asked_about",
    "body_of",
    "input_of",
    "question_of",
    "tokens_of",
    "values_in",
    "variables_of",
]


def asked_about(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Return a conversation as far as it is to be answered: without its last answer."""
    end = len(messages)
    while end and messages[end - 1].role == "assistant":
        end -= 1
    return tuple(messages[:end])


def input_of(
    given: str | None, columns: Sequence[str], systems: Sequence[str], messages: Sequence[Message]
) -> str | None:
    """Return the column that is the user message, or `None` where the last message has its place.

    That is the one that was named; else the first, unless the last user message is a template for
    columns, or the system prompts have the first one in them already.

    Args:
        given: The name that was given, or `None`.
        columns: The names of the inputs' columns.
        systems: The system prompts of the variants.
        messages: The conversation, as far as it is to be answered.

    Raises:
        InputError: There is no such column, or there is nothing to answer.
    """
    if given is not None:
        if given not in columns:
            named = ", ".join(columns) or "none"
            raise InputError(f"there is no column {given!r}; the inputs have {named}")
        return given
    last = messages[-1] if messages else None
    template = names_used("", messages[-1:])
    if columns and not set(template).intersection(columns):
        in_prompts = set().union(*map(names, systems))
        if columns[0] not in in_prompts:
            return columns[0]
    if last is None and not any(systems):
        raise InputError("There is nothing to answer yet: add a message first.")
    return None


def variables_of(plan: Plan) -> tuple[str, ...]:
    """Return the names that the requests of a plan need and that are no columns."""
    systems = (name for each in plan.candidates for name in names(each.system))
    found = dict.fromkeys((*systems, *names_used("", plan.messages)))
    return tuple(name for name in found if name not in plan.columns)


def values_in(plan: Plan, row: int) -> dict[str, str]:
    """Return what names stand for in a row: its columns come before variables."""
    return {**plan.variables, **texts_of(plan.rows[row].data)}


def body_of(plan: Plan, key: Key, turns: Sequence[Message] = ()) -> dict[str, Any]:
    """Return the request of a cell, in the API of its connection.

    `turns` are what the model has asked to be called on the way, and the results.

    Samples of one request differ by their seed where the plan has one. The demo model answers the
    same request in the same way each time, so it is asked for its words of another version.
    """
    asked = plan.candidates[key.variant]
    system, messages = _said(plan, key)
    params = asked.params
    if plan.seed is not None and params.seed is None:
        params = params.changed({"seed": plan.seed + key.sample})
    tools = [tool.to_dict() for tool in asked.tools]
    body = asked.connection.request(system, (*messages, *turns), asked.model, params, tools=tools)
    if asked.connection.demo:
        body = {**body, "demo": {"variant": key.sample + 1, **body.get("demo", {})}}
    return body


def question_of(plan: Plan, key: Key) -> tuple[tuple[Message, ...], Message | None]:
    """Return the messages before what a cell asks, and the one that is made for its row.

    That is `None` where the conversation is asked about as it is.
    """
    _, messages = _said(plan, key)
    made = plan.input is not None or set(names_used("", plan.messages[-1:])) & set(plan.columns)
    return (messages[:-1], messages[-1]) if made else (messages, None)


def tokens_of(plan: Plan, key: Key) -> int:
    """Return about how many tokens the request of a cell has."""
    return estimate_request(*_said(plan, key))


def _said(plan: Plan, key: Key) -> tuple[str, tuple[Message, ...]]:
    """Return the system prompt and the messages of a cell, as they are sent."""
    values: Mapping[str, str] = values_in(plan, key.row)
    system, messages = filled(plan.candidates[key.variant].system, plan.messages, values)
    if plan.input is None:
        return system, messages
    # Ids are of no matter to a service. What a row says is no template.
    words = Text(values[plan.input])
    return system, (*messages, Message(id="input", parent=None, role="user", content=(words,)))
