"""What people pass becomes parts, or is refused in words."""

from __future__ import annotations

import base64
import datetime as dt
import enum
import io
import itertools
import json
from typing import Any

import numpy as np
import pandas as pd
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types import CompletionUsage as Usage
from openai.types.chat import ChatCompletion, ChatCompletionMessage, ParsedChatCompletionMessage
from openai.types.responses import Response

from playground_widget.content import Draft, messages_of, parts_of
from playground_widget.errors import InputError
from playground_widget.frames import cell, cells_of
from playground_widget.model import (
    Image,
    Message,
    Reasoning,
    Refusal,
    Table,
    Text,
    ToolCall,
    part_from_dict,
    part_to_dict,
)
from playground_widget.text import Cleaner, clean_text


def picture() -> bytes:
    file = io.BytesIO()
    PIL.Image.new("RGB", (31, 17), "teal").save(file, "PNG")
    return file.getvalue()


def one(value: object) -> Any:
    (part,) = parts_of(value)
    return part


# ------------------------------------------------------------------------------- text


def test_text_becomes_a_text_part_of_a_user_message() -> None:
    assert messages_of("hi") == [Draft("user", (Text("hi"),))]


def test_the_given_role_is_used_where_the_value_says_none() -> None:
    assert messages_of("hi", role="system") == [Draft("system", (Text("hi"),))]
    assert messages_of({"role": "assistant", "content": "a"}, role="user")[0].role == "assistant"


def test_nul_and_lone_surrogates_become_replacement_characters() -> None:
    assert one("a\x00b\ud83dc\ude00") == Text("a\ufffdb\ufffdc\ufffd")


def test_a_surrogate_pair_becomes_its_character() -> None:
    assert one("\ud83d\ude00") == Text("😀")


@given(st.text(st.characters(codec=None, exclude_categories=())), st.data())
def test_cleaning_in_pieces_gives_what_cleaning_at_once_gives(text: str, data: Any) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=5)))
    edges = [0, *cuts, len(text)]
    cleaner = Cleaner()
    pieces = [cleaner.feed(text[a:b]) for a, b in itertools.pairwise(edges)]
    cleaned = "".join([*pieces, cleaner.end()])
    assert cleaned == clean_text(text)
    assert "\x00" not in cleaned
    cleaned.encode("utf-8")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_cleaning_leaves_good_text_alone(text: str) -> None:
    assert clean_text(text) == text


class Island(str, enum.Enum):  # noqa: UP042 - the way before StrEnum, which many have
    DREAM = "Dream"


@pytest.mark.parametrize("text", [Island.DREAM, np.str_("Dream")])
def test_text_of_any_class_becomes_plain_text(text: str) -> None:
    assert repr(one(text)) == "Text(text='Dream')"


# ----------------------------------------------------------------------------- tables


def test_a_data_frame_is_sent_as_csv_with_a_preview_json_can_hold() -> None:
    frame = pd.DataFrame(
        {
            "n": np.array([1, 2, 2**60]),
            "x": [0.5, np.nan, np.inf],
            "when": [pd.Timestamp("2026-01-02 03:04"), pd.NaT, pd.Timestamp("2026-01-03")],
            "flag": [True, None, False],
            "note": ["a, b", None, "c\x00"],
        }
    )
    table = one(frame)
    assert table.text.splitlines() == [
        "n,x,when,flag,note",
        '1,0.5,2026-01-02T03:04:00,True,"a, b"',
        "2,,,,",
        f"{2**60},inf,2026-01-03T00:00:00,False,c\ufffd",
    ]
    assert table.columns == ("n", "x", "when", "flag", "note")
    assert table.rows == (
        (1, 0.5, "2026-01-02T03:04:00", True, "a, b"),
        (2, None, None, None, None),
        (str(2**60), "inf", "2026-01-03T00:00:00", False, "c\ufffd"),
    )
    assert table.shape == (3, 5)
    written = json.dumps(part_to_dict(table), allow_nan=False)
    assert part_from_dict(json.loads(written)) == table


