"""The request of an answer as a program, which runs as it stands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from playground_widget import Connection, InputError, Playground, RunError
from playground_widget.conversation import carry_out
from playground_widget.demo import DemoServer
from playground_widget.protocol import Code
from playground_widget.request import Api

Make = Callable[..., Playground]
ROOT = Path(__file__).resolve().parents[2]
KEY = "sk-proj-Zq8vTn3LwB5yHd2RkMx7Qa"


def code(pg: Playground, language: str, message: str | None = None) -> str:
    wanted = Code(language, message)
    text: str = pg._engine.do(carry_out, pg._conversation, wanted)["text"]
    return text


@pytest.fixture
def plain(server: DemoServer, api: Api) -> Iterator[Callable[..., Playground]]:
    """Make playgrounds that take the test's server for one like any other, with a key."""
    made: list[Playground] = []

    def make(*args: Any, **kwargs: Any) -> Playground:
        connection = Connection("local", server.base_url, KEY, api)
        kwargs.setdefault("extra", {"demo": {"rate": None, "first_token": 0}})
        made.append(Playground(*args, model="demo-fast", connection=connection, **kwargs))
        return made[-1]

    yield make
    for pg in made:
        pg.close()


def run(language: str, text: str, folder: Path) -> str:
    """Run a program as it stands, and return what it prints."""
    if language == "python":
        command = [sys.executable, "-c", text]
    else:
        if shutil.which("curl") is None:
            pytest.skip("there is no curl on this machine")
        command = ["bash", "-c", text]
    environment = {
        **{name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
        "PYTHONPATH": str(ROOT),
        "OPENAI_API_KEY": KEY,
    }
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("language", ["python", "curl"])
def test_it_makes_the_request_of_an_answer_again(
    plain: Make, server: DemoServer, tmp_path: Path, language: str
) -> None:
    # With what a shell and Python could take for something else.
    pg = plain('It\'s "brief": $HOME `x` !ls \\n\n{{', temperature=0.5, logprobs=1)
    answer = pg.send("What's JSON's \"é👍\"?\n'''")
    pg.regenerate()
    pg.send("And then?")
    body = server.requests[0].body
    text = code(pg, language, answer.id)
    assert KEY not in text
    printed = run(language, text, tmp_path)
    assert server.requests[-1].body == body
    assert len(server.requests) == 4
    if language == "python":
        assert printed.strip() == answer.text.strip()
    else:
        assert printed.startswith(("data: ", "event: "))


def test_it_asks_the_demo_model_in_a_process_of_its_own(playground: Make, tmp_path: Path) -> None:
    pg = playground()
    answer = pg.send("Hello")
    assert run("python", code(pg, "python", answer.id), tmp_path).strip() == answer.text.strip()


def test_without_a_message_it_is_what_would_be_sent_now(plain: Make, server: DemoServer) -> None:
    pg = plain("Be brief.")
    pg.send("Hello")
    pg.add("And now?")
    pg.system = "Be wordy."
    text = code(pg, "curl")
    sent = json.loads(text.split("<<'JSON'\n")[1].removesuffix("\nJSON\n"))
    pg.send()
    assert sent == server.requests[-1].body


def test_before_the_first_message_there_is_nothing_to_write(playground: Make) -> None:
    pg = playground()
    with pytest.raises(InputError, match="nothing to ask yet"):
        code(pg, "python")
    pg.add("Hello")
    with pytest.raises(InputError, match="No model was asked"):
        code(pg, "python", pg.messages[0].id)


def test_an_answer_of_another_connection_is_asked_there(plain: Make, server: DemoServer) -> None:
    pg = plain()
    answer = pg.send("Hello")
    pg.connection = Connection("other", "http://localhost:1/v1", max_attempts=1)
    pg.model = "m"
    with pytest.raises(RunError):
        pg.send("Hello again")
    for _ in range(2):
        assert server.base_url in code(pg, "python", answer.id)
        assert "http://localhost:1/v1" in code(pg, "python", pg.messages[-1].id)
        assert "http://localhost:1/v1" in code(pg, "curl")
        pg._engine.call(pg._engine.wires._kept.clear)
