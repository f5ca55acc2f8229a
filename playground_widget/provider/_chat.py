"""The Chat Completions API: its events and answers, folded into chunks.

Written for what compatible servers send, beside what OpenAI documents: reasoning under two
names, content as a list of parts, tool calls without an index or with an id that changes,
usage with and without choices, errors inside the stream.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from playground_widget.model import Usage
from playground_widget.provider._chunks import StreamRefusedError
from playground_widget.provider._logprobs import read_logprobs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playground_widget.provider._fold import Output

__all__ = ["ChatReducer", "error_in", "number"]


class ChatReducer:
    """Folds the events of one answer."""

    __slots__ = ("_calls", "whole")

    def __init__(self) -> None:
        self._calls = _Calls()
        self.whole = False

    @property
    def over(self) -> bool:
        """Whether it has been said how the answer ended."""
        return self.whole

    def event(self, data: Mapping[str, Any], name: bytes, out: Output) -> None:
        """Fold one `chat.completion.chunk`."""
        choices = data.get("choices")
        if choices:
            choice = choices[0] if isinstance(choices, list) else None
            if isinstance(choice, dict) and not choice.get("index"):
                delta = choice.get("delta") or choice.get("message")
                if isinstance(delta, dict):
                    self._delta(delta, out)
                if scored := choice.get("logprobs"):
                    _logprobs(scored, out)
                if reason := choice.get("finish_reason"):
                    out.finish_reason = str(reason)
                    self.whole = True
        if data.get("error") or name == b"error" or data.get("object") == "error":
            raise StreamRefusedError(error_in(data))
        if out.model is None and isinstance(model := data.get("model"), str) and model:
            out.model = model
        if isinstance(usage := data.get("usage"), dict):
            out.usage = _usage(usage)

    def answer(self, data: Mapping[str, Any], out: Output) -> None:
        """Fold a `chat.completion`."""
        self.event(data, b"", out)
        # It came in one piece, so it is whole, whether it gives a reason or not.
        self.whole = isinstance(data.get("choices"), list)

    def _delta(self, delta: Mapping[str, Any], out: Output) -> None:
        thought = delta.get("reasoning_content") or delta.get("reasoning")
        if thought and isinstance(thought, str):
            out.text("reasoning", thought)
        if content := delta.get("content"):
            if isinstance(content, str):
                out.text("text", content)
            elif isinstance(content, list):
                _content_parts(content, out)
        refusal = delta.get("refusal")
        if refusal and isinstance(refusal, str):
            out.text("refusal", refusal)
        calls = delta.get("tool_calls")
        if isinstance(calls, list):
            for call in calls:
                if isinstance(call, dict):
                    self._calls.add(call, out)


def _logprobs(scored: object, out: Output) -> None:
    """Fold how probable the tokens of a text or of a refusal were."""
    if isinstance(scored, dict):
        for name in ("content", "refusal"):
            if entries := scored.get(name):
                out.logprobs(read_logprobs(entries))


def _content_parts(parts: list[Any], out: Output) -> None:
    """Fold content given as parts, as Mistral's reasoning models do."""
    for part in parts:
        if not isinstance(part, dict):
            continue
        if part.get("type") == "thinking":
            inner = part.get("thinking")
            for item in inner if isinstance(inner, list) else [{"text": inner}]:
                if isinstance(item, dict) and isinstance(text := item.get("text"), str) and text:
                    out.text("reasoning", text)
        elif isinstance(text := part.get("text"), str) and text:
            out.text("text", text)


class _Calls:
    """Tells which tool call a delta belongs to."""

    __slots__ = ("_by_place", "_ids", "_written")

    def __init__(self) -> None:
        self._by_place: dict[int | str, int] = {}
        self._ids: list[str] = []
        self._written: list[list[str]] = []

    def add(self, call: Mapping[str, Any], out: Output) -> None:
        """Fold one item of `tool_calls`."""
        function = call.get("function")
        function = function if isinstance(function, dict) else {}
        name = str(function.get("name") or "")
        arguments = function.get("arguments")
        if not isinstance(arguments, str):
            arguments = "" if arguments is None else json.dumps(arguments)
        at = self._which(call.get("index"), str(call.get("id") or ""), name)
        self._written[at].append(arguments)
        out.tool(at, self._ids[at], name, arguments)

    def _which(self, index: object, given: str, name: str) -> int:
        """Return the number of the call, beginning a new one if need be.

        The index decides. Without one it is the id, and without both the last call. Some
        servers number each call 0, or change a call's id from delta to delta: an id that
        is new begins a call only if it comes with a name and the arguments are complete.
        """
        place = index if isinstance(index, int) else given
        known = self._by_place.get(place)
        if known is None and place == "" and self._ids and not name:
            known = len(self._ids) - 1
        if known is not None:
            another = bool(given and name) and given != self._ids[known]
            if not (another and _complete("".join(self._written[known]))):
                return known
        at = len(self._ids)
        self._by_place[place] = at
        self._ids.append(given or f"call_{at}")
        self._written.append([])
        return at


def _complete(arguments: str) -> bool:
    try:
        json.loads(arguments)
    except (ValueError, RecursionError):
        return False
    return True


def _usage(data: Mapping[str, Any]) -> Usage:
    read = data.get("prompt_tokens_details")
    written = data.get("completion_tokens_details")
    return Usage(
        input_tokens=number(data, "prompt_tokens") or 0,
        output_tokens=number(data, "completion_tokens") or 0,
        cached_tokens=number(read, "cached_tokens"),
        reasoning_tokens=number(written, "reasoning_tokens"),
    )


def number(data: object, name: str) -> int | None:
    """Return a count of an object, or `None` if there is no such thing."""
    value = data.get(name) if isinstance(data, dict) else None
    is_count = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    return int(value) if is_count and value is not None else None


def error_in(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the error object of an event or a body, in whichever form the server has it."""
    error = data.get("error", data)
    return error if isinstance(error, dict) else {"message": str(error or "")}
