"""A live kernel, driven the way a front-end does, without one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty
from typing import Any, Self

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

KERNELS = ("ipykernel-6.29", "ipykernel-7.1", "python3")
"""The versions of ipykernel whose handling of comms differs; `python3` is the newest."""

PATIENCE = 60.0
"""Seconds without a sign of what is waited for, after which a test fails instead of hanging."""

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What running a cell came to."""

    status: str
    """`ok`, `error` or `aborted`."""
    stdout: str
    error: str
    """The name of the exception, or empty."""
    outputs: tuple[Message, ...]
    """The contents of its display_data and execute_result messages."""


class LiveKernel:
    """A running kernel and everything it has published so far, in `messages`."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self._manager = manager
        self._client = client
        self.messages: list[Message] = []

    @classmethod
    @contextmanager
    def running(cls, name: str) -> Iterator[Self]:
        """A kernel by the name of its kernelspec, ended afterwards."""
        manager = KernelManager(kernel_name=name)
        manager.start_kernel()
        client = manager.blocking_client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=PATIENCE)
            yield cls(manager, client)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
            manager.context.destroy()

    # --- cells ---

    def start(self, code: str) -> str:
        """Sends a cell to be run and returns at once, with the request's id."""
        return str(self._client.execute(code, store_history=False))

    def finish(self, request: str) -> Outcome:
        """Waits for a cell that was started and returns what it came to."""
        self.wait_until(lambda: self._idle(request))
        reply = self._reply(self._client.get_shell_msg, request)
        return Outcome(
            status=reply["content"]["status"],
            stdout=self.printed(request),
            error=reply["content"].get("ename", ""),
            outputs=tuple(
                m["content"]
                for m in self._published(request)
                if m["msg_type"] in ("display_data", "execute_result")
            ),
        )

    def printed(self, request: str) -> str:
        """What a cell has written to its standard output so far."""
        return "".join(
            m["content"]["text"]
            for m in self._published(request)
            if m["msg_type"] == "stream" and m["content"]["name"] == "stdout"
        )

    def run(self, code: str) -> Outcome:
        """Runs a cell to its end."""
        return self.finish(self.start(code))

    def interrupt(self) -> None:
        """Interrupts what is running, as the stop button does."""
        self._manager.interrupt_kernel()

    # --- comms ---

    def send_comm(self, comm: str, data: Message, *, subshell: str | None = None) -> str:
        """Sends a message on a comm, as a widget in the browser does; returns the request's id.

        JupyterLab sends on a subshell where the kernel has them, so that a widget is answered
        while a cell runs.
        """
        message = self._client.session.msg("comm_msg", {"comm_id": comm, "data": data})
        if subshell is not None:
            message["header"]["subshell_id"] = subshell
        self._client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def create_subshell(self) -> str | None:
        """A new subshell, or None from a kernel that has none (before ipykernel 7)."""
        message = self._client.session.msg("create_subshell_request", {})
        info = self._reply(self._client.get_shell_msg, self._client.kernel_info())
        if "kernel subshells" not in info["content"].get("supported_features", []):
            return None
        self._client.control_channel.send(message)
        reply = self._reply(self._client.get_control_msg, message["header"]["msg_id"])
        return str(reply["content"]["subshell_id"])

    def comm_messages(self, comm: str) -> list[Message]:
        """The contents of what the kernel has sent on a comm: its opening first, then messages."""
        return [
            m["content"]
            for m in self.messages
            if m["msg_type"].startswith("comm_") and m["content"].get("comm_id") == comm
        ]

    # --- waiting ---

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Reads what the kernel publishes until the condition is true."""
        end = time.monotonic() + PATIENCE
        while not condition():
            try:
                self.messages.append(self._client.get_iopub_msg(timeout=1))
                end = time.monotonic() + PATIENCE
            except Empty:
                alive = self._manager.is_alive()
                assert alive, "the kernel died"
                assert time.monotonic() < end, "the kernel has said nothing more"

    def _idle(self, request: str) -> bool:
        return any(
            m["msg_type"] == "status" and m["content"]["execution_state"] == "idle"
            for m in self._published(request)
        )

    def _published(self, request: str) -> list[Message]:
        return [m for m in self.messages if m["parent_header"].get("msg_id") == request]

    @staticmethod
    def _reply(receive: Callable[..., Message], request: str) -> Message:
        """The reply to one request; replies to others, which nobody waits for, are passed over."""
        while True:
            reply = receive(timeout=PATIENCE)
            if reply["parent_header"].get("msg_id") == request:
                return reply
