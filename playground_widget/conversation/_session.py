"""The open thread: everything that is done to it.

All methods belong to the engine's loop thread. Every change goes through the feed, so that
Python, every view, every callback and the store see the same events in the same order.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any, NamedTuple

from playground_widget import edits
from playground_widget.content import Draft
from playground_widget.conversation._advice import advised
from playground_widget.conversation._asked import (
    asked,
    asked_last,
    check_answerable,
    get,
    head_of,
    version_of,
)
from playground_widget.conversation._connections import Connections
from playground_widget.conversation._titles import title_of
from playground_widget.conversation._toolbox import Toolbox
from playground_widget.conversation._undo import UndoStack
from playground_widget.conversation._variables import path_to, values_of, values_used
from playground_widget.engine import (
    Answering,
    Begin,
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
from playground_widget.errors import (
    ClosedError,
    ErrorInfo,
    InputError,
    NotFoundError,
    PlaygroundError,
    RunError,
)
from playground_widget.events import Added, Event, Selected, Started, State, changed
from playground_widget.model import (
    Message,
    Params,
    Part,
    Prompt,
    Role,
    Thread,
    children,
    leaf,
    path,
)
from playground_widget.provider import Connection, params_in
from playground_widget.request import estimate_request, filled, names_used
from playground_widget.store import AskKind
from playground_widget.text import clean_texts
from playground_widget.variables import Variables

__all__ = ["Placed", "Session", "new_id"]


class Placed(NamedTuple):
    """What an add, an insert, an edit or a delete came to.

    Args:
        undo: The token that takes it back.
        messages: The messages that were made, without copies of later ones.
    """

    undo: str
    messages: tuple[Message, ...] = ()


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


def new_id() -> str:
    """Return an id for a thread or a message."""
    return secrets.token_hex(6)


class Session:
    """One open thread: its feed, the queue of its runs, and what can be taken back.

    Args:
        engine: Whose loop it belongs to.
        feed: The thread.
        connections: Where answers come from.
        toolbox: What they may call.
        changed: Called when something beside the thread is another.
        variables: What `{{name}}` stands for.
        record: Whether what a service sends is kept word for word.
    """

    def __init__(
        self,
        engine: Engine,
        feed: Feed,
        connections: Connections,
        toolbox: Toolbox,
        changed: Callable[[], None],
        *,
        variables: Variables,
        record: bool = False,
    ) -> None:
        """Open a thread; nothing is sent."""
        self.engine = engine
        self.feed = feed
        self.queue = Queue(engine, changed)
        self.undo_stack = UndoStack()
        self.closed = False
        self._connections = connections
        self._toolbox = toolbox
        self._changed = changed
        self._variables = variables
        self._record = record

    @property
    def state(self) -> State:
        """The thread as it is at this moment; from any thread."""
        return self.feed.state

    # -- changing the thread

    async def add(
        self, drafts: Sequence[Draft], before: str | None = None, after: str | None = None
    ) -> Placed:
        """Add messages and ask nothing.

        A system message that begins an empty thread becomes its system prompt, since that is
        what it is to the model.
        """
        self._open()
        if not self.state.thread.messages and drafts and drafts[0].role == "system":
            words = self._message(drafts[0]).text
            token = await self.change({"system": words})
            drafts = drafts[1:]
            if not drafts:
                return Placed(token)
        made = [self._message(draft) for draft in drafts]
        label = "message" if len(made) == 1 else "messages"
        event, undo = await self._commit(
            lambda t: edits.inserted(t, made, new_id, before=before, after=after), label
        )
        return Placed(undo, event.messages[: len(made)])

    async def edit(
        self, message: str, content: tuple[Part, ...] | None = None, role: Role | None = None
    ) -> Placed:
        """Give a message a new version, followed by copies of the later ones."""
        self._open()
        now = time.time()
        event, undo = await self._commit(
            lambda t: edits.edited(t, message, new_id, now=now, content=content, role=role), "edit"
        )
        return Placed(undo, event.messages[:1])

    async def delete(self, messages: Collection[str]) -> Placed:
        """Leave messages out of the path."""
        self._open()
        label = "delete" if len(messages) == 1 else "deletes"
        _, undo = await self._commit(lambda t: edits.deleted(t, messages, new_id), label)
        return Placed(undo)

    async def take(self, build: Callable[[Thread], Event], label: str) -> str:
        """Add messages that were made elsewhere, and return the head after them.

        Args:
            build: Makes the event from the thread as it is.
            label: What an undo says of it.
        """
        self._open()
        before = self.state.thread.head
        event = await self.feed.commit(build)
        assert isinstance(event, Added)  # noqa: S101 - what `build` returns
        self.undo_stack.remember_head(label, before)
        self._changed()
        await self._name()
        return str(event.head)

    async def select(self, message: str) -> None:
        """Make the newest path through a message the active one."""
        self._open()

        def build(thread: Thread) -> Event | None:
            head = leaf(thread, message)
            return Selected(head) if head != thread.head else None

        if await self.feed.commit(build):
            self._changed()

    async def change(self, changes: Mapping[str, Any]) -> str:
        """Change `title`, `system`, `model` or `params`; return an undo token."""
        self._open()
        before = self.state.thread.system
        clean = clean_texts(changes)
        event = await self.feed.commit(lambda t: changed(t, **clean))
        if event is None:
            return ""
        self._changed()
        if self.state.thread.system != before:
            return self.undo_stack.remember("system prompt", lambda t: changed(t, system=before))
        return ""

    async def undo(self, token: str | None = None) -> str | None:
        """Take back the last change and return what it was, or `None` if there is none.

        Raises:
            InputError: With a token, when something else was changed since.
        """
        self._open()
        taken = self.undo_stack.take(token)
        if taken is None:
            return None
        try:
            if taken.back is not None:
                await self.feed.commit(taken.back)
            if taken.work is not None:
                await taken.work()
        except PlaygroundError:
            self.undo_stack.put_back(taken)
            raise
        self._changed()
        return taken.label

    # -- runs

    async def send(self, drafts: Sequence[Draft], run: Run) -> None:
        """Add messages when the run's turn comes, and ask the model."""

        def sent(thread: Thread) -> Sequence[Message | Draft]:
            return (*path(thread), *drafts)

        async def begin() -> Turn:
            values = await self._values(sent)
            if drafts:
                await self.add(drafts)
            elif (answer := self._to_call()) is not None:
                return await self._answer(run, head_of, values=values, calls=answer)
            # One undo takes back the question and its answer: they came as one.
            parent = asked_last if drafts else head_of
            return await self._answer(
                run, parent, values=values, remember=not drafts, insist=bool(drafts)
            )

        await self._submit(run, begin, sent)

    async def edit_and_run(
        self, message: str, content: tuple[Part, ...] | None, role: Role | None, run: Run
    ) -> None:
        """Give a message a new version and have it answered."""

        def sent(thread: Thread) -> Sequence[Message | Draft]:
            old = get(thread, message)
            draft = Draft(role or old.role, old.content if content is None else content)
            return (*path_to(thread, old.parent), draft)

        async def begin() -> Turn:
            values = await self._values(sent)
            now = time.time()
            event, _ = await self._commit(
                lambda t: edits.edited(
                    t, message, new_id, now=now, content=content, role=role, rerun=True
                ),
                "edit",
            )
            return await self._answer(
                run, lambda _: event.head, values=values, remember=False, insist=True
            )

        await self._submit(run, begin, sent)

    async def delete_and_run(self, messages: Collection[str], run: Run) -> None:
        """Leave messages out of the path and ask again, in place of a failed last answer."""

        def sent(thread: Thread) -> Sequence[Message | Draft]:
            return [message for message in path(thread) if message.id not in messages]

        async def begin() -> Turn:
            values = await self._values(sent)
            await self.delete(messages)
            return await self._answer(
                run, lambda t: asked(t, t.head), values=values, remember=False, insist=True
            )

        await self._submit(run, begin, sent)

    async def regenerate(
        self, message: str, run: Run, model: str | None = None, params: Params | None = None
    ) -> None:
        """Write the answer after a user message, or an answer itself, again."""

        async def begin() -> Turn:
            thread = self.state.thread
            old = get(self.state.thread, message)
            parent = old.parent if old.role == "assistant" else old.id
            return await self._answer(
                run, lambda t: asked(t, parent), model=model or thread.model, params=params
            )

        await self._submit(run, begin)

    async def continue_(self, message: str, run: Run) -> None:
        """Go on from a partial answer, in a new version that begins with its text."""

        async def begin() -> Turn:
            old = get(self.state.thread, message)
            if old.role != "assistant" or old.status == "streaming" or not old.text:
                raise InputError(
                    "Only an answer that has some text and has ended can be continued."
                )
            # What it goes on from was asked with these.
            known = old.variables or {}
            values = await self._values(lambda t: path_to(t, old.parent), known)
            return await self._answer(run, lambda _: old.parent, values=values, continued=old)

        await self._submit(run, begin)

    async def reask(self, message: str, run: Run) -> None:
        """Ask again in place of an answer that does not fit its format, and say why it doesn't.

        The new version is asked for with the failed one and the reason as its context, in the
        format of the failed one.
        """

        async def begin() -> Turn:
            thread = self.state.thread
            old = get(thread, message)
            if old.invalid is None:
                raise InputError(
                    "Only an answer that does not fit its format can be asked for with the reason."
                )
            wanted = old.params.response_format if old.params else None
            params = thread.params.changed({"response_format": wanted})
            return await self._answer(run, lambda _: old.parent, params=params, reasked=old)

        await self._submit(run, begin)

    def stop(self, message: str | None = None) -> bool:
        """End what is running and what waits; return whether there was anything.

        With a message, only if that is the answer being written: a late Stop must not end the
        answer after it.
        """
        running = self.queue.turn
        if message is not None and (running is None or not running.covers(message)):
            return False
        return self.queue.stop()

    async def stop_anywhere(self, message: str | None = None) -> bool:
        """End what is running, also where another process writes it; return whether anything was.

        Another process is asked through the store, and ends its run a moment later.
        """
        if self.stop(message):
            return True
        live = self.state.live
        wanted = self.running() if message is None else message
        if wanted is None or wanted not in live or self.feed.writes(wanted):
            return False
        return await self.feed.ask(wanted, "stop")

    def running(self) -> str | None:
        """Return the answer that is being written: here, or elsewhere on the active path."""
        here = self.queue.turn
        if here is not None:
            return here.message
        _, thread, live = self.state
        if not live:
            return None
        return next((m.id for m in reversed(path(thread)) if m.id in live), None)

    def consent(self, message: str, *, allowed: bool, always: bool = False) -> bool:
        """Say whether a call of a tool may be made; return whether one of here waited for that."""
        turn = self.queue.turn
        return turn is not None and turn.consent(message, allowed=allowed, always=always)

    async def consent_anywhere(self, message: str, *, allowed: bool, always: bool = False) -> None:
        """Say whether a call of a tool may be made, also where another process makes it.

        Raises:
            NotFoundError: It does not wait for that, or not any more.
        """
        if self.consent(message, allowed=allowed, always=always):
            return
        waiting = self.state.thread.messages.get(message)
        elsewhere = message in self.state.live and not self.feed.writes(message)
        if waiting is not None and waiting.consent and elsewhere:
            kind: AskKind = "deny" if not allowed else "always" if always else "allow"
            if await self.feed.ask(message, kind):
                return
        raise NotFoundError("This call does not wait to be allowed, or not any more.")

    # -- inside

    def _to_call(self) -> Message | None:
        """Return the answer at the end of the path, if its calls can be made now."""
        thread = self.state.thread
        last = thread.messages.get(thread.head or "")
        if last is None or not open_calls(last):
            return None
        return last if self._toolbox.toolset(thread.id).tools else None

    async def _submit(
        self,
        run: Run,
        begin: Begin,
        sent: Callable[[Thread], Sequence[Message | Draft]] | None = None,
    ) -> None:
        self._open()
        if sent is not None and not self.queue.is_idle:
            # Refused now, while its sender still has the words, not when its turn comes.
            await self._values(sent)
        await self.queue.submit(run, begin)

    async def _values(
        self,
        sent: Callable[[Thread], Sequence[Message | Draft]],
        known: Mapping[str, str] = MappingProxyType({}),
    ) -> Mapping[str, str]:
        """Return what the variables stand for in what is about to be sent.

        Raises:
            UnsetVariablesError: Some have no value; nothing was changed.
        """
        thread = self.state.thread
        names = [name for name in names_used(thread.system, sent(thread)) if name not in known]
        return {**known, **await values_of(self.engine, self._variables, names)}

    async def _answer(
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
            values = await self._values(lambda now: path_to(now, parent_of(now)))
        await self._keep_prompt()
        before = self.state.thread.head
        asking = _Asking(
            connection=connection,
            system=self.state.thread.system,
            model=model or self.state.thread.model or None,
            params=params or self.state.thread.params,
            tools=self._toolbox.toolset(self.state.thread.id),
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
            self.undo_stack.remember_head("answer", before)

        def again(parent: str) -> Awaitable[Answering]:
            return self._start(run, lambda _: parent, asking, insist=True, follows=True)

        return Turn(
            self.feed,
            run,
            first,
            calls=self._calls(asking.tools) if asking.tools.tools else None,
            again=again,
            most_rounds=asking.tools.most_rounds,
            changed=self._changed,
        )

    def _calls(self, toolset: Toolset) -> Calls:
        return Calls(self.feed, self.engine.functions, toolset, self.queue)

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
        thread = self.state.thread

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

        started = await self.feed.commit(build, insist=insist)
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
            if not self.state.thread.model:
                await self.change({"model": chosen})
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
            model = message.model or self.state.thread.model
            return advised(info, system, words, model, self._connections.models)

        async def ended(answer: Message) -> None:
            self.engine.wires.rename(message.id, answer.id)
            self._connections.give_back(asking.connection)
            await self._name()
            failed = RunError.of(answer.error) if answer.error else None
            if failed is not None or answer.status == "complete":
                self._connections.learn(asking.connection, failed)
                asked_of = message.model or self.state.thread.model
                self._connections.learn_params(asking.connection, asked_of, sent, answer.error)

        self._connections.borrow(asking.connection)
        return Answering(
            self.feed,
            run,
            message,
            ask=ask,
            connection=asking.connection,
            passage=Passage(self.engine.limiter(asking.connection), size),
            advise=advise,
            ended=ended,
            recording=self.engine.wires.begin(message.id, asking.connection),
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
        await self.feed.commit(build, insist=True)

    async def _name(self) -> None:
        """Give the thread a title from its first exchange, if it has none."""
        if self.state.thread.title:
            return
        with suppress(PlaygroundError):
            await self.feed.commit(
                lambda t: None if t.title else changed(t, title=title_of(path(t))), insist=True
            )

    async def _commit(self, build: Callable[[Thread], Added], label: str) -> tuple[Added, str]:
        before = self.state.thread.head
        event = await self.feed.commit(build)
        assert isinstance(event, Added)  # noqa: S101 - what `build` returns
        self._changed()
        await self._name()
        return event, self.undo_stack.remember_head(label, before)

    def _message(self, draft: Draft) -> Message:
        return Message(
            id=new_id(),
            parent=None,
            role=draft.role,
            content=draft.content,
            created=time.time(),
            tool_call_id=draft.tool_call_id,
        )

    def _open(self) -> None:
        if self.closed:
            raise ClosedError("This playground was closed. Its messages can still be read.")


_ANSWER = 1000
"""Tokens of an answer that nothing is known of."""


def _varied(body: dict[str, Any], version: int) -> dict[str, Any]:
    """Return a request that asks the demo model for its words of another version.

    It answers the same request in the same way each time, where other models vary.
    """
    return {**body, "demo": {"variant": version, **body.get("demo", {})}}
