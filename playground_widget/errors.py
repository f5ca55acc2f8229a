"""The errors of playground_widget, as one tree.

    PlaygroundError
    ├── InputError            what was passed cannot be used (also a ValueError)
    ├── NotFoundError         no such message, run or connection (also a LookupError)
    ├── SetupError            a connection or client that cannot work as it is
    ├── WouldBlockError       a blocking call on a thread that must not wait
    ├── NotStartedError       a run was stopped before its turn came
    ├── ClosedError           the playground was closed
    ├── UnsetVariablesError   what was to be sent names variables that have no value
    ├── ConflictError         the thread was changed elsewhere meanwhile
    ├── StoreError            threads can't be read or written
    └── RunError              a run failed; `.message` holds the partial answer
        ├── RateLimitedError
        ├── QuotaExceededError
        ├── KeyRefusedError
        ├── PermissionRefusedError
        ├── ModelNotFoundError
        ├── ContextTooLongError
        ├── BadRequestError
        ├── ParamRefusedError
        ├── ContentFilteredError
        ├── ServerFailedError
        ├── UnreachableError
        ├── ConnectionDroppedError
        ├── TimedOutError
        ├── ProtocolBrokenError
        └── ToolRoundsError

Each says what happened, what was kept, and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from playground_widget.model import Message

__all__ = [
    "BadRequestError",
    "ClosedError",
    "ConflictError",
    "ConnectionDroppedError",
    "ContentFilteredError",
    "ContextTooLongError",
    "ErrorInfo",
    "InputError",
    "KeyRefusedError",
    "ModelNotFoundError",
    "NotFoundError",
    "NotStartedError",
    "ParamRefusedError",
    "PermissionRefusedError",
    "PlaygroundError",
    "ProtocolBrokenError",
    "QuotaExceededError",
    "RateLimitedError",
    "RunError",
    "ServerFailedError",
    "SetupError",
    "StoreError",
    "TimedOutError",
    "ToolRoundsError",
    "UnreachableError",
    "UnsetVariablesError",
    "WouldBlockError",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorInfo:
    """What went wrong in a run, as it is shown and kept beside the answer.

    Args:
        kind: One word for programs, the `kind` of the matching exception.
        title: What happened, in one sentence without a full stop.
        detail: What was kept, whether anything was sent or charged when this is known.
        actions: What can be done, the best one first: `retry`, `regenerate`, `continue`,
            `change_key`, `use_demo`, `leave_out`, `use_model`, `without` (a parameter), `go_on`
            (make the open calls).
        facts: Figures that belong to the kind, such as `retry_after` in seconds, `status`,
            `tokens_over`, `key_tail` (at most the last four characters of a key).
    """

    kind: str
    title: str
    detail: str = ""
    actions: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, in which the facts stand beside the words."""
        return {
            **self.facts,
            "kind": self.kind,
            "title": self.title,
            "detail": self.detail,
            "actions": list(self.actions),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ErrorInfo:
        """Read what `to_dict` wrote."""
        named = {"kind", "title", "detail", "actions"}
        return cls(
            kind=data["kind"],
            title=data["title"],
            detail=data.get("detail", ""),
            actions=tuple(data.get("actions", ())),
            facts={name: value for name, value in data.items() if name not in named},
        )


class PlaygroundError(Exception):
    """The root of every error this package raises on purpose."""


class InputError(PlaygroundError, ValueError):
    """What was passed cannot be used; nothing was changed."""


class NotFoundError(PlaygroundError, LookupError):
    """There is no such message, run or connection; nothing was changed."""


class SetupError(PlaygroundError):
    """A connection or client cannot work as it is; nothing was sent."""


class WouldBlockError(PlaygroundError, RuntimeError):
    """A blocking call was made on a thread that the answer itself needs."""


class NotStartedError(PlaygroundError):
    """A queued run was stopped before its turn came; nothing was sent."""


class ClosedError(PlaygroundError, RuntimeError):
    """The playground was closed; its messages can still be read."""


class ConflictError(PlaygroundError):
    """The thread was changed elsewhere meanwhile; nothing of this change was made.

    The playground has taken over the other changes, so that the same call can be made again.
    """


class UnsetVariablesError(PlaygroundError):
    """What was to be sent names variables that have no value; nothing was added and nothing sent.

    Attributes:
        names: Those variables, in the order they come.
        reasons: Why by name: `None` where there is no such variable.
    """

    kind: ClassVar[str] = "unset_variables"

    def __init__(
        self, reasons: Mapping[str, str | None], columns: Sequence[str] | None = None
    ) -> None:
        """Keep the names.

        Args:
            reasons: Why by name: `None` where there is no such variable, else why it cannot be
                text.
            columns: Of the inputs of a comparison, which come before variables.
        """
        self.names = tuple(reasons)
        self.reasons = dict(reasons)
        unset = [name for name, reason in reasons.items() if reason is None]
        said = []
        if unset:
            none = "" if columns is None else f", and no column: {_columns(columns)}"
            said.append(
                f"{_listed(unset)} {'is' if len(unset) == 1 else 'are'} not set{none}. Give a "
                f'value with pg.variables["{unset[0]}"] = ..., or assign a variable of that '
                f"name in the notebook; \\{{{{{unset[0]}}}}} stands for the braces themselves."
            )
        said += [f"{{{{{name}}}}}: {why}" for name, why in reasons.items() if why is not None]
        super().__init__(f"Nothing was sent. {' '.join(said)}")


def _columns(names: Sequence[str]) -> str:
    """Return in words which columns there are."""
    return f"the inputs have {', '.join(names)}" if names else "the inputs have none"


def _listed(names: list[str]) -> str:
    """Return names as words, such as `{{a}} and {{b}}`."""
    *before, last = [f"{{{{{name}}}}}" for name in names]
    return f"{', '.join(before)} and {last}" if before else last


class StoreError(PlaygroundError):
    """The file with the threads cannot be read or written; the message says why."""


class RunError(PlaygroundError):
    """A run failed.

    Attributes:
        info: What happened, what was kept and what can be done.
        message: The answer as far as it came, or `None` before the run began.
    """

    kind: ClassVar[str] = "error"

    def __init__(self, info: ErrorInfo, message: Message | None = None) -> None:
        """Keep the facts; the text of the exception is the title and the detail."""
        super().__init__(f"{info.title}. {info.detail}" if info.detail else info.title)
        self.info = info
        self.message = message

    @staticmethod
    def of(info: ErrorInfo, message: Message | None = None) -> RunError:
        """Return the error of the class that belongs to `info.kind`."""
        return _KINDS.get(info.kind, RunError)(info, message)


class RateLimitedError(RunError):
    """The service takes no more requests for now."""

    kind = "rate_limited"


class QuotaExceededError(RunError):
    """The account has no credit left."""

    kind = "quota"


class KeyRefusedError(RunError):
    """The service did not accept the key."""

    kind = "key_refused"


class PermissionRefusedError(RunError):
    """The key is good, but not for this."""

    kind = "no_permission"


class ModelNotFoundError(RunError):
    """The service does not know the model."""

    kind = "model_not_found"


class ContextTooLongError(RunError):
    """The conversation is longer than the model can read."""

    kind = "context_too_long"


class BadRequestError(RunError):
    """The service refused the request as it was."""

    kind = "bad_request"


class ParamRefusedError(RunError):
    """The model does not take a parameter, or not this value of it: `info.facts["param"]`."""

    kind = "param_refused"


class ContentFilteredError(RunError):
    """The service withheld the answer."""

    kind = "content_filter"


class ServerFailedError(RunError):
    """The service failed."""

    kind = "server"


class UnreachableError(RunError):
    """The service was never reached."""

    kind = "connection"


class ConnectionDroppedError(RunError):
    """The connection ended in the middle of an answer."""

    kind = "dropped"


class TimedOutError(RunError):
    """The service did not answer in time."""

    kind = "timeout"


class ProtocolBrokenError(RunError):
    """The service's answer could not be read."""

    kind = "protocol"


class ToolRoundsError(RunError):
    """The model asked for more rounds of calls than may be made in one run."""

    kind = "tool_rounds"


_KINDS: dict[str, type[RunError]] = {kind.kind: kind for kind in RunError.__subclasses__()}
