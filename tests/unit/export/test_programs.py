"""Programs of any thread send exactly the body of its request."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from hypothesis import given

from playground_widget.export import Options, Target, code, export
from playground_widget.export._asked import asked
from playground_widget.model import Thread
from tests.unit.export.test_round_trip import targets
from tests.unit.export.threads import HOSTILE, fewer, message, threads


def sent_by(program: str) -> list[dict[str, Any]]:
    """Run a program whose client keeps what it is told to send."""
    sent: list[dict[str, Any]] = []

    def create(*, extra_body: dict[str, Any] | None = None, **body: Any) -> Any:
        sent.append({**body, **(extra_body or {})})
        said = SimpleNamespace(message=SimpleNamespace(content=""))
        return [] if body.get("stream") else SimpleNamespace(output_text="", choices=[said])

    api = SimpleNamespace(create=create)
    client = SimpleNamespace(chat=SimpleNamespace(completions=api), responses=api)
    sdk: Any = ModuleType("openai")
    sdk.OpenAI = lambda **_: client
    with (
        mock.patch.dict(sys.modules, openai=sdk),
        mock.patch.dict(os.environ, OPENAI_API_KEY="x", X_KEY="x"),
        mock.patch("playground_widget.demo.shared"),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        exec(compile(program, "program", "exec"), {})  # noqa: S102 - the point of the test
    return sent


@fewer
@given(threads(), targets)
def test_a_program_in_python_sends_the_request_of_any_thread(thread: Thread, to: Target) -> None:
    assert sent_by(export(thread, "py", target=to).text) == [asked(thread, Options(), to).body]


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_shell_command_sends_the_request_of_hostile_text(api: Any) -> None:
    said = [message("m0", None, "user", *HOSTILE)]
    thread = Thread(id="t", messages={"m0": said[0]}, head="m0", title="\n".join(HOSTILE))
    target = Target(api=api)
    command = export(thread, "curl", target=target).text
    # In place of curl what it is told to send comes out.
    run = subprocess.run(
        ["bash", "-c", f"curl() {{ cat; }}\n{command}"], capture_output=True, check=True
    )
    assert json.loads(run.stdout) == asked(thread, Options(), target).body
    assert not run.stderr


@pytest.mark.parametrize("style", ["code", "openai"])
@pytest.mark.parametrize(
    ("title", "model"), [("Vibe coding: tips", "m"), ("A\ncoding=utf-7", "m"), ("A", "coding:x")]
)
def test_a_title_is_not_read_as_the_encoding_of_the_file(
    title: str, model: str, style: Any
) -> None:
    thread = Thread(id="t", messages={}, title=title, model=model, system="Say +AGE- and é")
    text = export(thread, "py", style).text
    assert ast.unparse(ast.parse(text.encode())) == ast.unparse(ast.parse(text))
    request = code(thread, None, "python", Target())
    assert ast.unparse(ast.parse(request.encode())) == ast.unparse(ast.parse(request))
