"""The connections a playground can use, the one it uses, and what is known of it."""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections import Counter
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from playground_widget.conversation._local_search import LocalSearch
from playground_widget.conversation._resolve import DEMO, OPENAI, demo_connection
from playground_widget.engine import engine
from playground_widget.errors import NotFoundError, PlaygroundError, RunError, SetupError
from playground_widget.provider import (
    DEMO_LABEL,
    Connection,
    ModelInfo,
    Offer,
    explain,
    refusals,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from playground_widget.errors import ErrorInfo

__all__ = ["Connections"]

OPENAI_MODEL = "gpt-4.1-mini"

_log = logging.getLogger("playground_widget")

_tasks: set[asyncio.Task[None]] = set()


def _spawn(work: Coroutine[object, object, None]) -> None:
    """Run something to its end on the running loop, which keeps no strong reference itself."""
    task = asyncio.get_running_loop().create_task(work)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


_search = LocalSearch()
"""What servers this machine has is the same for all."""

_open: WeakSet[Connections] = WeakSet()
"""Those that want to know what the others learn. Belongs to the loop's thread, as they do."""

_users: Counter[Connection] = Counter()
"""How many conversations and runs hold each connection: the last one to leave closes it."""


def _give_back(connection: Connection) -> None:
    _users[connection] -= 1
    if _users[connection] <= 0:
        del _users[connection]
        _spawn(connection.aclose())


def _give_all_back(known: dict[str, Connection]) -> None:
    for connection in known.values():
        _give_back(connection)
    known.clear()


class Connections:
    """Which connection is used, and what can be chosen instead. Belongs to the loop's thread."""

    def __init__(self, chosen: Connection, changed: Callable[[], None]) -> None:
        """Begin with the one that was chosen; `changed` is called when something is learned."""
        self.current: Connection = chosen
        self._known: dict[str, Connection] = {}
        self._hold(chosen)
        # One that is forgotten and not closed leaves no network connection open either.
        weakref.finalize(self, engine().post, _give_all_back, self._known).atexit = False
        self._changed = changed
        self._refused: dict[str, str] = {}
        self.models: tuple[ModelInfo, ...] = ()
        self._models_of: Connection | None = None
        self._models_shown: list[dict[str, Any]] = []
        self._offers: tuple[Offer, ...] = ()
        self._refreshing: asyncio.Task[None] | None = None
        _open.add(self)

    def use(self, connection: Connection) -> None:
        """Use another connection from the next run on."""
        self._hold(connection)
        if connection is not self.current:
            self.current = connection
            self._know_models((), None)
        self._refused.pop(connection.name, None)
        self._changed()

    def offer(self, connection: Connection) -> None:
        """Have a connection among the choices, without using it; one of its name gives way."""
        is_used = self.current.name == connection.name
        self._hold(connection)
        if is_used:
            self.use(connection)
        self._changed()

    def forget(self, name: str, instead: Connection) -> None:
        """Take a connection out of the choices; where it is used, another one is from now on."""
        known = self._known.pop(name, None)
        if known is None:
            return
        if known is self.current:
            self.use(instead)
        self._refused.pop(name, None)
        self.give_back(known)
        self._changed()

    def known(self) -> tuple[Connection, ...]:
        """Return the connections that were used or offered here."""
        return tuple(self._known.values())

    def close(self) -> None:
        """Close the network connections that no other conversation holds."""
        if self._refreshing is not None:
            self._refreshing.cancel()
        _open.discard(self)
        for connection in self._known.values():
            self.give_back(connection)
        self._known.clear()

    def borrow(self, connection: Connection) -> None:
        """Keep a connection open for a run, whatever is chosen meanwhile."""
        _users[connection] += 1

    def give_back(self, connection: Connection) -> None:
        """End what `borrow` began."""
        _give_back(connection)

    def _hold(self, connection: Connection) -> None:
        before = self._known.get(connection.name)
        if before is connection:
            return
        self.borrow(connection)
        self._known[connection.name] = connection
        if before is not None:
            self.give_back(before)

    def choose(self, name: str, api_key: str | None, base_url: str | None) -> Connection:
        """Return the connection that a page asked for, made anew when it brings a key.

        Raises:
            NotFoundError: There is none of this name.
            SetupError: What was given cannot work.
        """
        if api_key is None and base_url is None:
            if name in self._known:
                return self._known[name]
            for offer in self._offers:
                if offer.name == name:
                    return Connection(offer.name, base_url=offer.url, label=offer.label)
            if name == DEMO:
                return demo_connection()
            if name == OPENAI:
                return Connection(OPENAI)
            raise NotFoundError(f"there is no connection {name[:60]!r}")
        if base_url is not None and not base_url.startswith(("http://", "https://")):
            raise SetupError(
                "The address of a server begins with http:// or https://. Nothing was changed."
            )
        known = self._known.get(name)
        if known is not None and not known.demo and api_key is not None:
            return known.with_key(api_key, base_url)
        source = "this session" if api_key else None
        return Connection(name, base_url, api_key, key_source=source)

    def refresh(self) -> None:
        """Ask the service for its models and look for local servers, without waiting."""
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.get_running_loop().create_task(self._refresh())

    async def _refresh(self) -> None:
        while True:
            asked = self.current
            offers, told = await asyncio.gather(
                _search.offers(), self._load_models(), return_exceptions=True
            )
            if not isinstance(offers, BaseException):
                self._offers = offers
            for bug in (offers, told):
                if isinstance(bug, Exception) and not isinstance(bug, PlaygroundError):
                    _log.error("What can be chosen is not all known", exc_info=bug)
            self._changed()
            if self.current is asked:
                return

    async def _load_models(self) -> RunError | None:
        """Ask the connection for its models, and return why that failed if it did."""
        asked = self.current
        failure: Exception | None = None
        # It may be forgotten meanwhile, and would be opened once more after it was closed.
        self.borrow(asked)
        try:
            models = await asked.models()
        except Exception as error:  # noqa: BLE001 - explained below
            failure = error
        else:
            if asked is self.current:
                self._know_models(tuple(models), asked)
        finally:
            self.give_back(asked)
        told = None
        if failure is not None:
            told = explain(failure, asked, model="", had_text=False, tokens=0)
        self.learn(asked, told)
        self._changed()
        return told

    def _know_models(self, models: tuple[ModelInfo, ...], of: Connection | None) -> None:
        self.models, self._models_of = models, of
        # Shown with each change of a setting, and there may be hundreds of them.
        self._models_shown = [info.to_dict() for info in models]

    def usual_model(self) -> str:
        """Return the model to ask when none was chosen, or `""` while that is not known."""
        if self.current.demo:
            return DEMO
        if self.current.openai:
            return OPENAI_MODEL
        return self.models[0].id if self._models_of is self.current and self.models else ""

    async def default_model(self) -> str:
        """Return the model to ask when none was chosen, asking the service if need be.

        Raises:
            SetupError: The service names no model.
        """
        if not self.usual_model() and self._models_of is not self.current:
            failure = await self._load_models()
            if failure is not None:
                raise failure
        model = self.usual_model()
        if not model:
            raise SetupError(f"{self.current.label} names no model. Choose one: pg.model = '...'")
        return model

    def learn(self, connection: Connection, error: PlaygroundError | None) -> None:
        """Note how the last request to a connection went."""
        kind = error.info.kind if isinstance(error, RunError) else None
        states = {"key_refused": "refused", "no_permission": "refused", "connection": "unreachable"}
        before = self._refused.get(connection.name)
        if error is None:
            self._refused.pop(connection.name, None)
        elif kind in states:
            self._refused[connection.name] = states[kind]
        if before != self._refused.get(connection.name):
            self._changed()

    def learn_params(
        self, connection: Connection, model: str, sent: Collection[str], error: ErrorInfo | None
    ) -> None:
        """Note which parameters a model does not take, or has taken after all.

        All playgrounds of the process know it from then on.

        Args:
            connection: Where it was asked.
            model: Its name, as it was asked by.
            sent: The parameters of the request.
            error: Why it failed, or `None` when it was answered.
        """
        if not refusals.learn(connection, model, sent, error):
            return
        for each in tuple(_open):
            current = each.current
            if (current.base_url, current.api) == (connection.base_url, connection.api):
                each._changed()  # noqa: SLF001 - another of these

    def refused_params(self, model: str) -> list[str]:
        """Return the parameters that a model has refused at the present connection."""
        return refusals.of(self.current, model)

    def to_dict(self) -> dict[str, Any]:
        """Return what a page shows of this; of a key at most the last four characters."""
        current = self.current
        choices: dict[str, Mapping[str, Any]] = {
            OPENAI: {"name": OPENAI, "label": "OpenAI", "demo": False},
            **{
                name: {"name": name, "label": known.shown_label, "demo": known.demo}
                # A copy, since a page's first snapshot is taken on the thread that shows it.
                for name, known in tuple(self._known.items())
            },
        }
        choices.setdefault(DEMO, {"name": DEMO, "label": DEMO_LABEL, "demo": True})
        return {
            "connection": self.shown(current),
            "connections": [dict(choice) for choice in choices.values()],
            "offers": [offer.to_dict() for offer in self._offers if offer.url != current.base_url],
            "models": self._models_shown,
        }

    def shown(self, connection: Connection) -> dict[str, Any]:
        """Return what is shown of a connection; of a key at most the last four characters."""
        name = connection.name
        shown: dict[str, Any] = {
            "name": name,
            "label": connection.shown_label,
            "demo": connection.demo,
            "status": self._refused.get(name, "offline" if connection.demo else "ready"),
        }
        if connection.key_tail:
            shown["key_tail"] = connection.key_tail
        if connection.key_source:
            shown["key_source"] = connection.key_source
        return shown