@pytest.mark.parametrize("dtype", ["float16", "float32", "Float32", "float64"])
def test_numbers_of_narrow_floats_have_the_digits_that_tell_them_apart(dtype: str) -> None:
    numbers = [0.1, 2.5, -1e-4, 65500.0, 0.0]
    frame = pd.DataFrame({"x": pd.array(numbers, dtype=dtype), "n": range(5)})
    (table,) = parts_of(frame)
    assert isinstance(table, Table)
    assert [row[0] for row in table.rows] == numbers
    assert cells_of(frame) == (["x", "n"], list(zip(numbers, range(5), strict=True)))
    assert cell(np.float32(0.1)) == 0.1
    # What was given is what comes back.
    assert [np.float16(row[0]) for row in table.rows] == [np.float16(each) for each in numbers]


def test_what_is_no_number_among_narrow_floats_is_told_as_among_others() -> None:
    frame = pd.DataFrame({"x": np.array([np.nan, np.inf, 3.4028235e38], dtype="float32")})
    assert cells_of(frame) == (["x"], [(None,), ("inf",), (3.4028235e38,)])


def test_a_long_frame_says_how_much_of_it_is_sent() -> None:
    table = one(pd.DataFrame({"i": range(5000)}))
    lines = table.text.splitlines()
    assert lines[-1] == "(the first 200 of 5,000 rows)"
    assert lines[1:-1] == [str(i) for i in range(200)]
    assert (len(table.rows), table.shape) == (50, (5000, 1))


def test_a_wide_frame_says_how_much_of_it_is_sent() -> None:
    table = one(pd.DataFrame([range(300)]))
    assert table.text.endswith("(the first 200 of 300 columns)")
    assert len(table.text.splitlines()[0].split(",")) == 200
    assert (len(table.columns), len(table.rows[0]), table.shape) == (50, 50, (1, 300))


def test_a_frame_of_long_texts_is_cut_at_a_whole_row() -> None:
    table = one(pd.DataFrame({"text": ["word " * 5000] * 10}))
    lines = table.text.splitlines()
    assert lines[-1] == f"(the first {len(lines) - 2} of 10 rows)"
    assert 1 <= len(lines) - 2 < 10
    assert len(table.rows[0][0]) == 200


def test_an_index_that_says_something_is_part_of_the_table() -> None:
    frame = pd.DataFrame({"mass": [1, 2]}, index=pd.Index(["Biscoe", "Dream"], name="island"))
    assert one(frame).text == "island,mass\nBiscoe,1\nDream,2"
    grouped = pd.DataFrame({"k": ["a", "a"], "j": [1, 2], "v": [3, 4]}).set_index(["k", "j"])
    assert one(grouped).text == "k,j,v\na,1,3\na,2,4"


def test_tuples_in_an_index_are_cells() -> None:
    index = pd.Index([("Biscoe", 1), ("Dream", 2)], name="place", tupleize_cols=False)
    assert one(pd.DataFrame({"mass": [1, 2]}, index=index)).columns == ("place", "mass")
    assert one(pd.DataFrame({"mass": [1, 2]}, index=index)).rows[0] == ("('Biscoe', 1)", 1)


def test_what_is_missing_is_empty_however_it_is_said() -> None:
    values = [None, np.nan, pd.NA, pd.NaT, np.ma.masked, np.datetime64("NaT"), np.float32("nan")]
    table = one(pd.DataFrame({"a": pd.Series(values, dtype=object)}))
    assert {row[0] for row in table.rows} == {None}


def test_times_of_numpy_are_said_as_times() -> None:
    times = [
        np.datetime64("2020-01-02T03:04", "ns"),
        np.datetime64("2020-01-02"),
        np.datetime64("NaT"),
        np.timedelta64(36, "h").astype("m8[ns]"),
    ]
    table = one(pd.DataFrame({"when": pd.Series(times, dtype=object)}))
    assert [row[0] for row in table.rows] == [
        "2020-01-02T03:04:00",
        "2020-01-02",
        None,
        "1 day, 12:00:00",
    ]


def test_levels_of_columns_are_joined() -> None:
    frame = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")]))
    assert one(frame).columns == ("a / x", "a / y")


