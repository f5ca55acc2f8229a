"""The steps that ask the same again through `Playground`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from playground_widget.export._asked import base_url, is_plain_openai, key_name, settings_of
from playground_widget.export._figures import title_of
from playground_widget.export._python import call, literal, string
from playground_widget.export._text import body_of
from playground_widget.export._values import Options, Target
from playground_widget.model import (
    Image,
    Message,
    Params,
    Part,
    Text,
    Thread,
    ToolCall,
    part_to_dict,
    path,
)

__all__ = ["Step", "code_steps", "connection_code", "role_dict"]

_LONG = 400


class Step(NamedTuple):
    """One cell.

    Args:
        kind: `setup` or `step`, or `answer` for what the model said then.
        source: Its text.
        messages: Which messages it stands for.
        answer: The answer that is shown, if it is one.
    """

    kind: str
    source: str
    messages: tuple[Message, ...] = ()
    answer: Message | None = None


def code_steps(thread: Thread, options: Options, target: Target) -> Iterator[Step]:
    """Yield the cells that replay the active path.

    A model's answer is asked for again; what a person wrote, and calls of tools with their
    results, are added as they are. Without `answers` the latter are left to the model too.
    Messages without any words, which no playground takes, are passed over; results of calls may
    have none.
    """
    line = path(thread)
    turns = list(_turns(line, options))
    first = next((turn.answer for turn in turns if turn.answer is not None), None)
    settings = settings_of(thread, first, options)
    values = _values(first)
    yield Step("setup", _setup(thread, settings, target, values))
    silent: tuple[Message, ...] = ()
    for turn in turns:
        source = ""
        if turn.answer is not None:
            wanted = settings_of(thread, turn.answer, options)
            source, settings = _changes(settings, wanted), wanted
            source += _set_variables(values, _values(turn.answer))
            values |= _values(turn.answer)
        source += _turn(turn)
        silent += turn.carried
        if not source:
            continue
        yield Step("step", source, silent)
        silent = ()
        if turn.answer is not None and options.answers:
            words = body_of(turn.answer) or "*The answer is empty.*"
            yield Step("answer", words, (turn.answer,), turn.answer)
    wanted = settings_of(thread, None, options)
    if changes := _changes(settings, wanted):
        yield Step("step", changes.rstrip())


class _Turn(NamedTuple):
    """One message that is added, or asked with; `answer` is what the model said to it."""

    added: Message | None
    answer: Message | None
    carried: tuple[Message, ...]


def _turns(line: tuple[Message, ...], options: Options) -> Iterator[_Turn]:
    held: Message | None = None
    passed: list[Message] = []
    for message in line:
        if message.role in {"assistant", "tool"} and not options.answers:
            if _was_asked(message) and (held is not None or not passed):
                yield _Turn(held, message, (held,) if held else ())
                held = None
                passed.append(message)
            continue
        passed = []
        if _was_asked(message) and not message.tool_calls:
            yield _Turn(held, message, (held,) if held else ())
            held = None
            continue
        if held is not None:
            yield _Turn(held, None, (held,))
        held = message
    if held is not None:
        yield _Turn(held, None, (held,))


def _was_asked(message: Message) -> bool:
    answered = message.model is not None or message.status != "complete"
    return message.role == "assistant" and answered


def _values(answer: Message | None) -> dict[str, str]:
    """Return what an answer's question had filled in."""
    return dict(answer.variables or {}) if answer else {}


def _set_variables(now: dict[str, str], wanted: dict[str, str]) -> str:
    new = {name: text for name, text in wanted.items() if now.get(name) != text}
    return call("pg.variables.update", [literal(new, 1, 1)], {}) + "\n" if new else ""


def _setup(
    thread: Thread, settings: tuple[str, str, Params], target: Target, values: dict[str, str]
) -> str:
    system, model, params = settings
    given: dict[str, Any] = {}
    if model:
        given["model"] = model
    given |= params.to_dict()
    if thread.title.strip():
        given["title"] = title_of(thread)
    if values:
        given["variables"] = values
    imports, connection = connection_code(target)
    first = [literal(system, 1, 1)] if system else []
    keywords = [f"{name}={literal(value, 1, len(name) + 2)}" for name, value in given.items()]
    made = call("Playground", [*first, f"connection={connection}", *keywords], {}, before="pg = ")
    return f"{imports}\n\n{made}\npg"


