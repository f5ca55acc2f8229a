"""One message, and its JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from playground_widget.errors import ErrorInfo, InputError
from playground_widget.model._figures import Consent, Retry, Timing, TokenLogprob, Usage
from playground_widget.model._flat import field_names, flat
from playground_widget.model._params import Params
from playground_widget.model._parts import (
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    part_from_dict,
    part_to_dict,
)
from playground_widget.model._readers import json_of, reader_of, wants_json

__all__ = ["ROLES", "STATUSES", "Message", "Role", "Status"]

Role = Literal["system", "developer", "user", "assistant", "tool"]
Status = Literal["streaming", "complete", "cancelled", "interrupted", "failed"]

ROLES: tuple[str, ...] = get_args(Role)
STATUSES: tuple[str, ...] = get_args(Status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a thread.

    Args:
        id: Unique in the thread.
        parent: The id of the message before it, or `None` for a first one.
        role: Who speaks, by the API's word.
        content: Its parts.
        status: `complete`, or for an answer `streaming`, `cancelled` (by a person),
            `interrupted` (its process ended) or `failed`.
        created: Seconds since the epoch.
        model: The model that answered.
        connection: The label of the connection that it came through.
        params: The parameters it was asked for with.
        prompt: Which version of the thread's system prompt it was asked with, counted from 1;
            `None` where there was no system prompt, or it is not known.
        finish_reason: Why the model stopped, by the API's word, such as `stop` or `length`.
        usage: Tokens and cost.
        timing: How long it took.
        error: Why it failed.
        invalid: Why an answer that came whole does not fit the format it was asked for in.
        request_id: The service's id of the request, for its support.
        tool_call_id: Which call a tool message answers.
        continued: The id of the answer that this one goes on from.
        reasked: The id of the answer that did not fit its format, and that this one was asked
            for in place of.
        copy_of: The id of the message whose content this shares on another path.
        tokens: About how many tokens came, where the service did not get to count them.
        retry: While it waits to ask again.
        consent: While the call of a tool waits for somebody to allow it.
        tools: What the model was told of the tools it could ask for, each with `name`,
            `description` and `parameters`.
        logprobs: How probable each token of its text was, where `Params.logprobs` asked for it
            and the service says it. An answer that goes on from another begins with the tokens
            of that one.
        variables: The texts that stood for `{{name}}` in what it was asked with, by name.

    Example:
        >>> pg = Playground(connection="demo", model="demo-fast")
        >>> answer = pg.send("Hello")
        >>> answer.role, answer.status, answer.model, answer.finish_reason
        ('assistant', 'complete', 'demo-fast', 'stop')
    """

    id: str
    parent: str | None
    role: Role
    content: tuple[Part, ...]
    status: Status = "complete"
    created: float = 0.0
    model: str | None = None
    connection: str | None = None
    params: Params | None = None
    prompt: int | None = None
    finish_reason: str | None = None
    usage: Usage | None = None
    timing: Timing | None = None
    error: ErrorInfo | None = None
    invalid: str | None = None
    request_id: str | None = None
    tool_call_id: str | None = None
    continued: str | None = None
    reasked: str | None = None
    copy_of: str | None = None
    tokens: int | None = None
    retry: Retry | None = None
    consent: Consent | None = None
    tools: tuple[Mapping[str, Any], ...] | None = None
    logprobs: tuple[TokenLogprob, ...] | None = None
    variables: Mapping[str, str] | None = None

    @property
    def text(self) -> str:
        """The words of the message: its text and refusals, without reasoning.

        Example:
            >>> pg = Playground(connection="demo")
            >>> pg.add("Hello").text
            'Hello'
        """
        return "".join(part.text for part in self.content if isinstance(part, Text | Refusal))

    @property
    def reasoning(self) -> str:
        """What the model thought, as far as the service shows it.

        Example:
            >>> content = (Reasoning("Which is it?"), Text("Gentoo."))
            >>> Message(id="a", parent=None, role="assistant", content=content).reasoning
            'Which is it?'
        """
        return "".join(part.text for part in self.content if isinstance(part, Reasoning))

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The functions the model asks for.

        Example:
            >>> call = ToolCall(id="call-1", name="area", arguments='{"width": 2}')
            >>> Message(id="a", parent=None, role="assistant", content=(call,)).tool_calls[0].name
            'area'
        """
        return tuple(part for part in self.content if isinstance(part, ToolCall))

    @property
    def parsed(self) -> Any:
        """The answer as an object, when one was asked for and came whole; else `None`.

        In the process that was given a class as the answer format it is an object of that class,
        elsewhere the plain JSON. `invalid` says why there is none.

        Example:
            >>> from dataclasses import dataclass
            >>> @dataclass
            ... class Review:
            ...     mood: str
            ...     stars: int
            >>> pg = Playground(connection="demo", model="demo-json", response_format=Review)
            >>> type(pg.send("Late, but lovely.").parsed).__name__
            'Review'
        """
        wanted = self.params.response_format if self.params else None
        if wanted is None or not wants_json(wanted):
            return None
        if self.status != "complete" or self.invalid is not None:
            return None
        try:
            return (reader_of(wanted) or json_of)(self.text)
        except ValueError:
            return None

    @property
    def tokens_per_second(self) -> float | None:
        """Tokens written a second, from the first one to the end.

        Example:
            >>> usage, timing = Usage(output_tokens=90), Timing(duration=3.5, first_token=0.5)
            >>> answer = Message(
            ...     id="a", parent=None, role="assistant", content=(), usage=usage, timing=timing
            ... )
            >>> answer.tokens_per_second
            30.0
        """
        if not self.usage or not self.timing or self.timing.first_token is None:
            return None
        seconds = self.timing.duration - self.timing.first_token
        return self.usage.output_tokens / seconds if seconds > 0 else None

    def __repr__(self) -> str:
        """Show who says what, shortened, with the id to name it by."""
        text = self.text if len(self.text) <= _REPR else self.text[: _REPR - 1] + "…"
        state = "" if self.status == "complete" else f", status={self.status!r}"
        return f"Message(id={self.id!r}, role={self.role!r}, text={text!r}{state})"

    def _repr_markdown_(self) -> str:
        """Show the words as the notebook shows markdown."""
        return self.text

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, without what is not known.

        The probabilities of tokens, which are many times longer than the text, are no part of it.

        Example:
            >>> message = Message(id="a", parent=None, role="user", content=(Text("Hi"),))
            >>> message.to_dict()["content"]
            [{'type': 'text', 'text': 'Hi'}]
        """
        data = flat(self)
        data.pop("logprobs", None)
        data["parent"] = self.parent
        data["content"] = [part_to_dict(part) for part in self.content]
        for name in ("usage", "timing"):
            if name in data:
                data[name] = flat(data[name])
        if self.tools is not None:
            data["tools"] = [dict(tool) for tool in self.tools]
        for name in ("params", "error", "retry", "consent"):
            if name in data:
                data[name] = data[name].to_dict()
        if "variables" in data:
            data["variables"] = dict(data["variables"])
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Message:
        """Read what `to_dict` wrote.

        Args:
            data: The JSON form; names that are not known are passed over.

        Raises:
            InputError: It is not a message.

        Example:
            >>> message = Message(id="a", parent=None, role="user", content=(Text("Hi"),))
            >>> Message.from_dict(message.to_dict()) == message
            True
        """
        given = {name: data[name] for name in field_names(cls) if name in data}
        for name in ("retry", "consent", "logprobs"):
            given.pop(name, None)
        if given.get("role") not in ROLES or given.get("status", "complete") not in STATUSES:
            raise InputError("a message needs a role and a status that are known")
        try:
            given["content"] = tuple(part_from_dict(part) for part in given["content"])
            for name, kind in (("usage", Usage), ("timing", Timing)):
                if name in given:
                    given[name] = kind(**given[name])
            if "params" in given:
                given["params"] = Params().changed(given["params"])
            if "tools" in given:
                given["tools"] = tuple(dict(tool) for tool in given["tools"])
            if "error" in given:
                given["error"] = ErrorInfo.from_dict(given["error"])
            if "variables" in given:
                given["variables"] = _variables(given["variables"])
            return cls(**given)
        except (TypeError, KeyError) as error:
            raise InputError(f"this is not a message: {error}") from error


def _variables(given: object) -> dict[str, str]:
    if not isinstance(given, Mapping) or not all(
        isinstance(text, str) for pair in given.items() for text in pair
    ):
        raise InputError("the variables of a message are texts by name")
    return dict(given)


_REPR = 60
