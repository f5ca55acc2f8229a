"""What the parts of `Playground` share: its conversation, and how one gets to the loop."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from playground_widget.conversation import Conversation, Session
from playground_widget.engine import SETTLING, Engine, Run
from playground_widget.errors import InputError, NotFoundError, PlaygroundError
from playground_widget.model import Message, Params, path
from playground_widget.schemas import params_of
from playground_widget.text import clean_text

if TYPE_CHECKING:
    # What shows a playground is loaded when one is shown.
    from playground_widget.widget import PlaygroundWidget

__all__ = ["Base", "MessageRef", "text_of_argument"]

T = TypeVar("T")

MessageRef = Message | str | int
"""How a message is named: itself, its id, or its index on the active path."""


class Base:
    """Holds the conversation. Calls are safe from any thread."""

    _engine: Engine
    _conversation: Conversation
    _widget: PlaygroundWidget | None

    @property
    def _session(self) -> Session:
        return self._conversation.session

    def _do(self, work: Callable[..., Coroutine[Any, Any, T]], *args: object) -> T:
        """Do something that is written before it is done."""
        return self._engine.do(work, *args)

    def _change(self, **changes: object) -> None:
        self._do(self._session.change, changes)

    def _run(self, *, wait: bool, cancel_when_left: bool = False) -> Run:
        queue = self._session.queue
        if wait:
            self._engine.refuse_to_block(queue)
        return Run(self._engine, queue, cancel_when_left=cancel_when_left)

    def _begin(self, run: Run, work: Callable[..., Any], *args: object, wait: bool) -> Any:
        """Have a run begin, and return it or wait for its answer.

        An interrupt while waiting ends the answer and keeps its text.
        """
        try:
            self._do(work, *args)
            return run.result() if wait else run
        except KeyboardInterrupt:
            run.cancel()
            with suppress(PlaygroundError, TimeoutError):
                run.result(timeout=SETTLING)
            raise

    def _last(self, message: MessageRef | None) -> str:
        if message is not None:
            return self._id(message)
        head = self._conversation.state.thread.head
        if head is None:
            raise NotFoundError("There is no message yet.")
        return head

    def _id(self, message: MessageRef) -> str:
        """Return the id of a message that is named by itself, its id or its index."""
        thread = self._conversation.state.thread
        if isinstance(message, int) and not isinstance(message, bool):
            line = path(thread)
            if not -len(line) <= message < len(line):
                raise NotFoundError(f"there is no message {message}: the path has {len(line)}")
            return line[message].id
        identity = message.id if isinstance(message, Message) else message
        if not isinstance(identity, str):
            raise InputError(
                f"a message is named by itself, its id or its index, not {type(message).__name__}"
            )
        if identity not in thread.messages:
            raise NotFoundError(f"there is no message {identity!r} in this conversation")
        return identity


def checked_params(function: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters that were passed as keywords, a class as their answer format made JSON.

    Args:
        function: To which they were passed.
        given: By name.

    Raises:
        InputError: The answer format is none.
        TypeError: There is no such parameter.
    """
    if unknown := sorted(set(given) - set(Params.__slots__)):
        raise TypeError(f"{function}() got an unexpected keyword argument {unknown[0]!r}")
    return params_of(given)


def text_of_argument(name: str, value: object) -> str:
    """Return a text that was passed, or refuse what is none."""
    if not isinstance(value, str):
        raise InputError(f"{name} is text, not {type(value).__name__}")
    return clean_text(value)
