"""Conversations of others: ChatGPT's data export, and messages as the OpenAI API takes them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playground_widget.content import Draft, draft_of
from playground_widget.errors import InputError
from playground_widget.export._check import message_of, planted
from playground_widget.model import (
    Message,
    Params,
    Part,
    Reasoning,
    Text,
    Thread,
    ToolCall,
    part_to_dict,
)

__all__ = ["chatgpt_thread", "is_chatgpt", "is_openai", "openai_thread"]

NewId = Callable[[], str]


# ---------------------------------------------------------------------------- messages


def is_openai(data: object) -> bool:
    """Return whether it is a list of messages, or the body of a request with one."""
    if isinstance(data, Mapping) and "mapping" not in data and "format" not in data:
        data = data.get("messages")
    return (
        isinstance(data, list)
        and bool(data)
        and all(isinstance(item, Mapping) and "role" in item for item in data)
    )


def openai_thread(data: Any, new_id: NewId) -> Thread:
    """Return messages, or the body of a request, as a thread on one path.

    A system message at the beginning becomes the system prompt; messages without any content
    are passed over unless they are results of calls, and fields of a body that are no parameters
    here are kept as `extra`.

    Raises:
        InputError: A message or a parameter cannot be meant; the text says which.
    """
    body: Mapping[str, Any] = data if isinstance(data, Mapping) else {"messages": data}
    drafts: list[Draft] = []
    for at, item in enumerate(body["messages"], 1):
        try:
            draft = draft_of(item)
        except InputError as error:
            raise InputError(f"message {at} cannot be read: {error}") from None
        if draft.content or draft.role == "tool":
            drafts.append(draft)
    system = ""
    if drafts and drafts[0].role == "system":
        system = "\n\n".join(p.text for p in drafts.pop(0).content if isinstance(p, Text))
    identity = new_id()
    messages: list[Message] = []
    for draft in drafts:
        messages.append(
            Message(
                id=new_id(),
                parent=messages[-1].id if messages else None,
                role=draft.role,
                content=draft.content,
                tool_call_id=draft.tool_call_id,
            )
        )
    model = body.get("model")
    fields = {
        "id": identity,
        "system": system,
        "model": model if isinstance(model, str) else "",
        "params": _params(body).to_dict(),
    }
    return planted(fields, messages, messages[-1].id if messages else None)


def _params(body: Mapping[str, Any]) -> Params:
    left = {n: v for n, v in body.items() if n not in {"messages", "model", "stream"}}
    left.pop("stream_options", None)
    if "max_completion_tokens" in left:
        left["max_tokens"] = left.pop("max_completion_tokens")
    wanted, top = left.pop("logprobs", None), left.pop("top_logprobs", None)
    if wanted:
        left["logprobs"] = 0 if top is None else top
    known = set(Params.__dataclass_fields__) - {"extra"}
    given = {name: value for name, value in left.items() if name in known}
    extra = {name: value for name, value in left.items() if name not in known}
    return Params().changed({**given, "extra": extra or None})


# ----------------------------------------------------------------------------- ChatGPT


def is_chatgpt(data: object) -> bool:
    """Return whether it is one conversation of ChatGPT's export."""
    return isinstance(data, Mapping) and isinstance(data.get("mapping"), Mapping)


@dataclass(slots=True)
class _Node:
    parent: str | None
    message: Mapping[str, Any] | None


def chatgpt_thread(data: Mapping[str, Any], new_id: NewId) -> Thread:
    """Return a conversation of ChatGPT's export, with its branches, the shown one as the head.

    Hidden and empty messages are passed over. A call of one of ChatGPT's own tools becomes a
    tool call, and what the tool said its result.

    Raises:
        InputError: Messages follow each other in a circle, or a field has the wrong type.
    """
    nodes = {str(name): _node(node) for name, node in data["mapping"].items()}
    order = _order(nodes)
    identity = new_id()
    stands: dict[str | None, str | None] = {None: None}
    made: dict[str, Message] = {}
    for name in order:
        node = nodes[name]
        parent = stands[node.parent if node.parent in nodes else None]
        message = _message(node.message, parent, made, new_id) if node.message else None
        if message is None:
            stands[name] = parent
        else:
            made[message.id] = message
            stands[name] = message.id
    current = data.get("current_node")
    head = stands.get(current) if isinstance(current, str) else None
    if head is None and made:
        head = next(reversed(made))
    shown = made.get(head or "")
    slugs = [
        message.model for message in (*made.values(), *([shown] if shown else [])) if message.model
    ]
    fields = {
        "id": identity,
        "title": data.get("title"),
        "created": data.get("create_time"),
        "model": slugs[-1] if slugs else "",
    }
    return planted(fields, list(made.values()), head)