def connection_code(target: Target) -> tuple[str, str]:
    """Return the imports and the expression of a connection."""
    plain = "from playground_widget import Playground"
    if target.demo:
        return plain, '"demo"'
    key = key_name(target)
    if is_plain_openai(target) and target.api == "chat" and key == "OPENAI_API_KEY":
        return plain, '"openai"'
    if not key and target.api == "chat":
        return plain, string(base_url(target))
    given = [string(target.label or "service")]
    if not is_plain_openai(target):
        given.append(f"base_url={string(base_url(target))}")
    if key and not (is_plain_openai(target) and key == "OPENAI_API_KEY"):
        given.append(f"api_key=os.environ[{string(key)}]")
    if target.api != "chat":
        given.append(f"api={string(target.api)}")
    system = "import os\n\n" if any("os.environ" in item for item in given) else ""
    imports = f"{system}from playground_widget import Connection, Playground"
    return imports, f"Connection({', '.join(given)})"


def _changes(now: tuple[str, str, Params], wanted: tuple[str, str, Params]) -> str:
    """Return the assignments that lead from some settings to others."""
    lines = []
    if now[0] != wanted[0]:
        lines.append(f"pg.system = {literal(wanted[0], 0, 12)}\n")
    if now[1] != wanted[1] and wanted[1]:
        lines.append(f"pg.model = {string(wanted[1])}\n")
    before, after = now[2].to_dict(), wanted[2].to_dict()
    if before != after:
        gone = dict.fromkeys(name for name in before if name not in after)
        changed = {name: value for name, value in after.items() if before.get(name) != value}
        lines.append(f"pg.params = {literal({**gone, **changed}, 0, 12)}\n")
    return "".join(lines)


def _turn(turn: _Turn) -> str:
    if turn.added is None:
        return "pg.send()" if turn.answer else ""
    message = turn.added
    parts = [part for part in message.content if _says(part)]
    if not parts and message.role != "tool":
        return "pg.send()" if turn.answer else ""
    function = "pg.send" if turn.answer else "pg.add"
    names = {part.data: "" for part in parts if isinstance(part, Image) and len(part.data) > _LONG}
    names = {data: f"image_{at}" for at, data in enumerate(names, 1)}
    lines = [f"{name} = {string(data)}\n" for data, name in names.items()]
    if message.role == "tool" or message.tool_calls:
        value: Any = role_dict(message, parts)
        lines.append(call(function, [literal(value, 1, 1, names)], {}))
        return "".join(lines)
    values = [part.text if isinstance(part, Text) else part_to_dict(part) for part in parts]
    # A list of one text would be read as messages of their own only if it were dicts with roles.
    value = values[0] if len(values) == 1 and isinstance(parts[0], Text) else values
    keywords = {} if message.role == "user" else {"role": message.role}
    lines.append(call(function, [literal(value, 1, 1, names)], keywords))
    return "".join(lines)


def role_dict(message: Message, parts: list[Part]) -> dict[str, Any]:
    """Return a message as the OpenAI API has it, with parts of other kinds in our own form."""
    calls = [part for part in parts if isinstance(part, ToolCall)]
    rest = [part for part in parts if not isinstance(part, ToolCall)]
    content: Any = [part_to_dict(part) for part in rest] or ""
    if len(rest) == 1 and isinstance(rest[0], Text):
        content = rest[0].text
    found: dict[str, Any] = {"role": message.role}
    if message.tool_call_id is not None:
        found["tool_call_id"] = message.tool_call_id
    if rest or message.role == "tool":
        found["content"] = content
    if calls:
        found["tool_calls"] = [
            {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": c.arguments}}
            for c in calls
        ]
    return found


def _says(part: Part) -> bool:
    if isinstance(part, ToolCall):
        return bool(part.id and part.name)
    return isinstance(part, Image) or bool(part.text.strip())
