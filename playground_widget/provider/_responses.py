"""The Responses API: its events and answers, folded into chunks.

Compatible servers leave out `response.completed`, send a text only when it is done, change
the ids of items and number events as they like, so ids and numbers are not relied on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playground_widget.model import Usage
from playground_widget.provider._chat import error_in, number
from playground_widget.provider._chunks import Kind, StreamRefusedError
from playground_widget.provider._logprobs import read_logprobs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playground_widget.provider._fold import Output

__all__ = ["ResponsesReducer"]

_DELTAS: dict[str, Kind] = {
    "response.output_text.delta": "text",
    "response.refusal.delta": "refusal",
    "response.reasoning_summary_text.delta": "reasoning",
    "response.reasoning_text.delta": "reasoning",
}
# Where the whole text stands once it is done.
_DONE: dict[str, tuple[Kind, str]] = {
    "response.output_text.done": ("text", "text"),
    "response.refusal.done": ("refusal", "refusal"),
    "response.reasoning_summary_text.done": ("reasoning", "text"),
    "response.reasoning_text.done": ("reasoning", "text"),
}
_PARTS: dict[str, Kind] = {
    "output_text": "text",
    "refusal": "refusal",
    "summary_text": "reasoning",
    "reasoning_text": "reasoning",
}
_REASONS = {"max_output_tokens": "length", "content_filter": "content_filter"}
_ENDS = {"response.completed", "response.incomplete", "response.failed"}

# What tells one text of the answer from another: its kind, whether it is of a summary, and
# its numbers.
_Place = tuple[Kind, bool, int | None, int | None]


class ResponsesReducer:
    """Folds the events of one answer."""

    __slots__ = ("_calls", "_open", "_scored", "_streamed", "_taken", "_thought", "over", "whole")

    def __init__(self) -> None:
        self._calls: dict[int | None, bool] = {}  # by place; whether arguments have come
        self._open = 0
        self._scored: str | None = None  # where probabilities come; elsewhere they come again
        self._streamed: set[Kind] = set()
        self._taken: set[_Place] = set()
        self._thought: _Place | None = None
        self.whole = False
        self.over = False

    def event(self, data: Mapping[str, Any], name: bytes, out: Output) -> None:
        """Fold one event."""
        given = data.get("type")
        kind = given if isinstance(given, str) else name.decode("ascii", "replace")
        if kind in _DELTAS:
            delta = data.get("delta")
            if isinstance(delta, str) and delta:
                self._streamed.add(_DELTAS[kind])
                self._text(_place(_DELTAS[kind], data), delta, out)
            self._score("delta", data.get("logprobs"), out)
            self.whole = False
        elif kind in _DONE:
            text_kind, field = _DONE[kind]
            self._take(_place(text_kind, data), data.get(field), out)
            self._score("done", data.get("logprobs"), out)
            self.whole = text_kind != "reasoning" and not self._open
        elif kind in {"response.output_item.added", "response.output_item.done"}:
            self._item(data, out, done=kind.endswith("done"))
        elif kind == "response.function_call_arguments.delta":
            self._arguments(data, data.get("delta"), out)
        elif kind == "response.function_call_arguments.done":
            if not self._calls.get(_number(data, "output_index")):
                self._arguments(data, data.get("arguments"), out)
        elif kind in _ENDS:
            self._end(data.get("response"), out)
            self.over = True
        elif kind == "error" or (given is None and data.get("error")):
            raise StreamRefusedError(error_in(data))
        else:
            _model(data.get("response"), out)

    def answer(self, data: Mapping[str, Any], out: Output) -> None:
        """Fold a `response` object."""
        if "output" not in data:
            raise StreamRefusedError(error_in(data))
        self._end(data, out)

    def _text(self, place: _Place, text: str, out: Output) -> None:
        if place[0] == "reasoning":
            if self._thought not in {None, place}:
                text = "\n\n" + text  # the parts of a summary are paragraphs
            self._thought = place
        out.text(place[0], text)

    def _take(self, place: _Place, text: object, out: Output) -> None:
        """Take a text that came whole, unless it has come before."""
        new = place[0] not in self._streamed and place not in self._taken
        if new and isinstance(text, str) and text:
            self._taken.add(place)
            self._text(place, text, out)

    def _score(self, where: str, entries: object, out: Output) -> None:
        """Take probabilities from the one place where they came first."""
        if entries and self._scored in {None, where} and (read := read_logprobs(entries)):
            self._scored = where
            out.logprobs(read)

    def _score_parts(self, where: str, item: Mapping[str, Any], out: Output) -> None:
        parts = item.get("content")
        for part in parts if isinstance(parts, list) else []:
            if isinstance(part, dict):
                self._score(where, part.get("logprobs"), out)

    def _item(self, data: Mapping[str, Any], out: Output, *, done: bool) -> None:
        item = data.get("item")
        item = item if isinstance(item, dict) else {}
        at = _number(data, "output_index")
        self._open = max(0, self._open - 1) if done else self._open + 1
        if item.get("type") == "function_call":
            self._call(at, item, out)
        elif done:
            for place, text in _texts(item, at):
                self._take(place, text, out)
            self._score_parts("item", item, out)
        self.whole = done and not self._open and item.get("type") != "reasoning"

    def _call(self, at: int | None, item: Mapping[str, Any], out: Output) -> None:
        """Begin a tool call, or take its arguments if they came whole."""
        given = item.get("arguments")
        arguments = given if isinstance(given, str) and not self._calls.get(at) else ""
        self._calls[at] = self._calls.get(at, False) or bool(arguments)
        index = list(self._calls).index(at)
        call = str(item.get("call_id") or item.get("id") or f"call_{index}")
        out.tool(index, call, str(item.get("name") or ""), arguments)

    def _arguments(self, data: Mapping[str, Any], text: object, out: Output) -> None:
        if isinstance(text, str) and text:
            at = _number(data, "output_index")
            self._calls[at] = True
            index = list(self._calls).index(at)
            call = str(data.get("item_id") or f"call_{index}")
            out.tool(index, call, str(data.get("name") or ""), text)

    def _end(self, response: object, out: Output) -> None:
        """Take what the whole response says, and what no event of its stream brought."""
        if not isinstance(response, dict):
            return
        _model(response, out)
        if isinstance(usage := response.get("usage"), dict):
            out.usage = _usage(usage)
        self._output(response.get("output"), out)
        if response.get("status") == "failed" or response.get("error"):
            raise StreamRefusedError(error_in({"error": response.get("error") or {}}))
        details = response.get("incomplete_details")
        reason = details.get("reason") if isinstance(details, dict) else None
        if response.get("status") == "incomplete" or reason:
            out.finish_reason = _REASONS.get(str(reason), str(reason or "length"))
        else:
            out.finish_reason = "tool_calls" if self._calls else "stop"
        self.whole = True

    def _output(self, output: object, out: Output) -> None:
        seen = self._streamed | {place[0] for place in self._taken}
        called = bool(self._calls)
        for at, item in enumerate(output if isinstance(output, list) else []):
            if not isinstance(item, dict):
                continue
            if item.get("type") == "function_call":
                if not called:
                    self._call(at, item, out)
                continue
            for place, text in _texts(item, at):
                if place[0] not in seen:
                    self._take(place, text, out)
            self._score_parts("output", item, out)


def _texts(item: Mapping[str, Any], at: int | None) -> Iterator[tuple[_Place, object]]:
    """Return the texts of a finished item."""
    for name in ("summary", "content"):
        parts = item.get(name)
        for number_, part in enumerate(parts if isinstance(parts, list) else []):
            kind = part.get("type") if isinstance(part, dict) else None
            if isinstance(kind, str) and kind in _PARTS:
                place: _Place = (_PARTS[kind], name == "summary", at, number_)
                yield place, part.get("refusal" if kind == "refusal" else "text")


def _place(kind: Kind, data: Mapping[str, Any]) -> _Place:
    part = _number(data, "summary_index")
    is_summary = part is not None
    part = part if is_summary else _number(data, "content_index")
    return (kind, is_summary, _number(data, "output_index"), part)


def _number(data: Mapping[str, Any], name: str) -> int | None:
    value = data.get(name)
    return value if isinstance(value, int) else None


def _model(response: object, out: Output) -> None:
    model = response.get("model") if isinstance(response, dict) else None
    if isinstance(model, str) and model:
        out.model = model


def _usage(data: Mapping[str, Any]) -> Usage:
    return Usage(
        input_tokens=number(data, "input_tokens") or 0,
        output_tokens=number(data, "output_tokens") or 0,
        cached_tokens=number(data.get("input_tokens_details"), "cached_tokens"),
        reasoning_tokens=number(data.get("output_tokens_details"), "reasoning_tokens"),
    )
