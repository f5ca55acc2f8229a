"""A server with many subscribers: 1 to 200 to one run, and 200 runs with one each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

import psutil

from tests.bench.harness import ROOT, Bench
from tests.bench.report import Section
from tests.browser.harness.process import ServerProcess
from tests.server.kernel import Kernel

__all__ = ["measure"]

SECONDS = 10
TOKEN = "bench"


@dataclass(frozen=True, slots=True)
class Running:
    """A Jupyter server without pages, whose answers come from the bench's demo model."""

    url: str
    process: psutil.Process

    def ask(self, query: str, variables: Mapping[str, Any]) -> Any:
        """Carry out a query or a mutation."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url, body, headers)  # noqa: S310 - our own server
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
            result = json.loads(answer.read())
        assert "errors" not in result, result
        return result["data"]

    def cpu(self) -> float:
        """Return the seconds of processor time that it has taken."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


@contextmanager
def running(model: str, folder: Path) -> Iterator[Running]:
    """Start the server alone, as `jupyter playground` does, until the end of the block."""
    environment = {
        "OPENAI_API_KEY": "none-is-needed",
        "OPENAI_BASE_URL": f"{model}/v1",
        "PLAYGROUND_WIDGET_DB": str(folder / "threads.sqlite"),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'scripts'}",
    }
    port = _free_port()
    command = [
        *("env", *(f"{name}={value}" for name, value in environment.items())),
        *(sys.executable, "-m", "jupyter", "playground", "--no-browser", "--allow-root"),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"),
        f"--IdentityProvider.token={TOKEN}",
    ]
    url = f"http://127.0.0.1:{port}/playground/graphql"
    with ServerProcess(command, cwd=folder, log=folder / "server.log") as process:
        server = Running(url, psutil.Process(process.pid))

        def ready() -> bool:
            try:
                server.ask("{ server { id } }", {})
            except OSError:
                return False
            return True

        process.wait_until(ready)
        yield server


def _free_port() -> int:
    import socket  # noqa: PLC0415

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


CREATE = "mutation($input: CreateThreadInput!) { createThread(input: $input) { thread { id } } }"
SEND = "mutation($input: SendInput!) { send(input: $input) { answer { id } error { title } } }"


def measure(bench: Bench) -> Section:
    """Measure how late words are with many who listen, and what that costs."""
    many = bench.count(200)
    section = Section(f"{many} subscribers: to one run at 200 tokens a second, and to {many} runs")
    with tempfile.TemporaryDirectory() as folder, running(bench.model, Path(folder)) as server:
        costs: dict[int, Cost] = {}
        for count in (1, many // 10, many):
            load = Load(f"{count} to one run", [count], 200)
            costs[count] = _measure(section, server, bench.model, load, costs.get(count // 10))
        _measure(section, server, bench.model, Load(f"1 each to {many} runs", [1] * many, 20))
        _from_kernel(section, server, bench.model, Path(folder))
        left = server.ask("{ server { subscriptions } }", {})["server"]["subscriptions"]
        section.none("subscriptions that were left", left)
    return section


class Load(NamedTuple):
    """Who listens to what.

    Args:
        title: What it is called in the report.
        each: How many listen to each run.
        rate: Tokens a second, of each run.
    """

    title: str
    each: Sequence[int]
    rate: int


class Cost(NamedTuple):
    """What a load took: seconds that the middle word was late, and parts of a core."""

    late: float
    cpu: float


def _measure(
    section: Section, server: Running, model: str, load: Load, tenth: Cost | None = None
) -> Cost:
    title, each, rate = load
    tokens = rate * SECONDS
    steering = {"demo": {"tokens": tokens, "rate": rate, "first_token": 0}}
    threads = [
        server.ask(CREATE, {"input": {"model": "demo-long", "params": {"extra": steering}}})[
            "createThread"
        ]["thread"]["id"]
        for _ in each
    ]
    with _listening(server, dict(zip(threads, each, strict=True))) as heard:
        memory, cpu, began = server.process.memory_info().rss, server.cpu(), time.monotonic()
        for thread in threads:
            content = [{"text": thread}]
            answer = server.ask(SEND, {"input": {"threadId": thread, "content": content}})
            assert answer["send"]["error"] is None, answer
        found = heard()
        cpu = (server.cpu() - cpu) / (time.monotonic() - began)
        grown = server.process.memory_info().rss - memory
    sent = {thread: _times(model, thread) for thread in threads}
    late = _report(section, title, found, sent, tenth)
    before, most = (tenth.cpu, 10) if tenth else (None, None)
    section.number(f"{title}: processor, part of a core", cpu, "%", tenth=before, most_growth=most)
    section.number(f"{title}: memory, more", float(grown), "kB")
    return Cost(late, cpu)


def _from_kernel(section: Section, server: Running, model: str, folder: Path) -> None:
    """Measure the way from a kernel's playground, through the store, to a subscriber."""
    kernel = Kernel(folder / "threads.sqlite", f"{model}/v1")
    try:
        kernel.do_now("add", text="Begin")
        with _listening(server, {kernel.thread: 1}) as heard:
            kernel.do_now("send", text=kernel.thread, tokens=100 * SECONDS, rate=100)
            found = heard()
        sent = {kernel.thread: _times(model, kernel.thread)}
        _report(section, "1 to a kernel's run", found, sent)
    finally:
        kernel.end()


@contextmanager
def _listening(
    server: Running, wanted: Mapping[str, int]
) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Have subscribers listen; give what waits for the end of the answers."""
    command = [sys.executable, "-m", "tests.bench.listen", server.url.replace("http", "ws"), TOKEN]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as listeners:
        assert listeners.stdin is not None
        output = listeners.stdout
        assert output is not None
        each = [{"thread": thread, "subscribers": n} for thread, n in wanted.items()]
        listeners.stdin.write(json.dumps(each))
        listeners.stdin.close()
        assert output.readline() == "ready\n"
        yield lambda: json.loads(output.readline())


def _report(
    section: Section,
    title: str,
    heard: list[dict[str, Any]],
    sent: Mapping[str, list[tuple[int, float]]],
    tenth: Cost | None = None,
) -> float:
    late = sorted(late for each in heard for late in _late(each["heard"], sent[each["thread"]]))
    before, most = (tenth.late, 2) if tenth else (None, None)
    section.number(
        f"{title}: words, median", median(late), "ms", most=0.1, tenth=before, most_growth=most
    )
    section.number(f"{title}: words, 99th percentile", quantiles(late, n=100)[98], "ms")
    section.none(f"{title}: subscribers with another text", sum(not e["whole"] for e in heard))
    return median(late)


def _times(model: str, thread: str) -> list[tuple[int, float]]:
    address = f"{model}/each?{urllib.parse.urlencode({'of': thread})}"
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own server
        times: list[tuple[int, float]] = json.loads(answer.read())["times"]
    return times


def _late(heard: Sequence[tuple[int, float]], sent: Sequence[tuple[int, float]]) -> Iterator[float]:
    """Give by how much each token was late: those of a batch have waited for different times."""
    counts = [tokens for tokens, _ in sent]
    had = 0
    for tokens, now in heard:
        for token in range(had + 1, tokens + 1):
            at = bisect_left(counts, token)
            if at < len(sent):
                yield now - sent[at][1]
        had = tokens
