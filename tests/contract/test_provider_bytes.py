"""Bytes become the same chunks however they are split, and any bytes become chunks or an error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.model import Usage
from playground_widget.provider._chat import ChatReducer
from playground_widget.provider._chunks import (
    Chunk,
    Counted,
    Delta,
    Ended,
    StreamCutError,
    StreamRefusedError,
    StreamUnreadableError,
    ToolDelta,
)
from playground_widget.provider._fold import Folder
from playground_widget.provider._responses import ResponsesReducer
from playground_widget.provider._sse import Event, EventParser
from tests.contract.servers import WIRES, ChatWire, ResponsesWire, Wire, split, sse

CHAT = ChatWire()
RESPONSES = ResponsesWire()


def fold(wire: Wire, pieces: list[bytes]) -> tuple[list[Chunk], Exception | None]:
    """Return the chunks, adjacent ones of a kind joined, and the error."""
    folder = Folder(ChatReducer() if wire.api == "chat" else ResponsesReducer())
    found: list[Chunk] = []
    for piece in pieces:
        found += folder.feed(piece)
        if folder.error is not None or folder.done:
            break
    if folder.error is None:
        found += folder.end()
    return _joined(found), folder.error


def _joined(chunks: list[Chunk]) -> list[Chunk]:
    made: list[Chunk] = []
    for chunk in chunks:
        match made[-1] if made else None, chunk:
            case Delta(kind, text, count), Delta(again) if again == kind:
                made[-1] = Delta(kind, text + chunk.text, count + chunk.count)
            case ToolDelta(index, call, name, arguments), ToolDelta(again) if again == index:
                made[-1] = ToolDelta(index, call, chunk.name or name, arguments + chunk.arguments)
            case Counted(), Counted():
                made[-1] = chunk
            case _:
                made.append(chunk)
    return made


def chunks_of(wire: Wire, *events: Any) -> list[Chunk]:
    chunks, error = fold(wire, [sse(*events)])
    assert error is None
    return chunks


def text_of(chunks: list[Chunk]) -> str:
    return "".join(chunk.text for chunk in chunks if isinstance(chunk, Delta))


# ------------------------------------------------------------------------------- splits

_TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
_CUTS = st.lists(st.integers(0, 10_000), max_size=12)


@st.composite
def streams(draw: st.DrawFn) -> tuple[Wire, bytes]:
    """An answer of either API with whatever may be in it, as bytes."""
    wire = draw(st.sampled_from(WIRES))
    events: list[Any] = []
    for index in range(draw(st.integers(0, 5))):
        say = draw(st.sampled_from([wire.text, wire.reasoning, wire.refusal]))
        events += say(draw(_TEXTS))
        if draw(st.booleans()):
            events += wire.tool(index, f"c{index}", "f", *draw(st.lists(_TEXTS, max_size=3)))
    data = sse(*events, *wire.end())
    if draw(st.booleans()):
        data = data.replace(b"\n", b"\r\n")
    if draw(st.booleans()):
        data = b"\xef\xbb\xbf" + data
    if draw(st.booleans()):
        data = data.replace(b"data: ", b": ping\n\nevent: x\nid: 1\nretry: 5\ndata:", 2)
    return wire, data


@given(streams(), _CUTS)
def test_any_split_of_the_bytes_gives_the_same_chunks(
    stream: tuple[Wire, bytes], cuts: list[int]
) -> None:
    wire, data = stream
    whole, error = fold(wire, [data])
    assert error is None
    assert fold(wire, split(data, cuts)) == (whole, None)


def test_each_byte_alone_gives_the_same_chunks() -> None:
    for wire in WIRES:
        data = sse(*wire.text("ä😀"), *wire.tool(0, "c", "f", "{}"), *wire.end())
        assert fold(wire, [bytes([byte]) for byte in data]) == fold(wire, [data])


@given(streams(), st.integers(0, 10_000))
def test_a_stream_cut_anywhere_is_told_from_a_whole_one(
    stream: tuple[Wire, bytes], cut: int
) -> None:
    wire, data = stream
    whole, _ = fold(wire, [data])
    chunks, error = fold(wire, [data[: cut % (len(data) + 1)]])
    assert (error is None) == bool(chunks and isinstance(chunks[-1], Ended))
    assert text_of(whole).startswith(text_of(chunks))


@given(st.sampled_from(WIRES), st.binary(max_size=200), _CUTS)
def test_any_bytes_become_chunks_or_one_of_three_errors(
    wire: Wire, data: bytes, cuts: list[int]
) -> None:
    _, error = fold(wire, split(b"data: " + data, cuts))
    assert isinstance(error, StreamCutError | StreamRefusedError | StreamUnreadableError | None)


_KEYS = st.sampled_from(
    [
        *("choices", "delta", "message", "index", "content", "reasoning", "refusal", "text"),
        *("tool_calls", "function", "name", "arguments", "id", "type", "usage", "error"),
        *("finish_reason", "response", "output", "item", "output_index", "summary", "status"),
        *("prompt_tokens", "input_tokens", "incomplete_details", "model", "code", "part"),
    ]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)
_TYPES = st.sampled_from(
    [
        *("response.output_text.delta", "response.output_text.done", "response.completed"),
        *("response.output_item.added", "response.output_item.done", "response.failed"),
        *("response.function_call_arguments.delta", "response.incomplete", "error", "unknown"),
        *("function_call", "message", "output_text", "reasoning"),
    ]
)


@given(
    st.sampled_from(WIRES),
    st.lists(st.dictionaries(_KEYS, _JSON | _TYPES, max_size=6), max_size=4),
    st.booleans(),
)
def test_any_json_events_become_chunks_or_one_of_three_errors(
    wire: Wire,
    events: list[dict[str, Any]],
    plain: bool,
) -> None:
    data = json.dumps(events[0]).encode() if plain and events else sse(*events)
    chunks, error = fold(wire, [data])
    assert isinstance(error, StreamCutError | StreamRefusedError | StreamUnreadableError | None)
    for chunk in chunks:
        if isinstance(chunk, Delta):
            assert chunk.text
            assert chunk.count >= 0


# --------------------------------------------------------------------------- characters


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.api)
def test_a_pair_of_surrogates_split_between_events_is_one_character(wire: Wire) -> None:
    data = b"".join(sse(json.dumps(event)) for half in "\ud83d\ude00" for event in wire.text(half))
    chunks, error = fold(wire, [data + sse(*wire.end())])
    assert error is None
    assert chunks[0] == Delta("text", "😀", 2)


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.api)
def test_half_a_character_at_the_end_becomes_a_replacement_character(wire: Wire) -> None:
    events = [json.dumps(e) for e in (*wire.reasoning("a\ud83d"), *wire.text("b\x00\ud83d"))]
    chunks = chunks_of(wire, *events, *wire.end())
    assert chunks[0] == Delta("reasoning", "a\ufffd", 1)
    assert text_of(chunks[1:]) == "b\ufffd\ufffd"


def test_bytes_that_are_not_utf8_become_replacement_characters() -> None:
    data = b'data: {"choices":[{"delta":{"content":"a\xff"},"finish_reason":"stop"}]}\n\n'
    assert text_of(fold(CHAT, [data])[0]) == "a\ufffd"


# ------------------------------------------------------------------------------- events


def test_lines_of_one_event_are_joined_and_a_single_space_is_taken_off() -> None:
    parser = EventParser()
    data = b"event: e\ndata:  a\r\ndata:b\rdata\n: note\n\n\ndata: c"
    assert parser.feed(data) == [Event(b"e", (b" a", b"b"))]
    assert parser.end() == [Event(b"", (b"c",))]


def test_json_over_several_data_lines_is_read_whole() -> None:
    data = json.dumps(CHAT.text("ab")[0], indent=1).replace("\n", "\ndata: ")
    assert text_of(chunks_of(CHAT, data, *CHAT.end())) == "ab"


def test_events_without_empty_lines_between_them_are_told_apart() -> None:
    data = sse(*CHAT.text("a"), *CHAT.text("b"), *CHAT.end()).replace(b"\n\n", b"\n")
    chunks, error = fold(CHAT, [data])
    assert (text_of(chunks), error) == ("ab", None)


def test_what_follows_the_closing_line_is_not_read() -> None:
    assert text_of(chunks_of(CHAT, *CHAT.text("a"), *CHAT.end(), *CHAT.text("b"))) == "a"


# ------------------------------------------------------------- chat completions, oddities


def delta(**fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": fields}]}


def calls(*items: dict[str, Any]) -> list[ToolDelta]:
    events = [delta(tool_calls=[item]) for item in items]
    found = chunks_of(CHAT, *events, *CHAT.end("tool_calls"))
    return [chunk for chunk in found if isinstance(chunk, ToolDelta)]


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_reasoning_goes_by_two_names(name: str) -> None:
    assert chunks_of(CHAT, delta(**{name: "Hm"}), *CHAT.end())[0] == Delta("reasoning", "Hm", 1)


def test_reasoning_under_both_names_at_once_is_taken_once() -> None:
    event = delta(reasoning="Hm", reasoning_content="Hm")
    assert text_of(chunks_of(CHAT, event, *CHAT.end())) == "Hm"


def test_content_may_be_a_list_of_parts() -> None:
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}
    event = delta(content=[thought, {"type": "text", "text": "a"}])
    assert chunks_of(CHAT, event, *CHAT.end())[:2] == [
        Delta("reasoning", "Hm", 1),
        Delta("text", "a", 1),
    ]


def test_usage_may_come_with_choices_without_them_or_not_at_all() -> None:
    text, (end, usage, _done) = CHAT.text("a"), CHAT.end()
    counted = Counted(Usage(input_tokens=9, output_tokens=5, cached_tokens=4, reasoning_tokens=2))
    assert isinstance(end, dict)
    assert counted in chunks_of(CHAT, *text, end, usage)
    assert counted in chunks_of(CHAT, *text, {**end, "usage": CHAT.usage()})
    assert not any(isinstance(chunk, Counted) for chunk in chunks_of(CHAT, *text, end))


def test_the_last_usage_counts() -> None:
    events = [
        {**delta(content="a"), "usage": {"prompt_tokens": 1, "completion_tokens": n}}
        for n in (1, 2)
    ]
    found = [c for c in chunks_of(CHAT, *events, "[DONE]") if isinstance(c, Counted)]
    assert found == [Counted(Usage(input_tokens=1, output_tokens=2))]


def test_a_closing_line_without_a_finish_reason_ends_the_answer() -> None:
    assert chunks_of(CHAT, *CHAT.text("a"), "[DONE]")[-1] == Ended(None, "m-1")


def test_no_closing_line_and_no_finish_reason_is_a_cut() -> None:
    assert isinstance(fold(CHAT, [sse(*CHAT.text("a"))])[1], StreamCutError)


def test_other_choices_than_the_first_are_left_alone() -> None:
    other = {"choices": [{"index": 1, "delta": {"content": "b"}}]}
    assert text_of(chunks_of(CHAT, *CHAT.text("a"), other, *CHAT.end())) == "a"


def test_tool_calls_without_an_index_are_told_apart_by_their_ids() -> None:
    found = calls(
        {"id": "a", "function": {"name": "f", "arguments": '{"x"'}},
        {"function": {"arguments": ":1}"}},
        {"id": "b", "function": {"name": "g", "arguments": "{}"}},
    )
    assert found == [ToolDelta(0, "a", "f", '{"x":1}'), ToolDelta(1, "b", "g", "{}")]


def test_whole_tool_calls_that_are_all_numbered_zero_are_told_apart() -> None:
    found = calls(
        {"index": 0, "id": "a", "function": {"name": "f", "arguments": "{}"}},
        {"index": 0, "id": "b", "function": {"name": "f", "arguments": "{}"}},
    )
    assert [(c.index, c.id) for c in found] == [(0, "a"), (1, "b")]


def test_an_id_that_changes_within_a_call_does_not_begin_another() -> None:
    found = calls(
        {"index": 0, "id": "a", "function": {"name": "f", "arguments": '{"x"'}},
        {"index": 0, "id": "b", "function": {"name": "f", "arguments": ":1}"}},
    )
    assert found == [ToolDelta(0, "a", "f", '{"x":1}')]


def test_arguments_given_as_an_object_become_json() -> None:
    (found,) = calls({"index": 0, "id": "a", "function": {"name": "f", "arguments": {"x": 1}}})
    assert json.loads(found.arguments) == {"x": 1}


def test_a_call_without_an_id_gets_one() -> None:
    (found,) = calls({"index": 0, "function": {"name": "f", "arguments": "{}"}})
    assert found.id == "call_0"


@pytest.mark.parametrize(
    "event",
    [
        {"error": {"message": "m", "code": "500"}},
        {"error": "m"},
        {"object": "error", "message": "m", "code": 40001},
        {"choices": [{"delta": {}, "finish_reason": "error"}], "error": {"message": "m"}},
    ],
)
def test_an_error_in_any_form_is_one(event: dict[str, Any]) -> None:
    _, error = fold(CHAT, [sse(*CHAT.text("a"), event)])
    assert isinstance(error, StreamRefusedError)
    assert str(error) == "m"


# ------------------------------------------------------------------- responses, oddities


def item(kind: str, at: int, **fields: Any) -> dict[str, Any]:
    return {"type": f"response.output_item.{kind}", "output_index": at, "item": fields}


MESSAGE = {"type": "message", "content": [{"type": "output_text", "text": "ab"}]}


def test_a_text_told_three_times_is_taken_once() -> None:
    done = {"type": "response.output_text.done", "output_index": 0, "text": "ab"}
    whole = {"status": "completed", "output": [MESSAGE]}
    end = {"type": "response.completed", "response": whole}
    opened = item("added", 0, type="message")
    events = [opened, *RESPONSES.text("a"), *RESPONSES.text("b"), done, item("done", 0, **MESSAGE)]
    assert text_of(chunks_of(RESPONSES, *events, end)) == "ab"


@pytest.mark.parametrize(
    "event",
    [
        {"type": "response.output_text.done", "text": "ab"},
        item("done", 0, **MESSAGE),
        {"type": "response.completed", "response": {"output": [MESSAGE]}},
    ],
)
def test_a_text_without_deltas_is_taken_where_it_stands_whole(event: dict[str, Any]) -> None:
    whole = {"type": "response.completed", "response": {"output": [MESSAGE]}}
    assert text_of(chunks_of(RESPONSES, event, whole)) == "ab"


def test_a_stream_without_response_completed_is_whole_once_its_items_are() -> None:
    opened, done = item("added", 0, type="message"), item("done", 0, **MESSAGE)
    assert chunks_of(RESPONSES, opened, *RESPONSES.text("ab"), done)[-1] == Ended(None, None)
    assert isinstance(fold(RESPONSES, [sse(opened, *RESPONSES.text("ab"))])[1], StreamCutError)
    thought = item("done", 0, type="reasoning", summary=[{"type": "summary_text", "text": "Hm"}])
    assert isinstance(fold(RESPONSES, [sse(thought)])[1], StreamCutError)


def test_parts_of_a_summary_are_paragraphs() -> None:
    kind = "response.reasoning_summary_text.delta"
    events = [
        {"type": kind, "output_index": 0, "summary_index": n, "delta": text}
        for n, text in [(0, "a"), (0, "b"), (1, "c")]
    ]
    assert chunks_of(RESPONSES, *events, *RESPONSES.end())[0] == Delta("reasoning", "ab\n\nc", 3)


def test_arguments_that_come_whole_are_taken_once() -> None:
    call = {"type": "function_call", "call_id": "c", "name": "f", "arguments": '{"x":1}'}
    done = {"type": "response.function_call_arguments.done", "output_index": 0}
    events = [
        item("added", 0, **{**call, "arguments": ""}),
        {**done, "arguments": '{"x":1}'},
        item("done", 0, **call),
        {"type": "response.completed", "response": {"output": [call]}},
    ]
    found = [c for c in chunks_of(RESPONSES, *events) if isinstance(c, ToolDelta)]
    assert found == [ToolDelta(0, "c", "f", '{"x":1}')]


def test_unknown_events_are_ignored() -> None:
    events = [{"type": "response.new_thing", "x": 1}, {"type": "keepalive", "sequence_number": 9}]
    assert text_of(chunks_of(RESPONSES, *events, *RESPONSES.text("a"), *RESPONSES.end())) == "a"


@pytest.mark.parametrize(
    "event",
    [
        {"type": "response.failed", "response": {"status": "failed", "error": {"message": "m"}}},
        {"type": "error", "message": "m", "code": "server_error"},
        {"type": "error", "error": {"message": "m"}},
        {"error": {"message": "m"}},
    ],
)
def test_a_failure_in_any_form_is_one(event: dict[str, Any]) -> None:
    chunks, error = fold(RESPONSES, [sse(*RESPONSES.text("a"), event)])
    assert isinstance(error, StreamRefusedError)
    assert (text_of(chunks), str(error)) == ("a", "m")


def test_the_reason_why_an_answer_is_incomplete_is_told_in_the_words_of_chat() -> None:
    for reason, told in [("max_output_tokens", "length"), ("content_filter", "content_filter")]:
        response = {"status": "incomplete", "incomplete_details": {"reason": reason}}
        end = {"type": "response.incomplete", "response": response}
        assert chunks_of(RESPONSES, *RESPONSES.text("a"), end)[-1] == Ended(told, None)
