"""What a page sends that is no good request gets an error, and nothing comes of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import comm
import pytest
from comm.base_comm import BaseComm
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from playground_widget import Connection, Playground
from playground_widget.demo import DemoServer
from playground_widget.protocol import LONGEST_ID
from playground_widget.text import clean_text
from playground_widget.widget import PlaygroundWidget

Json = dict[str, Any]


class RecordingComm(BaseComm):
    """A comm without a kernel, which keeps what would go to the browser."""

    def publish_msg(
        self,
        msg_type: str,
        data: Any = None,
        metadata: Any = None,
        buffers: Any = None,
        **keys: Any,
    ) -> None:
        # In the way that Jupyter encodes it: what cannot be sent would break the page.
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
        self.__dict__.setdefault("sent", []).append(data)


class Page:
    """A playground with a small tree of messages, and the comm of its widget."""

    def __init__(self, base_url: str) -> None:
        self.playground = Playground(
            "Be brief.", model="demo-echo", connection=Connection("demo", base_url)
        )
        self.playground.add("First")
        self.playground.add("Second", role="assistant")
        self.playground.edit(0, "First, again")
        self.conversation = self.playground._conversation
        # Looking for models and local servers would change the settings at a time of its own.
        self.conversation.connections.refresh = lambda: None  # type: ignore[method-assign]
        widget = self.playground.widget
        assert isinstance(widget, PlaygroundWidget)
        self.comm: Any = widget.comm

    def state(self) -> tuple[object, ...]:
        """Return all that a request could change."""
        conversation = self.conversation
        return (
            conversation.state,
            conversation.settings(),
            conversation.connections.current,
            dict(conversation.connections._known),
            list(conversation.session.undo_stack._steps),
            dict(conversation._claimed),
            conversation.closed,
        )

    def receive(self, data: Json) -> list[Json]:
        """Deliver the data of a comm message, and return the answers to it."""
        already = len(self.comm.__dict__.get("sent", []))
        self.comm.handle_msg({"content": {"data": data}, "buffers": []})
        # It was handed to the loop; what the loop has to say waits for the next batch.
        self.conversation.engine.do(self._settle)
        sent: list[Json] = self.comm.__dict__.get("sent", [])[already:]
        events = [
            event
            for each in sent
            if each["method"] == "update"
            for event in each["state"].get("delta", {}).get("events", [])
        ]
        assets = [each["content"] for each in sent if each["method"] == "custom"]
        return [each for each in events + assets if each["type"] in {"done", "refused", "asset"}]

    async def _settle(self) -> None:
        """Wait until what the loop was handed is done, and have it told."""
        background = self.conversation.engine._background
        while background:
            await asyncio.wait(tuple(background))
        self.conversation.feed.flush()

    def ask(self, content: object) -> list[Json]:
        return self.receive({"method": "custom", "content": content})

    def told(self) -> list[Json]:
        """Return what was told of what stands beside the thread, the first snapshot included."""
        found: list[Json] = []
        for each in self.comm.__dict__.get("sent", []):
            # The first of a comm is its opening, with all of the state.
            if "state" in each:
                events = each["state"].get("delta", {}).get("events", [])
                found += [event for event in events if event["type"].startswith("settings")]
                found += [each["state"]["thread"]] if "thread" in each["state"] else []
        return found


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with DemoServer() as server:
        yield server.base_url


@pytest.fixture(autouse=True)
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comm, "create_comm", RecordingComm)


@contextmanager
def opened(base_url: str) -> Iterator[Page]:
    page = Page(base_url)
    try:
        yield page
    finally:
        page.playground.close()


# Each type with what it needs; "first" and "last" stand for ids that the thread has, "this" for
# its own.
GOOD: dict[str, Json] = {
    "hello": {},
    "snapshot": {},
    "send": {"content": [{"type": "text", "text": "hi"}]},
    "add": {"content": [{"type": "text", "text": "hi"}], "role": "user", "after": "first"},
    "run": {},
    "edit": {"message": "first", "content": [{"type": "text", "text": "hi"}], "rerun": False},
    "delete": {"messages": ["first", "last"]},
    "undo": {"token": "1"},
    "regenerate": {"message": "last"},
    "continue": {"message": "last"},
    "select": {"message": "first"},
    "stop": {"message": "last"},
    "retry_now": {},
    "set": {"title": "t", "system": "s", "model": "demo", "params": {"temperature": 1}},
    "connect": {"name": "demo"},
    "models": {},
    "asset": {"name": "math"},
    "claim": {"action": "a"},
    "threads": {"search": "first", "after": "0"},
    "open_thread": {"thread": "this"},
    "new_thread": {},
    "rename_thread": {"thread": "this", "title": "t"},
    "pin_thread": {"thread": "this", "pinned": True},
    "duplicate_thread": {"thread": "this"},
    "delete_thread": {"thread": "this"},
    "restore_thread": {"thread": "this"},
    "import_threads": {"name": "a.json", "text": '[{"role": "user", "content": "hi"}]'},
    "logprobs": {"message": "last"},
    "wire": {"message": "last"},
    "code": {"language": "python"},
    "export": {"format": "cells", "style": "code", "answers": False, "branches": True},
    "open_comparison": {"comparison": "compared"},
    "comparisons": {"search": "first"},
    "steer": {"comparison": "compared", "action": "pause"},
    "pick": {"comparison": "compared", "row": 0, "variant": 0},
    "rename_comparison": {"comparison": "compared", "name": "t"},
    "delete_comparison": {"comparison": "compared"},
    "use_answer": {"comparison": "compared", "row": 0, "variant": 0},
    "export_comparison": {"comparison": "compared", "format": "csv"},
}
FLAGS = {"rerun", "pinned", "answers", "branches"}
ALL_FIELDS = sorted({name for fields in GOOD.values() for name in fields} | {"base_url", "api_key"})

numbers = st.integers() | st.floats()
odd_text = st.text(st.characters(codec=None), max_size=8) | st.sampled_from(
    [
        "",
        "first",
        "last",
        "this",
        "__proto__",
        "constructor",
        "\ud800",
        "\0",
        "a" * 300,
        "http://[",
        "demo",
    ]
)
leaves = st.none() | st.booleans() | numbers | odd_text
junk = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(odd_text, inner, max_size=3)
        | st.fixed_dictionaries(
            {"type": st.sampled_from(["text", "image", "table", "tool_call", "reasoning", "x"])},
            optional=dict.fromkeys(
                ("text", "url", "data", "media_type", "columns", "rows", "shape", "id"), inner
            ),
        )
    ),
    max_leaves=8,
)

damaged = st.sampled_from(sorted(GOOD)).flatmap(
    lambda kind: st.tuples(
        st.just(kind),
        st.dictionaries(st.sampled_from(ALL_FIELDS), junk, min_size=1, max_size=2),
        st.sets(st.sampled_from(sorted(GOOD[kind]) or ["x"]), max_size=1),
    )
)
"""A kind of request, fields to put in place of its own, and fields to leave out."""

quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def filled(value: object, page: Page) -> Any:
    """Put the ids of the page's thread in place of the words for them."""
    if isinstance(value, list):
        return [filled(each, page) for each in value]
    if isinstance(value, dict):
        return {name: filled(each, page) for name, each in value.items()}
    messages = page.playground.messages
    thread = page.playground.thread.id
    words = {"first": messages[0].id, "last": messages[-1].id, "this": thread}
    return words.get(value, value) if isinstance(value, str) else value


