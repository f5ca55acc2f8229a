"""Everything that goes wrong here on purpose, in the order of the README's table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tests.faults import refusals, streams
from tests.faults.proxy import How
from tests.faults.refusals import once, page, redirect, status, typed

if TYPE_CHECKING:
    from playground_widget.request import Api

__all__ = ["FAULTS", "Fault"]

IDLE = 0.5
"""Seconds of silence after which a service counts as gone, in place of the ten minutes that are
usual: as `Connection(timeout=...)` sets them."""

PROMPT = (
    "Straße 😀 a 👩‍👩‍👧 b 🏳️‍🌈 c, é and ạ̈, 漢字 हिन्दी עברית, beyond the BMP 🂡 d 🜁 e; "
    "plain words go on to the end 🐧 f."
)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One row.

    Args:
        name: What goes wrong.
        how: How the proxy answers; `None` refuses the connection.
        apis: Where it can happen.
        by: How the proxy is reached: by TLS, whose certificate nobody has signed, or plainly.
        model: Of the demo.
        options: Of the playground.
        timeout: Of the connection.
        prompt: What is asked.
    """

    name: str
    how: How | None = None
    apis: tuple[Api, ...] = ("chat", "responses")
    by: Literal["plain", "tls"] = "plain"
    model: str = "demo-echo"
    options: dict[str, Any] = field(default_factory=dict)
    timeout: float = 20.0
    prompt: str = PROMPT


def fish(name: str) -> str:
    """Say how heavy a fish of this name is."""
    raise AssertionError(f"called with {name}")


FAULTS = (
    # Connections
    Fault(name="Connection refused"),
    Fault(name="Certificate that nobody has signed", how=streams.reset_at_once, by="tls"),
    Fault(name="Redirect to another host", how=redirect(307)),
    Fault(name="Reset before an answer", how=streams.reset_at_once),
    Fault(name="Reset once before an answer", how=once(streams.reset_at_once)),
    Fault(name="Reset before the first token", how=streams.reset_before_text),
    Fault(name="Reset in mid-answer", how=streams.reset_after_text),
    Fault(name="Silence instead of an answer", how=streams.stall_before_answer, timeout=IDLE),
    Fault(name="Silence before the first token", how=streams.stall_before_text, timeout=IDLE),
    Fault(name="Silence in mid-answer", how=streams.stall_after_text, timeout=IDLE),
    # Bytes
    Fault(name="One byte at a time", how=streams.byte_by_byte),
    Fault(name="Comments and unknown lines", how=streams.comment_lines),
    Fault(name="Cut inside a character", how=streams.cut_in_character),
    Fault(name="Cut inside a line", how=streams.cut_in_line),
    Fault(name="Half of an event's JSON", how=streams.half_json),
    Fault(name="A line of garbage", how=streams.garbage_line),
    Fault(name="An answer of 2 MB", how=streams.two_megabytes),
    # Ends
    Fault(name="End said twice", how=streams.end_twice),
    Fault(name="No `[DONE]`, no `response.completed`", how=streams.without_end),
    Fault(name="End said, connection left open", how=streams.without_end_and_open, timeout=600),
    Fault(name="No end at all", how=streams.without_reason),
    Fault(name="No usage", how=streams.without_usage),
    Fault(name="Answer without text", how=streams.as_it_is, model="demo-empty"),
    Fault(name="Stream without an event", how=streams.nothing_at_all),
    Fault(
        name="Tool call cut in half",
        how=streams.cut_in_call,
        model="demo-tools",
        options={"tools": [fish]},
        prompt="Call fish with a long name, 'Straße 😀 and more 😀 words'.",
    ),
    # Pages
    Fault(name="Another content type", how=typed("text/html")),
    Fault(name="Web page in place of an answer", how=page(200)),
    Fault(name="Web page with status 502", how=page(502)),
    # What a service says
    Fault(name="400", how=status(400, "Invalid request")),
    Fault(
        name="400, a parameter is refused",
        how=refusals.refused_parameter,
        options={"temperature": 2},
    ),
    Fault(
        name="400, the context is too long",
        how=status(
            400,
            "This model's maximum context length is 8192 tokens. However, your messages resulted "
            "in 9000 tokens.",
            "context_length_exceeded",
        ),
    ),
    Fault(name="400, the content is filtered", how=status(400, "Filtered", "content_filter")),
    Fault(name="401", how=status(401, "Incorrect API key provided", "invalid_api_key")),
    Fault(name="403", how=status(403, "You may not use this model")),
    Fault(name="404", how=status(404, "The model does not exist", "model_not_found")),
    Fault(name="408", how=status(408, "Request timeout")),
    Fault(name="409", how=status(409, "Conflict")),
    Fault(name="413", how=status(413, "Payload too large")),
    Fault(name="429 without `Retry-After`", how=status(429, "Rate limit reached")),
    Fault(name="429, in seconds", how=status(429, "Rate limit reached", retry_after="7")),
    Fault(name="429, by a date", how=refusals.busy_until_date),
    Fault(name="429, in an hour", how=status(429, "Rate limit reached", retry_after="3600")),
    Fault(name="429, once", how=once(status(429, "Rate limit reached", retry_after="1"))),
    Fault(name="500", how=status(500, "The server had an error", "server_error")),
    Fault(name="502", how=status(502)),
    Fault(name="503", how=status(503, "The engine is currently overloaded")),
    Fault(name="529", how=status(529, "Overloaded", "overloaded_error")),
    Fault(name="Error in mid-answer", how=streams.error_in_stream),
    Fault(name="Content filtered in mid-answer", how=streams.as_it_is, model="demo-filter"),
)
