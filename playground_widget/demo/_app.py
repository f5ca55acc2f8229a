"""The HTTP side: routes, keys, errors, and answers sent at their pace."""

from __future__ import annotations

import asyncio
import time
from http import HTTPStatus
from typing import Any

from tornado.http1connection import HTTP1Connection
from tornado.iostream import StreamClosedError
from tornado.web import Application, HTTPError, RequestHandler

from playground_widget.demo._errors import ApiError, invalid, model_not_found, wrong_key
from playground_widget.demo._fields import parse_body
from playground_widget.demo._models import MODELS, Model
from playground_widget.demo._pace import Pace
from playground_widget.demo._parse_chat import read_chat
from playground_widget.demo._parse_responses import read_responses
from playground_widget.demo._plan import plan
from playground_widget.demo._records import Log, RequestRecord
from playground_widget.demo._refuse import Tries
from playground_widget.demo._request import Request
from playground_widget.demo._wire import BROKEN, Wire, dump, new_id
from playground_widget.demo._wire_chat import ChatWire
from playground_widget.demo._wire_responses import ResponsesWire

__all__ = ["Shared", "application"]

# Bytes gathered before a write when the stream is as fast as it can be.
_BATCH = 16_384
# When the demo models were made, in seconds since 1970; any fixed time will do.
_CREATED = 1_735_689_600


class Shared:
    """What the handlers of one server share."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.tries = Tries()
        self.api_key: str | None = None
        self.live: set[_Handler] = set()

    def hang_up(self) -> None:
        """End all requests that are still being answered."""
        for handler in list(self.live):
            self.log.end(handler.record, "cut")
            handler.gone.set()


def application(shared: Shared) -> Application:
    """Return the tornado application."""
    return Application(
        [
            (r"/v1/models", _Models),
            (r"/v1/models/([^/]+)", _OneModel),
            (r"/v1/chat/completions", _Chat),
            (r"/v1/responses", _Responses),
        ],
        default_handler_class=_Nowhere,
        default_handler_args={"shared": shared},
        # No access log: it would land in the notebook.
        log_function=lambda _: None,
        shared=shared,
    )


class _Handler(RequestHandler):
    """Records each request and answers every error in the API's shape."""

    shared: Shared
    record: RequestRecord
    gone: asyncio.Event

    def initialize(self, shared: Shared | None = None) -> None:
        self.shared = shared or self.settings["shared"]
        self.gone = asyncio.Event()
        headers = {name.lower(): value for name, value in self.request.headers.get_all()}
        if "authorization" in headers:
            headers["authorization"] = "(left out)"
        self.record = RequestRecord(
            id=new_id("req_"),
            method=self.request.method or "",
            path=self.request.path,
            headers=headers,
        )
        self.set_header("x-request-id", self.record.id)

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Content-Type", "application/json")

    def prepare(self) -> None:
        self.shared.log.add(self.record)
        self.shared.live.add(self)
        expected = self.shared.api_key
        if expected is not None and self.key() != expected:
            raise wrong_key(self.key())

    def key(self) -> str:
        scheme, _, key = self.request.headers.get("Authorization", "").partition(" ")
        return key.strip() if scheme.lower() == "bearer" else ""

    def on_connection_close(self) -> None:
        self.shared.log.end(self.record, "disconnected")
        self.shared.live.discard(self)
        self.gone.set()

    def on_finish(self) -> None:
        self.shared.log.end(self.record, "finished")
        self.shared.live.discard(self)

    def json(self, value: object) -> None:
        self.record.status = self.get_status()
        self.write(dump(value))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None, None))[1]
        self.set_header("Content-Type", "application/json")
        self.set_header("x-request-id", self.record.id)
        if not isinstance(error, ApiError):
            error = _http_error(status_code, self)
        self.set_status(error.status)
        for name, value in error.headers.items():
            self.set_header(name, value)
        self.json(error.body())

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None, None))[1]
        status = error.status if isinstance(error, ApiError) else status_code
        super().send_error(status, **kwargs)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        # The API's own errors are answers, not accidents.
        if not isinstance(value, ApiError | HTTPError):
            super().log_exception(typ, value, tb)


class _Models(_Handler):
    def get(self) -> None:
        self.json({"object": "list", "data": [_listed(model) for model in MODELS.values()]})


class _OneModel(_Handler):
    def get(self, name: str) -> None:
        if name not in MODELS:
            raise model_not_found(name[:200])
        self.json(_listed(MODELS[name]))


class _Nowhere(_Handler):
    def prepare(self) -> None:
        super().prepare()
        raise HTTPError(404)


