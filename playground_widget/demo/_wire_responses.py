"""The Responses API: the events of a stream, and the body of a response in one piece."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from playground_widget.demo._wire import BROKEN, Wire, dump, new_id, quote

if TYPE_CHECKING:
    from playground_widget.demo._errors import ApiError
    from playground_widget.demo._plan import Plan, Section
    from playground_widget.demo._request import Request

__all__ = ["ResponsesWire"]

# Stands for the text while the constant parts of an event are written once.
_MARK = "\0"
_ID_PREFIX = {"reasoning": "rs_", "call": "fc_"}
_DELTA = {
    "reasoning": "response.reasoning_summary_text.delta",
    "call": "response.function_call_arguments.delta",
    "refusal": "response.refusal.delta",
    "text": "response.output_text.delta",
}


class ResponsesWire(Wire):
    """Writes one answer as a `response` or as its events, numbered from 0."""

    def __init__(self, request: Request, plan: Plan, created: float) -> None:
        super().__init__(request, plan, created)
        self.id = new_id("resp_")
        self.item_ids = [new_id(_ID_PREFIX.get(part.kind, "msg_")) for part in plan.sections]
        self.sequence = 0
        self.index = -1
        self.before, self.after = b"", b""

    def whole(self) -> dict[str, Any]:
        if self.plan.breaks and self.plan.breaks.kind == "error":
            return self.response("failed", [], error=BROKEN)
        return self.response(self.status(), self.output())

    def opening(self) -> Iterator[bytes]:
        for kind in ("response.created", "response.in_progress"):
            yield self.event(kind, response=self.response("in_progress", []))

    def start(self, section: Section) -> Iterator[bytes]:
        self.index += 1
        yield self.event(
            "response.output_item.added",
            output_index=self.index,
            item=self.item(section, self.index, status="in_progress", empty=True),
        )
        if section.kind == "reasoning":
            yield self.event(
                "response.reasoning_summary_part.added",
                **self.place(section),
                part={"type": "summary_text", "text": ""},
            )
        elif section.kind != "call":
            yield self.event(
                "response.content_part.added", **self.place(section), part=_part(section.kind, "")
            )
        kind = _DELTA[section.kind]
        fields = {"type": kind, **self.place(section), "delta": _MARK}
        if section.kind == "text":
            fields["logprobs"] = []
        before, _, after = dump(fields).partition(quote(_MARK))
        self.before = f"event: {kind}\ndata: ".encode() + before
        self.after = after[:-1] + b',"sequence_number":'

    def token(self, token: str, scored: dict[str, Any] | None) -> bytes:
        if scored is not None:
            section = self.plan.sections[self.index]
            # The entries of this event have no bytes; those of the finished part do.
            entry = _without_bytes(scored)
            entry["top_logprobs"] = [_without_bytes(each) for each in scored["top_logprobs"]]
            return self.event(_DELTA["text"], **self.place(section), delta=token, logprobs=[entry])
        number = self.sequence
        self.sequence += 1
        return b"%b%b%b%d}\n\n" % (self.before, quote(token), self.after, number)

    def end(self, section: Section) -> Iterator[bytes]:
        place = self.place(section)
        text = section.text
        match section.kind:
            case "reasoning":
                part = {"type": "summary_text", "text": text}
                yield self.event("response.reasoning_summary_text.done", **place, text=text)
                yield self.event("response.reasoning_summary_part.done", **place, part=part)
            case "call":
                name = section.call.name if section.call else ""
                yield self.event(
                    "response.function_call_arguments.done", **place, name=name, arguments=text
                )
            case "refusal":
                part = _part("refusal", text)
                yield self.event("response.refusal.done", **place, refusal=text)
                yield self.event("response.content_part.done", **place, part=part)
            case _:
                scores = self.scores(section)
                part = _part("text", text, scores)
                yield self.event("response.output_text.done", **place, text=text, logprobs=scores)
                yield self.event("response.content_part.done", **place, part=part)
        yield self.event(
            "response.output_item.done",
            output_index=self.index,
            item=self.item(section, self.index, status=self.item_status(self.index)),
        )

    def closing(self) -> Iterator[bytes]:
        status = self.status()
        yield self.event(f"response.{status}", response=self.response(status, self.output()))

    def error(self, error: ApiError) -> Iterator[bytes]:
        yield self.event("error", code=error.code, message=error.message, param=error.param)
        yield self.event("response.failed", response=self.response("failed", [], error=error))

    def event(self, kind: str, **fields: Any) -> bytes:
        """Return one numbered event."""
        data = dump({"type": kind, **fields, "sequence_number": self.sequence})
        self.sequence += 1
        return f"event: {kind}\ndata: ".encode() + data + b"\n\n"

    def place(self, section: Section) -> dict[str, Any]:
        """Return where in the output the open section is."""
        place: dict[str, Any] = {
            "item_id": self.item_ids[self.index],
            "output_index": self.index,
        }
        if section.kind == "reasoning":
            place["summary_index"] = 0
        elif section.kind != "call":
            place["content_index"] = 0
        return place

    def output(self) -> list[dict[str, Any]]:
        """Return all output items."""
        return [
            self.item(section, index, status=self.item_status(index))
            for index, section in enumerate(self.plan.sections)
        ]

    def item(
        self, section: Section, index: int, *, status: str, empty: bool = False
    ) -> dict[str, Any]:
        """Return an output item, without its content while it is being written."""
        item: dict[str, Any] = {"id": self.item_ids[index], "status": status}
        text = "" if empty else section.text
        if section.call:
            call = section.call
            return item | {
                "type": "function_call",
                "call_id": call.id,
                "name": call.name,
                "arguments": text,
            }
        if section.kind == "reasoning":
            summary = [] if empty else [{"type": "summary_text", "text": text}]
            return item | {"type": "reasoning", "summary": summary}
        content = [] if empty else [_part(section.kind, text, self.scores(section))]
        return item | {"type": "message", "role": "assistant", "content": content}

    def item_status(self, index: int) -> str:
        """Return whether an item is complete: only the last one can be cut."""
        last = index == len(self.plan.sections) - 1
        return self.status() if last else "completed"

    def status(self) -> str:
        """Return how the response ends."""
        cut = self.plan.finish in {"length", "content_filter"}
        return "incomplete" if cut else "completed"

    def response(
        self, status: str, output: list[dict[str, Any]], error: ApiError | None = None
    ) -> dict[str, Any]:
        """Return the response object."""
        request = self.request
        reason = {"length": "max_output_tokens"}.get(self.plan.finish, self.plan.finish)
        over = status in {"completed", "incomplete"}
        return {
            "id": self.id,
            "object": "response",
            "created_at": int(self.created),
            "status": status,
            "background": False,
            "error": {"code": error.code, "message": error.message} if error else None,
            "incomplete_details": {"reason": reason} if status == "incomplete" else None,
            "instructions": None,
            "max_output_tokens": None,
            "metadata": {},
            "model": request.model.id,
            "output": output,
            "parallel_tool_calls": request.parallel,
            "previous_response_id": None,
            "reasoning": {"effort": None, "summary": None},
            "service_tier": "default",
            "store": False,
            "temperature": 1.0,
            "tool_choice": "auto",
            "tools": [],
            "top_p": 1.0,
            "truncation": "disabled",
            "usage": self.usage() if over else None,
            **request.echo,
        }

    def usage(self) -> dict[str, Any]:
        """Return the counts, as this API names them."""
        plan = self.plan
        return {
            "input_tokens": plan.input_tokens,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": plan.output_tokens,
            "output_tokens_details": {"reasoning_tokens": plan.reasoning_tokens},
            "total_tokens": plan.input_tokens + plan.output_tokens,
        }


def _without_bytes(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != "bytes"}


def _part(kind: str, text: str, scores: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    if kind == "refusal":
        return {"type": "refusal", "refusal": text}
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": scores or []}
