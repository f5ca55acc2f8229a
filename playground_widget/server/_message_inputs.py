"""What each mutation of messages and answers takes."""

from __future__ import annotations

import strawberry
from strawberry import ID

from playground_widget.server._enums import Role
from playground_widget.server._inputs import ChangeInput, ThreadInput
from playground_widget.server._parts import PartInput

__all__ = [
    "AddMessageInput",
    "ContinueAnswerInput",
    "DeleteMessagesInput",
    "EditMessageInput",
    "ReaskAnswerInput",
    "RegenerateAnswerInput",
    "RetryNowInput",
    "RunThreadInput",
    "SelectBranchInput",
    "SendInput",
    "StopInput",
]


@strawberry.input
class AddMessageInput(ChangeInput):
    """A message to add without asking the model: at the end, or beside another one.

    Attributes:
        content: Its parts, at least one.
        role: Who speaks.
        before: Put it before this message.
        after: Put it after this message.
    """

    content: list[PartInput]
    role: Role = Role.USER
    before: ID | None = None
    after: ID | None = None


@strawberry.input
class EditMessageInput(ChangeInput):
    """A new version of a message.

    Attributes:
        message_id: The message.
        content: Its new parts.
        role: Who speaks now.
        rerun: Have it answered again.
    """

    message_id: ID
    content: list[PartInput] | None = None
    role: Role | None = None
    rerun: bool | None = False


@strawberry.input
class DeleteMessagesInput(ChangeInput):
    """Messages to leave out of the path.

    Attributes:
        message_ids: The messages.
        rerun: Ask again.
    """

    message_ids: list[ID]
    rerun: bool | None = False


@strawberry.input
class SelectBranchInput(ChangeInput):
    """Which path to make the active one.

    Attributes:
        message_id: A message on it; the newest path through it is taken.
    """

    message_id: ID


@strawberry.input
class SendInput(ChangeInput):
    """A message to add and have answered.

    Attributes:
        content: Its parts, at least one.
        role: Who speaks.
    """

    content: list[PartInput]
    role: Role = Role.USER


@strawberry.input
class RunThreadInput(ChangeInput):
    """A thread to ask the model about as it is."""


@strawberry.input
class RegenerateAnswerInput(ChangeInput):
    """An answer to write again.

    Attributes:
        message_id: The answer, or the message that it answers.
    """

    message_id: ID


@strawberry.input
class ContinueAnswerInput(ChangeInput):
    """A partial answer to go on from.

    Attributes:
        message_id: The answer.
    """

    message_id: ID


@strawberry.input
class ReaskAnswerInput(ChangeInput):
    """An answer that does not fit its format.

    Attributes:
        message_id: The answer.
    """

    message_id: ID


@strawberry.input
class StopInput(ThreadInput):
    """What to end.

    Attributes:
        message_id: Only if this answer is the one being written.
    """

    message_id: ID | None = None


@strawberry.input
class RetryNowInput(ThreadInput):
    """A thread whose run should not wait any longer."""