def test_a_series_is_a_table_of_one_column_named_by_it() -> None:
    table = one(pd.Series([1, 2], name="mass"))
    assert (table.text, table.name) == ("mass\n1\n2", "mass")
    assert one(pd.Series([1])).text == "value\n1"
    assert one(pd.Series([1], name=("mass", "mean"))).columns == ("mass / mean",)


def test_a_frame_that_does_not_know_its_rows_yet_is_refused() -> None:
    class LikeDask:
        columns = ("day", "n")
        shape = (object(), 2)
        head = itertuples = None

    with pytest.raises(InputError, match="how many rows"):
        parts_of(LikeDask())


@pytest.mark.parametrize(
    "frame", [pd.DataFrame(), pd.DataFrame({"a": []}), pd.Series([], name="a")]
)
def test_an_empty_table_is_refused(frame: Any) -> None:
    with pytest.raises(InputError, match="empty"):
        parts_of(frame)


# --------------------------------------------------------------------------- messages


def test_a_message_gives_its_role_and_content() -> None:
    message = Message(id="1", parent=None, role="tool", content=(Text("4"),), tool_call_id="c")
    assert messages_of(message) == [Draft("tool", (Text("4"),), "c")]


def test_a_chat_dict_is_read_whole() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    drafts = messages_of(
        [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "hi"}], "name": "ann"},
            {
                "role": "assistant",
                "content": None,
                "reasoning_content": "Hm.",
                "tool_calls": [call],
                "refusal": None,
            },
            {"role": "tool", "content": "4", "tool_call_id": "c"},
            {"role": "assistant", "content": "", "refusal": "No."},
        ]
    )
    assert drafts == [
        Draft("system", (Text("Be brief."),)),
        Draft("user", (Text("hi"),)),
        Draft("assistant", (Reasoning("Hm."), ToolCall(id="c", name="f", arguments="{}"))),
        Draft("tool", (Text("4"),), "c"),
        Draft("assistant", (Refusal("No."),)),
    ]


def test_the_result_of_a_call_may_be_empty() -> None:
    assert messages_of({"role": "tool", "content": "", "tool_call_id": "c"}) == [
        Draft("tool", (), "c")
    ]
    message = Message(id="1", parent=None, role="tool", content=(), tool_call_id="c")
    assert messages_of(message) == [Draft("tool", (), "c")]


def test_parts_of_both_apis_are_read() -> None:
    data = "data:image/png;base64," + base64.b64encode(picture()).decode()
    content = [
        {"type": "input_text", "text": "a"},
        {"type": "output_text", "text": "b"},
        {"type": "image_url", "image_url": {"url": data, "detail": "low"}},
        {"type": "input_image", "image_url": "https://example.org/a.png"},
        {"type": "refusal", "refusal": "no"},
    ]
    parts = parts_of(content)
    assert parts[:2] == (Text("a"), Text("b"))
    assert parts[3:] == (Image(url="https://example.org/a.png"), Refusal("no"))
    image = parts[2]
    assert isinstance(image, Image)
    assert (image.media_type, image.width, image.detail) == ("image/png", 31, "low")


def test_a_message_reads_back_what_it_writes() -> None:
    content = (Text("a"), one(picture()), one(pd.DataFrame({"a": [1]})), Refusal("r"))
    message = Message(id="1", parent=None, role="user", content=content)
    assert messages_of(message.to_dict()) == [Draft("user", content)]


def test_a_list_of_messages_is_messages_and_any_other_list_is_parts() -> None:
    message = Message(id="1", parent=None, role="assistant", content=(Text("b"),))
    assert [d.role for d in messages_of([{"role": "user", "content": "a"}, message])] == [
        "user",
        "assistant",
    ]
    (draft,) = messages_of(["Look:", picture(), pd.DataFrame({"a": [1]}), Text("?")])
    assert [part.type for part in draft.content] == ["text", "image", "table", "text"]


# ------------------------------------------------------------------ objects of the SDK

