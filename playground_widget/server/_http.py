"""GraphQL over HTTP, and over Server-Sent Events in graphql-sse's "distinct connections" mode.

It follows the GraphQL-over-HTTP draft as the audits of graphql-http check it: a document that
cannot be executed is a 400 in the new media type and a 200 in the old one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from http import HTTPStatus
from http.client import responses
from typing import TYPE_CHECKING, Any

from jupyter_server.base.handlers import APIHandler
from tornado import web
from tornado.iostream import StreamClosedError

from playground_widget.errors import PlaygroundError
from playground_widget.server._accept import EVENTS, JSON, Accept, media_type
from playground_widget.server._asked import Asked
from playground_widget.server._door import Door
from playground_widget.server._faults import RefusedError, TooManySubscriptionsError, masked
from playground_widget.server._json import encode, parse

if TYPE_CHECKING:
    from playground_widget.server._execute import Operation, Operations

__all__ = ["GraphQLHandler"]

BEAT = 12.0
"""Seconds after which a stream shows that it is alive."""

METHODS = "GET, POST, OPTIONS"


class GraphQLHandler(Door, APIHandler):
    """One request, one operation."""

    _stream: asyncio.Task[None] | None = None

    def initialize(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Send nothing yet."""
        super().initialize(name, *args, **kwargs)
        self._turn = asyncio.Lock()

    @web.authenticated
    async def get(self) -> None:
        """Answer a query, or stream a subscription; what changes something is refused."""
        self.check_xsrf_cookie()
        given = {name: self.get_query_argument(name, "") for name in ("query", "operationName")}
        for name in ("variables", "extensions"):
            if text := self.get_query_argument(name, ""):
                given[name] = self._parsed(text, f"{name} is no JSON.")
        await self._answer({name: value for name, value in given.items() if value != ""})

    @web.authenticated
    async def post(self) -> None:
        """Answer any operation, or stream it."""
        if "Content-Type" not in self.request.headers:
            raise web.HTTPError(415, "Say what the body is: Content-Type: application/json.")
        kind, parameters = media_type(self.request.headers["Content-Type"])
        charset = parameters.get("charset", "utf-8")
        if kind != JSON or charset not in {"utf-8", "utf8"}:
            raise web.HTTPError(415, "The body has to be application/json in UTF-8.")
        if len(self.request.body) > self.app.limits.body:
            raise web.HTTPError(413, f"The body has more than {self.app.limits.body} bytes.")
        given = self._parsed(self.request.body, "The body is no JSON in UTF-8.")
        if not isinstance(given, dict):
            raise web.HTTPError(400, "The body has to be a JSON object; batches are not taken.")
        await self._answer(given)

    @web.authenticated
    async def head(self) -> None:
        """Refuse, and say what can be used."""
        raise web.HTTPError(405, f"Use one of {METHODS}.")

    put = patch = delete = head

    @staticmethod
    def _parsed(text: str | bytes, otherwise: str) -> Any:
        try:
            return parse(text)
        except ValueError:
            raise web.HTTPError(400, otherwise) from None

    async def _answer(self, given: Mapping[str, Any]) -> None:
        accept = Accept(self.request.headers.get("Accept"))
        if accept.single is None and not accept.events:
            raise web.HTTPError(
                406,
                "Accept application/graphql-response+json, application/json or an event stream.",
            )
        asked = _asked(given)
        operations = await self.app.operations()
        try:
            operation = operations.read(asked)
        except RefusedError as refused:
            if accept.prefers_events:
                await self._streamed(operations, refused)
            else:
                status = 200 if accept.single == JSON else 400
                self._finish(encode({"errors": refused.errors}), accept, status)
            return
        if operation.kind == "mutation" and self.request.method == "GET":
            raise web.HTTPError(405, "A mutation has to be sent by POST.")
        if not await self.may(operation.kind):
            raise web.HTTPError(403, f"You may not execute a {operation.kind} here.")
        if operation.kind == "subscription" and not accept.events:
            raise web.HTTPError(
                400, "A subscription needs Accept: text/event-stream, or a WebSocket."
            )
        if operation.kind == "subscription" or accept.prefers_events:
            await self._streamed(operations, operation)
        else:
            self._finish(await operations.execute(operation), accept, 200)

    def _finish(self, body: bytes, accept: Accept, status: int) -> None:
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        self.finish(body, set_content_type=f"{accept.single or JSON}; charset=utf-8")

    # -- streams

    async def _streamed(self, operations: Operations, what: Operation | RefusedError) -> None:
        self._stream = asyncio.ensure_future(self._events(operations, what))
        try:
            await self._stream
        except (asyncio.CancelledError, StreamClosedError):
            # The client is gone.
            return
        except TimeoutError:
            self._hang_up()
            return
        self.finish(set_content_type=f"{EVENTS}; charset=utf-8")

    def _hang_up(self) -> None:
        """End the connection of a client that does not read: it gets all when it comes again."""
        self.request.connection.close()  # type: ignore[union-attr] # tornado's own has it

    def on_connection_close(self) -> None:
        """End the stream of a client that is gone."""
        super().on_connection_close()
        if self._stream is not None:
            self._stream.cancel()

    async def _events(self, operations: Operations, what: Operation | RefusedError) -> None:
        client = self.request.remote_ip or ""
        try:
            if isinstance(what, RefusedError):
                raise what
            if what.kind != "subscription":
                result = await operations.execute(what)
                self._begin()
                await self._send("next", result)
            else:
                with operations.service.subscribed(client):
                    await self._subscription(operations, what)
        except TooManySubscriptionsError:
            raise web.HTTPError(429, "This client has too many subscriptions.") from None
        except RefusedError as refused:
            self._begin()
            await self._send("next", encode({"errors": refused.errors}))
        await self._send("complete", b"")

    async def _subscription(self, operations: Operations, operation: Operation) -> None:
        self._begin()
        await self._push(b":\n\n")
        beats = asyncio.ensure_future(self._beats())
        try:
            async with aclosing(operations.stream(operation)) as stream:
                async for result in stream:
                    await self._send("next", result)
        finally:
            beats.cancel()

    def _begin(self) -> None:
        if self._headers_written:
            return
        self.set_header("Content-Type", f"{EVENTS}; charset=utf-8")
        self.set_header("Cache-Control", "no-cache, no-store")
        # A proxy must not wait for more before it sends on.
        self.set_header("X-Accel-Buffering", "no")

    async def _beats(self) -> None:
        """Show that the stream is alive, until the client is gone or does not read."""
        try:
            while True:
                await asyncio.sleep(BEAT)
                await self._push(b":\n\n")
        except StreamClosedError:
            return
        except TimeoutError:
            if self._stream is not None:
                self._stream.cancel()
            self._hang_up()

    async def _send(self, event: str, data: bytes) -> None:
        # JSON has no line breaks in it.
        await self._push(
            b"event: %b\ndata:%b%b\n\n" % (event.encode(), b" " if data else b"", data)
        )

    async def _push(self, chunk: bytes) -> None:
        # One after the other: tornado forgets who waits for a flush when another one begins.
        async with self._turn:
            self.write(chunk)
            async with asyncio.timeout(self.app.limits.patience):
                await self.flush()

    # -- errors

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with the errors as GraphQL has them."""
        error = (kwargs.get("exc_info") or (None, None))[1]
        message = responses.get(status_code, "Unknown error")
        told: Mapping[str, Any] = {"message": message}
        if isinstance(error, web.HTTPError):
            told = {"message": error.log_message or message}
        elif isinstance(error, PlaygroundError):
            self.set_status(503)
            told = {"message": str(error)}
        elif error is not None:
            told = masked(error)
        if status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            # A GET is refused for its mutation, everything else for itself.
            self.set_header("Allow", "POST" if self.request.method == "GET" else METHODS)
        self._finish(
            encode({"errors": [told]}),
            Accept(self.request.headers.get("Accept")),
            self.get_status(),
        )

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        """Leave to `write_error` what it logs under an id."""
        if isinstance(value, web.HTTPError):
            super().log_exception(typ, value, tb)


def _asked(given: Mapping[str, Any]) -> Asked:
    """Return the operation of a request; what else is in it is ignored.

    Raises:
        HTTPError: A part of it has the wrong type.
    """
    query, name = given.get("query"), given.get("operationName")
    variables, extensions = given.get("variables"), given.get("extensions")
    if not isinstance(query, str) or not query:
        raise web.HTTPError(400, "query has to be a text, and not empty.")
    if not isinstance(name, str | None):
        raise web.HTTPError(400, "operationName has to be a text.")
    for part, value in (("variables", variables), ("extensions", extensions)):
        if not isinstance(value, dict | None):
            raise web.HTTPError(400, f"{part} has to be an object.")
    return Asked(query, variables, name or None)
