"""The audits of graphql-http, under their numbers, and what the draft says beyond them.

https://github.com/graphql/graphql-http/blob/main/src/audits/server.ts
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.server.conftest import Jupyter

NEW = "application/graphql-response+json"
OLD = "application/json"
NAME = "{ __typename }"
NO_FIELD = "{ f8f31403dfe404bccbb0e835f2629c6a7 }"
COERCION = {"query": "query CoerceFailure($id: ID!){ __typename }", "variables": {"id": None}}
INVALID_OBJECTS: list[Any] = ["string", 0, False, ["array"]]
INVALID_TEXTS: list[Any] = [{"obj": "ect"}, 0, False, ["array"]]


@pytest.fixture(scope="module")
def client(jupyter: Jupyter) -> Iterator[httpx2.Client]:
    with jupyter.client() as client:
        del client.headers["accept"]
        yield client


def post(client: httpx2.Client, body: Any, accept: str | None = None) -> httpx2.Response:
    headers = {"content-type": OLD} | ({"accept": accept} if accept else {})
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post("playground/graphql", content=content, headers=headers)


def kind_of(answer: httpx2.Response) -> str:
    return str(answer.headers["content-type"])


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        pytest.param(NEW, NEW, id="22EB"),
        pytest.param(OLD, OLD, id="4655"),
        pytest.param("*/*", OLD, id="47DE"),
        pytest.param(None, OLD, id="80D8"),
        pytest.param("application/*", OLD, id="a group"),
        pytest.param(f"{OLD}, {NEW}", NEW, id="the newer of two"),
        pytest.param(f"{NEW};q=0.5, {OLD}", OLD, id="the wanted of two"),
        pytest.param(f"{NEW}; charset=utf-8, {OLD};q=0.9", NEW, id="with parameters"),
        pytest.param(f"{NEW}, {OLD}, text/event-stream, multipart/mixed", NEW, id="urql"),
        pytest.param(f"text/html, {NEW};q=0.1", NEW, id="the only one"),
        pytest.param("APPLICATION/JSON", OLD, id="upper case"),
    ],
)
def test_the_media_type_is_the_one_that_is_accepted(
    client: httpx2.Client, accept: str | None, expected: str
) -> None:
    answer = post(client, {"query": NAME}, accept)
    assert answer.status_code == 200
    assert kind_of(answer) == f"{expected}; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/html", "image/*", f"{OLD};q=0", "application/xml"])
def test_what_cannot_be_accepted_is_a_406(client: httpx2.Client, accept: str) -> None:
    assert post(client, {"query": NAME}, accept).status_code == 406


def test_82a3_answers_are_utf_8(client: httpx2.Client) -> None:
    answer = post(client, {"query": 'query { __type(name: "Größe") { name } }'})
    assert answer.content.decode("utf-8")


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", "; charset=UTF-8", '; charset="utf-8"'])
def test_bf61_78d5_requests_are_utf_8(client: httpx2.Client, charset: str) -> None:
    body = json.dumps({"query": '{ __type(name: "Run🏃Swim🏊") { name } }'}, ensure_ascii=False)
    headers = {"content-type": f"{OLD}{charset}"}
    answer = client.post("playground/graphql", content=body.encode(), headers=headers)
    assert answer.status_code == 200
    assert answer.json() == {"data": {"__type": None}}


def test_2c94_03d4_json_is_taken_by_post(client: httpx2.Client) -> None:
    assert post(client, {"query": NAME}).json() == {"data": {"__typename": "Query"}}


def test_5a70_queries_are_taken_by_get(client: httpx2.Client) -> None:
    answer = client.get("playground/graphql", params={"query": NAME})
    assert (answer.status_code, answer.json()) == (200, {"data": {"__typename": "Query"}})


@pytest.mark.parametrize("accept", [NEW, OLD])
def test_9c48_mutations_are_refused_by_get(client: httpx2.Client, accept: str) -> None:
    params = {"query": "mutation { __typename }"}
    answer = client.get("playground/graphql", params=params, headers={"accept": accept})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


def test_9c48_the_operation_that_is_named_is_looked_at(client: httpx2.Client) -> None:
    both = "query Q { __typename } mutation M { __typename }"
    status = [
        client.get("playground/graphql", params={"query": both, "operationName": name}).status_code
        for name in ("Q", "M")
    ]
    assert status == [200, 405]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD"])
def test_other_methods_are_a_405_that_says_what_is_allowed(
    client: httpx2.Client, method: str
) -> None:
    answer = client.request(method, "playground/graphql")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST, OPTIONS"


def test_9abe_a_body_of_no_type_is_refused(client: httpx2.Client) -> None:
    answer = client.post("playground/graphql", content=json.dumps({"query": NAME}).encode())
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/mixed; boundary=x",
        "application/graphql",
        f"{OLD}; charset=latin-1",
        "application/jsonp",
        "",
    ],
)
def test_a_body_of_another_type_is_a_415(client: httpx2.Client, kind: str) -> None:
    headers = {"content-type": kind}
    body = json.dumps({"query": NAME})
    answer = client.post("playground/graphql", content=body, headers=headers)
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="A5BF"),
        pytest.param({"notquery": NAME}, id="423L"),
        pytest.param({"qeury": NAME}, id="8764 3E3A"),
        pytest.param({"query": ""}, id="empty"),
        pytest.param({"query": None}, id="null"),
        pytest.param([{"query": NAME}], id="batch"),
        pytest.param('"query"', id="text"),
        pytest.param("null", id="nothing"),
        pytest.param('{ "not a JSON', id="BCF8 B7N8"),
        pytest.param(b'{"query": "\xff"}', id="no UTF-8"),
        pytest.param('{"query": "{ __typename }", "variables": {"a": NaN}}', id="NaN"),
        pytest.param("[" * 100_000, id="deep"),
        *[pytest.param({"query": bad}, id=f"LKJ{n}") for n, bad in enumerate(INVALID_TEXTS)],
        *[
            pytest.param({"query": NAME, "operationName": bad}, id=f"6C0{n}")
            for n, bad in enumerate(INVALID_TEXTS)
        ],
        *[
            pytest.param({"query": NAME, "variables": bad}, id=f"476{n}")
            for n, bad in enumerate(INVALID_OBJECTS)
        ],
        *[
            pytest.param({"query": NAME, "extensions": bad}, id=f"58B{n}")
            for n, bad in enumerate(INVALID_OBJECTS)
        ],
    ],
)
@pytest.mark.parametrize("accept", [NEW, OLD])
def test_what_is_no_request_is_a_400(client: httpx2.Client, body: Any, accept: str) -> None:
    answer = post(client, body, accept)
    assert answer.status_code == 400
    assert answer.json().keys() == {"errors"}
    assert answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("accept", [NEW, OLD])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"query": NAME}, id="34A2 13EE"),
        pytest.param({"query": "query Query { __typename }", "operationName": "Query"}, id="8161"),
        pytest.param({"query": NAME, "operationName": ""}, id="an empty name is none"),
        pytest.param({"query": NAME, "variables": None}, id="94B0 0220"),
        pytest.param({"query": NAME, "operationName": None}, id="94B1 0221"),
        pytest.param({"query": NAME, "extensions": None}, id="94B2 0222"),
        pytest.param(
            {
                "query": "query Type($name: String!) { __type(name: $name) { name } }",
                "variables": {"name": "sometype"},
            },
            id="2EA1 28B9",
        ),
        pytest.param({"query": NAME, "extensions": {"some": "value"}}, id="428F 1B7A"),
        pytest.param({"query": NAME, "unknown": {"some": "value"}}, id="unknown properties"),
        pytest.param({"query": NAME, "variables": {"unused": 1}}, id="unused variables"),
    ],
)
def test_a_request_is_executed(client: httpx2.Client, body: Any, accept: str) -> None:
    answer = post(client, body, accept)
    assert answer.status_code == 200
    assert "errors" not in answer.json()


@pytest.mark.parametrize("accept", [NEW, OLD])
def test_d6d5_6a70_variables_are_json_in_an_address(client: httpx2.Client, accept: str) -> None:
    params = {
        "query": "query Type($name: String!) { __type(name: $name) { name } }",
        "variables": json.dumps({"name": "Thread"}),
        "extensions": "{}",
        "operationName": "",
    }
    answer = client.get("playground/graphql", params=params, headers={"accept": accept})
    assert answer.json() == {"data": {"__type": {"name": "Thread"}}}


@pytest.mark.parametrize(
    "params", [{"variables": "{"}, {"variables": "[1]"}, {"extensions": "1"}, {"query": ""}]
)
def test_a_bad_address_is_a_400(client: httpx2.Client, params: dict[str, str]) -> None:
    answer = client.get("playground/graphql", params={"query": NAME, **params})
    assert answer.status_code == 400


REFUSED = [
    pytest.param({"query": "{"}, id="865D 556A D586 572B"),
    pytest.param({"query": NO_FIELD}, id="51FE 74FF 5E5B FDE2"),
    pytest.param(COERCION, id="86EE 7B9B"),
    pytest.param({"query": "query A { a: __typename } query B { __typename }"}, id="which"),
    pytest.param({"query": NAME, "operationName": "Another"}, id="none"),
]


@pytest.mark.parametrize("body", REFUSED)
def test_what_cannot_be_executed_is_a_400_in_the_new_type(client: httpx2.Client, body: Any) -> None:
    answer = post(client, body, NEW)
    assert answer.status_code == 400
    assert answer.json().keys() == {"errors"}


@pytest.mark.parametrize("body", REFUSED)
def test_what_cannot_be_executed_is_a_200_in_the_old_type(client: httpx2.Client, body: Any) -> None:
    answer = post(client, body, OLD)
    assert answer.status_code == 200
    assert answer.json().keys() == {"errors"}


@pytest.mark.parametrize("accept", [NEW, OLD])
def test_data_with_errors_is_a_200(client: httpx2.Client, accept: str) -> None:
    body = {"query": "{ server { id } threads(first: 0) { edges { cursor } } }"}
    answer = post(client, body, accept)
    assert answer.status_code == 200
    assert answer.json()["data"] is None
    assert answer.json()["errors"][0]["path"] == ["threads"]


@pytest.mark.parametrize("accept", [NEW, OLD])
def test_a_subscription_needs_a_stream(client: httpx2.Client, accept: str) -> None:
    answer = post(client, {"query": "subscription { threadsChanged { changes } }"}, accept)
    assert answer.status_code == 400
    assert "text/event-stream" in answer.json()["errors"][0]["message"]


def test_answers_are_not_stored_by_caches(client: httpx2.Client) -> None:
    assert post(client, {"query": NAME}).headers["cache-control"] == "no-store"


def test_half_a_surrogate_pair_is_taken(client: httpx2.Client) -> None:
    query = "query ($n: String!) { __type(name: $n) { name } }"
    answer = post(client, f'{{"query": "{query}", "variables": {{"n": "\\ud83d"}}}}')
    assert answer.json() == {"data": {"__type": None}}
