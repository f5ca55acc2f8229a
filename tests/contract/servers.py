"""Servers that answer with the bytes they are told, as odd as real ones, and the two wires.

`Scripted` replays bytes; `ChatWire` and `ResponsesWire` say the same answer in either API,
so that one test asks the same of both adapters.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import pytest

from playground_widget.errors import RunError
from playground_widget.provider import Chunk, Connection, Delta, Ended, explain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playground_widget.request import Api

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a server sends for one request.

    Args:
        pieces: The body, each piece sent on its own.
        status: Of HTTP.
        headers: Beside the usual ones.
        end: `clean` ends the response, `late` does so a moment after its last piece, `cut`
            drops the connection, `hang` sends nothing more and waits until the client goes.
    """

    pieces: Sequence[bytes] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    end: Literal["clean", "late", "cut", "hang"] = "clean"


@dataclass
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: Json


class Scripted:
    """A server on the running loop that gives its answers in turn, the last one again.

    Attributes:
        asked: The requests.
        gone: Set when a client leaves before its answer has ended.
        connections: How many there were.
    """

    def __init__(self, *answers: Answer) -> None:
        self._answers = answers
        self.asked: list[Asked] = []
        self.gone = asyncio.Event()
        self.connections = 0
        self._tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def port(self) -> int:
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self._tasks.values():
            writer.transport.abort()
        await asyncio.gather(*self._tasks)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks[task] = writer
        self.connections += 1
        try:
            while asked := await _read(reader):
                answer = self._answers[min(len(self.asked), len(self._answers) - 1)]
                self.asked.append(asked)
                await self._answer(answer, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.gone.set()
        finally:
            del self._tasks[task]
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer(
        self, answer: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        headers = {"content-type": "text/event-stream", **answer.headers}
        lines = [f"{name}: {value}" for name, value in headers.items()]
        start = [f"HTTP/1.1 {answer.status} Said", *lines, "transfer-encoding: chunked", "", ""]
        writer.write("\r\n".join(start).encode())
        for piece in filter(None, answer.pieces):
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            await writer.drain()
            await asyncio.sleep(0)  # a network read of its own, most of the time
        if answer.end == "late":
            await asyncio.sleep(0.02)
        if answer.end in {"clean", "late"}:
            writer.write(b"0\r\n\r\n")
            await writer.drain()
        elif answer.end == "cut":
            writer.close()
        else:
            if not await reader.read(1):
                self.gone.set()
            raise ConnectionError


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.strip().split("\r\n")
    headers = {n.lower(): v for n, v in (line.split(": ", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(first.split()[1], headers, json.loads(body or b"{}"))


def sse(*events: Json | str) -> bytes:
    """Return events as the bytes of a stream; a text is sent as it is."""
    texts = [e if isinstance(e, str) else json.dumps(e, ensure_ascii=False) for e in events]
    return "".join(f"data: {text}\n\n" for text in texts).encode("utf-8", "surrogatepass")


def split(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    """Return the bytes in pieces."""
    edges = [0, *sorted(c % (len(data) + 1) for c in cuts), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


# ------------------------------------------------------------------------------ wires


class ChatWire:
    """An answer in the words of Chat Completions."""

    api: ClassVar[Api] = "chat"

    @staticmethod
    def _chunk(delta: Json, reason: str | None = None, **more: Any) -> Json:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        kind = "chat.completion.chunk"
        return {"id": "c1", "object": kind, "model": "m-1", "choices": [choice], **more}

    def text(self, text: str) -> list[Json]:
        return [self._chunk({"content": text})]

    def scored(self, text: str, *entries: Any) -> list[Json]:
        chunk = self._chunk({"content": text})
        chunk["choices"][0]["logprobs"] = {"content": list(entries), "refusal": None}
        return [chunk]

    def reasoning(self, text: str) -> list[Json]:
        return [self._chunk({"reasoning_content": text})]

    def refusal(self, text: str) -> list[Json]:
        return [self._chunk({"refusal": text})]

    def tool(self, index: int, call: str, name: str, *arguments: str) -> list[Json]:
        first = {"index": index, "id": call, "function": {"name": name, "arguments": ""}}
        more = [{"index": index, "function": {"arguments": a}} for a in arguments]
        return [self._chunk({"tool_calls": [item]}) for item in (first, *more)]

    def usage(self) -> Json:
        return {
            "prompt_tokens": 9,
            "completion_tokens": 5,
            "prompt_tokens_details": {"cached_tokens": 4},
            "completion_tokens_details": {"reasoning_tokens": 2},
        }

    def end(self, reason: str = "stop") -> list[Json | str]:
        last: list[Json | str] = [self._chunk({}, reason)]
        return [*last, {"model": "m-1", "choices": [], "usage": self.usage()}, "[DONE]"]

    def plain(self, text: str, *entries: Any) -> Json:
        message = {"role": "assistant", "content": text}
        choice: Json = {"index": 0, "message": message, "finish_reason": "stop"}
        if entries:
            choice["logprobs"] = {"content": list(entries)}
        return {"id": "c1", "model": "m-1", "choices": [choice], "usage": self.usage()}

    def error(self, error: Json) -> Json:
        return {"error": error}


class ResponsesWire:
    """An answer in the words of the Responses API."""

    api: ClassVar[Api] = "responses"

    def text(self, text: str) -> list[Json]:
        return [self._delta("response.output_text.delta", text, 0)]

    def scored(self, text: str, *entries: Any) -> list[Json]:
        [event] = self.text(text)
        return [{**event, "logprobs": list(entries)}]

    def reasoning(self, text: str) -> list[Json]:
        event = self._delta("response.reasoning_summary_text.delta", text, 0)
        return [{**event, "summary_index": 0}]

    def refusal(self, text: str) -> list[Json]:
        return [self._delta("response.refusal.delta", text, 0)]

    @staticmethod
    def _delta(kind: str, text: str, index: int) -> Json:
        # The id changes from event to event, as some servers have it.
        place = {"item_id": f"i{len(text)}", "output_index": index, "content_index": 0}
        return {"type": kind, "delta": text, **place}

    def tool(self, index: int, call: str, name: str, *arguments: str) -> list[Json]:
        item = {"type": "function_call", "call_id": call, "name": name, "arguments": ""}
        kind = "response.function_call_arguments.delta"
        return [
            {"type": "response.output_item.added", "output_index": index + 1, "item": item},
            *(self._delta(kind, a, index + 1) for a in arguments),
            {
                "type": "response.output_item.done",
                "output_index": index + 1,
                "item": {**item, "arguments": "".join(arguments)},
            },
        ]

    def usage(self) -> Json:
        return {
            "input_tokens": 9,
            "output_tokens": 5,
            "input_tokens_details": {"cached_tokens": 4},
            "output_tokens_details": {"reasoning_tokens": 2},
        }

    def end(self, reason: str = "stop") -> list[Json | str]:
        response: Json = {"model": "m-1", "status": "completed", "usage": self.usage()}
        kind = "response.completed"
        if reason == "length":
            kind = "response.incomplete"
            why = {"reason": "max_output_tokens"}
            response |= {"status": "incomplete", "incomplete_details": why}
        return [{"type": kind, "response": response}]

    def plain(self, text: str, *entries: Any) -> Json:
        part = {"type": "output_text", "text": text, "logprobs": list(entries)}
        item = {"type": "message", "content": [part]}
        return {
            "object": "response",
            "model": "m-1",
            "status": "completed",
            "output": [item],
            "usage": self.usage(),
        }

    def error(self, error: Json) -> Json:
        return {"type": "error", **error}


Wire = ChatWire | ResponsesWire
WIRES: list[Wire] = [ChatWire(), ResponsesWire()]


# ----------------------------------------------------------------------------- asking

BODY: Json = {"model": "m", "messages": [], "input": [], "stream": True}


async def read(connection: Connection, body: dict[str, Any] | None = None) -> list[Chunk]:
    """Return all chunks, or raise the error in words; either way the connection is closed."""
    found: list[Chunk] = []
    failure: Exception | None = None
    try:
        async for chunks in connection.stream(body or BODY):
            assert chunks
            found += chunks
    except Exception as error:  # noqa: BLE001 - explained below, as the engine does
        failure = error
    finally:
        await connection.aclose()
    if failure is None:
        return found
    tokens = sum(c.count for c in found if isinstance(c, Delta))
    told = explain(
        failure,
        connection,
        model="gpt-x",
        had_text=bool(text_of(found)),
        tokens=tokens,
        body=body,
    )
    told.__notes__ = [text_of(found)]
    raise told from None


def text_of(chunks: list[Chunk], kind: str = "text") -> str:
    return "".join(c.text for c in chunks if isinstance(c, Delta) and c.kind == kind)


def last(chunks: list[Chunk]) -> Ended:
    end = chunks[-1]
    assert isinstance(end, Ended)
    return end


async def ask(wire: Wire, *answers: Answer, **options: Any) -> list[Chunk]:
    async with Scripted(*answers) as server:
        return await read(Connection("test", server.url, api=wire.api, **options))


async def failure(wire: Wire, *answers: Answer, **options: Any) -> RunError:
    with pytest.raises(RunError) as caught:
        await ask(wire, *answers, **options)
    return caught.value


def plain(data: Any) -> bytes:
    """Return JSON as the body of a response."""
    return json.dumps(data).encode()