CALLS = [
    {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}},
    {"id": "d", "type": "function", "function": {"name": "g", "arguments": "{}"}},
]
OUTPUT = {
    "id": "m",
    "type": "message",
    "role": "assistant",
    "status": "completed",
    "content": [
        {"type": "output_text", "text": "Gentoo.", "annotations": []},
        {"type": "refusal", "refusal": "No more."},
    ],
}
CALLED = {"id": "i", "type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
THOUGHT = {"id": "r", "type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}]}


def answered(**fields: Any) -> ChatCompletionMessage:
    return ChatCompletionMessage.model_validate({"role": "assistant", "content": None, **fields})


def completion(**fields: Any) -> ChatCompletion:
    message = {"role": "assistant", "content": "Gentoo.", **fields}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return ChatCompletion.model_validate(
        {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [choice],
        }
    )


def response(*output: dict[str, Any]) -> Response:
    return Response.model_validate(
        {
            "id": "1",
            "object": "response",
            "created_at": 1,
            "model": "m",
            "output": output,
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
        }
    )


@pytest.mark.parametrize(
    ("message", "content"),
    [
        (answered(content="Gentoo."), (Text("Gentoo."),)),
        (
            answered(tool_calls=CALLS),
            (
                ToolCall(id="c", name="f", arguments='{"a":1}'),
                ToolCall(id="d", name="g", arguments="{}"),
            ),
        ),
        (
            answered(content="Let me look.", tool_calls=CALLS[:1], reasoning_content="Hm."),
            (
                Reasoning("Hm."),
                Text("Let me look."),
                ToolCall(id="c", name="f", arguments='{"a":1}'),
            ),
        ),
        (answered(refusal="No.", annotations=[]), (Refusal("No."),)),
        (response(OUTPUT).output[0], (Text("Gentoo."), Refusal("No more."))),
    ],
)
def test_a_message_of_the_sdk_is_what_its_dict_is(message: Any, content: tuple[Any, ...]) -> None:
    assert messages_of(message) == [Draft("assistant", content)]
    assert messages_of(message) == messages_of(message.model_dump())
    assert parts_of(message) == content
    question = {"role": "user", "content": "Which?"}
    both = [*messages_of(question), *messages_of(message)]
    assert messages_of([question, message]) == both
    assert messages_of((question, message)) == both


def test_what_a_message_of_the_sdk_holds_goes_into_a_dict_as_it_is() -> None:
    message = answered(content="Gentoo.", tool_calls=CALLS)
    fields = {"role": "assistant", "content": "Gentoo.", "tool_calls": message.tool_calls}
    assert messages_of(fields) == messages_of(message) == messages_of(dict(message))
    (output,) = response(OUTPUT).output
    assert messages_of(dict(output)) == messages_of(OUTPUT)


def test_what_was_parsed_of_an_answer_is_no_part_of_its_message() -> None:
    class Penguin:
        mass = 5.1

    message = ParsedChatCompletionMessage[Any](role="assistant", content='{"mass":5.1}')
    message.parsed = Penguin()
    assert messages_of(message) == [Draft("assistant", (Text('{"mass":5.1}'),))]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (completion(), r"pass completion\.choices\[0\]\.message"),
        (completion().model_dump(), r"pass completion\.choices\[0\]\.message"),
        ([completion()], r"pass completion\.choices\[0\]\.message"),
        (completion().choices, r"pass choice\.message"),
        (response(OUTPUT), r"pass response\.output_text"),
        (response(OUTPUT, CALLED).output, "a function_call item .* output_text"),
        (response(THOUGHT, OUTPUT).output, "a reasoning item .* output_text"),
        ([OUTPUT, CALLED], "a function_call item .* output_text"),
        (answered(tool_calls=CALLS).tool_calls, "a function item .* the message that it is in"),
        (answered(), "this assistant message is empty"),
        (
            answered(content="a", audio={"id": "1", "data": "", "expires_at": 1, "transcript": ""}),
            "audio",
        ),
        ([answered(content="a"), "b"], "not both"),
        (Usage(completion_tokens=1, prompt_tokens=1, total_tokens=2), "the SDK's object"),
    ],
)
def test_what_else_the_sdk_answers_is_refused_with_what_to_pass(value: object, says: str) -> None:
    with pytest.raises(InputError, match=says):
        messages_of(value)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "NoneType cannot be a message"),
        (3, "int cannot be a message: pass text"),
        ({1: 2}, "unknown content part"),
        ([], "empty"),
        ([[]], "list cannot be"),
        ("", "empty"),
        (" \n", "empty"),
        (["ok", ""], "empty"),
        (b"", "empty"),
        (b"text", "no PNG"),
        (pd.DataFrame, "type cannot be"),
        ({"role": "user"}, "empty"),
        ({"role": "user", "content": 3}, "text or a list"),
        ({"role": "wizard", "content": "x"}, "unknown role 'wizard'"),
        ({"role": "user", "content": "x", "audio": {"id": "1"}}, "audio"),
        ([{"role": "user", "content": "a"}, "b"], "not both"),
        ({"type": "image_url", "image_url": {"url": "file:///etc/passwd"}}, "address"),
        ({"type": "image_url", "image_url": "data:text/html;base64,aGk="}, "no PNG"),
        ({"type": "image", "media_type": "image/png", "data": "@"}, "base64"),
        ({"type": "input_image", "file_id": "f"}, "file id"),
        ({"type": "video"}, "unknown content part"),
        ({"role": "assistant", "tool_calls": [{"id": "c"}]}, "function"),
        ({"role": "assistant", "tool_calls": [{"function": {"name": "f"}}]}, "tool_call"),
    ],
)
def test_what_cannot_be_a_message_is_refused_in_words(value: object, says: str) -> None:
    with pytest.raises(InputError, match=says):
        messages_of(value)


