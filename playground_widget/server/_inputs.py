"""What each mutation takes."""

from __future__ import annotations

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from playground_widget.server._enums import Api, ExportFormat, ExportStyle, Role
from playground_widget.server._parts import PartInput

__all__ = [
    "AddConnectionInput",
    "AddMessageInput",
    "ContinueAnswerInput",
    "CreateThreadInput",
    "DeleteMessagesInput",
    "DeleteThreadInput",
    "DuplicateThreadInput",
    "EditMessageInput",
    "ExportThreadInput",
    "ImportThreadsInput",
    "MessageInput",
    "PinThreadInput",
    "RefreshModelsInput",
    "RegenerateAnswerInput",
    "RemoveConnectionInput",
    "RenameThreadInput",
    "RestoreThreadInput",
    "RetryNowInput",
    "RunThreadInput",
    "SelectBranchInput",
    "SendInput",
    "StopInput",
    "UndoInput",
    "UpdateThreadInput",
    "UseConnectionInput",
]


@strawberry.input
class MessageInput:
    """A message.

    Attributes:
        content: Its parts, at least one.
        role: Who speaks.
        tool_call_id: Which call it answers, of role TOOL.
    """

    content: list[PartInput]
    role: Role = Role.USER
    tool_call_id: str | None = None


@strawberry.input
class CreateThreadInput:
    """A new thread. One without messages is stored with its first message.

    Attributes:
        title: What to call it.
        system: The system prompt.
        model: The model to ask.
        params: Parameters of the answers, such as temperature.
        messages: What it begins with, the first message first.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    title: str | None = None
    system: str | None = None
    model: str | None = None
    params: JSON | None = None
    messages: list[MessageInput] | None = None
    client_mutation_id: str | None = None


@strawberry.input
class ImportThreadsInput:
    """The threads of a file that an export made.

    Attributes:
        name: Of the file; its ending says what it is.
        text: What is in the file.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    name: str
    text: str
    client_mutation_id: str | None = None


@strawberry.input
class RenameThreadInput:
    """Another title.

    Attributes:
        thread_id: The thread.
        title: What to call it.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    title: str
    client_mutation_id: str | None = None


@strawberry.input
class PinThreadInput:
    """Whether a thread stands first in the list.

    Attributes:
        thread_id: The thread.
        pinned: Whether it does.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    pinned: bool
    client_mutation_id: str | None = None


@strawberry.input
class DuplicateThreadInput:
    """The thread to copy.

    Attributes:
        thread_id: The thread.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    client_mutation_id: str | None = None


@strawberry.input
class DeleteThreadInput:
    """The thread to take out of the list.

    Attributes:
        thread_id: The thread.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    client_mutation_id: str | None = None


@strawberry.input
class RestoreThreadInput:
    """The deleted thread to bring back.

    Attributes:
        thread_id: The thread.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    client_mutation_id: str | None = None


@strawberry.input
class UpdateThreadInput:
    """Fields to change; those that are missing stay as they are.

    Attributes:
        thread_id: The thread.
        expected_revision: Refuse it as a Conflict when others have changed the thread since
            this revision.
        title: What to call it.
        system: The system prompt.
        model: The model to ask.
        params: Just the parameters to change; null unsets one.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    expected_revision: int | None = None
    title: str | None = None
    system: str | None = None
    model: str | None = None
    params: JSON | None = None
    client_mutation_id: str | None = None


@strawberry.input
class AddMessageInput:
    """A message to add without asking the model: at the end, or beside another one.

    Attributes:
        thread_id: The thread.
        content: Its parts, at least one.
        expected_revision: Refuse it as a Conflict when others have changed the thread since
            this revision.
        role: Who speaks.
        before: Put it before this message.
        after: Put it after this message.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    content: list[PartInput]
    expected_revision: int | None = None
    role: Role = Role.USER
    before: ID | None = None
    after: ID | None = None
    client_mutation_id: str | None = None


@strawberry.input
class EditMessageInput:
    """A new version of a message.

    Attributes:
        thread_id: The thread.
        message_id: The message.
        expected_revision: Refuse it as a Conflict when others have changed the thread since
            this revision.
        content: Its new parts.
        role: Who speaks now.
        rerun: Have it answered again.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    message_id: ID
    expected_revision: int | None = None
    content: list[PartInput] | None = None
    role: Role | None = None
    rerun: bool | None = False
    client_mutation_id: str | None = None