def _node(data: object) -> _Node:
    if not isinstance(data, Mapping):
        raise InputError("a conversation of ChatGPT has nodes that are objects")
    parent, message = data.get("parent"), data.get("message")
    if not isinstance(parent, str | None) or not isinstance(message, Mapping | None):
        raise InputError("a node of a ChatGPT conversation has a parent and a message")
    return _Node(parent, message)


def _order(nodes: Mapping[str, _Node]) -> list[str]:
    """Return the names of nodes, each after its parent, else as they stand."""
    done: dict[str, None] = {}
    for name in nodes:
        chain: dict[str, None] = {}
        at: str | None = name
        while at is not None and at in nodes and at not in done:
            if at in chain:
                raise InputError(
                    "the messages of this ChatGPT conversation follow each other in a circle"
                )
            chain[at] = None
            at = nodes[at].parent
        done.update(dict.fromkeys(reversed(chain)))
    return list(done)


def _message(
    data: Mapping[str, Any], parent: str | None, made: Mapping[str, Message], new_id: NewId
) -> Message | None:
    author, metadata = _object(data, "author"), _object(data, "metadata")
    role = author.get("role")
    if role not in {"system", "user", "assistant", "tool"}:
        raise InputError(f"unknown role {str(role)[:40]!r} in a ChatGPT conversation")
    content = _object(data, "content")
    words = _words(content)
    if metadata.get("is_visually_hidden_from_conversation") or not words.strip():
        return None
    part: Part = Reasoning(words) if content.get("content_type") == "thoughts" else Text(words)
    recipient = data.get("recipient")
    called = role == "assistant" and isinstance(recipient, str) and recipient not in {"all", ""}
    before = made.get(parent or "")
    call = before.tool_calls[-1].id if role == "tool" and before and before.tool_calls else None
    identity = new_id()
    if called:
        part = ToolCall(
            id=f"call_{identity}",
            # Such as web.run: services take no other characters back, and no more of them.
            name=re.sub(r"[^a-zA-Z0-9_-]", "_", str(recipient))[:64],
            arguments=json.dumps({"input": words}, ensure_ascii=False),
        )
    if role == "tool" and call is None:
        role = "system"  # no service takes a tool message that answers no call
    fields: dict[str, Any] = {
        "id": identity,
        "parent": parent,
        "role": role,
        "content": [part_to_dict(part)],
        "created": data.get("create_time"),
        "tool_call_id": call,
    }
    if role == "assistant":
        fields["model"] = metadata.get("model_slug")
    return message_of(fields)


def _object(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InputError(f"the {name} of a ChatGPT message is an object")
    return value


def _words(content: Mapping[str, Any]) -> str:
    """Return the words of a message; for what an export does not hold, a word in brackets."""
    parts = content.get("parts")
    if isinstance(parts, list):
        return "\n\n".join(text for text in map(_part, parts) if text)
    thoughts = content.get("thoughts")
    if isinstance(thoughts, list):
        found = [item.get("content") for item in thoughts if isinstance(item, Mapping)]
        return "\n\n".join(text for text in found if isinstance(text, str))
    if content.get("content_type") in {"user_editable_context", "model_editable_context"}:
        return ""
    text = content.get("text") or content.get("result")
    return text if isinstance(text, str) else ""


def _part(part: object) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Mapping):
        if isinstance(part.get("text"), str):
            return str(part["text"])
        return f"[{str(part.get('content_type', 'attachment'))[:60].replace('_', ' ')}]"
    return ""
