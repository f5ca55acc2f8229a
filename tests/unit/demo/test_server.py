"""The life of the server: starting, closing, keys, records, pace, hang-ups and forks."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import subprocess
import sys
import textwrap
import threading
from typing import TYPE_CHECKING, Any

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from playground_widget import demo
from playground_widget.demo import DemoServer
from playground_widget.demo._models import MODELS
from playground_widget.demo._pace import Pace

if TYPE_CHECKING:
    from tests.unit.demo.conftest import Caller


def open_stream(server: DemoServer, **body: Any) -> http.client.HTTPConnection:
    """Send a streaming request and read the status and the headers, no more."""
    body = {"model": "demo", "stream": True, "messages": [{"role": "user", "content": "Hi"}]} | body
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("POST", "/v1/chat/completions", json.dumps(body))
    return connection


def in_fresh_python(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.strip()


def test_the_list_has_every_model_with_what_it_does(call: Caller, client: OpenAI) -> None:
    listed = client.models.list().data
    assert [model.id for model in listed] == list(MODELS)
    assert listed[0].id == "demo"
    for model in call.request("GET", "/v1/models").json["data"]:
        assert model["object"] == "model"
        assert model["description"].endswith(".")
        assert model["context_window"] >= 512
        assert call.request("GET", f"/v1/models/{model['id']}").json == model
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("none-such")


def test_starting_twice_is_starting_once() -> None:
    with DemoServer() as server:
        port = server.port
        assert server.start() is server
        assert server.port == port
        assert server.base_url == f"http://127.0.0.1:{port}/v1"


def test_a_closed_server_frees_its_port_and_can_start_again() -> None:
    server = DemoServer().start()
    port = server.port
    server.close()
    server.close()
    with pytest.raises(OSError, match=r"refused"):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    with pytest.raises(RuntimeError, match=r"start\(\)"):
        _ = server.base_url
    with server:
        assert server.port


def test_it_listens_on_loopback_only(server: DemoServer) -> None:
    assert server._running
    assert [one.getsockname()[0] for one in server._running.sockets] == ["127.0.0.1"]


def test_closing_ends_what_is_being_answered() -> None:
    server = DemoServer().start()
    connection = open_stream(server, model="demo-hang")
    server.wait_for(lambda one: one.state == "started" and one.body is not None)
    server.close()
    with pytest.raises((http.client.HTTPException, OSError)):
        connection.getresponse()
    connection.close()
    assert server.requests[-1].state == "cut"


def test_the_shared_server_is_one_for_all_threads() -> None:
    found: list[DemoServer] = []
    threads = [threading.Thread(target=lambda: found.append(demo.shared())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({id(server) for server in found}) == 1
    port = demo.shared().port
    found[0].close()
    assert demo.shared() is found[0]
    assert demo.shared().base_url
    assert isinstance(port, int)
    found[0].close()


def test_a_script_that_uses_it_ends_by_itself() -> None:
    out = in_fresh_python(
        """
        import urllib.request
        from playground_widget import demo
        with urllib.request.urlopen(demo.shared().base_url + "/models") as answer:
            print(answer.status)
        """
    )
    assert out == "200"


def test_a_forked_child_has_a_server_of_its_own() -> None:
    out = in_fresh_python(
        """
        import os, urllib.request
        from playground_widget import demo

        def asked(server):
            with urllib.request.urlopen(server.base_url + "/models") as answer:
                return answer.status

        server = demo.shared()
        port = server.port
        assert asked(server) == 200
        child = os.fork()
        if child == 0:
            other = demo.shared()
            assert other is not server and other.port != port
            assert asked(other) == 200
            assert asked(server.start()) == 200
            assert server.port != port
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert status == 0
        assert asked(server) == 200
        print("ok")
        """
    )
    assert out == "ok"


async def test_it_runs_beside_another_event_loop(server: DemoServer) -> None:
    async with httpx2.AsyncClient(trust_env=False) as http_client:
        client = AsyncOpenAI(base_url=server.base_url, api_key="demo", http_client=http_client)
        answers = await asyncio.gather(
            *(
                client.chat.completions.create(
                    model="demo-echo", messages=[{"role": "user", "content": str(number)}]
                )
                for number in range(20)
            )
        )
    said = [answer.choices[0].message.content for answer in answers]
    assert said == [str(number) for number in range(20)]


def test_with_a_key_set_only_that_key_is_accepted(call: Caller) -> None:
    call.server.api_key = "sk-right-key-1234"
    try:
        wrong = call.request("GET", "/v1/models", key="sk-wrong-key-x7Qa")
        missing = call.request("GET", "/v1/models", key=None)
        right = call.request("GET", "/v1/models", key="sk-right-key-1234")
    finally:
        call.server.api_key = None
    assert (wrong.status, missing.status, right.status) == (401, 401, 200)
    assert wrong.error["code"] == "invalid_api_key"
    assert "x7Qa" in wrong.error["message"]
    assert "sk-wrong" not in wrong.body.decode()
    assert "didn't provide an API key" in missing.error["message"]


def test_a_record_has_the_request_and_not_the_key(call: Caller) -> None:
    call.request("POST", "/v1/chat/completions", b'{"model": "demo-fast"}', key="sk-secret")
    record = call.server.requests[-1]
    assert (record.method, record.path, record.status) == ("POST", "/v1/chat/completions", 400)
    assert record.body == {"model": "demo-fast"}
    assert record.headers["content-type"] == "application/json"
    assert "authorization" in record.headers
    assert "sk-secret" not in repr(record)
    ended = call.server.wait_for(lambda one: one.id == record.id and one.state == "finished")
    assert ended.ended
    assert ended.ended >= ended.started


def test_the_records_are_bounded(call: Caller) -> None:
    with DemoServer(keep=3) as server:
        for number in range(5):
            type(call)(server).request("GET", f"/v1/models/{number}")
        assert [one.path for one in server.requests] == [f"/v1/models/{n}" for n in (2, 3, 4)]


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ({"model": "demo-slow", "demo": {"rate": 1, "first_token": 0}}, 1),
        ({"model": "demo", "demo": {"first_token": 3600}}, 0),
        ({"model": "demo-stall", "demo": {"rate": None, "first_token": 0}}, 20),
    ],
)
def test_a_client_that_hangs_up_in_mid_stream_is_noticed(
    server: DemoServer, body: dict[str, Any], after: int
) -> None:
    connection = open_stream(server, **body)
    response = connection.getresponse()
    assert response.status == 200
    server.wait_for(lambda one: one.state == "started" and one.tokens >= after)
    response.close()
    connection.close()
    record = server.wait_for_disconnect()
    assert record.state == "disconnected"
    assert record.body["model"] == body["model"]


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_hangs_up_before_any_byte_is_noticed(
    server: DemoServer, stream: bool
) -> None:
    connection = open_stream(server, model="demo-hang", stream=stream)
    server.wait_for(lambda one: one.state == "started" and one.body is not None)
    connection.close()
    assert server.wait_for_disconnect().body["model"] == "demo-hang"


def test_a_full_speed_stream_stops_when_the_client_does(server: DemoServer) -> None:
    connection = open_stream(server, model="demo-long", demo={"tokens": 200_000})
    response = connection.getresponse()
    response.read(1000)
    response.close()
    connection.close()
    assert server.wait_for_disconnect().tokens < 200_000


def test_waiting_for_what_does_not_happen_ends() -> None:
    with DemoServer() as server:
        with pytest.raises(TimeoutError):
            server.wait_for_disconnect(timeout=0.01)
        with pytest.raises(TimeoutError):
            server.wait_for(lambda _: True, timeout=0.01)


def test_a_stalled_stream_stays_open(server: DemoServer) -> None:
    connection = open_stream(server, model="demo-stall", demo={"rate": None, "first_token": 0})
    response = connection.getresponse()
    lines = [response.readline() for _ in range(42)]
    assert lines[-2].startswith(b"data: {")
    assert server.requests[-1].state == "started"
    response.close()
    connection.close()
    server.wait_for_disconnect()


@pytest.mark.parametrize("late", [0.0, 0.004, 0.03])
def test_the_pace_holds_on_average_however_late_each_wait_ends(late: float) -> None:
    pace = Pace(rate=100, first_token=0.5, start=0.0)
    now = 0.0
    times = []
    for number in range(1_000):
        wait = pace.wait(number, now)
        now += wait + late if wait > 0 else 0.0
        times.append(now)
    assert times[0] == pytest.approx(0.5 + late)
    assert times[-1] == pytest.approx(0.5 + 9.99, abs=late + 0.001)
    # Nothing is early.
    assert all(time >= 0.5 + number / 100 - 1e-9 for number, time in enumerate(times))


def test_at_full_speed_only_the_first_token_is_waited_for() -> None:
    pace = Pace(rate=None, first_token=0.5, start=10.0)
    assert pace.wait(0, 10.0) == 0.5
    assert pace.wait(1, 10.0) == 0.0
    assert pace.whole(1_000) == 0.5


def test_a_paced_stream_arrives_token_by_token(server: DemoServer) -> None:
    options = {"rate": 1, "first_token": 0}
    connection = open_stream(server, demo=options)
    response = connection.getresponse()
    # The role and the first token are here though the next one is a second away.
    lines = [response.readline() for _ in range(4)]
    assert [bool(line.strip()) for line in lines] == [True, False, True, False]
    server.wait_for(lambda one: one.state == "started" and one.tokens == 1)
    response.close()
    connection.close()
    server.wait_for_disconnect()
