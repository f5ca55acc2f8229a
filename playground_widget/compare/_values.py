"""What a comparison consists of: variants, rows, and a cell for each answer. Immutable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, NamedTuple

from playground_widget.errors import ErrorInfo, InputError
from playground_widget.model import Message, Params, Timing, Usage
from playground_widget.provider import Connection
from playground_widget.text import clean_text

__all__ = [
    "Candidate",
    "Cell",
    "CellStatus",
    "Key",
    "Plan",
    "Row",
    "Score",
    "Value",
    "Variant",
    "candidates",
]

CellStatus = Literal["waiting", "running", "complete", "failed", "cancelled"]

Value = bool | int | float | str | None
"""What a scorer says: figures and yes or no have means; words are shown beside them."""

MOST_VARIANTS = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way to ask, beside others; what is `None` comes from the playground.

    Args:
        name: What to call it; by default a letter.
        system: The system prompt. `{{name}}` stands for a column of the inputs, else for a variable
            of the playground or the notebook.
        model: The model to ask.
        connection: Where to ask it, as `Playground(connection=...)` takes it.
        params: A dict changes just what it names, and `None` in it unsets; a `Params` replaces
            them all.

    Example:
        >>> Variant(name="Plain words", params={"temperature": 0})
        Variant(name='Plain words', params={'temperature': 0})
    """

    name: str | None = None
    system: str | None = None
    model: str | None = None
    connection: object = None
    params: Mapping[str, Any] | Params | None = None

    def __repr__(self) -> str:
        """Show what is set, and nothing else."""
        given = {f.name: getattr(self, f.name) for f in fields(self)}
        shown = ", ".join(f"{name}={value!r}" for name, value in given.items() if value is not None)
        return f"Variant({shown})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A variant with nothing left open.

    Args:
        name: What it is called.
        system: The system prompt, its variables not yet filled in.
        model: The model to ask.
        connection: Where to ask it.
        params: What shapes its answers.
    """

    name: str
    system: str
    model: str
    connection: Connection
    params: Params

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form. Of the connection it holds how to find it again, and no key."""
        where = self.connection
        return {
            "name": self.name,
            "system": self.system,
            "model": self.model,
            "connection": {"name": where.name, "base_url": where.base_url, "api": where.api},
            "params": self.params.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One of the inputs.

    Args:
        index: Its number, counted from 0.
        data: By column, as JSON can hold them.
    """

    index: int
    data: Mapping[str, Any]


class Key(NamedTuple):
    """Which cell: numbers of row, variant and sample, each counted from 0."""

    row: int
    variant: int
    sample: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a scorer said of an answer.

    Args:
        value: Its verdict; `None` where it failed.
        error: Why it failed.
        reason: Why it said so, where it told.
        usage: What asking a judge cost.
    """

    value: Value = None
    error: str | None = None
    reason: str | None = None
    usage: Usage | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, without what is not known."""
        return _flat(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Score:
        """Read what `to_dict` wrote."""
        usage = data.get("usage")
        return cls(**{**data, "usage": Usage(**usage) if usage else None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One answer: of a variant, to a row, for the nth time.

    Args:
        row: The number of the row.
        variant: The number of the variant.
        sample: Which of the answers to the same request.
        status: `waiting`, `running`, or how it ended.
        output: The words of the answer as far as they came.
        parsed: The answer as JSON, where JSON was asked for and came whole.
        scores: By the name of the scorer.
        usage: Tokens and cost, without those of judges.
        timing: How long it took.
        error: Why it failed.
        request_id: The service's id of the request.
        model: The model that answered.
        finish_reason: Why it stopped, by the API's word.
    """

    row: int
    variant: int
    sample: int
    status: CellStatus = "waiting"
    output: str = ""
    parsed: Any = None
    scores: Mapping[str, Score] = field(default_factory=dict)
    usage: Usage | None = None
    timing: Timing | None = None
    error: ErrorInfo | None = None
    request_id: str | None = None
    model: str | None = None
    finish_reason: str | None = None

    @property
    def key(self) -> Key:
        """Which one it is."""
        return Key(self.row, self.variant, self.sample)

    @property
    def cost(self) -> float | None:
        """What it cost in US dollars, its judges included, or `None` if nothing of it is known."""
        used = [self.usage, *(score.usage for score in self.scores.values())]
        known = [usage.cost for usage in used if usage is not None and usage.cost is not None]
        return sum(known) if known else None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, without what is not known and without what names it."""
        data = {n: v for n, v in _flat(self).items() if n not in {*Key._fields, "status"}}
        if self.error is not None:
            data["error"] = self.error.to_dict()
        data["scores"] = {name: score.to_dict() for name, score in self.scores.items()}
        return data

    @classmethod
    def from_dict(cls, key: Key, status: CellStatus, data: Mapping[str, Any]) -> Cell:
        """Read what `to_dict` wrote."""
        given = dict(data)
        for name, kind in (("usage", Usage), ("timing", Timing)):
            if name in given:
                given[name] = kind(**given[name])
        if "error" in given:
            given["error"] = ErrorInfo.from_dict(given["error"])
        given["scores"] = {n: Score.from_dict(s) for n, s in given.get("scores", {}).items()}
        return cls(**key._asdict(), status=status, **given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that a comparison asks.

    Args:
        columns: The names of the inputs' columns, in order; none for the conversation as it is.
        rows: The inputs.
        candidates: The variants.
        samples: How often each is asked the same.
        messages: The conversation that is asked about.
        variables: What names stand for that are no columns, as it was when it began.
        input: The column that is the user message, or `None` where the last message has its place.
        seed: Of the answers, and of the intervals.
        max_concurrency: How many are asked at once at most.
        max_cost: In US dollars, what all may cost at most.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    candidates: tuple[Candidate, ...]
    samples: int = 1
    messages: tuple[Message, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    input: str | None = None
    seed: int | None = None
    max_concurrency: int = 8
    max_cost: float | None = None

    def places(self) -> list[Key]:
        """Return the cells in the order in which they are asked: row by row."""
        return [
            Key(row.index, variant, sample)
            for row in self.rows
            for sample in range(self.samples)
            for variant in range(len(self.candidates))
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, without keys of services."""
        return {
            "columns": list(self.columns),
            "rows": [dict(row.data) for row in self.rows],
            "candidates": [candidate.to_dict() for candidate in self.candidates],
            "samples": self.samples,
            "messages": [message.to_dict() for message in self.messages],
            "variables": dict(self.variables),
            "input": self.input,
            "seed": self.seed,
            "max_concurrency": self.max_concurrency,
            "max_cost": self.max_cost,
        }

    @classmethod
    def from_dict(
        cls, data: Mapping[str, Any], find: Callable[[Mapping[str, str]], Connection]
    ) -> Plan:
        """Read what `to_dict` wrote.

        Args:
            data: The JSON.
            find: Returns a connection by its `name`, `base_url` and `api`.
        """
        made = [
            Candidate(
                name=each["name"],
                system=each["system"],
                model=each["model"],
                connection=find(each["connection"]),
                params=Params().changed(each["params"]),
            )
            for each in data["candidates"]
        ]
        rest = ("samples", "input", "seed", "max_concurrency", "max_cost")
        return cls(
            columns=tuple(data["columns"]),
            rows=tuple(Row(n, values) for n, values in enumerate(data["rows"])),
            candidates=tuple(made),
            messages=tuple(Message.from_dict(message) for message in data["messages"]),
            variables=data.get("variables", {}),
            **{name: data[name] for name in rest},
        )


def candidates(variants: object, usual: Candidate) -> tuple[Candidate, ...]:
    """Return variants with what they leave open taken from the playground.

    Args:
        variants: A list of `Variant`, whose connections are resolved.
        usual: What the playground asks with.

    Raises:
        InputError: It is none, or two have one name.
    """
    if not isinstance(variants, list | tuple) or not 0 < len(variants) <= MOST_VARIANTS:
        raise InputError(f"variants is a list of 1 to {MOST_VARIANTS} Variant(...)")
    made = [_candidate(number, each, usual) for number, each in enumerate(variants)]
    names = [each.name for each in made]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"two variants are called {twice[0]!r}; give each a name of its own")
    return tuple(made)


