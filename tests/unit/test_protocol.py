"""What a browser sends is checked field by field."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget import protocol
from playground_widget.errors import ErrorInfo, InputError, RateLimitedError, UnsetVariablesError
from playground_widget.events import Delta, Finished, Live, Started, State, apply
from playground_widget.model import Message, Params, Text, Thread

GOOD: list[tuple[dict[str, Any], protocol.Request]] = [
    ({"type": "hello"}, protocol.Hello()),
    ({"type": "snapshot"}, protocol.Snapshot()),
    (
        {"type": "send", "content": [{"type": "text", "text": "hi"}]},
        protocol.Send((Text("hi"),)),
    ),
    (
        {"type": "add", "content": [{"type": "text", "text": "hi"}], "role": "assistant"},
        protocol.Add((Text("hi"),), "assistant"),
    ),
    ({"type": "run"}, protocol.RunHead()),
    (
        {"type": "edit", "message": "m", "role": "system", "rerun": True},
        protocol.Edit("m", None, "system", rerun=True),
    ),
    ({"type": "delete", "messages": ["m", "n"]}, protocol.Delete(("m", "n"))),
    ({"type": "undo"}, protocol.Undo()),
    ({"type": "undo", "token": "7"}, protocol.Undo("7")),
    ({"type": "regenerate", "message": "m"}, protocol.Regenerate("m")),
    ({"type": "continue", "message": "m"}, protocol.Continue("m")),
    ({"type": "select", "message": "m"}, protocol.Select("m")),
    ({"type": "stop"}, protocol.Stop()),
    ({"type": "stop", "message": "m"}, protocol.Stop("m")),
    ({"type": "allow", "message": "m"}, protocol.Allow("m")),
    ({"type": "allow", "message": "m", "always": True}, protocol.Allow("m", always=True)),
    ({"type": "deny", "message": "m"}, protocol.Deny("m")),
    (
        {"type": "set_tool", "name": "area", "enabled": False},
        protocol.SetTool("area", enabled=False),
    ),
    ({"type": "retry_now"}, protocol.RetryNow()),
    ({"type": "set", "params": {"seed": 1}}, protocol.Set(params={"seed": 1})),
    ({"type": "connect", "name": "openai", "api_key": "k"}, protocol.Connect("openai", "k")),
    ({"type": "models"}, protocol.Models()),
    ({"type": "asset", "name": "math"}, protocol.Asset("math")),
    ({"type": "claim", "action": "a"}, protocol.Claim("a")),
    ({"type": "logprobs", "message": "m"}, protocol.Logprobs("m")),
    ({"type": "wire", "message": "m"}, protocol.Wire("m")),
    ({"type": "code", "language": "curl"}, protocol.Code("curl")),
    ({"type": "code", "language": "python", "message": "m"}, protocol.Code("python", "m")),
    ({"type": "variables", "names": ["a", "b"]}, protocol.ListVariables(("a", "b"))),
    ({"type": "set_variable", "name": "a", "value": "b"}, protocol.SetVariable("a", "b")),
    ({"type": "set_variable", "name": "a", "value": None}, protocol.SetVariable("a")),
    (
        {"type": "compare", "variants": [{"name": "A", "tools": ["t"]}], "rows": [{"a": 1}]},
        protocol.Compare(({"name": "A", "tools": ["t"]},), ({"a": 1},)),
    ),
    (
        {"type": "compare", "variants": [{}], "csv": "a", "samples": 2, "blind": True},
        protocol.Compare(({},), csv="a", samples=2, blind=True),
    ),
    ({"type": "open_comparison", "comparison": "c"}, protocol.OpenComparison("c")),
    ({"type": "close_comparison"}, protocol.CloseComparison()),
    ({"type": "comparisons", "search": "a"}, protocol.ListComparisons("a")),
    (
        {"type": "steer", "comparison": "c", "action": "resume", "max_cost": 1.5},
        protocol.Steer("c", "resume", 1.5),
    ),
    (
        {"type": "pick", "comparison": "c", "row": 0, "variant": None},
        protocol.Pick("c", 0, None),
    ),
    ({"type": "pick", "comparison": "c", "row": 2, "variant": 1}, protocol.Pick("c", 2, 1)),
    (
        {"type": "rename_comparison", "comparison": "c", "name": "n"},
        protocol.RenameComparison("c", "n"),
    ),
    ({"type": "delete_comparison", "comparison": "c"}, protocol.DeleteComparison("c")),
    (
        {"type": "use_answer", "comparison": "c", "row": 0, "variant": 1, "sample": 2},
        protocol.UseAnswer("c", 0, 1, 2),
    ),
    ({"type": "promote", "message": "m"}, protocol.Promote("m")),
    (
        {"type": "export_comparison", "comparison": "c", "format": "csv"},
        protocol.ExportComparison("c", "csv"),
    ),
]


@pytest.mark.parametrize(("data", "request_"), GOOD, ids=lambda p: getattr(p, "type", None))
def test_a_good_request_is_read(data: dict[str, Any], request_: protocol.Request) -> None:
    assert protocol.parse_request({**data, "request": "r1"}) == request_


@pytest.mark.parametrize("data", [data for data, _ in GOOD], ids=lambda d: d["type"])
def test_a_request_needs_an_id_and_takes_no_other_field(data: dict[str, Any]) -> None:
    for bad in (data, {**data, "request": ""}, {**data, "request": "r", "extra": 1}):
        with pytest.raises(InputError):
            protocol.parse_request(bad)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
names = st.sampled_from(sorted({name for data, _ in GOOD for name in data} | {"request", "x"}))
types = st.sampled_from([data["type"] for data, _ in GOOD])


@given(junk | st.dictionaries(names, junk | types, max_size=5))
def test_nonsense_is_refused_or_read_and_never_breaks(data: object) -> None:
    with suppress(InputError):
        assert isinstance(protocol.parse_request(data), protocol.Request)


@given(st.sampled_from(GOOD), names, junk)
def test_a_request_with_one_wrong_field_is_refused_or_has_that_value(
    good: tuple[dict[str, Any], protocol.Request], name: str, value: object
) -> None:
    data = {**good[0], "request": "r", name: value}
    try:
        read = protocol.parse_request(data)
    except InputError:
        return
    if name not in {"type", "request"} and value is not None:
        assert getattr(read, name) in (value, tuple(value) if isinstance(value, list) else value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"variants": "A"},
        {"variants": [{"wings": 2}]},
        {"variants": [{"params": []}]},
        {"variants": [{"tools": "t"}]},
        {"rows": [1]},
        {"samples": True},
        {"samples": -1},
        {"max_cost": float("nan")},
        {"max_cost": float("inf")},
        {"scorers": ["exact"]},
        {"blind": 1},
    ],
    ids=str,
)
def test_a_comparison_that_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        protocol.parse_request({"type": "compare", "request": "r", "variants": [{}], **wrong})


def test_a_key_is_not_shown_by_its_request() -> None:
    request = protocol.parse_request(
        {"type": "connect", "request": "r", "name": "openai", "api_key": "sk-secret"}
    )
    assert "sk-secret" not in repr(request)


def test_the_end_of_a_run_carries_lengths_and_no_text() -> None:
    message = Message(id="m", parent=None, role="assistant", content=(Text("a👍é"),))
    data = protocol.event_to_dict(3, Finished(message))
    assert data == {
        "type": "finished",
        "revision": 3,
        "message": "m",
        "lengths": [3],
        "final": {"status": "complete"},
    }


def test_a_snapshot_holds_the_growing_text_and_its_tokens() -> None:
    streaming = Message(id="m", parent=None, role="assistant", content=(), status="streaming")
    thread = apply(Thread(id="t", params=Params(seed=1)), Started(streaming, "m"))
    live = Live()
    live.append(Delta("m", 0, 0, "so far", tokens=2))
    data = protocol.snapshot(State(4, thread, {"m": live}), {"running": "m"})
    assert data["revision"] == 4
    assert data["thread"]["messages"][0]["content"] == [{"type": "text", "text": "so far"}]
    assert data["thread"]["messages"][0]["tokens"] == 2
    assert data["settings"] == {"running": "m"}


def test_a_refusal_says_what_happened() -> None:
    info = ErrorInfo(kind="rate_limited", title="Too many", facts={"retry_after": 2})
    assert protocol.refused("r", RateLimitedError(info))["error"]["retry_after"] == 2
    assert protocol.refused("r", InputError("no such thing"))["error"] == {
        "kind": "input",
        "title": "no such thing",
        "detail": "",
    }


def test_an_unset_variable_is_named_for_programs_and_for_people() -> None:
    said = protocol.refused("r", UnsetVariablesError({"a": None, "b": "it is broken"}))["error"]
    assert (said["kind"], said["names"]) == ("unset_variables", ["a", "b"])
    assert said["title"].startswith("Nothing was sent. {{a}} is not set.")
    assert r"\{{a}} stands for the braces" in said["title"]
    assert said["title"].endswith("{{b}}: it is broken")