class _Answering(_Handler):
    """What the two APIs share: read, refuse, and send whole or as a stream."""

    def read(self, body: dict[str, Any]) -> Request:
        raise NotImplementedError

    def wire(self, request: Request) -> Wire:
        raise NotImplementedError

    async def post(self) -> None:
        body = parse_body(self.request.body)
        self.record.body = body
        request = self.read(body)
        self.shared.tries.check(request, self.key())
        wire = self.wire(request)
        breaks = wire.plan.breaks
        if breaks and breaks.after is None:
            await self.gone.wait()
        elif request.stream:
            await self.send_stream(request, wire)
        else:
            await self.send_whole(request, wire)

    async def send_stream(self, request: Request, wire: Wire) -> None:
        self.set_header("Content-Type", "text/event-stream; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        self.record.status = 200
        if isinstance(self.request.connection, HTTP1Connection):
            # Small writes leave at once instead of waiting for an acknowledgement.
            self.request.connection.stream.set_nodelay(True)
        try:
            await self.flush()
            await self.send_frames(request, wire)
        except StreamClosedError:
            self.on_connection_close()

    async def send_frames(self, request: Request, wire: Wire) -> None:
        loop = asyncio.get_running_loop()
        pace = Pace(request.steering.rate, request.steering.first_token, loop.time())
        batch = bytearray()
        sent = 0
        for frame in wire.frames():
            if frame.kind == "token":
                wait = pace.wait(sent, loop.time())
                if wait > 0:
                    await self.push(batch, sent)
                    if await self.hung_up_within(wait):
                        return
                sent += 1
            elif frame.kind == "cut":
                await self.push(batch, sent)
                self.cut()
                return
            elif frame.kind == "stall":
                await self.push(batch, sent)
                await self.gone.wait()
                return
            batch += frame.data
            if len(batch) >= _BATCH:
                await self.push(batch, sent)
                # A write that needs no waiting gives nobody else a turn.
                await asyncio.sleep(0)
                if self.gone.is_set():
                    return
        await self.push(batch, sent)

    async def send_whole(self, request: Request, wire: Wire) -> None:
        pace = Pace(request.steering.rate, request.steering.first_token, 0.0)
        seconds = pace.whole(wire.plan.output_tokens)
        if seconds and await self.hung_up_within(seconds):
            return
        match wire.plan.breaks and wire.plan.breaks.kind:
            case "cut":
                self.cut()
            case "stall":
                await self.gone.wait()
            case "garbage":
                self.record.status = 200
                self.write(b'{"id": "demo", "choices": [{"message": {"content": "cut of')
            case "error" if isinstance(wire, ChatWire):
                raise BROKEN
            case _:
                self.json(wire.whole())

    async def push(self, batch: bytearray, sent: int) -> None:
        """Write what was gathered, and wait while the client reads more slowly."""
        if batch and not self.gone.is_set():
            self.write(bytes(batch))
            batch.clear()
            await self.flush()
            self.shared.log.sent(self.record, sent)

    async def hung_up_within(self, seconds: float) -> bool:
        """Wait; return at once, and True, if the connection ends meanwhile."""
        try:
            async with asyncio.timeout(seconds):
                await self.gone.wait()
        except TimeoutError:
            return False
        return True

    def cut(self) -> None:
        """Drop the TCP connection in the middle of the answer."""
        self.shared.log.end(self.record, "cut")
        self.shared.live.discard(self)
        self.detach().close()


class _Chat(_Answering):
    def read(self, body: dict[str, Any]) -> Request:
        return read_chat(body)

    def wire(self, request: Request) -> Wire:
        return ChatWire(request, plan(request), time.time())


class _Responses(_Answering):
    def read(self, body: dict[str, Any]) -> Request:
        return read_responses(body)

    def wire(self, request: Request) -> Wire:
        return ResponsesWire(request, plan(request), time.time())


def _listed(model: Model) -> dict[str, Any]:
    return {
        "id": model.id,
        "object": "model",
        "created": _CREATED,
        "owned_by": "playground_widget",
        "description": model.description,
        "context_window": model.context_window,
    }


def _http_error(status: int, handler: RequestHandler) -> ApiError:
    method, path = handler.request.method, handler.request.path[:200]
    if status == HTTPStatus.NOT_FOUND:
        return ApiError(404, f"Invalid URL ({method} {path})")
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return ApiError(405, f"Not allowed to {method} on {path}", code="method_not_supported")
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return invalid("The request could not be read.")
    return BROKEN
