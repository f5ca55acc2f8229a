"""Answers that begin well, or begin at all, and are spoiled on their way."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tests.faults.proxy import Exchange

FEW = 12
"""How many pieces of text come before a fault in the middle of an answer."""


def is_text(event: bytes) -> bool:
    """Return whether an event brings some of the answer's text, or of a call's arguments."""
    return bool(text_in(event)) or (b"arguments" in event and b'"arguments":""' not in event)


def text_in(event: bytes) -> str:
    """Return the text that an event of either API brings."""
    for line in event.split(b"\n"):
        if line.startswith(b"data: {"):
            data: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
            if data.get("type") == "response.output_text.delta":
                return str(data["delta"])
            for choice in data.get("choices", []):
                return choice["delta"].get("content") or ""
    return ""


def text_of(said: bytes) -> str:
    """Return the text of the whole events among bytes."""
    return "".join(text_in(event) for event in said.split(b"\n\n")[:-1])


def split(events: list[bytes], texts: int = FEW) -> tuple[list[bytes], list[bytes]]:
    """Return the events up to so many pieces of text, and those after."""
    at = [number for number, event in enumerate(events) if is_text(event)][texts - 1] + 1
    return events[:at], events[at:]


async def begun(exchange: Exchange) -> list[bytes]:
    """Send an answer up to its middle, and return the events that are left."""
    before, after = split(await exchange.events())
    await exchange.start()
    await exchange.send(b"".join(before))
    return after


# ---------------------------------------------------------------------- connections


async def reset_at_once(exchange: Exchange) -> None:
    exchange.reset()


async def reset_before_text(exchange: Exchange) -> None:
    await exchange.start()
    exchange.reset()


async def reset_after_text(exchange: Exchange) -> None:
    await begun(exchange)
    exchange.reset()


async def stall_before_text(exchange: Exchange) -> None:
    before, _ = split(await exchange.events(), 1)
    await exchange.start()
    await exchange.send(b"".join(before[:-1]))
    await exchange.hang()


async def stall_before_answer(exchange: Exchange) -> None:
    await exchange.answer()
    await exchange.hang()


async def stall_after_text(exchange: Exchange) -> None:
    await begun(exchange)
    await exchange.hang()


# ---------------------------------------------------------------------------- bytes


async def byte_by_byte(exchange: Exchange) -> None:
    body = await exchange.answer()
    await exchange.start()
    for byte in body:
        await exchange.send(bytes([byte]))
        await asyncio.sleep(0)
    await exchange.end()


async def cut_in_character(exchange: Exchange) -> None:
    rest = await begun(exchange)
    found = b"".join(rest)
    at = next(i for i, byte in enumerate(found) if byte >= 0xF0) + 2
    await exchange.send(found[:at])
    await exchange.end()


async def cut_in_line(exchange: Exchange) -> None:
    rest = await begun(exchange)
    await exchange.send(rest[0][:4], counts=False)
    await exchange.end()


async def half_json(exchange: Exchange) -> None:
    event, *rest = await begun(exchange)
    await exchange.send(event[: len(event) // 2] + b"\n\n" + b"".join(rest), counts=False)
    await exchange.end()


async def garbage_line(exchange: Exchange) -> None:
    rest = await begun(exchange)
    await exchange.send(b"data: \xff\xfe no JSON <b>at all\n\n" + b"".join(rest), counts=False)
    await exchange.end()


async def comment_lines(exchange: Exchange) -> None:
    rest = await begun(exchange)
    await exchange.send(b": still here\n\nno colon at all\nid: 7\n\n", counts=False)
    await exchange.send(b"".join(rest))
    await exchange.end()


async def two_megabytes(exchange: Exchange) -> None:
    """Say the first word of an answer many times over: once in an event of 1 MB, then in 1,024."""
    before, _ = split(await exchange.events(), 1)
    *opening, event = before
    word = json.dumps(text_in(event), ensure_ascii=False).encode()
    at = event.index(word, event.index(b'"delta":'))
    words = [b'"' + "a 😀 b ".encode() * many + b'"' for many in (116_509, *[114] * 1024)]
    await exchange.start()
    await exchange.send(b"".join(opening))
    for each in words:
        await exchange.send(event[:at] + each + event[at + len(word) :])
    await exchange.send(b"data: [DONE]\n\n" if b"choices" in event else _COMPLETED)
    await exchange.end()


_COMPLETED = b'data: {"type":"response.completed","response":{"status":"completed"}}\n\n'


async def as_it_is(exchange: Exchange) -> None:
    """Give the demo's answer, which is odd enough by itself."""
    body = await exchange.answer()
    await exchange.start()
    await exchange.send(body)
    await exchange.end()


