"""What a browser asks: a class for each request. `_parse.py` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground_widget.model import Part, Role
from playground_widget.protocol._compare import CompareRequest

__all__ = [
    "Add",
    "Allow",
    "Asset",
    "Claim",
    "Code",
    "Connect",
    "Continue",
    "Delete",
    "DeleteThread",
    "Deny",
    "DuplicateThread",
    "Edit",
    "Export",
    "Hello",
    "ImportThreads",
    "ListThreads",
    "ListVariables",
    "Logprobs",
    "Models",
    "NewThread",
    "OpenThread",
    "PinThread",
    "Reask",
    "Regenerate",
    "RenameThread",
    "Request",
    "RestoreThread",
    "RetryNow",
    "RunHead",
    "Select",
    "Send",
    "Set",
    "SetTool",
    "SetVariable",
    "Snapshot",
    "Stop",
    "Undo",
    "Wire",
]


@dataclass(frozen=True, slots=True)
class Hello:
    """A view is there: somebody can see and answer."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Send the whole thread: something is missing here."""


@dataclass(frozen=True, slots=True)
class Send:
    """Add a message and ask the model."""

    content: tuple[Part, ...]
    role: Role = "user"


@dataclass(frozen=True, slots=True)
class Add:
    """Add a message and ask nothing; at the end, or beside another message."""

    content: tuple[Part, ...]
    role: Role
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class RunHead:
    """Ask the model about the thread as it is."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Give a message a new version, and with `rerun` have it answered again."""

    message: str
    content: tuple[Part, ...] | None = None
    role: Role | None = None
    rerun: bool = False


@dataclass(frozen=True, slots=True)
class Delete:
    """Leave messages out of the path, and with `rerun` ask again."""

    messages: tuple[str, ...]
    rerun: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the last change; with a token, only if that one is the last."""

    token: str | None = None


@dataclass(frozen=True, slots=True)
class Regenerate:
    """Write an answer again."""

    message: str


@dataclass(frozen=True, slots=True)
class Continue:
    """Go on from a partial answer."""

    message: str


@dataclass(frozen=True, slots=True)
class Reask:
    """Ask again where an answer does not fit its format, and say why it doesn't."""

    message: str


@dataclass(frozen=True, slots=True)
class Select:
    """Make the branch of a message the active path."""

    message: str


@dataclass(frozen=True, slots=True)
class Stop:
    """End what is running; with a message, only if it is that one."""

    message: str | None = None


@dataclass(frozen=True, slots=True)
class RetryNow:
    """Don't wait any longer before the next attempt."""


@dataclass(frozen=True, slots=True)
class Set:
    """Change fields of the thread; `None` leaves one as it is."""

    title: str | None = None
    system: str | None = None
    model: str | None = None
    params: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Allow:
    """Let a call be made that asks first; with `always`, also the next ones in this thread."""

    message: str
    always: bool = False


@dataclass(frozen=True, slots=True)
class Deny:
    """Refuse a call that asks first."""

    message: str


@dataclass(frozen=True, slots=True)
class SetTool:
    """Offer a tool to the model, or not."""

    name: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class Connect:
    """Use a connection by name, or make one with a key or an address for this session."""

    name: str
    api_key: str | None = None
    base_url: str | None = None

    def __repr__(self) -> str:
        """Leave the key out: requests are shown in logs and tracebacks."""
        return f"Connect(name={self.name!r}, base_url={self.base_url!r})"


@dataclass(frozen=True, slots=True)
class Models:
    """Ask the service for its models again, and look for local servers."""


@dataclass(frozen=True, slots=True)
class Asset:
    """Send a part of the front-end that is loaded only when it is needed."""

    name: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Ask to be the one page that does what any open page could."""

    action: str


@dataclass(frozen=True, slots=True)
class ListThreads:
    """Send a page of the list of threads."""

    search: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class OpenThread:
    """Show another thread."""

    thread: str


@dataclass(frozen=True, slots=True)
class NewThread:
    """Show a new thread with the settings of this one."""


@dataclass(frozen=True, slots=True)
class RenameThread:
    """Give a thread another title."""

    thread: str
    title: str


@dataclass(frozen=True, slots=True)
class PinThread:
    """Have a thread stand first in the list, or not."""

    thread: str
    pinned: bool


@dataclass(frozen=True, slots=True)
class DuplicateThread:
    """Store a copy of a thread."""

    thread: str


@dataclass(frozen=True, slots=True)
class DeleteThread:
    """Take a thread out of the list."""

    thread: str


@dataclass(frozen=True, slots=True)
class RestoreThread:
    """Bring a deleted thread back."""

    thread: str


@dataclass(frozen=True, slots=True)
class ImportThreads:
    """Store the threads of a file: its name, and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Export:
    """Send the thread as cells or as a file."""

    format: str
    style: str = "openai"
    system: bool = True
    params: bool = True
    answers: bool = True
    branches: bool = False
    code_cells: bool = False


@dataclass(frozen=True, slots=True)
class Logprobs:
    """Send how probable each token of an answer was."""

    message: str


@dataclass(frozen=True, slots=True)
class Wire:
    """Send what was sent for an answer, and what came back."""

    message: str


@dataclass(frozen=True, slots=True)
class Code:
    """Send a program that makes the request of an answer, or else the one that comes next."""

    language: str
    message: str | None = None


@dataclass(frozen=True, slots=True)
class ListVariables:
    """Send what variables stand for at this moment."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetVariable:
    """Set one of the playground's variables to a text; `None` unsets it."""

    name: str
    value: str | None = None


Request = (
    Hello
    | Snapshot
    | Send
    | Add
    | RunHead
    | Edit
    | Delete
    | Undo
    | Regenerate
    | Continue
    | Reask
    | Select
    | Stop
    | RetryNow
    | Set
    | Allow
    | Deny
    | SetTool
    | Connect
    | Models
    | Asset
    | Claim
    | ListThreads
    | OpenThread
    | NewThread
    | RenameThread
    | PinThread
    | DuplicateThread
    | DeleteThread
    | RestoreThread
    | ImportThreads
    | Export
    | Logprobs
    | Wire
    | Code
    | ListVariables
    | SetVariable
    | CompareRequest
)
