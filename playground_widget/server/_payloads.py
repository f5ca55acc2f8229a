"""What each mutation returns: what was made, or why nothing was."""

from __future__ import annotations

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from playground_widget.server._messages import Message
from playground_widget.server._refusals import Refusal
from playground_widget.server._settings import ConnectionState, Model, Tool
from playground_widget.server._threads import Thread
from playground_widget.server._variables import Variable

__all__ = [
    "AddConnectionPayload",
    "AddMessagePayload",
    "AllowCallPayload",
    "AnswerPayload",
    "ChangePayload",
    "ContinueAnswerPayload",
    "CreateThreadPayload",
    "DeleteMessagesPayload",
    "DeleteThreadPayload",
    "DenyCallPayload",
    "DuplicateThreadPayload",
    "EditMessagePayload",
    "ExportCell",
    "ExportFile",
    "ExportThreadPayload",
    "ImportThreadsPayload",
    "Payload",
    "PinThreadPayload",
    "ReaskAnswerPayload",
    "RefreshModelsPayload",
    "RegenerateAnswerPayload",
    "RemoveConnectionPayload",
    "RenameThreadPayload",
    "RestoreThreadPayload",
    "RetryNowPayload",
    "RunThreadPayload",
    "SelectBranchPayload",
    "SendPayload",
    "SetToolPayload",
    "SetVariablePayload",
    "StopPayload",
    "UndoPayload",
    "UpdateThreadPayload",
    "UseConnectionPayload",
]


@strawberry.type
class ExportFile:
    """A file.

    Attributes:
        name: What to call it.
        media_type: Such as text/markdown.
        text: What is in it.
    """

    name: str
    media_type: str
    text: str


@strawberry.type
class ExportCell:
    """A cell of a notebook.

    Attributes:
        type: code or markdown.
        source: What is in it.
        metadata: What the notebook keeps with it.
    """

    type: str
    source: str
    metadata: JSON


@strawberry.type
class Payload:
    """What every mutation returns.

    Attributes:
        client_mutation_id: That of the input.
        error: Why nothing was done; null where it was.
    """

    client_mutation_id: str | None = None
    error: Refusal | None = None


@strawberry.type
class ChangePayload(Payload):
    """What a mutation returns that changes a thread.

    Attributes:
        revision: Of the thread, after it.
    """

    revision: int | None = None


@strawberry.type
class AnswerPayload(ChangePayload):
    """What a mutation returns that asks the model.

    Attributes:
        answer: The answer as it begins; null while it waits for its turn.
    """

    answer: Message | None = None


@strawberry.type
class CreateThreadPayload(Payload):
    """What became of a new thread.

    Attributes:
        thread: The thread.
    """

    thread: Thread | None = None


@strawberry.type
class ImportThreadsPayload(Payload):
    """What became of an import.

    Attributes:
        thread_ids: The threads that were stored.
    """

    thread_ids: list[ID] | None = None


@strawberry.type
class RenameThreadPayload(ChangePayload):
    """What became of a rename."""


@strawberry.type
class PinThreadPayload(Payload):
    """What became of a pin."""


@strawberry.type
class DuplicateThreadPayload(Payload):
    """What became of a copy.

    Attributes:
        thread_id: The copy.
    """

    thread_id: ID | None = None


@strawberry.type
class DeleteThreadPayload(Payload):
    """What became of a deletion."""


@strawberry.type
class RestoreThreadPayload(Payload):
    """What became of a restoration."""


@strawberry.type
class UpdateThreadPayload(ChangePayload):
    """What became of an update.

    Attributes:
        undo: The token that takes it back.
    """

    undo: str | None = None


@strawberry.type
class AddMessagePayload(ChangePayload):
    """What became of an added message.

    Attributes:
        undo: The token that takes it back.
        messages: The messages that were made; none where a system message became the system
            prompt.
    """

    undo: str | None = None
    messages: list[Message] | None = None


@strawberry.type
class EditMessagePayload(AnswerPayload):
    """What became of an edit.

    Attributes:
        undo: The token that takes it back.
        message: The new version; null while it waits for its turn.
    """

    undo: str | None = None
    message: Message | None = None


@strawberry.type
class DeleteMessagesPayload(AnswerPayload):
    """What became of a deletion.

    Attributes:
        undo: The token that takes it back.
    """

    undo: str | None = None


@strawberry.type
class SelectBranchPayload(ChangePayload):
    """What became of a selection."""


@strawberry.type
class UndoPayload(ChangePayload):
    """What became of an undo.

    Attributes:
        undone: What was taken back, in a word or two; null if there was nothing.
    """

    undone: str | None = None


@strawberry.type
class SendPayload(AnswerPayload):
    """What became of a message."""


@strawberry.type
class RunThreadPayload(AnswerPayload):
    """What became of a run."""


@strawberry.type
class RegenerateAnswerPayload(AnswerPayload):
    """What became of a run."""


@strawberry.type
class ContinueAnswerPayload(AnswerPayload):
    """What became of a run."""


@strawberry.type
class ReaskAnswerPayload(AnswerPayload):
    """What became of a run."""


@strawberry.type
class StopPayload(Payload):
    """What became of a stop.

    Attributes:
        stopped: Whether there was anything to end.
    """

    stopped: bool | None = None


@strawberry.type
class RetryNowPayload(Payload):
    """What became of a hurry.

    Attributes:
        hurried: Whether something was waiting.
    """

    hurried: bool | None = None


@strawberry.type
class AllowCallPayload(Payload):
    """What became of a consent."""


@strawberry.type
class DenyCallPayload(Payload):
    """What became of a refusal."""


@strawberry.type
class SetToolPayload(Payload):
    """What became of a tool that was switched.

    Attributes:
        tools: All that there are.
    """

    tools: list[Tool] | None = None


@strawberry.type
class AddConnectionPayload(Payload):
    """What became of a connection.

    Attributes:
        connection: The connection.
    """

    connection: ConnectionState | None = None


@strawberry.type
class RemoveConnectionPayload(Payload):
    """What became of a removal."""


@strawberry.type
class UseConnectionPayload(ChangePayload):
    """What became of a choice.

    Attributes:
        connection: The connection.
    """

    connection: ConnectionState | None = None


@strawberry.type
class SetVariablePayload(Payload):
    """What became of a variable.

    Attributes:
        variable: The variable as it is now.
    """

    variable: Variable | None = None


@strawberry.type
class RefreshModelsPayload(Payload):
    """What became of a refresh.

    Attributes:
        models: The models of the service.
    """

    models: list[Model] | None = None


@strawberry.type
class ExportThreadPayload(Payload):
    """What became of an export: a file, or for CELLS cells.

    Attributes:
        file: The file.
        cells: The cells.
    """

    file: ExportFile | None = None
    cells: list[ExportCell] | None = None
