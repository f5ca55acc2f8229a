"""The first minutes of a new user: no key, a key, a wrong key, a server of one's own, a proxy.

Each begins as a notebook does, with `Playground()` and what is in the environment.
"""

from __future__ import annotations

import pytest

from playground_widget import KeyRefusedError, Playground, UnreachableError
from tests.contract.servers import Answer, ChatWire, Scripted, sse

WIRE = ChatWire()
GOOD = Answer([sse(*WIRE.text("It works."), *WIRE.end())])
KEY = "sk-new-user-0123456789abcdef"


def environment(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_without_anything_the_demo_answers_and_says_what_it_is() -> None:
    pg = Playground(store=":memory:")
    assert pg.connection.demo
    assert "demo model" in pg.send("Hello").text
    pg.close()


async def test_a_key_and_an_address_in_the_environment_are_all_that_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with Scripted(GOOD) as service:
        environment(monkeypatch, OPENAI_API_KEY=KEY, OPENAI_BASE_URL=service.url)
        pg = Playground(model="m-1", store=":memory:")
        assert (await pg.asend("Hello")).text == "It works."
        pg.close()
    assert service.asked[-1].headers["authorization"] == f"Bearer {KEY}"


async def test_a_wrong_key_is_named_kept_to_itself_and_mended_in_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = Answer([sse({"error": {"message": f"Incorrect API key: {KEY}"}})[6:]], 401)
    async with Scripted(wrong, GOOD) as service:
        environment(monkeypatch, OPENAI_API_KEY=KEY, OPENAI_BASE_URL=service.url)
        pg = Playground(model="m-1", store=":memory:")
        with pytest.raises(KeyRefusedError) as refused:
            await pg.asend("Hello")
        assert "did not accept the key" in str(refused.value)
        assert KEY not in str(refused.value)
        assert [message.text for message in pg.messages][:1] == ["Hello"]
        pg.connection = pg.connection.with_key("sk-right-0123456789abcdef")
        answer = await pg.regenerate(wait=False)
        assert answer.text == "It works."
        pg.close()
    assert service.asked[-1].headers["authorization"] == "Bearer sk-right-0123456789abcdef"


async def test_a_proxy_of_the_environment_is_used_for_a_service_and_not_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with Scripted(GOOD) as proxy, Scripted(GOOD) as local:
        environment(monkeypatch, http_proxy=f"http://127.0.0.1:{proxy.port}")
        for url in ("http://models.example/v1", local.url):
            pg = Playground(connection=url, model="m-1", store=":memory:")
            assert (await pg.asend("Hello")).text == "It works."
            pg.close()
    paths = {asked.path for asked in proxy.asked}
    assert paths == {"http://models.example/v1/chat/completions"}
    assert {asked.path for asked in local.asked} == {"/v1/chat/completions"}


async def test_a_proxy_that_lets_nothing_through_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Scripted(Answer([b"Who are you?"], 407)) as proxy:
        environment(monkeypatch, https_proxy=f"http://127.0.0.1:{proxy.port}", OPENAI_API_KEY=KEY)
        pg = Playground(model="m-1", store=":memory:")
        with pytest.raises(UnreachableError, match="The proxy named in the environment"):
            await pg.asend("Hello")
        pg.close()
    # It was asked for a way to the service, and saw nothing of what goes there.
    assert [asked.path for asked in proxy.asked] == ["api.openai.com:443"]
    assert "authorization" not in proxy.asked[0].headers
