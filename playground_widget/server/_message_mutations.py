"""What can be done to the messages of a thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

import strawberry
from strawberry import Info

from playground_widget import model
from playground_widget.errors import InputError
from playground_widget.protocol import (
    Add,
    Continue,
    Delete,
    Edit,
    Reask,
    Regenerate,
    Request,
    RetryNow,
    RunHead,
    Select,
    Send,
    Stop,
)
from playground_widget.server._inputs import ChangeInput
from playground_widget.server._message_inputs import (
    AddMessageInput,
    ContinueAnswerInput,
    DeleteMessagesInput,
    EditMessageInput,
    ReaskAnswerInput,
    RegenerateAnswerInput,
    RetryNowInput,
    RunThreadInput,
    SelectBranchInput,
    SendInput,
    StopInput,
)
from playground_widget.server._messages import message_in
from playground_widget.server._parts import parts_from
from playground_widget.server._payloads import (
    AddMessagePayload,
    AnswerPayload,
    ContinueAnswerPayload,
    DeleteMessagesPayload,
    EditMessagePayload,
    ReaskAnswerPayload,
    RegenerateAnswerPayload,
    RetryNowPayload,
    RunThreadPayload,
    SelectBranchPayload,
    SendPayload,
    StopPayload,
)
from playground_widget.server._perform import answer_in, ask, checked, perform
from playground_widget.server._service import Service

__all__ = ["MessageMutation"]

A = TypeVar("A", bound=AnswerPayload)


@strawberry.type
class MessageMutation:
    """Changes of the messages of a thread, and answers."""

    @strawberry.mutation
    async def add_message(
        self,
        info: Info[Service, None],
        given: Annotated[AddMessageInput, strawberry.argument(name="input")],
    ) -> AddMessagePayload:
        """Add a message and ask nothing.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> AddMessagePayload:
            content = parts_from(given.content)
            request = Add(content, given.role.value, given.before, given.after)
            outcome = await ask(service, given.thread_id, request, given.expected_revision)
            return AddMessagePayload(
                revision=outcome.revision,
                undo=outcome.result.get("undo") or None,
                messages=[message_in(outcome.state, i) for i in outcome.result["messages"]],
            )

        return await perform(service, given, AddMessagePayload, work)

    @strawberry.mutation
    async def edit_message(
        self,
        info: Info[Service, None],
        given: Annotated[EditMessageInput, strawberry.argument(name="input")],
    ) -> EditMessagePayload:
        """Give a message a new version, followed by copies of the later ones.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> EditMessagePayload:
            content = None if given.content is None else parts_from(given.content)
            role: model.Role | None = None if given.role is None else given.role.value
            request = Edit(checked(given.message_id), content, role, bool(given.rerun))
            outcome = await ask(service, given.thread_id, request, given.expected_revision)
            answer = answer_in(outcome)
            made = outcome.result.get("messages") or [answer.parent if answer else None]
            return EditMessagePayload(
                revision=outcome.revision,
                undo=outcome.result.get("undo") or None,
                message=message_in(outcome.state, made[0]) if made[0] else None,
                answer=answer,
            )

        return await perform(service, given, EditMessagePayload, work)

    @strawberry.mutation
    async def delete_messages(
        self,
        info: Info[Service, None],
        given: Annotated[DeleteMessagesInput, strawberry.argument(name="input")],
    ) -> DeleteMessagesPayload:
        """Leave messages out of the path.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> DeleteMessagesPayload:
            if not given.message_ids:
                raise InputError("There is no message to delete. Nothing was changed.")
            messages = tuple(checked(identity) for identity in given.message_ids)
            request = Delete(messages, bool(given.rerun))
            outcome = await ask(service, given.thread_id, request, given.expected_revision)
            return DeleteMessagesPayload(
                revision=outcome.revision,
                undo=outcome.result.get("undo") or None,
                answer=answer_in(outcome),
            )

        return await perform(service, given, DeleteMessagesPayload, work)

    @strawberry.mutation
    async def select_branch(
        self,
        info: Info[Service, None],
        given: Annotated[SelectBranchInput, strawberry.argument(name="input")],
    ) -> SelectBranchPayload:
        """Make the newest path through a message the active one.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> SelectBranchPayload:
            request = Select(checked(given.message_id))
            outcome = await ask(service, given.thread_id, request, given.expected_revision)
            return SelectBranchPayload(revision=outcome.revision)

        return await perform(service, given, SelectBranchPayload, work)

    @strawberry.mutation
    async def send(
        self,
        info: Info[Service, None],
        given: Annotated[SendInput, strawberry.argument(name="input")],
    ) -> SendPayload:
        """Add a message and ask the model.

        Args:
            given: What to do, and to which.
        """
        return await _begin(
            info.context,
            given,
            SendPayload,
            lambda: Send(parts_from(given.content), given.role.value),
        )

    @strawberry.mutation
    async def run_thread(
        self,
        info: Info[Service, None],
        given: Annotated[RunThreadInput, strawberry.argument(name="input")],
    ) -> RunThreadPayload:
        """Ask the model about the thread as it is.

        Args:
            given: What to do, and to which.
        """
        return await _begin(info.context, given, RunThreadPayload, RunHead)

    @strawberry.mutation
    async def regenerate_answer(
        self,
        info: Info[Service, None],
        given: Annotated[RegenerateAnswerInput, strawberry.argument(name="input")],
    ) -> RegenerateAnswerPayload:
        """Write an answer again, as a version beside it.

        Args:
            given: What to do, and to which.
        """
        return await _begin(
            info.context,
            given,
            RegenerateAnswerPayload,
            lambda: Regenerate(checked(given.message_id)),
        )

    @strawberry.mutation
    async def continue_answer(
        self,
        info: Info[Service, None],
        given: Annotated[ContinueAnswerInput, strawberry.argument(name="input")],
    ) -> ContinueAnswerPayload:
        """Go on from a partial answer, in a version that begins with its text.

        Args:
            given: What to do, and to which.
        """
        return await _begin(
            info.context, given, ContinueAnswerPayload, lambda: Continue(checked(given.message_id))
        )

    @strawberry.mutation
    async def reask_answer(
        self,
        info: Info[Service, None],
        given: Annotated[ReaskAnswerInput, strawberry.argument(name="input")],
    ) -> ReaskAnswerPayload:
        """Ask again in place of an answer that does not fit its format, and say why it doesn't.

        Args:
            given: What to do, and to which.
        """
        return await _begin(
            info.context, given, ReaskAnswerPayload, lambda: Reask(checked(given.message_id))
        )

    @strawberry.mutation
    async def stop(
        self,
        info: Info[Service, None],
        given: Annotated[StopInput, strawberry.argument(name="input")],
    ) -> StopPayload:
        """End what is running and what waits; the text so far is kept.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> StopPayload:
            outcome = await ask(service, given.thread_id, Stop(given.message_id))
            return StopPayload(stopped=outcome.result["stopped"])

        return await perform(service, given, StopPayload, work)

    @strawberry.mutation
    async def retry_now(
        self,
        info: Info[Service, None],
        given: Annotated[RetryNowInput, strawberry.argument(name="input")],
    ) -> RetryNowPayload:
        """Don't wait any longer before the next attempt.

        Args:
            given: What to do, and to which.
        """
        service = info.context

        async def work() -> RetryNowPayload:
            outcome = await ask(service, given.thread_id, RetryNow())
            return RetryNowPayload(hurried=outcome.result["hurried"])

        return await perform(service, given, RetryNowPayload, work)


async def _begin(
    service: Service, given: ChangeInput, kind: type[A], make: Callable[[], Request]
) -> A:
    """Ask the model by a request, and return the payload with the answer as it begins."""

    async def work() -> A:
        outcome = await ask(service, given.thread_id, make(), given.expected_revision)
        return kind(revision=outcome.revision, answer=answer_in(outcome))

    return await perform(service, given, kind, work)
