"""The anywidget: a view of a conversation, and the only file that knows comms.

Kernel to browser by traits, written on the engine's loop thread only: `thread`, a snapshot that
is made when it is sent, so that a reload or a second view gets the present; and `delta`, the
latest batch of events and text; `control`, set once, names the comm where urgent requests are to
overtake cells on the control channel. Browser to kernel by custom messages, which may arrive on any
thread: they are handed to the loop. The browser never writes a trait.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from playground_widget._anywidget import AnyWidget
from playground_widget._kernels import answer_while_busy
from playground_widget.compare import update_to_dict
from playground_widget.conversation import Conversation, Update, carry_out
from playground_widget.engine import Committed, Opened
from playground_widget.errors import InputError, NotFoundError, PlaygroundError
from playground_widget.events import Delta
from playground_widget.protocol import (
    Asset,
    Hello,
    Snapshot,
    delta_to_dict,
    done,
    event_to_dict,
    insert_event,
    parse_request,
    refused,
    request_id,
    settings_events,
    snapshot,
)
from playground_widget.text import clean_text, clean_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["PlaygroundWidget"]

_STATIC = Path(__file__).parent / "static"
_MISTAKE = "The playground made a mistake: see the kernel's log"

_log = logging.getLogger("playground_widget")

_ASSETS = {"math": "math.js", "code": "code.js", "tree": "tree.js", "panels": "panels.js"}


@cache
def _asset(name: str) -> bytes:
    """Return a built file of the front-end."""
    try:
        return (_STATIC / name).read_bytes()
    except FileNotFoundError:
        raise NotFoundError(
            f"The front-end file {name} was not built. In a checkout, run `make js`; otherwise "
            "install playground_widget again."
        ) from None


@cache
def _source(name: str) -> str:
    """Return a built file as text, one object for all widgets: it is a quarter of a megabyte."""
    return _asset(name).decode()


def _present(_: object, widget: PlaygroundWidget) -> dict[str, Any]:
    """Serialize the thread as it is now, whatever the trait was set to."""
    return widget.present()


def _clean(content: object) -> object:
    """Return what a browser sent, fit to be sent back; nothing that is meant is nested so deep."""
    try:
        return clean_texts(content)
    except RecursionError:
        identity = request_id(content)
        return None if identity is None else {"request": clean_text(identity)}


def _with_key(content: object, buffers: Sequence[memoryview] | None) -> object:
    """Return a request with its key, which comes as bytes beside it.

    The comm package writes every message it gets into its log at level DEBUG, and so does
    ipykernel; neither writes bytes.
    """
    if not buffers or not isinstance(content, Mapping):
        return content
    return {**content, "api_key": bytes(buffers[0]).decode(errors="replace")}


class PlaygroundWidget(AnyWidget):
    """The playground in a notebook's page; `Playground.widget` makes and holds it."""

    thread: traitlets.Any = traitlets.Any(read_only=True).tag(sync=True, to_json=_present)
    delta: traitlets.Dict[str, Any] = traitlets.Dict(read_only=True).tag(sync=True)
    control: traitlets.Unicode[str, str | bytes] = traitlets.Unicode(read_only=True).tag(sync=True)

    def __init__(self, conversation: Conversation) -> None:
        """Show a conversation; the comm is opened on the caller's thread."""
        self._conversation = conversation
        self._said: list[dict[str, Any]] = []
        # What pages know of what stands beside the thread; `None`: they are to be told all of it.
        self._told: dict[str, Any] | None = None
        # Whether a page has shown this: somebody who can see and answer.
        self.seen: bool = False
        self._esm = _source("widget.js")
        self._css = _source("widget.css")
        super().__init__()
        self.on_msg(self._received)
        if self.comm is not None:
            self.comm.on_close(self._left)
        self.set_trait("control", answer_while_busy(self.comm))
        conversation.engine.call(conversation.subscribe, self._hear)

    def present(self) -> dict[str, Any]:
        """Return the snapshot of this moment, as it is sent."""
        conversation = self._conversation
        return snapshot(conversation.state, conversation.settings(), time.monotonic())

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Ignore what a browser writes into traits: it asks by requests alone."""

    def close(self) -> None:
        """Leave the conversation and close the comm.

        It waits for nobody: ipywidgets also calls this while the interpreter ends.
        """
        self._conversation.engine.post(self._leave)
        super().close()

    def _left(self, _: object) -> None:
        # A page closed the comm for good: nobody hears what would be sent on it.
        self.seen = False
        self.close()

    def _leave(self) -> None:
        self._conversation.viewers.discard(id(self))
        self._conversation.unsubscribe(self._hear)

    def __repr__(self) -> str:
        """Return what stands in a notebook whose page can't show the widget.

        How long the conversation was when the cell ran is no use to a reader of a saved one.
        """
        return f"<Playground {self._conversation.place()}>"

    # -- kernel to browser, on the loop's thread

    def _hear(self, update: Update) -> None:
        events: list[dict[str, Any]] = []
        for item in update.batch:
            if isinstance(item, Opened):
                # What was said of the thread before means nothing any more.
                events.clear()
                self._send_snapshot()
            elif isinstance(item, Delta):
                events.append(delta_to_dict(item))
            elif isinstance(item, Committed):
                events.append(event_to_dict(*item))
            # One that was deleted elsewhere stays in sight, and what is done to it is refused.
        if update.settings is not None:
            events += settings_events(update.settings, self._told)
            self._told = update.settings
        said, self._said = self._said, []
        events += said
        # What was asked to be opened is answered before what happens in it.
        for comparison, updates in update.compared:
            happened = [update_to_dict(each) for each in updates]
            events.append({"type": "comparison", "comparison": comparison, "events": happened})
        if events:
            self.set_trait("delta", {"events": events})

    def _send_snapshot(self) -> None:
        # Before: what changes meanwhile, on other threads, is told once more.
        told = self._conversation.settings()
        self.send_state("thread")
        self._told = told

    def _answer(self, reply: dict[str, Any]) -> None:
        self._said.append(reply)
        self._conversation.feed.nudge()

    def insert(self, action: str, cells: Sequence[Mapping[str, Any]]) -> None:
        """Ask the open pages to insert cells below; on the loop's thread. One of them does it."""
        self._answer(insert_event(action, cells))

    # -- browser to kernel, on any thread

    def _received(self, _: object, content: object, buffers: Sequence[memoryview] | None) -> None:
        # In a closure, since asyncio logs the arguments of what it finds slow.
        engine = self._conversation.engine
        engine.post(lambda: engine.background(self._carry_out(_with_key(content, buffers))))

    async def _carry_out(self, content: object) -> None:
        content = _clean(content)
        identity = request_id(content)
        try:
            request = parse_request(content)
            if isinstance(request, Asset):
                self._send_asset(str(identity), request.name)
                return
            if isinstance(request, Snapshot):
                self._send_snapshot()
                self._answer(done(str(identity), {}))
                return
            if isinstance(request, Hello):
                self.seen = True
                self._conversation.viewers.add(id(self))
                # What this page began with was read on another thread, between two events.
                self._told = None
                self._conversation.tell_settings(self._hear)
            result = await carry_out(self._conversation, request)
        except PlaygroundError as error:
            # Without an id nobody could tell which request this answers.
            if identity is not None:
                self._answer(refused(identity, error))
            return
        except Exception:  # noqa: BLE001 - a page that got no answer would wait for ever
            _log.exception("A request of a page met a mistake of the playground")
            if identity is not None:
                self._answer(refused(identity, PlaygroundError(_MISTAKE)))
            return
        self._answer(done(str(identity), result))

    def _send_asset(self, identity: str, name: str) -> None:
        if name not in _ASSETS:
            raise InputError(f"there is no asset {name!r}")
        data = _asset(_ASSETS[name])
        self.send({"type": "asset", "request": identity, "name": name}, [data])
