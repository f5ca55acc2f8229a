"""What happens to a kernel and its pages in mid-answer costs nothing that had come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground_widget.demo import DemoServer
from tests.notebook.live_kernel import LiveKernel

SETUP = """
import json
from playground_widget import Connection, Playground
def open_it():
    extra = {{"demo": {{"tokens": {tokens}, "rate": 100, "first_token": 0}}}}
    connection = Connection("demo", {url!r})
    return Playground(thread="Kept", store={file!r}, connection=connection, extra=extra)
pg = open_it()
"""
BEGIN = """
run = pg.start("Hello")
while not (run.message and run.message.text):
    pass
"""
WRITTEN = """
def written():
    return pg._conversation.store.load(pg.thread.id).thread.messages[run.message.id].text
while not written():
    pass
print(written(), end="")
"""
STATE = """
print(json.dumps([[m.role, m.status, m.text] for m in pg.messages]))
"""


@pytest.fixture
def kernel() -> Iterator[LiveKernel]:
    with LiveKernel.running("python3") as running:
        yield running


def set_up(kernel: LiveKernel, server: DemoServer, file: Path, tokens: int) -> None:
    code = SETUP.format(tokens=tokens, url=server.base_url, file=str(file))
    assert kernel.run(code).status == "ok"


def state(kernel: LiveKernel) -> list[Any]:
    found: list[Any] = json.loads(kernel.run(STATE).stdout)
    return found


def said(kernel: LiveKernel) -> list[str]:
    """Return what the kernel has written to its error output."""
    streams = [m["content"] for m in kernel.messages if m["msg_type"] == "stream"]
    return [content["text"] for content in streams if content["name"] == "stderr"]


@pytest.mark.parametrize("now", [False, True], ids=["restarted", "killed"])
def test_what_had_come_is_there_after_a_restart_and_can_be_gone_on_from(
    kernel: LiveKernel, server: DemoServer, tmp_path: Path, now: bool
) -> None:
    file = tmp_path / "threads.sqlite"
    set_up(kernel, server, file, tokens=100_000)
    assert kernel.run(BEGIN).status == "ok"
    before = kernel.run(WRITTEN).stdout
    assert before
    kernel._manager.restart_kernel(now=now)
    kernel._client.wait_for_ready(timeout=60)
    kernel.messages.clear()
    set_up(kernel, server, file, tokens=20)
    question, (role, status, text) = state(kernel)
    assert question == ["user", "complete", "Hello"]
    assert (role, status) == ("assistant", "interrupted")
    assert text.startswith(before)
    assert kernel.run("pg.continue_()").status == "ok"
    _, status, whole = state(kernel)[-1]
    assert status == "complete"
    assert whole.startswith(text)
    assert said(kernel) == []


def test_an_answer_goes_on_when_its_page_closes_the_comm_and_can_be_shown_again(
    kernel: LiveKernel, server: DemoServer, tmp_path: Path
) -> None:
    set_up(kernel, server, tmp_path / "threads.sqlite", tokens=200)
    comm = kernel.run("print(pg.widget.comm.comm_id)").stdout.strip()
    kernel.send_comm(comm, {"method": "custom", "content": {"type": "hello", "request": "1"}})
    kernel.run(BEGIN)
    kernel.wait_until(lambda: len(kernel.comm_messages(comm)) > 3)
    close = kernel._client.session.msg("comm_close", {"comm_id": comm, "data": {}})
    kernel._client.shell_channel.send(close)
    outcome = kernel.run("print(len(pg._conversation.viewers), run.done())")
    # Nobody is there any more who could be asked whether a tool may be called.
    assert outcome.stdout == "0 False\n"
    sent = len(kernel.comm_messages(comm))
    kernel.run("answer = run.result()")
    assert kernel.run("print(answer.status, answer.usage.output_tokens)").stdout == "complete 200\n"
    assert len(kernel.comm_messages(comm)) == sent
    assert kernel.run("print(pg._widget.seen)").stdout == "False\n"
    shown = kernel.run("pg").outputs[0]
    again = shown["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert again != comm
    opened = kernel.comm_messages(again)[0]["data"]["state"]["thread"]["thread"]["messages"]
    assert [message["status"] for message in opened] == ["complete", "complete"]
    assert said(kernel) == []