def check(page: Page, content: object, identity: str | None) -> list[Json]:
    """Ask, and check that there is one answer, and that what was refused changed nothing."""
    before = page.state()
    answers = page.ask(content)
    assert [each["request"] for each in answers] == ([] if identity is None else [identity])
    if all(each["type"] == "refused" for each in answers):
        assert page.state() == before
    return answers


@quick
@given(damaged)
@example(("send", {"content": [{"type": "image", "url": "http://["}]}, set()))
@example(("connect", {"name": "\ud800", "base_url": "http://h"}, set()))
@example(("set", {"title": "\ud800"}, set()))
@example(("set", {"params": {"extra": {"x": "\ud800"}}}, set()))
def test_a_damaged_request_gets_one_answer_and_a_refused_one_changes_nothing(
    base_url: str, damage: tuple[str, Json, set[str]]
) -> None:
    kind, changes, without = damage
    with opened(base_url) as page:
        fields = {**GOOD[kind], **changes}
        content = {name: filled(each, page) for name, each in fields.items() if name not in without}
        check(page, {**content, "type": kind, "request": "r1"}, "r1")


WRONG: list[tuple[str, Json]] = [
    *((kind, {**fields, "extra": 1}) for kind, fields in GOOD.items()),
    *(
        (kind, {**fields, name: wrong})
        for kind, fields in GOOD.items()
        for name in fields
        for wrong in (7, True if name not in FLAGS else "yes", [], ["first", 7], {"a": "b"}, "")
        if not (name in {"title", "system", "model", "search"} and wrong == "")
    ),
    *(
        (kind, {**fields, name: missing})
        for kind, fields in GOOD.items()
        for name in ("message", "messages", "after", "thread", "comparison")
        if name in fields and kind != "stop"
        for missing in (["none"] if name == "messages" else "none",)
    ),
    *(("send", {"content": [part]}) for part in ({}, {"type": "text"}, {"type": "x"}, "hi", None)),
    ("add", {**GOOD["add"], "role": "wizard"}),
    ("add", {**GOOD["add"], "before": "first", "after": "last"}),
    ("set", {}),
    ("set", {"params": {"temperature": 9}}),
    ("set", {"title": "t", "params": {"wings": 2}}),
    ("connect", {"name": "nowhere"}),
    ("connect", {"name": "x", "base_url": "ftp://h"}),
    ("connect", {"name": "x", "base_url": "http://["}),
    ("connect", {"name": "openai", "api_key": "two words"}),
    ("asset", {"name": "../widget.py"}),
    ("undo", {"token": "nothing"}),
    ("continue", {"message": "first"}),
    ("import_threads", {"name": "a.json", "text": "{"}),
    ("import_threads", {"name": "a.ipynb", "text": "{}"}),
    ("export", {"format": "docx"}),
    ("threads", {"after": "x"}),
    ("launch", {}),
]


