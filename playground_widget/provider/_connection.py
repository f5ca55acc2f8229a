"""A connection to a service: where it is, how it is spoken to, and its key, unseen."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any, NoReturn, Self, cast

from playground_widget.errors import InputError, SetupError
from playground_widget.provider._arguments import (
    DEMO_LABEL,
    check,
    check_rate,
    checked_url,
    from_environment,
    is_loopback,
    is_openai,
    is_same_origin,
    label_of,
)
from playground_widget.provider._carried import Carried, variable_in
from playground_widget.provider._clients import Clients, sdk, streams
from playground_widget.provider._fold import load_json
from playground_widget.provider._models import ModelInfo, read_models
from playground_widget.provider._secret import Key, Secret, fault_of, mask, mask_json, secrets_in
from playground_widget.request import Api, chat_request, responses_request

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

    from playground_widget.model import Message, Params
    from playground_widget.provider._chunks import Chunk
    from playground_widget.provider._trace import Trace

__all__ = ["Connection", "default"]

_DEMO = "demo"
_ATTEMPTS = 4
_TIMEOUT = 600.0


class Connection:
    """A service that answers, and how to reach it. It never changes.

    The key stays in memory: no `repr`, copy, pickle, log or traceback of a connection shows
    more than its last four characters.

    Args:
        name: What to call it in code and settings, such as `"openai"`.
        base_url: Where the service is, most often ending in `/v1`. By default OpenAI, or
            `OPENAI_BASE_URL` when that is set.
        api_key: The key, or a function (plain or async) that gives it for each request. By
            default `OPENAI_API_KEY`, which is sent only where `OPENAI_BASE_URL` or OpenAI is
            meant; other services get no key unless one is given.
        api: `"chat"` for Chat Completions, which every compatible server speaks, or
            `"responses"`.
        label: What to call it on the page. By default `"OpenAI"`, or the service's host.
        client: An `openai.OpenAI`, `AsyncOpenAI` or Azure client to take the address and the
            credentials from. It is copied, with a pool of connections of its own.
        timeout: Seconds of silence after which the service counts as gone. Connecting has at
            most ten.
        max_attempts: How often a request is made at most, as long as nothing has arrived.
        headers: Sent with each request.
        key_source: Where the key came from, as an error about it says. Where it is the name of an
            environment variable, the workers of a cluster find the key in theirs.
        requests_per_minute: The most requests that are made in a minute: those of conversations go
            before those of comparisons, which keep to what the service says of its limits too.
        tokens_per_minute: The most tokens of their requests and answers.

    Raises:
        SetupError: It cannot work as it is; the text says why.
        InputError: An argument is of the wrong kind.

    Example:
        >>> Connection("ollama", "http://localhost:11434/v1")
        Connection('ollama', 'http://localhost:11434/v1', api='chat')
    """

    __slots__ = (
        "__weakref__",
        "_client",
        "_clients",
        "_headers",
        "_key",
        "_lean",
        "api",
        "base_url",
        "demo",
        "is_local",
        "key_source",
        "key_tail",
        "label",
        "max_attempts",
        "name",
        "openai",
        "requests_per_minute",
        "timeout",
        "tokens_per_minute",
    )

    def __init__(
        self,
        name: str,
        base_url: str | None = None,
        api_key: Key | None = None,
        api: Api = "chat",
        *,
        label: str | None = None,
        client: object = None,
        timeout: float = _TIMEOUT,
        max_attempts: int = _ATTEMPTS,
        headers: Mapping[str, str] | None = None,
        key_source: str | None = None,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
    ) -> None:
        # From here on no frame has the key in its variables, where a verbose traceback shows it.
        key = Secret(api_key.strip() if isinstance(api_key, str) else api_key)
        del api_key
        check(name, api, timeout, max_attempts)
        check_rate("requests_per_minute", requests_per_minute)
        check_rate("tokens_per_minute", tokens_per_minute)
        is_azure = False
        if client is not None:
            if base_url is not None or key.reveal() is not None or headers:
                raise InputError(
                    "A client brings its own base_url, api_key and headers: set them there."
                )
            base_url, key, is_azure = sdk().describe(client)
            key_source = key_source or "your client"
        elif base_url is None and name == _DEMO:
            raise SetupError('The demo model is chosen with connection="demo".')
        else:
            base_url, key, key_source = from_environment(base_url, key, key_source)
            base_url = checked_url(base_url)
        self.name: str = name
        self.base_url: str = base_url
        self.api = api
        self.timeout: float = float(timeout)
        self.max_attempts: int = max_attempts
        self.requests_per_minute: float | None = requests_per_minute
        self.tokens_per_minute: float | None = tokens_per_minute
        self.demo: bool = name == _DEMO
        self.is_local: bool = is_loopback(base_url)
        self.openai: bool = is_azure or is_openai(base_url)
        self.label: str = label or label_of(base_url, demo=self.demo)
        if client is None and key.reveal() is None and self.openai:
            raise SetupError("OpenAI needs a key: set OPENAI_API_KEY or pass api_key=.")
        if key.reveal() is not None and (fault := fault_of(key.reveal())):
            raise SetupError(fault)
        self.key_tail: str | None = key.tail
        has_key = client is not None or key.reveal() is not None
        self.key_source: str | None = key_source if has_key else None
        # Everything that holds the key, or holds something that does, is out of sight.
        self._key = key
        self._headers = Secret(dict(headers or {}))
        self._client = Secret(client)
        self._clients = Clients(
            base_url,
            self.timeout,
            trust_env=not self.is_local,
            key=key,
            headers=self._headers,
            given=self._client,
        )
        self._lean = Secret([])

    # -------------------------------------------------------------------------- values

    @property
    def shown_label(self) -> str:
        """What a page calls it: with the demo model it says that nothing leaves this machine.

        Example:
            >>> Playground(connection="demo").connection.shown_label
            'Demo model (offline)'
        """
        return DEMO_LABEL if self.demo else self.label

    def __repr__(self) -> str:
        if not hasattr(self, "label"):
            return "Connection(...)"  # a traceback shows it before it is made
        shown = f", label={self.label!r}" if self.label != label_of(self.base_url) else ""
        return f"Connection({self.name!r}, {self.base_url!r}, api={self.api!r}{shown})"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Connection holds a key, so it is kept in memory only: not pickled")

    def with_key(self, api_key: str, base_url: str | None = None) -> Connection:
        """Return this connection with a key that somebody typed in.

        Args:
            api_key: The key; an error about it will say that it is of "this session".
            base_url: Where the service is, if that changes too.

        Returns:
            A connection with all else as here, but for `headers` where the service is on another
            host; this one stays as it is.

        Raises:
            SetupError: It cannot work; the text says why and does not hold the key.

        Example:
            >>> mine = Connection("mine", "https://llm.example.com/v1").with_key("a-very-long-secret")
            >>> mine.key_tail, mine.key_source
            ('cret', 'this session')
        """
        where = base_url or self.base_url
        return Connection(
            self.name,
            where,
            api_key,
            self.api,
            label=self.label if where == self.base_url else None,
            timeout=self.timeout,
            max_attempts=self.max_attempts,
            # Where else they would go, nobody has said that they may: there may be a key in them.
            headers=self._headers.reveal() if is_same_origin(where, self.base_url) else None,
            key_source="this session",
            requests_per_minute=self.requests_per_minute,
            tokens_per_minute=self.tokens_per_minute,
        )

    def carried(self, *, send_key: bool = False) -> Carried:
        """Return how another process makes this connection again, which may be pickled.

        Args:
            send_key: Have the key in it, and the headers. Else the environment variable is named
                that has the key there.

        Returns:
            What `Connection.of` takes.

        Raises:
            SetupError: It cannot be made elsewhere; the text says why.

        Example:
            >>> address = "https://llm.example.com/v1"
            >>> carried = Connection("mine", address, "sk-1234", key_source="MY_KEY").carried()
            >>> carried.variable, carried.key
            ('MY_KEY', None)
        """
        key, headers = self._key.reveal(), self._headers.reveal()
        variable = variable_in(self.key_source) or ("OPENAI_API_KEY" if self.openai else None)
        why = None
        if self._client.reveal() is not None:
            why = "it is an OpenAI client of this process. Give base_url and api_key instead"
        elif headers and not send_key:
            why = "its headers may hold a key, and are sent with send_key=True alone"
        elif callable(key) and (send_key or variable is None):
            why = "its key is given by a function of this process"
        elif key is not None and not send_key and variable is None:
            why = (
                f"its key came from {self.key_source}. Name the environment variable that has it "
                "on the workers, Connection(..., key_source='MY_API_KEY'), or pass send_key=True"
            )
        if why is not None:
            raise SetupError(f"Workers cannot ask {self.label}: {why}. Nothing was sent.")
        return Carried(
            name=self.name,
            base_url=self.base_url,
            api=self.api,
            label=self.label,
            timeout=self.timeout,
            variable=variable if key is not None and not send_key else None,
            key=key if send_key else None,
            headers=tuple(sorted(headers.items())) if send_key else (),
        )

    @classmethod
    def of(cls, carried: Carried) -> Connection:
        """Return a connection that came from another process.

        Args:
            carried: What `carried` returned there.

        Raises:
            SetupError: It needs a key that this process has not.

        Example:
            >>> there = Connection("ollama", "http://localhost:11434/v1").carried()
            >>> Connection.of(there)
            Connection('ollama', 'http://localhost:11434/v1', api='chat')
        """
        return cls(
            carried.name,
            carried.base_url,
            carried.key_here(),
            cast("Api", carried.api),
            label=carried.label,
            timeout=carried.timeout,
            headers=dict(carried.headers),
            key_source=carried.variable or "the process that sent it",
        )

    def mask(self, text: str) -> str:
        """Return a text without this connection's keys, or anything that looks like one.

        These are its key, the last ones that a function gave, and those in its headers.

        Args:
            text: Any text, such as what a service answered.

        Returns:
            The text with the last four characters of each key, at most.

        Example:
            >>> mine = Connection("mine", "https://llm.example.com/v1", "a-very-long-secret")
            >>> mine.mask("a-very-long-secret was refused")
            '…cret was refused'
        """
        return mask(text, *self._secrets())

    def mask_json(self, value: Any) -> Any:
        """Return a JSON value with each text in it masked.

        Args:
            value: Dicts, lists, texts and what else JSON holds.

        Example:
            >>> mine = Connection("mine", "https://llm.example.com/v1", "a-very-long-secret")
            >>> mine.mask_json({"error": ["a-very-long-secret"]})
            {'error': ['…cret']}
        """
        return mask_json(value, *self._secrets())

    # ------------------------------------------------------------------------- requests

    def request(
        self,
        system: str,
        messages: Sequence[Message],
        model: str,
        params: Params,
        *,
        tools: Sequence[Mapping[str, Any]] = (),
        continue_: bool = False,
        reason: str | None = None,
    ) -> dict[str, Any]:
        """Return the body of the request for an answer, in the API that is spoken here.

        Args:
            system: The system prompt; empty for none.
            messages: The path, from its first message to the one to answer.
            model: The model to ask.
            params: What shapes the answer.
            tools: What the model may call, each with `name`, `description` and `parameters`.
            continue_: The last message is a cut-off answer to go on with.
            reason: The last message is an answer that does not fit its format, for this reason.

        Returns:
            JSON, as `stream` takes it.

        Raises:
            InputError: It cannot be asked in this API.

        Example:
            >>> mine = Connection("mine", "http://localhost:11434/v1")
            >>> question = Message(id="a", parent=None, role="user", content=(Text("Hi"),))
            >>> body = mine.request("Be brief.", [question], "llama3.2:3b", Params(temperature=0))
            >>> body["messages"]
            [{'role': 'system', 'content': 'Be brief.'}, {'role': 'user', 'content': 'Hi'}]
        """
        if self.api == "responses":
            return responses_request(
                system, messages, model, params, tools=tools, continue_=continue_, reason=reason
            )
        return chat_request(
            system,
            messages,
            model,
            params,
            tools=tools,
            openai=self.openai,
            continue_=continue_,
            reason=reason,
        )

    async def prepare(self) -> None:
        """Make what a request of the running loop needs, in a worker thread.

        The first time in a process this loads the SDK, which takes about a second.

        Raises:
            SetupError: The client that was given cannot be copied.

        Example:
            >>> import asyncio
            >>> connection = Playground(connection="demo").connection
            >>> asyncio.run(connection.prepare())
        """
        await self._clients.get()

    async def stream(
        self,
        body: Mapping[str, Any],
        record: Callable[[bytes], None] | None = None,
        trace: Trace | None = None,
    ) -> AsyncGenerator[list[Chunk], None]:
        """Ask, and yield the answer as it comes.

        Read it to its end to keep the network connection for the next request. Closing the
        generator, or cancelling the task that reads it, closes the network connection.

        Args:
            body: What `request` returned.
            record: Called with what the service sends, word for word, as each network read
                brings it; the key, should it be in there, is masked.
            trace: Told of each request and of what comes back, unmasked.

        Yields:
            The chunks of one network read, at least one: `Opened` first, `Ended` last.

        Raises:
            Exception: To be given to `explain`.

        Example:
            >>> import asyncio
            >>> connection = Playground(connection="demo").connection
            >>> question = Message(id="a", parent=None, role="user", content=(Text("Hi"),))
            >>> async def ask():
            ...     body = connection.request("", [question], "demo-fast", Params(max_tokens=5))
            ...     chunks = [one async for read in connection.stream(body) for one in read]
            ...     await connection.aclose()
            ...     return [type(one).__name__ for one in (chunks[0], chunks[-1])]
            >>> asyncio.run(ask())
            ['Opened', 'Ended']
        """
        client = await self._clients.get()
        ask = streams().responses if self.api == "responses" else streams().chat

        def keep(block: bytes) -> None:
            # Each byte is one character here, so that nothing but the key is another afterwards.
            if record is not None:
                record(self.mask(block.decode("latin-1")).encode("latin-1", "replace"))

        while True:
            if self._lean.reveal():
                body = {name: value for name, value in body.items() if name != "stream_options"}
            if trace is not None:
                path = "/responses" if self.api == "responses" else "/chat/completions"
                trace.sending(self.base_url + path, body)
            try:
                async with contextlib.aclosing(
                    ask(client, body, self._clients.auth(), keep if record else None, trace)
                ) as answer:
                    async for chunks in answer:
                        yield chunks
                    return
            except Exception as error:
                # Some servers know no stream_options; what it would bring is the usage alone.
                refused = isinstance(error, sdk().openai.APIStatusError)
                if refused and trace is not None:
                    streams().tell(trace, error)
                if not (refused and "stream_options" in body and "stream_options" in str(error)):
                    self._hide(error)
                    raise
                self._lean.reveal().append("stream_options")

    async def models(self) -> list[ModelInfo]:
        """Return the models that the service lists.

        Returns:
            Each with its `id` and, where it is known, `context` in tokens and prices in US dollars
            per million tokens.

        Raises:
            Exception: To be given to `explain`.

        Example:
            >>> import asyncio
            >>> connection = Playground(connection="demo").connection
            >>> async def names():
            ...     models = await connection.models()
            ...     await connection.aclose()
            ...     return [model.id for model in models]
            >>> "demo-fast" in asyncio.run(names())
            True
        """
        client = await self._clients.get()
        listed = client.models.with_streaming_response.list(extra_headers=self._clients.auth())
        try:
            async with listed as response:
                data = load_json(await response.read())
        except Exception as error:
            self._hide(error)
            raise
        return read_models(data, self.base_url, openai=self.openai)

    async def aclose(self) -> None:
        """Close the network connections of the running loop; the next request makes new ones.

        Example:
            >>> import asyncio
            >>> asyncio.run(Playground(connection="demo").connection.aclose())
        """
        await self._clients.close()

    # -------------------------------------------------------------------------- private

    def _secrets(self) -> list[str]:
        """Return what must not be seen: the key, those that a function gave, those in headers."""
        key = self._key.reveal()
        own = [key] if isinstance(key, str) else []
        return [*own, *self._clients.given_keys(), *secrets_in(self._headers.reveal())]

    def _hide(self, error: Exception) -> None:
        """Take the key out of an error, since some services repeat what they were sent."""
        error.args = tuple(self.mask(a) if isinstance(a, str) else a for a in error.args)
        for name in ("message", "body", "error"):
            if value := getattr(error, name, None):
                setattr(error, name, self.mask_json(value))


def default(demo_url: Callable[[], str]) -> Connection:
    """Return the connection to use when none was chosen.

    Args:
        demo_url: Starts the demo model and returns its base URL; called only if the
            environment names no service.
    """
    if os.environ.get("OPENAI_API_KEY") or os.environ.get("OPENAI_BASE_URL"):
        connection = Connection("openai")
        return connection if connection.openai else Connection("environment")
    return Connection(_DEMO, demo_url())
