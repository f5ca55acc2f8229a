"""Model lists, prices, and servers found on this machine."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.demo import DemoServer
from playground_widget.model import Usage
from playground_widget.provider import (
    Connection,
    ModelInfo,
    Server,
    cost,
    default,
    local_servers,
    roomier,
    window,
)
from playground_widget.provider._chunks import StreamUnreadableError
from playground_widget.provider._models import read_models
from playground_widget.provider._prices import rate
from tests.contract.servers import Answer, Scripted, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

OPENAI = "https://api.openai.com/v1"
LOCAL = "http://127.0.0.1:1/v1"


def models(items: Sequence[dict[str, Any]], url: str = LOCAL) -> list[ModelInfo]:
    return read_models({"object": "list", "data": list(items)}, url, openai=url == OPENAI)


# ------------------------------------------------------------------------------ models


async def test_the_demo_lists_its_models_with_what_they_do() -> None:
    with DemoServer() as server:
        connection = Connection("demo", server.base_url)
        found = {model.id: model for model in await connection.models()}
        await connection.aclose()
    assert found["demo-fast"].context == 128_000
    assert "full speed" in (found["demo-fast"].note or "")
    assert found["demo-fast"].input_price is None


@pytest.mark.parametrize(
    "fields",
    [
        {"max_model_len": 4096},
        {"context_window": 4096},
        {"context_length": 4096},
        {"max_context_length": 4096},
        {"meta": {"n_ctx": 4096}},
    ],
)
def test_the_context_is_read_by_whichever_name_the_server_has(fields: dict[str, Any]) -> None:
    assert models([{"id": "m", **fields}]) == [ModelInfo(id="m", context=4096)]


def test_of_openais_models_those_that_chat_are_listed_newest_first() -> None:
    items: list[dict[str, Any]] = [
        {"id": "gpt-4.1-mini", "created": 1},
        {"id": "text-embedding-3-small", "created": 2},
        {"id": "gpt-5", "created": 3},
        {"id": "gpt-4o-realtime-preview", "created": 4},
        {"id": "whisper-1"},
        {"id": "dall-e-3"},
    ]
    assert [model.id for model in models(items, OPENAI)] == ["gpt-5", "gpt-4.1-mini"]
    assert len(models(items)) == len(items)


def test_prices_come_from_the_list_and_what_is_unknown_is_left_out() -> None:
    known, unknown = models([{"id": "gpt-4.1-mini"}, {"id": "gpt-none"}], OPENAI)
    assert known.input_price
    assert known.output_price
    assert known.output_price > known.input_price > 0
    assert unknown.to_dict() == {"id": "gpt-none"}


_JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["data", "id", "meta", "n_ctx", "context_window", "created"]), inner
        )
    ),
)


@given(_JSON, st.booleans())
def test_any_json_is_a_list_of_models_or_refused(data: Any, openai: bool) -> None:
    try:
        found = read_models(data, LOCAL, openai=openai)
    except StreamUnreadableError:
        return
    assert all(model.id for model in found)


def test_the_roomier_model_is_the_cheapest_that_is_large_enough() -> None:
    small = ModelInfo(id="small", context=1000, input_price=0.1)
    cheap = ModelInfo(id="cheap", context=9000, input_price=0.2)
    dear = ModelInfo(id="dear", context=9000, input_price=2.0)
    free = ModelInfo(id="unpriced", context=9000)
    vague = ModelInfo(id="vague")
    assert roomier([vague, free, dear, cheap, small], 5000) is cheap
    assert roomier([vague, free], 5000) is free
    assert roomier([vague, small], 5000) is None


# ------------------------------------------------------------------------------ prices


def test_a_known_model_of_a_known_service_has_a_cost() -> None:
    usage = Usage(input_tokens=1000, output_tokens=100)
    price = rate("gpt-4.1-mini", OPENAI)
    assert price.input
    assert price.output
    expected = (1000 * price.input + 100 * price.output) / 1e6
    assert cost("gpt-4.1-mini", usage, OPENAI) == pytest.approx(expected)
    assert cost("gpt-4.1-mini-2025-04-14", usage, OPENAI) == pytest.approx(expected)


def test_tokens_from_a_cache_cost_less_and_never_less_than_nothing() -> None:
    whole = cost("gpt-4.1-mini", Usage(input_tokens=1000), OPENAI)
    cached = cost("gpt-4.1-mini", Usage(input_tokens=1000, cached_tokens=900), OPENAI)
    odd = cost("gpt-4.1-mini", Usage(input_tokens=10, cached_tokens=900), OPENAI)
    assert whole is not None
    assert cached is not None
    assert odd is not None
    assert 0 < odd < cached < whole


@pytest.mark.parametrize(
    ("model", "url"), [("gpt-4o", LOCAL), ("nonsense", OPENAI), ("", OPENAI), ("demo", LOCAL)]
)
def test_what_is_not_in_the_list_has_no_cost_and_no_window(model: str, url: str) -> None:
    assert cost(model, Usage(input_tokens=9), url) is None
    assert window(model, url) is None


def test_the_window_of_a_known_model_is_known() -> None:
    assert window("gpt-4o-mini", OPENAI) == 128_000
    assert window("gpt-4o-mini") == 128_000


# ---------------------------------------------------------------------- this machine


async def test_servers_that_list_models_are_offered_and_others_are_not(
    unused_tcp_port: int,
) -> None:
    ollama = Answer([plain({"object": "list", "data": [{"id": "a"}, {"id": "b"}]})])
    async with (
        Scripted(ollama) as good,
        Scripted(Answer([b"<html>JupyterLab</html>"])) as page,
        Scripted(Answer([b"{}"], 404)) as missing,
        Scripted(Answer([b'{"data": 3}'])) as odd,
        Scripted(Answer([b"[]"])) as other,
    ):
        ports = [good.port, page.port, missing.port, odd.port, other.port, unused_tcp_port]
        offers = await local_servers([Server("s", "Ollama", port) for port in ports])
        assert good.asked[0].path == "/v1/models"
        assert [offer.to_dict() for offer in offers] == [
            {"name": "s", "label": "Ollama", "url": good.url, "models": 2}
        ]


async def test_a_server_that_does_not_answer_is_not_waited_for() -> None:
    async with Scripted(Answer([], end="hang")) as server:
        servers = [Server("s", "s", server.port)] * 20
        begun = time.monotonic()
        assert await local_servers(servers) == []
        # One after the other they would take six seconds.
        assert time.monotonic() - begun < 20 * 0.3


async def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with Scripted(Answer([plain({"data": []})])) as server:
        assert len(await local_servers([Server("s", "s", server.port)])) == 1


# ----------------------------------------------------------------------------- default


def never() -> str:
    raise AssertionError("the demo is not started where it is not used")


def test_without_anything_in_the_environment_the_demo_is_used() -> None:
    connection = default(lambda: "http://127.0.0.1:1/v1")
    assert (connection.demo, connection.name, connection.label) == (True, "demo", "Demo model")


def test_the_environment_is_used_when_it_names_a_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-" + "x" * 20)
    assert (default(never).name, default(never).label) == ("openai", "OpenAI")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:11434/v1")
    assert (default(never).name, default(never).label) == ("environment", "localhost:11434")
    monkeypatch.delenv("OPENAI_API_KEY")
    assert default(never).key_source is None


# -------------------------------------------------------------------------------- lazy


def test_making_a_connection_imports_neither_the_sdk_nor_the_price_list() -> None:
    program = """
import sys
from playground_widget.provider import Connection, default, local_servers
Connection("x", "http://localhost:1/v1", "k" * 20).with_key("y" * 20)
loaded = {"openai", "httpx2", "genai_prices", "pandas", "PIL"} & set(sys.modules)
sys.exit(f"loaded: {loaded}" if loaded else 0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


async def test_the_loop_runs_on_while_a_connection_is_prepared() -> None:
    connection = Connection("x", LOCAL)
    preparing = asyncio.create_task(connection.prepare())
    ticks = 0
    while not preparing.done():
        await asyncio.sleep(0)
        ticks += 1
    assert ticks > 1
    await connection.aclose()
