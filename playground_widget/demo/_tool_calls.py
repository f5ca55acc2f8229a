"""Chooses tools to call, and says in words what they returned."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from playground_widget.demo._errors import invalid
from playground_widget.demo._request import Call
from playground_widget.demo._schema import Hints, SchemaError, instance
from playground_widget.demo._schema_keywords import known_keywords

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playground_widget.demo._request import Request, Tool, Turn

__all__ = ["choose_calls", "words_about_results"]

# Words of names and descriptions that say nothing about what a tool is for.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        about after also and any are before call can does each for from function get given has
        have how into its list make more not one only open out over return returns run set show
        some such take tell than that the them then there these they this those tool use used
        uses using value values what when where which will with would you your
        """,
    )
)
_MATCH = 3
_SHOWN = 600
_SHORT = 80


def choose_calls(request: Request) -> tuple[Call, ...]:
    """Return the calls to make, none if words are the better answer.

    A tool is called when the request demands it, or when the last message names it or speaks of
    what its description says. After a result the answer is in words, or after as many rounds of
    calls as the request is steered to.
    """
    if not request.tools or request.tool_choice == "none":
        return ()
    if _rounds(request.turns) >= request.steering.rounds:
        return ()
    message = next((turn.text for turn in reversed(request.turns) if turn.role == "user"), "")
    words = _words(message)
    scores = {tool.name: _score(tool, message, words) for tool in request.tools}
    if request.tool_choice in {"auto", "required"}:
        chosen = [tool for tool in request.tools if scores[tool.name] >= _MATCH]
        chosen.sort(key=lambda tool: -scores[tool.name])
        must = request.tool_choice == "required" or request.model.style == "tools"
        if not chosen and must:
            chosen = [max(request.tools, key=lambda tool: scores[tool.name])]
    else:
        chosen = [tool for tool in request.tools if tool.name == request.tool_choice]
    named = [tool for tool in chosen if _named(tool, message)]
    # Several calls only if several tools were called by name.
    chosen = named[:4] if len(named) > 1 and request.parallel else chosen[:1]
    digest = request.digest()
    return tuple(
        Call(f"call_{digest[index : index + 24]}", tool.name, _arguments(request, tool, message))
        for index, tool in enumerate(chosen)
    )


def words_about_results(request: Request) -> str:
    """Return what the last tool messages say, in words; empty if there are none."""
    results: list[Turn] = []
    for turn in reversed(request.turns):
        if turn.role != "tool":
            break
        results.insert(0, turn)
    names = {call.id: call.name for turn in request.turns for call in turn.calls}
    paragraphs = [_about(names[result.call_id], result.text) for result in results]
    if paragraphs:
        many = "these results" if len(paragraphs) > 1 else "this result"
        paragraphs.append(
            f"A language model would now use {many} to answer the question. I am the demo model, "
            "a small program: I called the function, read what came back, and repeat it here."
        )
    return "\n\n".join(paragraphs)


def _rounds(turns: Sequence[Turn]) -> int:
    """Return how often results have followed the last message of a person."""
    count = 0
    for before, turn in zip(("", *(turn.role for turn in turns)), turns, strict=False):
        if turn.role == "user":
            count = 0
        elif turn.role == "tool" and before != "tool":
            count += 1
    return count


def _score(tool: Tool, message: str, words: set[str]) -> int:
    if _named(tool, message):
        return 10
    name = _words(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", tool.name).replace("_", " "))
    told = _words(tool.description) - name
    return 3 * len(name & words) + 2 * len(told & words)


def _named(tool: Tool, message: str) -> bool:
    return bool(re.search(rf"(?<![\w-]){re.escape(tool.name)}(?![\w-])", message, re.IGNORECASE))


def _words(text: str) -> set[str]:
    words = re.findall(r"[^\W\d_]{3,}", text.lower()[:10_000])
    # "weights" is the weight of a description; "gas" is no plural.
    return {re.sub(r"(?<=\w{4})s$", "", word) for word in words} - _COMMON


def _arguments(request: Request, tool: Tool, message: str) -> str:
    schema: Any = {"type": "object", **tool.parameters}
    try:
        schema = known_keywords(schema)
        value = instance(schema, salt=request.wording, hints=Hints.of(message))
    except SchemaError as error:
        msg = f"Invalid schema for function '{tool.name}': {error}."
        raise invalid(msg, "tools", "invalid_function_parameters") from None
    return json.dumps(value, ensure_ascii=False)


def _about(name: str, text: str) -> str:
    shown = text if len(text) <= _SHOWN else text[:_SHOWN].rstrip() + "\n…"
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        kind = f"{len(text.splitlines())} lines of text" if "\n" in text.strip() else "a text"
        value = None
    else:
        kind = _kind(value)
    if not text.strip():
        return f"`{name}` returned nothing."
    if len(text) <= _SHORT and "\n" not in text and not isinstance(value, dict | list):
        return f"`{name}` returned {_inline(text)}."
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", shown)), default=0))
    language = "json" if isinstance(value, dict | list) and shown == text else ""
    return f"`{name}` returned {kind}:\n\n{fence}{language}\n{shown}\n{fence}"


def _kind(value: object) -> str:
    match value:
        case dict():
            keys = ", ".join(f"`{str(key)[:40].replace('`', '')}`" for key in list(value)[:6])
            return f"an object with {len(value)} keys ({keys})" if value else "an empty object"
        case list():
            return f"a list of {len(value)} items"
        case _:
            return "a value"


def _inline(text: str) -> str:
    # A code span that holds backticks needs longer ones around it.
    run = "`" * (1 + max(map(len, re.findall(r"`+", text)), default=0))
    pad = " " if "`" in text else ""
    return f"{run}{pad}{text.strip()}{pad}{run}"