@pytest.mark.parametrize(
    "part",
    [
        Text(3),  # type: ignore[arg-type]
        Image(media_type="image/png", data=b"a"),  # type: ignore[arg-type]
        Image(url=3),  # type: ignore[arg-type]
        ToolCall(id=3, name="a", arguments="{}"),  # type: ignore[arg-type]
        ToolCall(id="a", name="a", arguments=None),  # type: ignore[arg-type]
        Table(text="a", columns=(1,)),  # type: ignore[arg-type]
        Table(text="a", columns=("a",), rows=((dt.date(2020, 1, 2),),)),
    ],
)
def test_a_part_with_a_field_of_another_type_is_refused(part: Any) -> None:
    with pytest.raises(InputError):
        parts_of([part])


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(InputError, match="unknown role"):
        messages_of("hi", role="wizard")  # type: ignore[arg-type]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_KEYS = st.sampled_from(
    [
        "role",
        "content",
        "type",
        "text",
        "image_url",
        "url",
        "data",
        "media_type",
        "tool_calls",
        "function",
        "name",
        "id",
        "arguments",
        "rows",
        "columns",
        "shape",
        "refusal",
        "detail",
        "tool_call_id",
        "reasoning",
    ]
)
_WORDS = st.sampled_from(
    ["user", "assistant", "tool", "text", "image", "table", "tool_call", "refusal", "image_url"]
)


@given(st.dictionaries(_KEYS, _WORDS | _JSON | st.lists(st.dictionaries(_KEYS, _WORDS | _JSON))))
def test_any_json_object_is_a_message_or_refused(value: dict[str, Any]) -> None:
    try:
        drafts = messages_of(value)
    except InputError:
        return
    for draft in drafts:
        message = Message(id="1", parent=None, role=draft.role, content=draft.content)
        assert Message.from_dict(message.to_dict()).content == draft.content


def test_a_table_part_given_as_json_is_cleaned_throughout() -> None:
    part = one({"type": "table", "text": "a\x00", "columns": ["\x00"], "rows": [["\x00", 1]]})
    assert part == Table(text="a\ufffd", columns=("\ufffd",), rows=(("\ufffd", 1),))


def test_a_cell_that_json_cannot_hold_becomes_empty() -> None:
    part = one({"type": "table", "text": "a", "columns": ["a"], "rows": [[float("nan")]]})
    assert part.rows == ((None,),)