# ----------------------------------------------------------------------------- ends


def is_end(event: bytes) -> bool:
    """Return whether an event says in either API that nothing more comes."""
    return event.startswith((b"data: [DONE]", b"event: response.completed"))


def says_why(event: bytes) -> bool:
    """Return whether an event says why an answer ends, or repeats it whole."""
    return b'"finish_reason":"' in event or b".done\n" in event or is_end(event)


async def without_end(exchange: Exchange) -> None:
    events = await exchange.events()
    await exchange.start()
    await exchange.send(b"".join(event for event in events if not is_end(event)))
    await exchange.end()


async def without_end_and_open(exchange: Exchange) -> None:
    """Never end the response: all has been said, but for `[DONE]` in Chat Completions."""
    events = await exchange.events()
    await exchange.start()
    await exchange.send(b"".join(event for event in events if event != b"data: [DONE]\n\n"))
    await exchange.hang()


async def without_reason(exchange: Exchange) -> None:
    """End without a word: no reason, no `[DONE]`."""
    events = await exchange.events()
    await exchange.start()
    await exchange.send(b"".join(e for e in events if not says_why(e) and b'"usage":{' not in e))
    await exchange.end()


async def end_twice(exchange: Exchange) -> None:
    events = await exchange.events()
    await exchange.start()
    await exchange.send(b"".join(events))
    await exchange.send(events[-1], counts=False)
    await exchange.end()


async def without_usage(exchange: Exchange) -> None:
    def bare(event: bytes) -> bytes:
        name, data, rest = event.partition(b"data: {")
        if not data:
            return event
        found = json.loads(b"{" + rest)
        found.pop("usage", None)
        if "response" in found:
            found["response"].pop("usage", None)
        return name + b"data: " + json.dumps(found, ensure_ascii=False).encode() + b"\n\n"

    events = await exchange.events()
    await exchange.start()
    await exchange.send(b"".join(map(bare, events)))
    await exchange.end()


async def nothing_at_all(exchange: Exchange) -> None:
    await exchange.answer()
    await exchange.start()
    await exchange.end()


# ----------------------------------------------------------------- in place of an end


async def error_in_stream(exchange: Exchange) -> None:
    rest = await begun(exchange)
    error: dict[str, Any] = {"message": "out of memory", "code": "server_error"}
    responses = rest[0].startswith(b"event: ")
    said = {"type": "error", **error} if responses else {"error": error}
    await exchange.send(b"data: " + json.dumps(said).encode() + b"\n\n", counts=False)
    await exchange.end()


async def cut_in_call(exchange: Exchange) -> None:
    before, _ = split(await exchange.events(), 4)
    await exchange.start()
    await exchange.send(b"".join(before))
    exchange.reset()


async def words_and_half_a_call(exchange: Exchange) -> None:
    """Say some words, and begin a call in the words of the API that is spoken."""
    rest = await begun(exchange)
    if rest[0].startswith(b"event: "):
        item = {"type": "function_call", "call_id": "c", "name": "fish", "arguments": ""}
        kind = "response.function_call_arguments.delta"
        said: list[dict[str, Any]] = [
            {"type": "response.output_item.added", "output_index": 1, "item": item},
            {"type": kind, "output_index": 1, "delta": '{"name": "Str'},
        ]
    else:
        call = {"index": 0, "id": "c", "function": {"name": "fish", "arguments": '{"name": "Str'}}
        said = [{"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]}]
    await exchange.send(b"".join(b"data: " + json.dumps(each).encode() + b"\n\n" for each in said))
    exchange.reset()
