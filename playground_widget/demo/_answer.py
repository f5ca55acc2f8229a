"""Decides what the demo model answers to a request."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from playground_widget.demo import _continue, _numbers, _prose, _tokens
from playground_widget.demo._errors import invalid
from playground_widget.demo._instructions import Instructions
from playground_widget.demo._parse import MOST_TOKENS
from playground_widget.demo._schema import SchemaError, instance
from playground_widget.demo._tool_calls import choose_calls, words_about_results

if TYPE_CHECKING:
    from playground_widget.demo._request import Call, Request

__all__ = ["Answer", "Finish", "answer"]

Finish = Literal["stop", "length", "tool_calls", "content_filter"]

_LONG = 20_000
_REFUSAL = (
    "I'm sorry, but I can't help with that. (The model `demo-refusal` says this to every message, "
    "to show what a refusal looks like.)"
)
_FILTERED = "This answer starts like any other, and then a content filter"


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer, before any limit of its length."""

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    calls: tuple[Call, ...] = ()
    finish: Finish = "stop"
    continued: bool = False


def answer(request: Request) -> Answer:
    """Return the answer to a request; equal requests get equal answers.

    A request to go on with a partial answer gets the rest of that same answer.

    Raises:
        ApiError: The request asks for a form that no answer can have.
    """
    asked, partial = _continue.unfold(request)
    if not partial:
        return _answer(request)
    rest = _continue.rest(asked, partial, lambda one: _answer(one).text)
    # Thinking is not done again: it came before the part that is there.
    return Answer(rest, continued=True)


def _answer(request: Request) -> Answer:
    calls = choose_calls(request)
    if calls:
        return Answer(calls=calls, finish="tool_calls")
    style = request.model.style
    if style == "refuse":
        return Answer(refusal=_REFUSAL)
    if style == "filter":
        return Answer(_FILTERED, finish="content_filter")
    if style == "empty":
        return Answer()
    text = _text(request)
    if request.steering.tokens is not None:
        text = _of_length(text, request.steering.tokens)
    reasoning = ""
    if request.model.thinks and request.think:
        reasoning = _prose.reasoning(request)
    return Answer(text, reasoning)


def _text(request: Request) -> str:
    if request.format.kind == "json_schema":
        return _to_schema(request)
    style = request.model.style
    if request.format.kind == "json_object" or style == "json":
        return _json_object(request)
    if style == "echo":
        return _prose.last_user(request).text
    if style == "long":
        # With a limit the walk goes on until it is reached.
        wanted = _LONG if request.limit is None else min(request.limit + 1, MOST_TOKENS)
        return _of_length("", wanted)
    results = words_about_results(request)
    if results:
        return results
    pieces = _prose.paragraphs(request)
    gist = pieces[1 if _prose.topic(request) in {"data", "poem"} else 0]
    return Instructions.of(request).applied_to("\n\n".join(pieces), gist)


def _of_length(text: str, tokens: int) -> str:
    """Return `text` cut, or gone on with, to have exactly so many tokens."""
    pieces = _tokens.split(text)
    if len(pieces) < tokens:
        start = f"{text}\n\n" if text else ""
        # The walk has fewer than five characters a token, so this is a little more than needed.
        pieces = _tokens.split(start + _numbers.walk(tokens * 5 + 200))
    kept = "".join(pieces[:tokens])
    # A cut can join what was two tokens; cutting again settles it.
    while _tokens.count(kept) > tokens:
        kept = "".join(_tokens.split(kept)[:tokens])
    return kept


def _to_schema(request: Request) -> str:
    try:
        value = instance(request.format.schema, salt=request.wording)
    except SchemaError as error:
        msg = f"Invalid schema for response_format: {error}."
        raise invalid(msg, "response_format", "invalid_json_schema") from None
    return json.dumps(value, ensure_ascii=False, indent=2)


def _json_object(request: Request) -> str:
    question = _prose.last_user(request).text
    value = {
        "answer": _prose.opening(request),
        "question": question[:200],
        "topic": _prose.topic(request),
        "from": request.model.id,
        "language_model": False,
    }
    return json.dumps(value, ensure_ascii=False, indent=2)
