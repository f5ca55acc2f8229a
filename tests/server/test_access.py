"""Who gets in: every door, with every way to be wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx2
import pytest
from tornado.httpclient import HTTPClientError

from tests.server.conftest import Jupyter

NAME = {"query": "{ __typename }"}
CREATE = 'mutation { createThread(input: {title: "T"}) { thread { title } } }'
CHANGES = "subscription { threadsChanged { changes } }"
FOREIGN = "https://evil.example"

READ_ONLY = """
from jupyter_server.auth import Authorizer

class ReadOnly(Authorizer):
    def is_authorized(self, handler, user, action, resource):
        return resource != "playground" or action == "read"

c.ServerApp.authorizer_class = ReadOnly
"""
NOTHING = READ_ONLY.replace('or action == "read"', "")


@pytest.fixture
def browser(jupyter: Jupyter) -> Iterator[httpx2.Client]:
    """A browser that logged in by a token in an address: it has cookies from then on."""
    with httpx2.Client(timeout=30, trust_env=False, base_url=jupyter.url) as client:
        page = client.get(f"{jupyter.url}playground", params={"token": jupyter.token})
        assert page.status_code == 200
        assert "_xsrf" in client.cookies
        yield client


@pytest.fixture(params=["no token", "wrong token", "wrong token in the address"])
def stranger(request: pytest.FixtureRequest) -> tuple[dict[str, str], dict[str, str]]:
    if request.param == "no token":
        return {}, {}
    if request.param == "wrong token":
        return {"Authorization": "token wrong"}, {}
    return {}, {"token": "wrong"}


def test_a_stranger_is_refused_at_every_door(
    jupyter: Jupyter, stranger: tuple[dict[str, str], dict[str, str]]
) -> None:
    headers, params = stranger
    with httpx2.Client(headers=headers, params=params, trust_env=False) as client:
        door = jupyter.graphql
        answers = [
            client.post(door, json=NAME),
            client.post(door, json={"query": CREATE}),
            client.post(door, json={"query": CHANGES}, headers={"accept": "text/event-stream"}),
            client.get(door, params={**params, **NAME}),
            client.get(
                door,
                params={**params, "query": CHANGES},
                headers={"accept": "text/event-stream"},
            ),
            client.put(door, json=NAME),
        ]
        assert [answer.status_code for answer in answers] == [403] * len(answers)
        assert all("data" not in answer.text for answer in answers)
        for page in ("playground", "playground/thread/x"):
            answer = client.get(f"{jupyter.url}{page}")
            assert answer.status_code == 302
            assert "/login" in answer.headers["location"]


async def test_a_stranger_gets_no_websocket(
    jupyter: Jupyter, stranger: tuple[dict[str, str], dict[str, str]]
) -> None:
    headers, _ = stranger
    with pytest.raises(HTTPClientError) as refused:
        await jupyter.connect(headers=headers)
    assert refused.value.code == 403


def test_a_token_needs_no_xsrf(jupyter: Jupyter) -> None:
    assert jupyter.ask(CREATE) == {"createThread": {"thread": {"title": "T"}}}


def test_a_cookie_needs_the_xsrf_header_to_post(browser: httpx2.Client, jupyter: Jupyter) -> None:
    same = {"Origin": jupyter.url.split("/some")[0]}
    assert browser.post("playground/graphql", json={"query": CREATE}).status_code == 403
    assert (
        browser.post("playground/graphql", json={"query": CREATE}, headers=same).status_code == 403
    )
    wrong = {"X-XSRFToken": "wrong"}
    assert (
        browser.post("playground/graphql", json={"query": CREATE}, headers=wrong).status_code == 403
    )
    right = {"X-XSRFToken": browser.cookies["_xsrf"], **same}
    answer = browser.post("playground/graphql", json={"query": CREATE}, headers=right)
    assert answer.json() == {"data": {"createThread": {"thread": {"title": "T"}}}}


def test_a_cookie_needs_the_header_or_a_page_of_here_to_get(
    browser: httpx2.Client, jupyter: Jupyter
) -> None:
    def status(**headers: str) -> int:
        answer = browser.get("playground/graphql", params=NAME, headers=headers)
        return answer.status_code

    assert status() == 403
    assert status(Referer=f"{FOREIGN}/page") == 403
    assert status(Referer=f"{jupyter.url}playground") == 200
    assert status(**{"X-XSRFToken": browser.cookies["_xsrf"]}) == 200


def test_a_foreign_page_with_a_cookie_is_refused(browser: httpx2.Client) -> None:
    headers = {"Origin": FOREIGN, "X-XSRFToken": browser.cookies["_xsrf"]}
    refused = browser.post("playground/graphql", json=NAME, headers=headers)
    assert refused.status_code in {403, 404}
    refused = browser.get("playground/graphql", params=NAME, headers=headers)
    assert refused.status_code in {403, 404}


async def test_a_websocket_with_a_cookie_is_for_pages_of_here(
    browser: httpx2.Client, jupyter: Jupyter
) -> None:
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar)
    here = jupyter.url.split("/some")[0]
    socket = await jupyter.connect(headers={"Cookie": cookies, "Origin": here})
    await socket.subscribe("{ __typename }")
    assert await socket.result() == {"data": {"__typename": "Query"}}
    await socket.close()
    with pytest.raises(HTTPClientError) as refused:
        await jupyter.connect(headers={"Cookie": cookies, "Origin": FOREIGN})
    assert refused.value.code == 403


@pytest.mark.parametrize("path", ["playground/graphql", "playground"])
def test_another_host_is_refused(jupyter: Jupyter, path: str) -> None:
    with jupyter.client(Host="evil.example") as client:
        assert client.get(f"{jupyter.url}{path}", params=NAME).status_code == 403


async def test_a_websocket_of_another_host_is_refused(jupyter: Jupyter) -> None:
    with pytest.raises(HTTPClientError) as refused:
        await jupyter.connect(headers={**jupyter.headers, "Host": "evil.example"})
    assert refused.value.code == 403


async def test_who_may_only_read_cannot_change_anything(
    start_jupyter: Callable[..., Jupyter],
) -> None:
    jupyter = start_jupyter(READ_ONLY)
    assert jupyter.ask("{ __typename }") == {"__typename": "Query"}
    with jupyter.client() as client:
        refused = client.post(jupyter.graphql, json={"query": CREATE})
        assert refused.status_code == 403
        assert "data" not in refused.json()
        both = f"query Q {{ __typename }} {CREATE.replace('mutation', 'mutation M')}"
        body = {"query": both, "operationName": "M"}
        assert client.post(jupyter.graphql, json=body).status_code == 403
        events = {"accept": "text/event-stream"}
        refused = client.post(jupyter.graphql, json={"query": CREATE}, headers=events)
        assert refused.status_code == 403
        assert client.get(f"{jupyter.url}playground").status_code == 200
    socket = await jupyter.connect()
    await socket.subscribe(CREATE)
    message = await socket.receive()
    assert message["type"] == "error"
    assert message["payload"][0]["extensions"] == {"code": "FORBIDDEN"}
    await socket.subscribe(CHANGES)
    assert (await socket.result())["data"]
    await socket.close()


async def test_who_may_nothing_is_refused_at_every_door(
    start_jupyter: Callable[..., Jupyter],
) -> None:
    jupyter = start_jupyter(NOTHING)
    with jupyter.client() as client:
        assert client.post(jupyter.graphql, json=NAME).status_code == 403
        assert client.get(jupyter.graphql, params=NAME).status_code == 403
        assert client.get(f"{jupyter.url}playground").status_code == 403
    socket = await jupyter.connect(init=False)
    await socket.send({"type": "connection_init"})
    assert await socket.closed() == (4403, "Forbidden")
