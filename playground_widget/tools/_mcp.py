"""An MCP server as a source of tools: how it is reached, and what may be called."""

from __future__ import annotations

import functools
import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from playground_widget.errors import InputError
from playground_widget.tools._mcp_secrets import secrets_of
from playground_widget.tools._tool import checked_confirm, checked_timeout

__all__ = ["MCP"]

_HIDDEN = "…"
_A_SECRET = 6  # shorter values are words such as "true", which may stand anywhere


class MCP:
    """A server of the Model Context Protocol (MCP), whose tools the model may ask for.

    Give it among the tools of a playground. The server is asked once which tools it has; each
    becomes a `Tool` with the server's description and schema. Where two tools would have one name,
    the server's gets the name of the server in front. All calls go to one session, which is opened
    again when the server's process has ended, and closed with the last playground that uses it.
    Needs the package `mcp`: `pip install "playground_widget[mcp]"`.

    A server that is started gets a few variables of the environment (`HOME`, `PATH` and the like)
    and those of `env`, no others, so that it sees no key that it was not given. `python` is the one
    that runs the notebook, unless a path is given.

    Args:
        command: Starts a server that speaks over its standard input and output: a line, or its
            words in a list.
        url: The address of a server that runs already and speaks streamable HTTP.
        env: Variables of the environment for `command`. They are never shown.
        cwd: The folder in which `command` runs.
        headers: Headers for each request to `url`, such as `Authorization`. They are never shown.
        confirm: As for `Tool`: ask before each call of any of its tools.
        timeout: As for `Tool`: seconds after which the model is told that there is no result; the
            server is told that the call was cancelled.
        only: Names of the tools to take, as the server calls them; by default all.
        progress: Called when a server says how far a call is, with the tool's name, a number, the
            number at which it is done or `None`, and a text or `None`.

    Raises:
        InputError: An argument cannot be meant.

    Example:
        >>> MCP(["python", "server.py"], env={"TOKEN": "a-secret"}, confirm=True)
        MCP('python server.py', env=…, confirm=True)
        >>> MCP(url="https://example.com/mcp", headers={"Authorization": "Bearer a-secret"})
        MCP(url='https://example.com/mcp', headers=…)
    """

    __slots__ = (
        "__weakref__",
        "_secrets",
        "command",
        "confirm",
        "cwd",
        "only",
        "progress",
        "timeout",
        "url",
    )

    def __init__(
        self,
        command: str | Sequence[str] | None = None,
        *,
        url: str | None = None,
        env: Mapping[str, str] | None = None,
        cwd: str | os.PathLike[str] | None = None,
        headers: Mapping[str, str] | None = None,
        confirm: bool | Callable[[str, Mapping[str, Any]], Any] = False,
        timeout: float | None = None,
        only: Sequence[str] | None = None,
        progress: Callable[[str, float, float | None, str | None], object] | None = None,
    ) -> None:
        """Keep it; nothing is started or asked."""
        if (command is None) == (url is None):
            raise InputError("an MCP server has either a command or a url")
        if url is None and headers is not None:
            raise InputError("headers are for a url; a command is given env")
        if command is None and (env is not None or cwd is not None):
            raise InputError("env and cwd are for a command; a url is given headers")
        self.command: tuple[str, ...] | None = None if command is None else _words(command)
        self.url: str | None = None if url is None else _checked_url(url)
        self.cwd: str | None = None if cwd is None else os.fspath(cwd)
        self.confirm: bool | Callable[[str, Mapping[str, Any]], Any] = checked_confirm(confirm)
        self.timeout: float | None = checked_timeout(timeout)
        self.only: tuple[str, ...] | None = None if only is None else _names(only)
        if progress is not None and not callable(progress):
            raise InputError("progress is a function")
        self.progress: Callable[[str, float, float | None, str | None], object] | None = progress
        kept = (_texts("env", env), _texts("headers", headers))
        # In a closure, so that nothing that shows attributes shows them.
        self._secrets: Callable[[], tuple[dict[str, str], dict[str, str]]] = lambda: kept

    @property
    def env(self) -> tuple[str, ...]:
        """The names of the variables that `command` is given.

        Example:
            >>> MCP("python server.py", env={"TOKEN": "a-secret"}).env
            ('TOKEN',)
        """
        return tuple(self._secrets()[0])

    @property
    def headers(self) -> tuple[str, ...]:
        """The names of the headers that `url` is given.

        Example:
            >>> MCP(url="https://example.com/mcp", headers={"Authorization": "a-secret"}).headers
            ('Authorization',)
        """
        return tuple(self._secrets()[1])

    @property
    def label(self) -> str:
        """What it is called in errors: the command or the address, without what may be secret.

        Example:
            >>> MCP(url="https://me:a-secret@example.com/mcp").label
            'https://example.com/mcp'
        """
        if self.command is not None:
            return shlex.join(_without_secrets(self.command)).replace(f"'{_HIDDEN}'", _HIDDEN)
        parts = urlsplit(self.url or "")
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{host}{parts.path}"

    def reveal(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return the variables and the headers, for whoever starts or asks the server.

        Example:
            >>> MCP("python server.py", env={"TOKEN": "a-secret"}).reveal()
            ({'TOKEN': 'a-secret'}, {})
        """
        env, headers = self._secrets()
        return dict(env), dict(headers)

    def mask(self, text: str) -> str:
        """Return a text without the values of `env` and `headers`, and secrets of `command`.

        Args:
            text: Any text, such as what a server wrote.

        Example:
            >>> MCP("python server.py", env={"TOKEN": "a-secret"}).mask("a-secret was refused")
            '… was refused'
        """
        values = [value for given in self._secrets() for value in given.values()]
        values += [secret for secrets in secrets_of(self.command or ()) for secret in secrets]
        # What follows "Bearer" is the secret, also by itself.
        words = [word for value in values for word in value.split()]
        for secret in sorted({*values, *words}, key=len, reverse=True):
            if len(secret) >= _A_SECRET:
                text = text.replace(secret, _HIDDEN)
        return text

    def __repr__(self) -> str:
        """Show how it is reached, and that there are secrets, but not which."""
        said = [repr(self.label) if self.command is not None else f"url={self.label!r}"]
        said += [f"{name}={_HIDDEN}" for name in ("env", "headers") if getattr(self, name)]
        said += [f"cwd={self.cwd!r}"] if self.cwd is not None else []
        said += ["confirm=True"] if self.confirm else []
        said += [f"timeout={self.timeout:g}"] if self.timeout is not None else []
        said += [f"only={list(self.only)}"] if self.only is not None else []
        return f"MCP({', '.join(said)})"


def _words(command: object) -> tuple[str, ...]:
    if isinstance(command, str):
        if command.startswith(("http://", "https://")):
            raise InputError(f"an address is given as url: MCP(url={command[:60]!r})")
        try:
            command = shlex.split(command, posix=os.name == "posix")
        except ValueError as error:
            raise InputError(f"the command cannot be read: {error}") from None
    if not isinstance(command, Sequence) or not command:
        raise InputError("command is a line, or a list of its words")
    words = tuple(os.fspath(word) if isinstance(word, os.PathLike) else word for word in command)
    if not all(isinstance(word, str) and "\0" not in word for word in words) or not words[0]:
        raise InputError("command is a line, or a list of its words")
    return words


def _checked_url(url: object) -> str:
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
        usable = parts is not None and parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise InputError("url is the http or https address of an MCP server")
    return str(url)


def _texts(name: str, given: object) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(
        isinstance(text, str) and text.isprintable() for item in given.items() for text in item
    ):
        # Which value it is would show a part of it.
        raise InputError(f"{name} is a dict of names and texts in one line each")
    return dict(given)


def _names(only: object) -> tuple[str, ...]:
    if isinstance(only, str) or not isinstance(only, Sequence):
        raise InputError("only is a list of names of tools")
    if not all(isinstance(name, str) for name in only):
        raise InputError("only is a list of names of tools")
    return tuple(only)


def _without_secrets(words: tuple[str, ...]) -> list[str]:
    """Return the words of a command, without what may be secret in them."""
    return [
        functools.reduce(lambda shown, secret: shown.replace(secret, _HIDDEN), secrets, word)
        for word, secrets in zip(words, secrets_of(words), strict=True)
    ]
