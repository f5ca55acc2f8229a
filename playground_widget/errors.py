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
    "kind_of",
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

    Example:
        >>> pg = Playground(connection="demo", model="demo-bad-key")
        >>> try:
        ...     pg.send("Hello")
        ... except RunError as error:
        ...     print(error.info.kind, error.info.actions)
        key_refused ('change_key',)
    """

    kind: str
    title: str
    detail: str = ""
    actions: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, in which the facts stand beside the words.

        Example:
            >>> from playground_widget.errors import ErrorInfo
            >>> ErrorInfo(kind="quota", title="No credit", facts={"status": 429}).to_dict()
            {'status': 429, 'kind': 'quota', 'title': 'No credit', 'detail': '', 'actions': []}
        """
        return {
            **self.facts,
            "kind": self.kind,
            "title": self.title,
            "detail": self.detail,
            "actions": list(self.actions),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ErrorInfo:
        """Read what `to_dict` wrote.

        Args:
            data: The JSON form; what is none of its fields is one of its facts.

        Example:
            >>> from playground_widget.errors import ErrorInfo
            >>> ErrorInfo.from_dict({"kind": "quota", "title": "No credit", "status": 429}).facts
            {'status': 429}
        """
        named = {"kind", "title", "detail", "actions"}
        return cls(
            kind=data["kind"],
            title=data["title"],
            detail=data.get("detail", ""),
            actions=tuple(data.get("actions", ())),
            facts={name: value for name, value in data.items() if name not in named},
        )


class PlaygroundError(Exception):
    """The root of every error this package raises on purpose.

    Example:
        >>> try:
        ...     Playground(connection="demo").send(5)
        ... except PlaygroundError as error:
        ...     print(type(error).__name__)
        InputError
    """


class InputError(PlaygroundError, ValueError):
    """What was passed cannot be used; nothing was changed.

    Example:
        >>> try:
        ...     Playground(connection="demo", temperature=3)
        ... except InputError as error:
        ...     print(error)
        temperature must be a number from 0 to 2, not '3'
    """


class NotFoundError(PlaygroundError, LookupError):
    """There is no such message, run or connection; nothing was changed.

    Example:
        >>> try:
        ...     Playground(connection="demo", messages="Hello").edit(4, "Goodbye")
        ... except NotFoundError as error:
        ...     print(error)
        there is no message 4: the path has 1
    """


class SetupError(PlaygroundError):
    """A connection or client cannot work as it is; nothing was sent.

    Example:
        >>> try:
        ...     Connection("mine", "https://api.openai.com/v1")
        ... except SetupError as error:
        ...     print(error)
        OpenAI needs a key: set OPENAI_API_KEY or pass api_key=.
    """


class WouldBlockError(PlaygroundError, RuntimeError):
    """A blocking call was made on a thread that the answer itself needs.

    Example:
        >>> from queue import Queue
        >>> pg, heard = Playground(connection="demo", model="demo-fast"), Queue()
        >>> def again(message):
        ...     try:
        ...         pg.send("And why?")
        ...     except WouldBlockError as error:
        ...         heard.put(error)
        >>> stop = pg.on("run", again)
        >>> answer = pg.send("Hello")
        >>> type(heard.get(timeout=60)).__name__
        'WouldBlockError'
    """


class NotStartedError(PlaygroundError):
    """A queued run was stopped before its turn came; nothing was sent.

    Example:
        >>> pg = Playground(connection="demo", model="demo-slow")
        >>> first, waiting = pg.start("Hello"), pg.start("Goodbye")
        >>> pg.stop()
        True
        >>> try:
        ...     waiting.result()
        ... except NotStartedError as error:
        ...     print(error)
        The run was stopped before its turn came; nothing was sent.
    """


class ClosedError(PlaygroundError, RuntimeError):
    """The playground was closed; its messages can still be read.

    Example:
        >>> pg = Playground(connection="demo", model="demo-fast")
        >>> pg.close()
        >>> try:
        ...     pg.send("Hello")
        ... except ClosedError as error:
        ...     print(type(error).__name__)
        ClosedError
    """


class ConflictError(PlaygroundError):
    """The thread was changed elsewhere meanwhile; nothing of this change was made.

    The playground has taken over the other changes, so that the same call can be made again.

    Example:
        >>> pg = Playground(connection="demo", model="demo-slow")
        >>> comparison = pg.compare(["Hello"])
        >>> try:
        ...     comparison.score(regex("a"))
        ... except ConflictError:
        ...     comparison.cancel()
    """


class UnsetVariablesError(PlaygroundError):
    """What was to be sent names variables that have no value; nothing was added and nothing sent.

    Attributes:
        names: Those variables, in the order they come.
        reasons: Why by name: `None` where there is no such variable.

    Example:
        >>> pg = Playground("In {{some_language}}.", connection="demo", model="demo-fast")
        >>> try:
        ...     pg.send("Hello")
        ... except UnsetVariablesError as error:
        ...     pg.variables[error.names[0]] = "French"
        >>> pg.send("Hello").variables
        {'some_language': 'French'}
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
        self.names: tuple[str, ...] = tuple(reasons)
        self.reasons: dict[str, str | None] = dict(reasons)
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
    """The file with the threads cannot be read or written; the message says why.

    Example:
        >>> try:
        ...     Playground(connection="demo", store="mysql://localhost/threads")
        ... except StoreError as error:
        ...     print(str(error).split(",")[0])
        Threads can't be kept in a mysql database
    """


class RunError(PlaygroundError):
    """A run failed.

    Attributes:
        info: What happened, what was kept and what can be done.
        message: The answer as far as it came, or `None` before the run began.

    Example:
        >>> pg = Playground(connection="demo", model="demo-stream-error")
        >>> try:
        ...     pg.send("Hello")
        ... except RunError as error:
        ...     print(error.message.status, len(error.message.text) > 0)
        failed True
    """

    kind: ClassVar[str] = "error"

    def __init__(self, info: ErrorInfo, message: Message | None = None) -> None:
        """Keep the facts; the text of the exception is the title and the detail."""
        super().__init__(f"{info.title}. {info.detail}" if info.detail else info.title)
        self.info = info
        self.message = message

    @staticmethod
    def of(info: ErrorInfo, message: Message | None = None) -> RunError:
        """Return the error of the class that belongs to `info.kind`.

        Args:
            info: What happened.
            message: The answer as far as it came.

        Example:
            >>> from playground_widget.errors import ErrorInfo
            >>> type(RunError.of(ErrorInfo(kind="quota", title="No credit is left"))).__name__
            'QuotaExceededError'
        """
        return _KINDS.get(info.kind, RunError)(info, message)


class RateLimitedError(RunError):
    """The service takes no more requests for now.

    Example:
        >>> from playground_widget.demo import shared
        >>> once = Connection("once", shared().base_url, max_attempts=1)
        >>> pg = Playground(connection=once, model="demo-rate-limited-always")
        >>> try:
        ...     pg.send("Hello")
        ... except RateLimitedError as error:
        ...     print(error.info.actions[0])
        retry
    """

    kind = "rate_limited"


class QuotaExceededError(RunError):
    """The account has no credit left.

    Example:
        >>> pg = Playground(connection="demo", model="demo-no-quota")
        >>> try:
        ...     pg.send("Hello")
        ... except QuotaExceededError as error:
        ...     print(error.info.title)
        The account at Demo model has no credit left
    """

    kind = "quota"


class KeyRefusedError(RunError):
    """The service did not accept the key.

    Example:
        >>> pg = Playground(connection="demo", model="demo-bad-key")
        >>> try:
        ...     pg.send("Hello")
        ... except KeyRefusedError as error:
        ...     print(error.info.actions[0])
        change_key
    """

    kind = "key_refused"


class PermissionRefusedError(RunError):
    """The key is good, but not for this.

    Example:
        >>> pg = Playground(connection="demo", model="demo-fast")
        >>> def ask(text):
        ...     try:
        ...         return pg.send(text).text
        ...     except PermissionRefusedError as error:
        ...         return error.info.title
        >>> ask("Hello").startswith("#")
        False
    """

    kind = "no_permission"


class ModelNotFoundError(RunError):
    """The service does not know the model.

    Example:
        >>> pg = Playground(connection="demo", model="no-such-model")
        >>> try:
        ...     pg.send("Hello")
        ... except ModelNotFoundError as error:
        ...     print(error.info.title)
        Demo model has no model no-such-model
    """

    kind = "model_not_found"


class ContextTooLongError(RunError):
    """The conversation is longer than the model can read.

    Example:
        >>> pg = Playground(connection="demo", model="demo-context")
        >>> try:
        ...     pg.send("Hello " * 2000)
        ... except ContextTooLongError as error:
        ...     print(error.info.facts["tokens_over"] > 0)
        True
    """

    kind = "context_too_long"


class BadRequestError(RunError):
    """The service refused the request as it was.

    Example:
        >>> pg = Playground(connection="demo", model="demo-fast")
        >>> def ask(text):
        ...     try:
        ...         return pg.send(text).text
        ...     except BadRequestError as error:
        ...         return error.info.detail
        >>> ask("Hello").startswith("#")
        False
    """

    kind = "bad_request"


class ParamRefusedError(RunError):
    """The model does not take a parameter, or not this value of it: `info.facts["param"]`.

    Example:
        >>> pg = Playground(connection="demo", model="demo-picky", temperature=0.5)
        >>> try:
        ...     pg.send("Hello")
        ... except ParamRefusedError as error:
        ...     print(error.info.facts["param"])
        temperature
    """

    kind = "param_refused"


class ContentFilteredError(RunError):
    """The service withheld the answer.

    Example:
        >>> pg = Playground(connection="demo", model="demo-fast")
        >>> def ask(text):
        ...     try:
        ...         return pg.send(text).text
        ...     except ContentFilteredError as error:
        ...         return error.info.title
        >>> ask("Hello").startswith("#")
        False
    """

    kind = "content_filter"


class ServerFailedError(RunError):
    """The service failed.

    Example:
        >>> from playground_widget.demo import shared
        >>> once = Connection("once", shared().base_url, max_attempts=1)
        >>> pg = Playground(connection=once, model="demo-overloaded")
        >>> try:
        ...     pg.send("Hello")
        ... except ServerFailedError as error:
        ...     print(error.info.facts["status"])
        503
    """

    kind = "server"


class UnreachableError(RunError):
    """The service was never reached.

    Example:
        >>> nobody = Connection("nobody", "http://127.0.0.1:9/v1", max_attempts=1)
        >>> pg = Playground(connection=nobody, model="any")
        >>> try:
        ...     pg.send("Hello")
        ... except UnreachableError as error:
        ...     print(error.message.text == "")
        True
    """

    kind = "connection"


class ConnectionDroppedError(RunError):
    """The connection ended in the middle of an answer.

    Example:
        >>> pg = Playground(connection="demo", model="demo-cut")
        >>> try:
        ...     pg.send("Hello")
        ... except ConnectionDroppedError as error:
        ...     print(error.message.status, "continue" in error.info.actions)
        failed True
    """

    kind = "dropped"


class TimedOutError(RunError):
    """The service did not answer in time.

    Example:
        >>> from playground_widget.demo import shared
        >>> hasty = Connection("hasty", shared().base_url, timeout=0.3, max_attempts=1)
        >>> pg = Playground(connection=hasty, model="demo-hang")
        >>> try:
        ...     pg.send("Hello")
        ... except TimedOutError as error:
        ...     print(error.info.actions[0])
        retry
    """

    kind = "timeout"


class ProtocolBrokenError(RunError):
    """The service's answer could not be read.

    Example:
        >>> pg = Playground(connection="demo", model="demo-malformed")
        >>> try:
        ...     pg.send("Hello")
        ... except ProtocolBrokenError as error:
        ...     print(error.info.title)
        The answer of Demo model could not be read
    """

    kind = "protocol"


class ToolRoundsError(RunError):
    """The model asked for more rounds of calls than may be made in one run.

    Example:
        >>> def area(width: float, height: float) -> float:
        ...     '''The area of a rectangle.'''
        ...     return width * height
        >>> pg = Playground(connection="demo", model="demo-tools", tools=[area], max_tool_rounds=1)
        >>> pg.params = {"extra": {"demo": {"rounds": 2}}}
        >>> try:
        ...     pg.send("How large is 2 by 3?")
        ... except ToolRoundsError:
        ...     print(pg.send().status)  # goes on
        complete
    """

    kind = "tool_rounds"


def kind_of(error: PlaygroundError) -> str:
    """Return one word for programs: the kind of a failed run, or the name of any other error."""
    if isinstance(error, RunError):
        return error.info.kind
    if isinstance(error, UnsetVariablesError):
        return error.kind
    return type(error).__name__.removesuffix("Error").lower()


_KINDS: dict[str, type[RunError]] = {kind.kind: kind for kind in RunError.__subclasses__()}
