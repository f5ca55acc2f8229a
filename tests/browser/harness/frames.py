"""What goes over the websockets between a page and its kernels, with Chromium's own clock.

The frames come from the DevTools protocol, which stamps each when it passes; Playwright's own
events are stamped when a test gets round to reading them.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from playwright.sync_api import Page

Direction = Literal["sent", "received"]

_TEXT, _BINARY = 1, 2
_PARTS = ("header", "parent_header", "metadata", "content")


@dataclass(frozen=True, slots=True)
class Frame:
    """One websocket frame. `size` is in bytes, `time` in seconds of a clock of the browser."""

    direction: Direction
    time: float
    data: bytes
    message: dict[str, Any] | None = field(repr=False)
    """The Jupyter message it carries, with `channel` and `buffers`, or None if it carries none."""

    @property
    def size(self) -> int:
        return len(self.data)

    @property
    def msg_type(self) -> str | None:
        """The message's type, e.g. `comm_msg`."""
        return self.message["header"]["msg_type"] if self.message else None


class FrameRecorder:
    """Records the frames of a page's websockets, from its construction on."""

    def __init__(self, page: Page) -> None:
        self.frames: list[Frame] = []
        self._kernel_sockets: set[str] = set()
        self._session = session = page.context.new_cdp_session(page)
        session.on("Network.webSocketCreated", self._on_created)
        session.on("Network.webSocketFrameSent", lambda event: self._on_frame("sent", event))
        session.on("Network.webSocketFrameReceived", lambda e: self._on_frame("received", e))
        session.send("Network.enable")

    def detach(self) -> None:
        """Stops recording."""
        self._session.detach()

    def mark(self) -> int:
        """A position to pass to `since` later."""
        return len(self.frames)

    def select(
        self, direction: Direction | None = None, msg_type: str | None = None, since: int = 0
    ) -> list[Frame]:
        """The frames of one direction or message type, from a mark on."""
        return [
            frame
            for frame in self.frames[since:]
            if direction in (None, frame.direction) and msg_type in (None, frame.msg_type)
        ]

    def size(self, direction: Direction, since: int = 0) -> int:
        """Bytes that went in one direction, from a mark on, in all message types."""
        return sum(frame.size for frame in self.select(direction, since=since))

    def comm_data(self, direction: Direction, since: int = 0) -> Iterator[dict[str, Any]]:
        """The `data` of each comm message: what an ipywidget sees of it."""
        for frame in self.select(direction, "comm_msg", since):
            assert frame.message is not None
            yield frame.message["content"]["data"]

    def contains(self, secret: str) -> bool:
        """Whether a text passed in any frame, as it is or inside JSON."""
        forms = {secret.encode(), json.dumps(secret)[1:-1].encode()}
        return any(form in frame.data for frame in self.frames for form in forms)

    def _on_created(self, event: dict[str, Any]) -> None:
        if "/api/kernels/" in event["url"]:
            self._kernel_sockets.add(event["requestId"])

    def _on_frame(self, direction: Direction, event: dict[str, Any]) -> None:
        response = event["response"]
        if response["opcode"] not in (_TEXT, _BINARY):
            return
        text = response["payloadData"]
        data = base64.b64decode(text) if response["opcode"] == _BINARY else text.encode()
        message = decode(data) if event["requestId"] in self._kernel_sockets else None
        self.frames.append(Frame(direction, event["timestamp"], data, message))


def decode(data: bytes) -> dict[str, Any]:
    """A kernel message from a frame of `v1.kernel.websocket.jupyter.org`, or of plain JSON.

    A v1 frame is a count of offsets and the offsets themselves, as little-endian 64-bit numbers,
    and between them the channel, the four JSON parts of the message, and its buffers. See
    https://jupyter-server.readthedocs.io/en/latest/developers/websocket-protocols.html
    """
    if data.startswith(b"{"):
        message: dict[str, Any] = json.loads(data)
        return message
    try:
        (count,) = struct.unpack_from("<Q", data)
        offsets = struct.unpack_from(f"<{count}Q", data, 8)
        channel, *rest = [data[start:end] for start, end in pairwise(offsets)]
        parts = {name: json.loads(part) for name, part in zip(_PARTS, rest, strict=False)}
    except (ValueError, struct.error) as error:
        begin = data[:600]
        raise ValueError(f"no kernel message in a frame of {len(data)} bytes: {begin!r}") from error
    return {"channel": channel.decode(), **parts, "buffers": rest[len(_PARTS) :]}
