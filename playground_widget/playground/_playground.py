"""The class itself: how a playground begins."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any

from playground_widget._namespace import KernelNamespace
from playground_widget.content import messages_of
from playground_widget.conversation import Conversation, new_id, resolve
from playground_widget.engine import engine
from playground_widget.model import Params, Thread
from playground_widget.playground._asking import Asking
from playground_widget.playground._base import checked_params, text_of_argument
from playground_widget.playground._changing import Changing
from playground_widget.playground._comparing import Comparing
from playground_widget.playground._files import Files
from playground_widget.playground._listening import Listening
from playground_widget.playground._reading import Reading
from playground_widget.playground._settings import Settings
from playground_widget.playground._showing import Showing
from playground_widget.playground._threads import ThreadRef, Threads, opened
from playground_widget.playground._transcript import Transcript
from playground_widget.store import Store, open_store
from playground_widget.variables import Variables

__all__ = ["Playground"]


class Playground(
    Reading, Asking, Changing, Comparing, Threads, Files, Settings, Listening, Showing
):
    """A conversation with a language model, shown in the notebook and driven from Python.

    Everything works without a front-end too. Calls are safe from any thread.

    Args:
        system: The system prompt.
        model: The model to ask; by default the connection's usual one.
        connection: `"demo"`, `"openai"`, the address of a compatible server, a `Connection`, or
            your own `openai.OpenAI` or `openai.AsyncOpenAI` client. By default OpenAI when
            `OPENAI_API_KEY` or `OPENAI_BASE_URL` is set, else the demo model, which answers
            offline.
        title: What the conversation is called; by default the beginning of its first exchange.
        messages: Messages to begin with, in any form that `add` takes. A stored thread that has
            messages already keeps those.
        tools: What the model may call: Python functions, each plain, async, or a `Tool`, and `MCP`
            servers, which are asked which tools they have.
        max_tool_rounds: How often the model may be asked again with results in one run; by
            default 20.
        thread: The title or id of a stored thread, to go on with it. A title that is not there
            yet names the new thread, so that the cell can be run again after a kernel restart and
            brings the conversation back.
        store: The file in which threads last, a `postgresql://` address, or `":memory:"`. By
            default that of `PLAYGROUND_WIDGET_DB`, else a file in the Jupyter data directory.
        variables: What `{{name}}` stands for in messages and in the system prompt; names that are
            not here are looked up in the notebook when a message is sent.
        record: Keep what the service sends, word for word, in the store.
        transcript: Show a readable transcript beside the widget, for readers of the saved
            notebook; it is hidden while the kernel lives.
        **params: `temperature`, `top_p`, `max_tokens` and the other fields of `Params`.
            `response_format` may be a pydantic model class, a dataclass, a TypedDict or a JSON
            schema; `message.parsed` is then the typed object.

    What is given here beats what a stored thread had.

    Raises:
        TypeError: There is no such argument.
        InputError: An argument's value cannot be meant.
        NotFoundError: There is no thread of that id.
        SetupError: The connection cannot work as it is.
        StoreError: The file with the threads cannot be used.

    Example:
        >>> pg = Playground("You are brief.", connection="demo", temperature=0)
        >>> pg.add("Hello").role
        'user'
    """

    def __init__(
        self,
        system: str | None = None,
        *,
        model: str | None = None,
        connection: object = None,
        title: str | None = None,
        messages: object = None,
        tools: object = (),
        max_tool_rounds: int | None = None,
        thread: ThreadRef | None = None,
        store: str | os.PathLike[str] | Store | None = None,
        variables: Mapping[str, Any] | None = None,
        record: bool = False,
        transcript: bool = True,
        **params: Any,
    ) -> None:
        """Open a new conversation, or a stored one; nothing is sent."""
        params = checked_params("Playground", params)
        given: dict[str, Any] = {
            name: text_of_argument(name, value)
            for name, value in (("title", title), ("system", system), ("model", model))
            if value is not None
        }
        start = Thread(id=new_id(), params=Params().changed(params), created=time.time(), **given)
        drafts = None if messages is None else messages_of(messages)
        chosen = resolve(connection)
        named_values = Variables(variables, KernelNamespace())
        self._engine = engine()
        self._widget = None
        with self._engine.servers.offer(tools) as offer:
            kept = open_store(store)
            first, was_stored = opened(kept, thread, start)
            self._conversation = self._engine.call(
                lambda: Conversation(
                    self._engine, kept, first, chosen, variables=named_values, record=record
                )
            )
            self._give(offer.tools)
        if max_tool_rounds is not None:
            self.max_tool_rounds = max_tool_rounds
        named = thread if isinstance(thread, str) else None
        self._transcript = Transcript(self._conversation, named) if transcript else None
        if was_stored and (given or params):
            self._change(**given, **({"params": params} if params else {}))
        if drafts is not None and not self._session.state.thread.messages:
            self._do(self._session.add, drafts)
