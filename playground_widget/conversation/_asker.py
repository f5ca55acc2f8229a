"""How the answers of a thread are begun: with what they are asked, and what writes them."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from playground_widget.conversation._advice import advised
from playground_widget.conversation._asked import check_answerable, path_to, version_of
from playground_widget.conversation._connections import Connections
from playground_widget.conversation._ids import new_id
from playground_widget.conversation._toolbox import Toolbox
from playground_widget.conversation._undo import UndoStack
from playground_widget.conversation._variables import values_of, values_used
from playground_widget.engine import (
    Answering,
    Calls,
    Engine,
    Feed,
    Passage,
    Queue,
    Run,
    Toolset,
    Turn,
    open_calls,
)
from playground_widget.errors import ErrorInfo, RunError
from playground_widget.events import Event, Started, changed
from playground_widget.model import Message, Params, Prompt, Thread, children
from playground_widget.provider import Connection, params_in
from playground_widget.request import estimate_request, filled, names_used
from playground_widget.variables import Variables

if TYPE_CHECKING:
    from playground_widget.content import Draft

__all__ = ["Asker", "Owner"]


class _Asking(NamedTuple):
    """What all answers of a run are asked with: fixed when it begins.

    Args:
        connection: Where they are asked.
        system: The system prompt.
        model: The model, or `None` until one is chosen.
        params: What shapes them.
        tools: What they may call.
        values: What variables stand for.
    """

    connection: Connection
    system: str
    model: str | None
    params: Params
    tools: Toolset
    values: Mapping[str, str]

    def specs(self) -> tuple[Mapping[str, Any], ...]:
        """Return what the model is told of the tools."""
        return tuple(tool.to_dict() for tool in self.tools.tools.values())


class Owner(Protocol):
    """The session that an asker belongs to."""

    engine: Engine
    feed: Feed
    queue: Queue
    undo_stack: UndoStack

    async def change(self, changes: Mapping[str, Any]) -> str:
        """Change fields of the thread."""
        ...

    async def entitle(self) -> None:
        """Give the thread a title, if it has none."""
        ...


class Asker:
    """Begins the answers of one thread. Belongs to the engine's loop thread.

    Args:
        owner: The session.
        connections: Where answers come from.
        toolbox: What they may call.
        variables: What `{{name}}` stands for.
        changed: Called when something beside the thread is another.
        record: Whether what a service sends is kept word for word.
    """

    def __init__(
        self,
        owner: Owner,
        connections: Connections,
        toolbox: Toolbox,
        variables: Variables,
        changed: Callable[[], None],
        *,
        record: bool,
    ) -> None:
        """Ask nothing yet."""
        self._owner = owner
        self._engine, self._feed = owner.engine, owner.feed
        self._connections = connections
        self._toolbox = toolbox
        self._variables = variables
        self._changed = changed
        self._record = record

    async def values(
        self,
        sent: Callable[[Thread], Sequence[Message | Draft]],
        known: Mapping[str, str] = MappingProxyType({}),
    ) -> Mapping[str, str]:
        """Return what the variables stand for in what is about to be sent.

        Raises:
            UnsetVariablesError: Some have no value; nothing was changed.
        """
        thread = self._feed.state.thread
        names = [name for name in names_used(thread.system, sent(thread)) if name not in known]
        return {**known, **await values_of(self._engine, self._variables, names)}

    async def answer(
        self,
        run: Run,
        parent_of: Callable[[Thread], str | None],
        *,
        model: str | None = None,
        params: Params | None = None,
        values: Mapping[str, str] | None = None,
        continued: Message | None = None,
        reasked: Message | None = None,
        remember: bool = True,
        insist: bool = False,
        calls: Message | None = None,
    ) -> Turn:
        """Start a run, and return what will write it.

        Args:
            run: The handle that its caller holds.
            parent_of: Returns the message to answer, from the thread as it is when the answer
                starts: what was added just before belongs to what is answered.
            model: Ask this model.
            params: Ask with these.
            values: What the variables stand for, where that was looked up already.
            continued: The answer to go on from.
            reasked: The answer that does not fit its format.
            remember: Whether an undo takes back the answer alone.
            insist: No change of others is a matter, since the question is there already.
            calls: An answer whose calls are to be made first.
        """
        connection = self._connections.current
        if values is None:
            values = await self.values(lambda now: path_to(now, parent_of(now)))
        await self._keep_prompt()
        before = self._feed.state.thread.head
        asking = _Asking(
            connection=connection,
            system=self._feed.state.thread.system,
            model=model or self._feed.state.thread.model or None,
            params=params or self._feed.state.thread.params,
            tools=self._toolbox.toolset(self._feed.state.thread.id),
            values=values,
        )
        first: Answering | Message
        if calls is not None:
            first = calls
        else:
            first = await self._start(
                run, parent_of, asking, continued=continued, reasked=reasked, insist=insist
            )
        if remember:
            self._owner.undo_stack.remember_head("answer", before)

        def again(parent: str) -> Awaitable[Answering]:
            return self._start(run, lambda _: parent, asking, insist=True, follows=True)

        return Turn(
            self._feed,
            run,
            first,
            calls=self._calls(asking.tools) if asking.tools.tools else None,
            again=again,
            most_rounds=asking.tools.most_rounds,
            changed=self._changed,
        )

    def to_call(self) -> Message | None:
        """Return the answer at the end of the path, if its calls can be made now."""
        thread = self._feed.state.thread
        last = thread.messages.get(thread.head or "")
        if last is None or not open_calls(last):
            return None
        return last if self._toolbox.toolset(thread.id).tools else None

    def _calls(self, toolset: Toolset) -> Calls:
        return Calls(self._feed, self._engine.functions, toolset, self._owner.queue)

    async def _start(
        self,
        run: Run,
        parent_of: Callable[[Thread], str | None],
        asking: _Asking,
        *,
        continued: Message | None = None,
        reasked: Message | None = None,
        insist: bool = False,
        follows: bool = False,
    ) -> Answering:
        """Start one answer in the feed, and return what will write it.

        Args:
            run: The handle that its caller holds.
            parent_of: Returns the message to answer.
            asking: What the run asks with.
            continued: The answer to go on from.
            reasked: The answer that does not fit its format.
            insist: No change of others is a matter.
            follows: It answers results of calls: it moves the head only from there.
        """
        thread = self._feed.state.thread

        def build(now: Thread) -> Event:
            nonlocal thread
            thread, parent = now, parent_of(now)
            check_answerable(now, parent)
            message = Message(
                id=new_id(),
                parent=parent,
                role="assistant",
                content=continued.content if continued else (),
                status="streaming",
                created=time.time(),
                model=asking.model,
                connection=asking.connection.label,
                params=asking.params,
                prompt=version_of(now, asking.system),
                continued=continued.id if continued else None,
                tools=asking.specs() or None,
                logprobs=continued.logprobs if continued else None,
                reasked=reasked.id if reasked else None,
                variables=values_used(asking.system, path_to(now, parent), asking.values) or None,
            )
            stays = follows and now.head not in {None, parent}
            return Started(message, str(now.head) if stays else message.id)

        started = await self._feed.commit(build, insist=insist)
        assert isinstance(started, Started)  # noqa: S101 - what `build` returns
        message = started.message
        version = sum(m.role == "assistant" for m in children(thread, message.parent))
        messages = path_to(thread, message.parent)
        if last := continued or reasked:
            messages = (*messages, last)
        system, words = filled(asking.system, messages, asking.values)
        size = estimate_request(system, words) + (asking.params.max_tokens or _ANSWER)
        sent: set[str] = set()

        async def ask() -> dict[str, Any]:
            nonlocal sent
            chosen = message.model or await self._connections.default_model()
            if not self._feed.state.thread.model:
                await self._owner.change({"model": chosen})
            body = asking.connection.request(
                system,
                words,
                chosen,
                asking.params,
                tools=asking.specs(),
                continue_=continued is not None,
                reason=reasked.invalid if reasked else None,
            )
            sent = params_in(body)
            varied = asking.connection.demo and continued is None
            return _varied(body, version) if varied else body

        def advise(info: ErrorInfo) -> ErrorInfo:
            model = message.model or self._feed.state.thread.model
            return advised(info, system, words, model, self._connections.models)

        async def ended(answer: Message) -> None:
            self._engine.wires.rename(message.id, answer.id)
            self._connections.give_back(asking.connection)
            await self._owner.entitle()
            failed = RunError.of(answer.error) if answer.error else None
            if failed is not None or answer.status == "complete":
                self._connections.learn(asking.connection, failed)
                asked_of = message.model or self._feed.state.thread.model
                self._connections.learn_params(asking.connection, asked_of, sent, answer.error)

        self._connections.borrow(asking.connection)
        return Answering(
            self._feed,
            run,
            message,
            ask=ask,
            connection=asking.connection,
            passage=Passage(self._engine.limiter(asking.connection), size),
            advise=advise,
            ended=ended,
            recording=self._engine.wires.begin(message.id, asking.connection),
            record=self._record,
        )

    async def _keep_prompt(self) -> None:
        """See to it that the system prompt is among the versions that answers have used."""
        now = time.time()

        def build(thread: Thread) -> Event | None:
            if not thread.system or version_of(thread) is not None:
                return None
            made = Prompt(text=thread.system, created=now)
            return changed(thread, prompts=(*thread.prompts, made))

        # Made from the thread as it is, whatever others do to it.
        await self._feed.commit(build, insist=True)


_ANSWER = 1000
"""Tokens of an answer that nothing is known of."""


def _varied(body: dict[str, Any], version: int) -> dict[str, Any]:
    """Return a request that asks the demo model for its words of another version.

    It answers the same request in the same way each time, where other models vary.
    """
    return {**body, "demo": {"variant": version, **body.get("demo", {})}}
