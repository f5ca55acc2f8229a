"""What is exported as a program sends what was sent, and asks again what was asked."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, field_validator

from playground_widget import Connection, Playground
from playground_widget.demo import DemoServer, shared
from playground_widget.export import Options, Target, export, to_cells
from playground_widget.export._openai import CHAT_FIELDS, RESPONSES_FIELDS
from playground_widget.model import Message
from playground_widget.request import Api

FAST = {"demo": {"rate": None, "first_token": 0}}
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ODD = 'Say "hi" \\ \'x\' """ {{b}} </script>\n\n$HOME `id` !wow \u2028 \U0001f427\r\nJSON\nJSON'


@pytest.fixture
def asking(server: DemoServer, api: Api) -> Iterator[Playground]:
    """A playground whose server is none of OpenAI's and not known as the demo."""
    connection = Connection("mine", base_url=server.base_url, api=api)
    pg = Playground(
        "Be brief.\nAnd kind.",
        model="demo-fast",
        connection=connection,
        title="Birds\n# not a heading",
        temperature=0.5,
        max_tokens=40,
        variables={"b": 'odd """ {{b}}'},
        extra=FAST,
    )
    yield pg
    pg.close()


def simple(pg: Playground) -> None:
    pg.send(ODD)


def after_tools(pg: Playground) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": "\\n"}'}}
    pg.add([{"role": "user", "content": "Look it up"}, {"role": "assistant", "tool_calls": [call]}])
    pg.add({"role": "tool", "tool_call_id": "c1", "content": "42"})
    pg.send()


def after_an_empty_result(pg: Playground) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    pg.add([{"role": "user", "content": "Tidy up"}, {"role": "assistant", "tool_calls": [call]}])
    pg.add({"role": "tool", "tool_call_id": "c1", "content": ""})
    pg.send("And?")


def with_parts(pg: Playground) -> None:
    picture = {"type": "image", "media_type": "image/png", "data": PICTURE, "detail": "low"}
    table = {"type": "table", "text": "a,b\n1,2", "columns": ["a", "b"], "rows": [[1, 2]]}
    pg.send(["What is this?", picture, {**table, "shape": [1, 2]}])
    pg.send("And this?")


def other_settings(pg: Playground) -> None:
    pg.send("One")
    pg.regenerate(temperature=1.5, max_tokens=None)
    pg.params = {"temperature": 0, "top_p": 0.5}


def continued(pg: Playground) -> None:
    pg.params = {"max_tokens": 16}
    pg.send("Tell me a story")
    pg.continue_()


class Never(BaseModel):
    word: str

    @field_validator("word")
    @classmethod
    def refuse(cls, value: str) -> str:
        raise ValueError(f"{value!r} is never right")


def reasked(pg: Playground) -> None:
    pg.params = {"response_format": Never}
    pg.send("Say a word.")
    pg.reask()


CASES: list[Callable[[Playground], None]] = [
    simple,
    after_tools,
    after_an_empty_result,
    with_parts,
    other_settings,
    continued,
    reasked,
]


def target_of(server: DemoServer, api: Api) -> Target:
    return Target(api=api, base_url=server.base_url, openai=False, label="Mine")


