"""The words of the schema that come from a fixed list."""

from __future__ import annotations

from enum import Enum

import strawberry

__all__ = [
    "Api",
    "CellStatus",
    "CodeLanguage",
    "ComparisonFormat",
    "ComparisonStatus",
    "ConnectionStatus",
    "ExportFormat",
    "ExportStyle",
    "MessageStatus",
    "Role",
    "SteerAction",
    "StorageKind",
    "TextKind",
    "VariableSource",
]


@strawberry.enum
class Role(Enum):
    """Who speaks."""

    SYSTEM = "system"
    DEVELOPER = "developer"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


@strawberry.enum
class MessageStatus(Enum):
    """How far a message is.

    Attributes:
        STREAMING: It is being written.
        COMPLETE: It is whole.
        CANCELLED: A person stopped it; its text is kept.
        INTERRUPTED: The process that wrote it ended; its text is kept.
        FAILED: The service failed; what came is kept, and `error` says why.
    """

    STREAMING = "streaming"
    COMPLETE = "complete"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@strawberry.enum
class TextKind(Enum):
    """The type of the part that a piece of text belongs to."""

    TEXT = "text"
    REASONING = "reasoning"
    REFUSAL = "refusal"
    TOOL_CALL = "tool_call"


@strawberry.enum
class ConnectionStatus(Enum):
    """What is known of a connection.

    Attributes:
        OFFLINE: The demo model, which needs no network.
        READY: Nothing is known to be wrong.
        REFUSED: The service did not accept the key.
        UNREACHABLE: The service was not reached.
    """

    OFFLINE = "offline"
    READY = "ready"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


@strawberry.enum
class Api(Enum):
    """Which of OpenAI's two APIs a service is asked by.

    Attributes:
        CHAT: Chat Completions.
        RESPONSES: Responses.
    """

    CHAT = "chat"
    RESPONSES = "responses"


@strawberry.enum
class ExportFormat(Enum):
    """What a thread is exported as.

    Attributes:
        CELLS: Cells for a notebook.
        IPYNB: A notebook of its own.
        MD: Markdown.
        JSON: The thread itself, which can be imported.
        PY: A Python script.
        CURL: A shell command.
        HTML: A page.
    """

    CELLS = "cells"
    IPYNB = "ipynb"
    MD = "md"
    JSON = "json"
    PY = "py"
    CURL = "curl"
    HTML = "html"


@strawberry.enum
class ExportStyle(Enum):
    """What exported cells hold.

    Attributes:
        TRANSCRIPT: What was said, as Markdown.
        CODE: Code that uses this package.
        OPENAI: Code that uses OpenAI's package.
    """

    TRANSCRIPT = "transcript"
    CODE = "code"
    OPENAI = "openai"


@strawberry.enum
class CodeLanguage(Enum):
    """What a request is written in.

    Attributes:
        PYTHON: A program that uses OpenAI's package.
        CURL: A shell command.
    """

    PYTHON = "python"
    CURL = "curl"


@strawberry.enum
class CellStatus(Enum):
    """How far an answer of a comparison is. One that waits to be asked is left out.

    Attributes:
        WAITING: It was not asked yet.
        RUNNING: It is being asked.
        COMPLETE: It is whole.
        FAILED: The service failed; what came is kept, and `error` says why.
        CANCELLED: A person ended it; what came is kept.
    """

    WAITING = "waiting"
    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLED = "cancelled"


@strawberry.enum
class ComparisonStatus(Enum):
    """How a comparison is.

    Attributes:
        RUNNING: It asks.
        PAUSED: It can go on.
        COMPLETE: All cells have ended.
        CANCELLED: It was ended.
        INTERRUPTED: The process that ran it is no more.
    """

    RUNNING = "running"
    PAUSED = "paused"
    COMPLETE = "complete"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


@strawberry.enum
class ComparisonFormat(Enum):
    """What a comparison is exported as.

    Attributes:
        CSV: A line for each answer.
        HTML: A page.
        CELLS: Cells for a notebook, that make it again.
    """

    CSV = "csv"
    HTML = "html"
    CELLS = "cells"


@strawberry.enum
class SteerAction(Enum):
    """What a comparison can be told.

    Attributes:
        PAUSE: Begin no further cells.
        RESUME: Go on with what was not asked, or was cancelled.
        CANCEL: Ask nothing more.
        RETRY_FAILED: Ask what has failed again, and what was not asked.
    """

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    RETRY_FAILED = "retry_failed"


@strawberry.enum
class StorageKind(Enum):
    """Where threads last.

    Attributes:
        FILE: In a file.
        MEMORY: Nowhere: they end with the server.
        DATABASE: In a database server.
    """

    FILE = "file"
    MEMORY = "memory"
    DATABASE = "database"


@strawberry.enum
class VariableSource(Enum):
    """Whose a variable is.

    Attributes:
        PLAYGROUND: The thread's own, set here.
        KERNEL: One of a notebook's kernel.
    """

    PLAYGROUND = "playground"
    KERNEL = "kernel"