def _candidate(number: int, variant: object, usual: Candidate) -> Candidate:
    if not isinstance(variant, Variant):
        raise InputError(f"a variant is a Variant(...), not {type(variant).__name__}")
    for name in ("name", "system", "model"):
        value = getattr(variant, name)
        if value is not None and not isinstance(value, str):
            raise InputError(f"{name} of a variant is text, not {type(value).__name__}")
    params = variant.params
    if params is not None and not isinstance(params, Mapping | Params):
        raise InputError(f"params of a variant is a dict or a Params, not {type(params).__name__}")
    if isinstance(params, Params):
        params = Params().changed(params)
    elif params is not None:
        params = usual.params.changed(params)
    where = variant.connection
    return replace(
        usual,
        name=clean_text(variant.name or chr(ord("A") + number)),
        system=usual.system if variant.system is None else clean_text(variant.system),
        model=variant.model or usual.model,
        connection=where if isinstance(where, Connection) else usual.connection,
        params=usual.params if params is None else params,
    )


def _flat(value: Any) -> dict[str, Any]:
    """Return the fields that are known, their values flat too."""
    found: dict[str, Any] = {}
    for each in fields(value):
        item = getattr(value, each.name)
        if item is not None:
            found[each.name] = _flat(item) if isinstance(item, Usage | Timing) else item
    return found