def execute(cells: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    names: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for cell in cells:
            if cell.type == "code":
                exec(compile(cell.source, "cell", "exec"), names)  # noqa: S102 - the promise
    if "client" in names:
        names["client"].close()
    return printed.getvalue()


@pytest.mark.parametrize("case", CASES)
def test_cells_send_what_was_sent(
    asking: Playground,
    server: DemoServer,
    api: Api,
    case: Callable[[Playground], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case(asking)
    sent = server.requests[-1].body
    server.requests.clear()
    printed = execute(to_cells(asking.thread, "openai", target=target_of(server, api)), monkeypatch)
    assert [record.body for record in server.requests] == [sent]
    assert printed.strip()
    if case is not continued:
        assert printed.strip() == asking[-1].text.strip()


def test_the_head_of_a_user_is_asked_next(
    asking: Playground, server: DemoServer, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking.send("One")
    asking.add("Two")
    server.requests.clear()
    execute(to_cells(asking.thread, "openai", target=target_of(server, api)), monkeypatch)
    asking.send()
    exported, sent = (record.body for record in server.requests)
    assert exported == sent


def test_a_script_sends_what_was_sent(
    asking: Playground, server: DemoServer, api: Api, tmp_path: Path
) -> None:
    with_parts(asking)
    sent = server.requests[-1].body
    server.requests.clear()
    script = tmp_path / "x.py"
    script.write_text(export(asking.thread, "py", target=target_of(server, api)).text, "utf-8")
    run = subprocess.run(
        [sys.executable, script],
        env={**os.environ, "OPENAI_API_KEY": "x", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
        cwd=tmp_path,
    )
    assert [record.body for record in server.requests] == [sent]
    assert run.stdout.decode().strip() == asking[-1].text.strip()


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
@pytest.mark.parametrize("case", CASES)
def test_a_shell_command_sends_what_was_sent(
    asking: Playground,
    server: DemoServer,
    api: Api,
    case: Callable[[Playground], None],
    tmp_path: Path,
) -> None:
    case(asking)
    sent = server.requests[-1].body
    server.requests.clear()
    server.api_key = "it's $x"
    script = tmp_path / "x.sh"
    script.write_text(export(asking.thread, "curl", target=target_of(server, api)).text, "utf-8")
    run = subprocess.run(
        ["sh", script],
        env={**os.environ, "OPENAI_API_KEY": "it's $x"},
        capture_output=True,
        check=True,
        cwd=tmp_path,
    )
    assert [(record.status, record.body) for record in server.requests] == [(200, sent)]
    assert b"data: " in run.stdout
    assert list(tmp_path.iterdir()) == [script]


def test_the_demo_model_says_the_same_again(monkeypatch: pytest.MonkeyPatch) -> None:
    pg = Playground("Be brief.", model="demo-fast", connection="demo", extra=FAST)
    try:
        pg.send("Hello")
        pg.regenerate()
        target = Target(demo=True, openai=False, base_url=shared().base_url)
        sent = shared().requests[-1].body
        printed = execute(to_cells(pg.thread, "openai", target=target), monkeypatch)
        assert shared().requests[-1].body == sent
        assert printed.strip() == pg[-1].text.strip()
    finally:
        pg.close()


def said(message: Message) -> tuple[Any, ...]:
    return message.role, message.content, message.tool_call_id


@pytest.mark.parametrize(
    "case", [simple, after_tools, after_an_empty_result, with_parts, other_settings]
)
def test_cells_of_the_playground_ask_the_same_again(
    asking: Playground,
    server: DemoServer,
    api: Api,
    case: Callable[[Playground], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case(asking)
    asking.add("The end", role="assistant")
    asking.add("Or not")
    sent = server.requests[-1].body
    server.requests.clear()
    cells = to_cells(asking.thread, "code", target=target_of(server, api))
    names: dict[str, Any] = {}
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    for cell in cells:
        if cell.type == "code":
            exec(compile(cell.source, "cell", "exec"), names)  # noqa: S102
    again = names["pg"]
    try:
        assert server.requests[-1].body == sent
        assert [said(m) for m in again.messages] == [said(m) for m in asking.messages]
        assert (again.system, again.model, again.params) == (
            asking.system,
            asking.model,
            asking.params,
        )
    finally:
        again.close()


def test_without_answers_the_playground_is_left_to_answer(
    asking: Playground, server: DemoServer, api: Api
) -> None:
    after_tools(asking)
    cells = to_cells(asking.thread, "code", Options(answers=False), target_of(server, api))
    assert [cell.source for cell in cells[2:]] == ['pg.send("Look it up")']


def test_the_keywords_of_the_sdk_are_what_it_takes() -> None:
    import inspect  # noqa: PLC0415

    from openai import OpenAI  # noqa: PLC0415 - takes a second

    with OpenAI(api_key="x") as client:
        for function, fields in (
            (client.chat.completions.create, CHAT_FIELDS),
            (client.responses.create, RESPONSES_FIELDS),
        ):
            assert fields <= set(inspect.signature(function).parameters)
