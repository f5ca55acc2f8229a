"""Chat Completions: the chunks of a stream, and the body of an answer in one piece."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from playground_widget.demo._wire import Wire, dump, new_id, quote

if TYPE_CHECKING:
    from playground_widget.demo._errors import ApiError
    from playground_widget.demo._plan import Plan, Section
    from playground_widget.demo._request import Request

__all__ = ["ChatWire"]

# Stands for the text while the constant parts of a chunk are written once.
_MARK = "\0"


class ChatWire(Wire):
    """Writes one answer as `chat.completion` or as its chunks."""

    scored: ClassVar[frozenset[str]] = frozenset({"text", "refusal"})

    def __init__(self, request: Request, plan: Plan, created: float) -> None:
        super().__init__(request, plan, created)
        self.id = new_id("chatcmpl-")
        self.calls = 0
        self.scores_of = "content"
        self.before, self.after = b"", b""

    def whole(self) -> dict[str, Any]:
        plan = self.plan
        message: dict[str, Any] = {
            "role": "assistant",
            "content": plan.text_of("text") if _has(plan, "text") else None,
            "refusal": plan.text_of("refusal") if _has(plan, "refusal") else None,
            "annotations": [],
        }
        if plan.reasoning_tokens:
            message["reasoning_content"] = plan.text_of("reasoning")
        calls = [
            {
                "id": section.call.id,
                "type": "function",
                "function": {"name": section.call.name, "arguments": section.text},
            }
            for section in plan.sections
            if section.call
        ]
        if calls:
            message["tool_calls"] = calls
        choice = {
            "index": 0,
            "message": message,
            "logprobs": self.all_scores(),
            "finish_reason": plan.finish,
        }
        return {
            "id": self.id,
            "object": "chat.completion",
            "created": int(self.created),
            "model": self.request.model.id,
            "choices": [choice],
            "usage": self.usage(),
            "service_tier": "default",
            "system_fingerprint": "fp_demo",
        }

    def opening(self) -> Iterator[bytes]:
        content = None if _has(self.plan, "call") else ""
        yield self.chunk({"role": "assistant", "content": content, "refusal": None})

    def start(self, section: Section) -> Iterator[bytes]:
        match section.kind:
            case "call":
                call = section.call
                yield self.chunk(
                    {
                        "tool_calls": [
                            {
                                "index": self.calls,
                                "id": call.id if call else "",
                                "type": "function",
                                "function": {"name": call.name if call else "", "arguments": ""},
                            }
                        ]
                    }
                )
                part = {"index": self.calls, "function": {"arguments": _MARK}}
                delta: dict[str, Any] = {"tool_calls": [part]}
                self.calls += 1
            case "reasoning":
                delta = {"reasoning_content": _MARK}
            case "refusal":
                delta = {"refusal": _MARK}
            case _:
                delta = {"content": _MARK}
        self.scores_of = "refusal" if section.kind == "refusal" else "content"
        self.before, _, self.after = self.chunk(delta).partition(quote(_MARK))

    def token(self, token: str, scored: dict[str, Any] | None) -> bytes:
        if scored is None:
            return self.before + quote(token) + self.after
        delta = {self.scores_of: token}
        return self.chunk(delta, scored=_scores(self.scores_of, [scored]))

    def end(self, _: Section) -> Iterator[bytes]:
        yield from ()

    def closing(self) -> Iterator[bytes]:
        yield self.chunk({}, self.plan.finish)
        if self.request.include_usage:
            yield b"data: " + dump(self.frame([], self.usage())) + b"\n\n"
        yield b"data: [DONE]\n\n"

    def error(self, error: ApiError) -> Iterator[bytes]:
        yield b"data: " + dump(error.body()) + b"\n\n"

    def all_scores(self) -> dict[str, Any] | None:
        """Return how probable all tokens were, if that was asked for."""
        for section in self.plan.sections:
            if scored := self.scores(section):
                return _scores("refusal" if section.kind == "refusal" else "content", scored)
        return None

    def chunk(
        self,
        delta: dict[str, Any],
        finish: str | None = None,
        scored: dict[str, Any] | None = None,
    ) -> bytes:
        """Return one event with a delta."""
        choice = {"index": 0, "delta": delta, "logprobs": scored, "finish_reason": finish}
        return b"data: " + dump(self.frame([choice], None)) + b"\n\n"

    def frame(self, choices: list[Any], usage: dict[str, Any] | None) -> dict[str, Any]:
        """Return what each chunk has around its choices."""
        frame: dict[str, Any] = {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": int(self.created),
            "model": self.request.model.id,
            "service_tier": "default",
            "system_fingerprint": "fp_demo",
            "choices": choices,
        }
        if self.request.include_usage:
            frame["usage"] = usage
        return frame

    def usage(self) -> dict[str, Any]:
        """Return the counts, as this API names them."""
        plan = self.plan
        return {
            "prompt_tokens": plan.input_tokens,
            "completion_tokens": plan.output_tokens,
            "total_tokens": plan.input_tokens + plan.output_tokens,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": plan.reasoning_tokens,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        }


def _scores(name: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {"content": None, "refusal": None, name: entries}


def _has(plan: Plan, kind: str) -> bool:
    # An answer cut while thinking has an empty text, not none.
    kinds = {section.kind for section in plan.sections}
    return kind in kinds or (kind == "text" and kinds == {"reasoning"})