@strawberry.input
class DeleteMessagesInput:
    """Messages to leave out of the path.

    Attributes:
        thread_id: The thread.
        message_ids: The messages.
        expected_revision: Refuse it as a Conflict when others have changed the thread since
            this revision.
        rerun: Ask again.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    message_ids: list[ID]
    expected_revision: int | None = None
    rerun: bool | None = False
    client_mutation_id: str | None = None


@strawberry.input
class SelectBranchInput:
    """Which path to make the active one.

    Attributes:
        thread_id: The thread.
        message_id: A message on it; the newest path through it is taken.
        expected_revision: Refuse it as a Conflict when others have changed the thread since
            this revision.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    message_id: ID
    expected_revision: int | None = None
    client_mutation_id: str | None = None


@strawberry.input
class UndoInput:
    """What to take back.

    Attributes:
        thread_id: The thread.
        token: Only if this change is still the last one.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    token: str | None = None
    client_mutation_id: str | None = None


@strawberry.input
class SendInput:
    """A message to add and have answered.

    Attributes:
        thread_id: The thread.
        content: Its parts, at least one.
        expected_revision: Refuse it as a Conflict when others have changed the thread since
            this revision.
        role: Who speaks.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    content: list[PartInput]
    expected_revision: int | None = None
    role: Role = Role.USER
    client_mutation_id: str | None = None


@strawberry.input
class RunThreadInput:
    """A thread to ask the model about as it is.

    Attributes:
        thread_id: The thread.
        expected_revision: Refuse it as a Conflict when others have changed the thread since
            this revision.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    expected_revision: int | None = None
    client_mutation_id: str | None = None


@strawberry.input
class RegenerateAnswerInput:
    """An answer to write again.

    Attributes:
        thread_id: The thread.
        message_id: The answer, or the message that it answers.
        expected_revision: Refuse it as a Conflict when others have changed the thread since
            this revision.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    message_id: ID
    expected_revision: int | None = None
    client_mutation_id: str | None = None


@strawberry.input
class ContinueAnswerInput:
    """A partial answer to go on from.

    Attributes:
        thread_id: The thread.
        message_id: The answer.
        expected_revision: Refuse it as a Conflict when others have changed the thread since
            this revision.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    message_id: ID
    expected_revision: int | None = None
    client_mutation_id: str | None = None


@strawberry.input
class StopInput:
    """What to end.

    Attributes:
        thread_id: The thread.
        message_id: Only if this answer is the one being written.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    message_id: ID | None = None
    client_mutation_id: str | None = None


@strawberry.input
class RetryNowInput:
    """A thread whose run should not wait any longer.

    Attributes:
        thread_id: The thread.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    client_mutation_id: str | None = None


@strawberry.input
class AddConnectionInput:
    """A connection, held in memory for as long as the server runs.

    Attributes:
        name: By which it is chosen.
        api_key: Write-only: no answer, log or error ever has it.
        base_url: The address of the service.
        api: Which API to ask it by.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    name: str
    api_key: str | None = None
    base_url: str | None = None
    api: Api | None = None
    client_mutation_id: str | None = None

    def __repr__(self) -> str:
        """Leave the key out: inputs are shown in logs and tracebacks."""
        return f"AddConnectionInput(name={self.name!r}, base_url={self.base_url!r})"


@strawberry.input
class RemoveConnectionInput:
    """A connection to forget.

    Attributes:
        name: Its name.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    name: str
    client_mutation_id: str | None = None


@strawberry.input
class UseConnectionInput:
    """The connection that a thread's next answer comes through.

    Attributes:
        thread_id: The thread.
        name: Its name.
        api_key: Write-only: no answer, log or error ever has it.
        base_url: The address of the service.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    name: str
    api_key: str | None = None
    base_url: str | None = None
    client_mutation_id: str | None = None

    def __repr__(self) -> str:
        """Leave the key out: inputs are shown in logs and tracebacks."""
        return f"UseConnectionInput(name={self.name!r}, base_url={self.base_url!r})"


@strawberry.input
class RefreshModelsInput:
    """A thread whose service to ask for its models again.

    Attributes:
        thread_id: The thread.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    client_mutation_id: str | None = None


@strawberry.input
class ExportThreadInput:
    """A thread to write as cells or as a file.

    Attributes:
        thread_id: The thread.
        format: What as.
        style: What cells hold.
        system: With the system prompt.
        params: With the parameters.
        answers: With the answers.
        branches: With all branches.
        code_cells: With cells for the code in answers.
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    thread_id: ID
    format: ExportFormat
    style: ExportStyle | None = ExportStyle.OPENAI
    system: bool | None = True
    params: bool | None = True
    answers: bool | None = True
    branches: bool | None = False
    code_cells: bool | None = False
    client_mutation_id: str | None = None