@pytest.mark.parametrize(("kind", "fields"), WRONG, ids=str)
def test_a_malformed_request_is_refused_and_changes_nothing(
    base_url: str, kind: str, fields: Json
) -> None:
    with opened(base_url) as page:
        answers = check(page, {**filled(fields, page), "type": kind, "request": "r1"}, "r1")
        assert [each["type"] for each in answers] == ["refused"]
        assert answers[0]["error"]["title"]


@quick
@given(junk, junk)
def test_what_is_no_request_at_all_changes_nothing(
    base_url: str, content: object, identity: object
) -> None:
    usable = isinstance(identity, str) and 0 < len(identity) <= LONGEST_ID
    named = clean_text(str(identity)) if usable else None
    with opened(base_url) as page:
        before = page.state()
        assert page.ask(content) == []
        assert page.state() == before
        check(page, {"request": identity, "data": content}, named)
        assert page.state() == before


def test_a_request_nested_without_end_is_refused(base_url: str) -> None:
    deep: object = 1
    for _ in range(5000):
        deep = [deep]
    with opened(base_url) as page:
        (answer,) = check(page, {"type": "set", "params": {"extra": deep}, "request": "r1"}, "r1")
        assert answer["type"] == "refused"


@pytest.mark.parametrize("name", ["title", "system", "model"])
def test_a_text_that_cannot_be_written_is_mended_from_either_door(base_url: str, name: str) -> None:
    with opened(base_url) as page:
        check(page, {"type": "set", name: "a\ud800", "request": "r1"}, "r1")
        assert getattr(page.playground, name) == "a\ufffd"
        setattr(page.playground, name, "b\udc00")
        assert getattr(page.playground, name) == "b\ufffd"


@quick
@given(st.dictionaries(st.sampled_from(["thread", "delta", "control", "_esm", "comm", "x"]), junk))
def test_a_page_that_writes_traits_changes_nothing(base_url: str, written: Json) -> None:
    with opened(base_url) as page:
        before = page.state()
        widget: Any = page.playground.widget
        traits = {name: getattr(widget, name) for name in ("thread", "delta", "control", "_esm")}
        page.receive({"method": "update", "state": written, "buffer_paths": []})
        assert page.state() == before
        assert {name: getattr(widget, name) for name in traits} == traits


@pytest.mark.parametrize("kind", ["add", "threads", "export", "asset"])
def test_a_request_that_meets_a_mistake_is_answered(
    base_url: str, kind: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with opened(base_url) as page:
        fields = filled(GOOD[kind], page)
        monkeypatch.setattr("playground_widget.widget.carry_out", broken)
        monkeypatch.setattr("playground_widget.widget._asset", broken)
        (answer,) = page.ask({"type": kind, "request": "r1", **fields})
        monkeypatch.undo()
    assert answer["type"] == "refused"
    assert "mistake" in answer["error"]["title"]
    assert "ZeroDivisionError" in caplog.text


def test_what_stands_beside_the_thread_is_told_as_far_as_it_changed(base_url: str) -> None:
    with opened(base_url) as page:
        asked: list[Json] = [
            {"type": "hello"},
            {"type": "send", "content": [{"type": "text", "text": "hi"}]},
            {"type": "connect", "name": "openai"},
            {"type": "snapshot"},
            {"type": "connect", "name": "demo"},
            {"type": "new_thread"},
            {"type": "hello"},
        ]
        for number, content in enumerate(asked):
            page.ask({"request": str(number), **content})
            page.conversation.engine.do(page.conversation.queue.idle)
            page.conversation.engine.call(page.conversation.feed.flush)
        told = page.told()
        seen: Json = {}
        for each in told:
            seen = {**seen, **each["changes"]} if "changes" in each else each["settings"]
        assert seen == json.loads(json.dumps(page.conversation.settings()))
    changes = [each["changes"] for each in told if "changes" in each]
    assert changes
    # Models and the like, which are most of it, change only with the connection.
    assert not [each for each in changes if "models" in each and "connection" not in each]
    # The opening, the two pages that say hello, the snapshot and the other thread.
    assert sum("settings" in each for each in told) == 5
