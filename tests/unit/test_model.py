"""Messages, parameters and threads as values."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.errors import ErrorInfo, InputError, NotFoundError
from playground_widget.model import (
    ROLES,
    STATUSES,
    Image,
    Message,
    Params,
    Part,
    Reasoning,
    Refusal,
    Table,
    Text,
    Thread,
    Timing,
    ToolCall,
    Usage,
    children,
    leaf,
    part_from_dict,
    part_to_dict,
    path,
    replant,
    siblings,
)

texts = st.text(max_size=20)
cells = st.none() | st.booleans() | st.integers(-9, 9) | texts
parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Text, texts),
    st.builds(Reasoning, texts),
    st.builds(Refusal, texts),
    st.builds(Image, media_type=st.just("image/png"), data=st.just("iVBO"), name=texts | st.none()),
    st.builds(Image, url=st.just("https://example.org/a.png"), width=st.integers(1, 9)),
    st.builds(
        Table,
        text=texts,
        columns=st.lists(texts, max_size=3).map(tuple),
        rows=st.lists(st.lists(cells, max_size=3).map(tuple), max_size=3).map(tuple),
        shape=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    ),
    st.builds(ToolCall, id=texts, name=texts, arguments=texts),
)
figures = st.none() | st.integers(0, 1000)
messages = st.builds(
    Message,
    id=st.text(min_size=1, max_size=5),
    parent=st.none() | texts,
    role=st.sampled_from(ROLES),
    content=st.lists(parts, max_size=3).map(tuple),
    status=st.sampled_from(STATUSES),
    created=st.floats(0, 1e10),
    model=st.none() | texts,
    params=st.none() | st.builds(Params, temperature=st.floats(0, 2), stop=st.just(("x",))),
    usage=st.none() | st.builds(Usage, input_tokens=st.integers(0, 9), cached_tokens=figures),
    timing=st.none() | st.builds(Timing, duration=st.floats(0, 9)),
    error=st.none() | st.builds(ErrorInfo, kind=texts, title=texts, facts=st.just({"status": 4})),
)


@given(parts)
def test_a_part_survives_json(part: Part) -> None:
    assert part_from_dict(json.loads(json.dumps(part_to_dict(part)))) == part


@given(messages)
def test_a_message_survives_json(message: Message) -> None:
    assert Message.from_dict(json.loads(json.dumps(message.to_dict()))) == message


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(["type", "text", "id", "name", "url", "data", "rows", "shape", "width"]),
        json_values | st.sampled_from(["text", "image", "table", "tool_call"]),
    )
)
def test_nonsense_is_a_part_or_an_input_error(data: dict[str, Any]) -> None:
    try:
        part = part_from_dict(data)
    except InputError:
        return
    assert part_from_dict(part_to_dict(part)) == part


def test_parameters_change_just_what_is_named() -> None:
    params = Params(temperature=0.3, seed=1).changed({"temperature": None, "stop": "END"})
    assert params == Params(seed=1, stop=("END",))


@pytest.mark.parametrize(
    "changes",
    [
        {"temperatur": 1},
        {"temperature": 3},
        {"temperature": True},
        {"temperature": "hot"},
        {"max_tokens": 0},
        {"max_tokens": 1.5},
        {"stop": [""]},
        {"stop": ["\ud800"]},
        {"reasoning_effort": "\ud800"},
        {"extra": {"a": object()}},
        {"response_format": {"x": float("nan")}},
    ],
)
def test_a_parameter_that_cannot_be_meant_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        Params().changed(changes)


def tree(*edges: tuple[str, str | None], head: str | None = None) -> Thread:
    """Return a thread of user messages from (id, parent) pairs."""
    made = [Message(id=i, parent=p, role="user", content=(Text(i),)) for i, p in edges]
    return Thread(id="t", messages={m.id: m for m in made}, head=head)


def test_the_path_leads_from_the_first_message_to_the_head() -> None:
    thread = tree(("a", None), ("b", "a"), ("c", "a"), head="c")
    assert [m.id for m in path(thread)] == ["a", "c"]
    assert path(tree()) == ()


def test_siblings_are_all_versions_oldest_first() -> None:
    thread = tree(("a", None), ("b", "a"), ("c", "a"), ("z", None))
    assert [m.id for m in siblings(thread, "c")] == ["b", "c"]
    assert [m.id for m in children(thread, None)] == ["a", "z"]


def test_the_leaf_is_the_end_of_the_newest_path_through_a_message() -> None:
    thread = tree(("a", None), ("b", "a"), ("c", "a"), ("d", "b"), ("e", "b"))
    assert leaf(thread, "b") == "e"
    assert leaf(thread, "a") == "c"


def test_an_unknown_message_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        leaf(tree(), "x")


def test_replanted_copies_share_their_content_and_name_their_origin() -> None:
    thread = tree(("a", None), ("b", "a"))
    copies = replant(path(thread, "b"), "p", ["x", "y"])
    assert [(m.id, m.parent, m.copy_of) for m in copies] == [("x", "p", "a"), ("y", "x", "b")]
    assert copies[0].content is thread.messages["a"].content
    again = replant(copies, None, ["k", "l"])
    assert [m.copy_of for m in again] == ["a", "b"]


def test_json_is_parsed_when_it_was_asked_for() -> None:
    asked = Params(response_format={"type": "json_object"})
    answer = Message(id="a", parent=None, role="assistant", content=(Text('{"x": 1}'),))
    assert answer.parsed is None
    with_params = Message(**{**_fields(answer), "params": asked})
    assert with_params.parsed == {"x": 1}


def test_speed_counts_from_the_first_token() -> None:
    answer = Message(
        id="a",
        parent=None,
        role="assistant",
        content=(),
        usage=Usage(output_tokens=100),
        timing=Timing(duration=3.0, first_token=1.0),
    )
    assert answer.tokens_per_second == 50


def _fields(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in message.__dataclass_fields__}


def test_numbers_of_numpy_are_parameters() -> None:
    params = Params().changed({"temperature": np.float64(0.5), "seed": np.int64(3)})
    assert repr(params.to_dict()) == "{'temperature': 0.5, 'seed': 3}"
    with pytest.raises(InputError, match="seed"):
        Params().changed({"seed": np.float64(3.5)})
