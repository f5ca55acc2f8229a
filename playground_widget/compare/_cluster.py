"""Asking for cells on the workers of a Dask cluster, one task for each request.

The limits of services, attempts, tools, scorers and the store stay in this process; a worker sends
one request and returns the answer. A worker that is killed is Dask's to replace: it gives the task
to another one, and only what that returns becomes of the cell.
"""

from __future__ import annotations

import asyncio
import secrets
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from playground_widget.compare._elsewhere import Reply, Task, ask_there, stop_there, without_key
from playground_widget.compare._gate import Gate, Question, Tell
from playground_widget.compare._values import Cell
from playground_widget.errors import ErrorInfo, InputError, SetupError
from playground_widget.provider import Carried, Connection

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["Cluster", "client_of"]


def client_of(executor: object) -> Client:
    """Return a Dask client, or refuse what is none.

    Raises:
        InputError: It is none, or one for an event loop.
        ImportError: Dask is not installed.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - slow to load, and rarely needed
    except ImportError:
        raise ImportError(
            'executor is a Dask client, which needs: pip install "playground_widget[dask]"'
        ) from None
    if not isinstance(executor, Client) or executor.asynchronous:
        raise InputError(
            "executor is a distributed.Client, and not one that was made with asynchronous=True"
        )
    return executor


class Cluster:
    """Asks once for a cell, on a worker. Belongs to the loop's thread, except `check`.

    Args:
        client: Of the cluster.
        send_key: Whether workers are sent keys, rather than take them from their environment.
    """

    def __init__(self, client: Client, *, send_key: bool = False) -> None:
        """Send nothing yet."""
        self._client = client
        self._send_key = send_key
        self._carried: dict[Connection, Carried] = {}
        self._topic = f"playground-{secrets.token_hex(8)}"
        self._heard: dict[str, _Heard] = {}
        self._stopping: dict[str, Future[Reply]] = {}

    def check(self, connections: Iterable[Connection]) -> None:
        """Refuse connections that workers cannot make again.

        Raises:
            SetupError: The text says which and why.
        """
        for connection in connections:
            connection.carried(send_key=self._send_key)

    async def __call__(self, question: Question, gate: Gate, tell: Tell) -> Cell:
        """Ask once for a cell and return it, `complete` or `failed`."""
        try:
            carried = self._carry(question.connection)
        except SetupError as error:
            return without_key(question.key, question.connection.label, error)
        await gate.open()
        task = Task(
            f"playground-{secrets.token_hex(8)}",
            self._topic,
            question.key,
            carried,
            dict(question.body),
        )
        heard = _Heard(tell)
        try:
            reply = await self._reply(task, heard)
        finally:
            self._forget(task.id)
        if isinstance(reply, ErrorInfo):
            return Cell(
                **question.key._asdict(), status="failed", output="".join(heard.words), error=reply
            )
        gate.opened(reply.limits)
        heard.complete(reply.cell.output)
        return reply.cell

    def _carry(self, connection: Connection) -> Carried:
        if connection not in self._carried:
            self._carried[connection] = connection.carried(send_key=self._send_key)
        return self._carried[connection]

    async def _reply(self, task: Task, heard: _Heard) -> Reply | ErrorInfo:
        """Have a task done, and return its reply, or why there is none."""
        loop = asyncio.get_running_loop()
        done = asyncio.Event()
        try:
            self._hear(task.id, heard)
            future = self._client.submit(ask_there, task, key=task.id, pure=False)
        except Exception as error:  # noqa: BLE001 - of the cluster
            return _lost(error)
        # Called on a thread of Dask's.
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(done.set))
        try:
            await done.wait()
            reply: Reply = await asyncio.to_thread(future.result)
        except asyncio.CancelledError:
            if (current := asyncio.current_task()) is None or current.cancelling():
                self._stop(task.id, future)
                raise
            return _lost(None)  # Dask's word for a future that it dropped
        except Exception as error:  # noqa: BLE001 - of the cluster, or of loading on the worker
            return _lost(error)
        if reply.cell.status == "cancelled":
            return _lost(None)
        return reply

    # -- words on their way

    def _hear(self, task: str, heard: _Heard) -> None:
        if not self._heard:
            loop, this = asyncio.get_running_loop(), weakref.ref(self)

            def hear(event: tuple[float, Any]) -> None:
                loop.call_soon_threadsafe(_pass_on, this, event[1])

            self._client.subscribe_topic(self._topic, hear)
        self._heard[task] = heard

    def _forget(self, task: str) -> None:
        self._heard.pop(task, None)
        if not self._heard and self._client.status == "running":
            self._client.unsubscribe_topic(self._topic)

    def take(self, message: tuple[str, str, int, str]) -> None:
        """Take words of a task; those that come after its end are dropped."""
        task, run, offset, text = message
        if (heard := self._heard.get(task)) is not None:
            heard.take(run, offset, text)

    # -- ending

    def _stop(self, task: str, future: Future[Reply]) -> None:
        """End a task that nobody waits for; those of one moment are ended together."""
        if not self._stopping:
            asyncio.get_running_loop().call_soon(self._stop_those)
        self._stopping[task] = future

    def _stop_those(self) -> None:
        stopping, self._stopping = self._stopping, {}
        asyncio.get_running_loop().run_in_executor(None, self._stop_all, stopping)

    def _stop_all(self, stopping: Mapping[str, Future[Reply]]) -> None:
        """End tasks; on a thread that may wait."""
        if self._client.status == "running":
            self._client.cancel(list(stopping.values()), force=True)
            # Dask ends no task that has begun.
            self._client.run(stop_there, list(stopping), on_error="ignore")


class _Heard:
    """The words of one task that have come."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.words: list[str] = []
        self._tell = tell
        self._run: str | None = None
        self._length = 0

    def take(self, run: str, offset: int, text: str) -> None:
        """Tell what goes on from what was told."""
        if self._run is None:
            self._run = run
        if run == self._run and offset == self._length:
            self._say(text)

    def complete(self, output: str) -> None:
        """Tell what is still missing of the answer."""
        told = "".join(self.words)
        if output.startswith(told) and len(output) > len(told):
            self._say(output[len(told) :])

    def _say(self, text: str) -> None:
        self._length += len(text)
        self.words.append(text)
        self._tell(text)


def _pass_on(cluster: weakref.ref[Cluster], message: tuple[str, str, int, str]) -> None:
    if (there := cluster()) is not None:
        there.take(message)


def _lost(error: Exception | None) -> ErrorInfo:
    """Return why there is no reply."""
    from distributed import KilledWorker  # noqa: PLC0415 - loaded by now

    if isinstance(error, KilledWorker):
        return ErrorInfo(
            kind="worker",
            title="Each worker that asked this ended before its answer",
            detail="The cluster gave up. The service may have counted what was asked. "
            "retry_failed() asks again.",
        )
    if error is None:
        title, detail = "The cluster dropped this cell", "Its client or scheduler was closed."
    else:
        title = f"The cluster could not ask: {type(error).__name__}"
        detail = f"{str(error)[:500]}"
    return ErrorInfo(
        kind="cluster",
        title=title,
        detail=f"{detail} Workers need playground_widget in the version that is used here.",
    )
