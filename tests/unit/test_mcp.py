"""How an MCP server is described, without a server."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.types import (
    AudioContent,
    BlobResourceContents,
    CallToolResult,
    ContentBlock,
    EmbeddedResource,
    ImageContent,
    ResourceLink,
    TextContent,
    TextResourceContents,
)

from playground_widget import MCP, InputError, Text
from playground_widget.tools import CallFailedError, fit_name, mcp_parts

SECRET = "hush-hush-1234"


def test_a_command_is_a_line_or_its_words() -> None:
    assert MCP("python 'my server.py' --fast").command == ("python", "my server.py", "--fast")
    assert MCP(["python", "my server.py"]).command == ("python", "my server.py")


@pytest.mark.parametrize(
    ("kwargs", "words"),
    [
        ({}, "either a command or a url"),
        ({"command": "a", "url": "http://localhost"}, "either a command or a url"),
        ({"command": "http://localhost/mcp"}, "given as url"),
        ({"command": "'a"}, "cannot be read"),
        ({"command": ""}, "a line, or a list of its words"),
        ({"command": [1]}, "a line, or a list of its words"),
        ({"command": 3}, "a line, or a list of its words"),
        ({"command": "a", "headers": {}}, "headers are for a url"),
        ({"url": "http://localhost", "env": {}}, "env and cwd are for a command"),
        ({"url": "ftp://localhost"}, "http or https address"),
        ({"url": "http://["}, "http or https address"),
        ({"url": 3}, "http or https address"),
        ({"command": "a", "env": {"A": 3}}, "env is a dict of names and texts"),
        ({"url": "http://localhost", "headers": {"A": "b\nC: d"}}, "headers is a dict"),
        ({"command": "a", "confirm": "yes"}, "confirm is True, False or a function"),
        ({"command": "a", "timeout": 0}, "number of seconds"),
        ({"command": "a", "only": "area"}, "a list of names"),
        ({"command": "a", "only": [3]}, "a list of names"),
        ({"command": "a", "progress": 3}, "progress is a function"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_reason(kwargs: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        MCP(**kwargs)


def test_a_refusal_does_not_show_the_secret() -> None:
    with pytest.raises(InputError) as caught:
        MCP("a", env={"TOKEN": f"{SECRET}\n"})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "server",
    [
        MCP("server", env={"TOKEN": SECRET}),
        MCP(url="https://example.com/mcp", headers={"Authorization": f"Bearer {SECRET}"}),
        MCP(url=f"https://user:{SECRET}@example.com/mcp?key={SECRET}"),
        MCP(["server", "--api-key", SECRET, f"--auth-token={SECRET}"]),
        MCP(["server", "--token", f"-{SECRET}", "--auth", "--key", SECRET]),
        MCP(["docker", "run", "-e", f"GITHUB_TOKEN={SECRET}", "server"]),
        MCP(["npx", "mcp-remote", "--header", f"Authorization: Bearer {SECRET}"]),
        MCP(["npx", "mcp-remote", f"--header=Cookie: session={SECRET}"]),
        MCP(["npx", "mcp-remote", f"https://example.com/mcp?limit=1&api_key={SECRET}&a=b"]),
        MCP(["server-postgres", f"postgresql://penguin:{SECRET}@localhost/islands"]),
    ],
)
def test_secrets_are_shown_by_nothing(server: MCP) -> None:
    shown = [repr(server), str(server), server.label, f"{server.env} {server.headers}"]
    assert not [text for text in shown if SECRET in text]
    assert not hasattr(server, "__dict__")
    with pytest.raises((TypeError, AttributeError)):
        pickle.dumps(server)


def test_what_is_no_secret_of_a_command_is_shown() -> None:
    words = ["uvx", "--from", "keyring-mcp", "https://example.com/a?b=c", "--name=a: b", "mail@x"]
    assert (
        MCP(words).label
        == "uvx --from keyring-mcp 'https://example.com/a?b=c' '--name=a: b' mail@x"
    )
    words = ["server-postgres", f"postgresql://penguin:{SECRET}@localhost/islands", "--fast"]
    assert MCP(words).label == "server-postgres 'postgresql://penguin:…@localhost/islands' --fast"


@pytest.mark.parametrize(
    "words", [["--token", SECRET], ["-e", f"TOKEN={SECRET}"], [f"db://me:{SECRET}@host/"]]
)
def test_secrets_of_a_command_are_taken_out_of_texts(words: list[str]) -> None:
    assert SECRET not in MCP(["server", *words]).mask(f"{words} were refused: {SECRET}")


def test_secrets_are_taken_out_of_texts() -> None:
    server = MCP(url="http://localhost", headers={"Authorization": f"Bearer {SECRET}", "A": "1"})
    assert server.mask(f"1 Bearer {SECRET} and {SECRET}") == "1 … and …"


def test_what_a_server_returns_becomes_parts() -> None:
    pixel = "R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    text = TextResourceContents(uri="file:///a.txt", text="of a file")
    blob = BlobResourceContents(uri="file:///a.bin", blob="AAAA")
    drawn = BlobResourceContents(uri="file:///a.gif", blob=pixel, mime_type="image/gif")
    content: list[ContentBlock] = [
        TextContent(text="a\0b"),
        ImageContent(data=pixel, mime_type="image/gif"),
        ImageContent(data="no picture", mime_type="image/x"),
        AudioContent(data="AAAA", mime_type="audio/wav"),
        ResourceLink(name="a", uri="file:///a", description="about"),
        EmbeddedResource(resource=text),
        EmbeddedResource(resource=blob),
        EmbeddedResource(resource=drawn),
    ]
    parts = mcp_parts(CallToolResult(content=content, structured_content={"a": 1}))
    assert [part.text if isinstance(part, Text) else part.type for part in parts] == [
        "a\ufffdb",
        "image",
        "(a picture, image/x: it cannot be shown here)",
        "(sound, audio/wav: it cannot be shown here)",
        "[a](file:///a): about",
        "of a file",
        "(file:///a.bin, of an unknown kind: it cannot be shown here)",
        "image",
    ]


def test_structured_content_is_told_beside_text_that_says_nothing() -> None:
    sound = AudioContent(data="AAAA", mime_type="audio/wav")
    said = CallToolResult(content=[TextContent(text=""), sound], structured_content={"a": 1})
    assert mcp_parts(said)[-1] == Text('{"a":1}')


def test_structured_content_is_told_where_there_is_no_text() -> None:
    result = CallToolResult(content=[], structured_content={"name": "Åre"})
    assert mcp_parts(result) == [Text('{"name":"Åre"}')]


@pytest.mark.parametrize(("text", "words"), [("no row 3", "no row 3"), ("", "and not why")])
def test_what_a_server_calls_an_error_is_raised(text: str, words: str) -> None:
    with pytest.raises(CallFailedError, match=words):
        mcp_parts(CallToolResult(content=[TextContent(text=text)], is_error=True))


@given(st.text())
def test_any_name_of_a_server_is_made_one_that_a_tool_can_have(name: str) -> None:
    fitted = fit_name(name)
    assert 1 <= len(fitted) <= 64
    assert fitted.isascii()
    assert all(letter.isalnum() or letter in "_-" for letter in fitted)
