"""What mutations take; those of messages and of comparisons have files of their own."""

from __future__ import annotations

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from playground_widget.server._enums import Api, ExportFormat, ExportStyle, Role
from playground_widget.server._parts import PartInput

__all__ = [
    "AddConnectionInput",
    "AllowCallInput",
    "ChangeInput",
    "CreateThreadInput",
    "DeleteThreadInput",
    "DenyCallInput",
    "DuplicateThreadInput",
    "ExportThreadInput",
    "ImportThreadsInput",
    "MessageInput",
    "OnceInput",
    "PinThreadInput",
    "RefreshModelsInput",
    "RemoveConnectionInput",
    "RenameThreadInput",
    "RestoreThreadInput",
    "SetToolInput",
    "SetVariableInput",
    "ThreadInput",
    "UndoInput",
    "UpdateThreadInput",
    "UseConnectionInput",
]


@strawberry.input
class OnceInput:
    """What every mutation takes.

    Attributes:
        client_mutation_id: Any text of the caller's; the same again gets the same payload, and
            nothing is done twice.
    """

    client_mutation_id: str | None = None


@strawberry.input
class ThreadInput(OnceInput):
    """What every mutation of a thread takes.

    Attributes:
        thread_id: The thread.
    """

    thread_id: ID


@strawberry.input
class ChangeInput(ThreadInput):
    """What a mutation takes that changes what is in a thread.

    Attributes:
        expected_revision: Refuse it as a Conflict when others have changed the thread since
            this revision.
    """

    expected_revision: int | None = None


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
class CreateThreadInput(OnceInput):
    """A new thread. One without messages is stored with its first message.

    Attributes:
        title: What to call it.
        system: The system prompt.
        model: The model to ask.
        params: Parameters of the answers, such as temperature.
        messages: What it begins with, the first message first.
    """

    title: str | None = None
    system: str | None = None
    model: str | None = None
    params: JSON | None = None
    messages: list[MessageInput] | None = None


@strawberry.input
class ImportThreadsInput(OnceInput):
    """The threads of a file that an export made.

    Attributes:
        name: Of the file; its ending says what it is.
        text: What is in the file.
    """

    name: str
    text: str


@strawberry.input
class RenameThreadInput(ThreadInput):
    """Another title.

    Attributes:
        title: What to call it.
    """

    title: str


@strawberry.input
class PinThreadInput(ThreadInput):
    """Whether a thread stands first in the list.

    Attributes:
        pinned: Whether it does.
    """

    pinned: bool


@strawberry.input
class DuplicateThreadInput(ThreadInput):
    """The thread to copy."""


@strawberry.input
class DeleteThreadInput(ThreadInput):
    """The thread to take out of the list."""


@strawberry.input
class RestoreThreadInput(ThreadInput):
    """The deleted thread to bring back."""


@strawberry.input
class UpdateThreadInput(ChangeInput):
    """Fields to change; those that are missing stay as they are.

    Attributes:
        title: What to call it.
        system: The system prompt.
        model: The model to ask.
        params: Just the parameters to change; null unsets one.
    """

    title: str | None = None
    system: str | None = None
    model: str | None = None
    params: JSON | None = None


@strawberry.input
class UndoInput(ThreadInput):
    """What to take back.

    Attributes:
        token: Only if this change is still the last one.
    """

    token: str | None = None


@strawberry.input
class AllowCallInput(ThreadInput):
    """A call of a tool that waits to be allowed.

    Attributes:
        message_id: The message that will have its result.
        always: Let further calls of this tool in this thread be made without asking.
    """

    message_id: ID
    always: bool = False


@strawberry.input
class DenyCallInput(ThreadInput):
    """A call of a tool that waits to be allowed.

    Attributes:
        message_id: The message that has to say that it was refused.
    """

    message_id: ID


@strawberry.input
class SetToolInput(ThreadInput):
    """A tool, and whether the model may call it.

    Attributes:
        name: Its name.
        enabled: Whether it is offered.
    """

    name: str
    enabled: bool


@strawberry.input
class AddConnectionInput(OnceInput):
    """A connection, held in memory for as long as the server runs.

    Attributes:
        name: By which it is chosen.
        api_key: Write-only: no answer, log or error ever has it.
        base_url: The address of the service.
        api: Which API to ask it by.
    """

    name: str
    api_key: str | None = None
    base_url: str | None = None
    api: Api | None = None

    def __repr__(self) -> str:
        """Leave out the key, and the address, which may hold one: tracebacks show inputs."""
        return f"AddConnectionInput(name={self.name!r})"


@strawberry.input
class RemoveConnectionInput(OnceInput):
    """A connection to forget.

    Attributes:
        name: Its name.
    """

    name: str


@strawberry.input
class UseConnectionInput(ThreadInput):
    """The connection that a thread's next answer comes through.

    Attributes:
        name: Its name.
        api_key: Write-only: no answer, log or error ever has it.
        base_url: The address of the service.
    """

    name: str
    api_key: str | None = None
    base_url: str | None = None

    def __repr__(self) -> str:
        """Leave out the key, and the address, which may hold one: tracebacks show inputs."""
        return f"UseConnectionInput(name={self.name!r})"


@strawberry.input
class SetVariableInput(ThreadInput):
    """A variable to set. It is held in memory for as long as the thread is open on the server.

    Attributes:
        name: Of the variable: a Python identifier.
        value: Its text; null unsets it.
    """

    name: str
    value: str | None = None


@strawberry.input
class RefreshModelsInput(ThreadInput):
    """A thread whose service to ask for its models again."""


@strawberry.input
class ExportThreadInput(ThreadInput):
    """A thread to write as cells or as a file.

    Attributes:
        format: What as.
        style: What cells hold.
        system: With the system prompt.
        params: With the parameters.
        answers: With the answers.
        branches: With all branches.
        code_cells: With cells for the code in answers.
    """

    format: ExportFormat
    style: ExportStyle | None = ExportStyle.OPENAI
    system: bool | None = True
    params: bool | None = True
    answers: bool | None = True
    branches: bool | None = False
    code_cells: bool | None = False
