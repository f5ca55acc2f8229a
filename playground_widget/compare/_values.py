"""What a comparison consists of: rows, a cell for each answer, and the plan. Immutable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from playground_widget.compare._steps import Step
from playground_widget.compare._variants import Candidate, Missing
from playground_widget.errors import ErrorInfo
from playground_widget.model import Message, Params, Timing, Usage
from playground_widget.provider import Connection
from playground_widget.tools import Tool

__all__ = [
    "Cell",
    "CellStatus",
    "Key",
    "Plan",
    "Row",
    "Score",
    "Value",
]

CellStatus = Literal["waiting", "running", "complete", "failed", "cancelled"]

Value = bool | int | float | str | None
"""What a scorer says: figures and yes or no have means; words are shown beside them."""


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

    Example:
        >>> from playground_widget.compare import Score
        >>> def short(output, row):
        ...     return Score(value=len(output) < 20, reason=f"{len(output)} characters")
        >>> short("Hello", {}).reason
        '5 characters'
    """

    value: Value = None
    error: str | None = None
    reason: str | None = None
    usage: Usage | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, without what is not known.

        Example:
            >>> from playground_widget.compare import Score
            >>> Score(value=True).to_dict()
            {'value': True}
        """
        return _flat(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Score:
        """Read what `to_dict` wrote.

        Args:
            data: The JSON form.

        Example:
            >>> from playground_widget.compare import Score
            >>> Score.from_dict({"value": 0.5, "reason": "Short"}).value
            0.5
        """
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
        output: The words of the answer as far as they came; after calls of tools, the last ones.
        parsed: The answer as JSON, where JSON was asked for and came whole. `Comparison.cells`
            has it as an object of the class that was asked for, where this process knows that.
        invalid: Why an answer that came whole does not fit the format it was asked for in.
        refused: Whether the model declined to answer.
        steps: The calls of tools on the way to the answer.
        scores: By the name of the scorer.
        usage: Tokens and cost of all its requests, without those of judges.
        timing: How long it took.
        error: Why it failed.
        request_id: The service's id of the request.
        model: The model that answered.
        finish_reason: Why it stopped, by the API's word.

    Example:
        >>> pg = Playground(connection="demo", model="demo-echo")
        >>> cell = pg.compare(["Hello"]).result().cell(0, "A")
        >>> cell.status, cell.output, cell.model
        ('complete', 'Hello', 'demo-echo')
    """

    row: int
    variant: int
    sample: int
    status: CellStatus = "waiting"
    output: str = ""
    parsed: Any = None
    invalid: str | None = None
    refused: bool | None = None
    steps: tuple[Step, ...] = ()
    scores: Mapping[str, Score] = field(default_factory=dict)
    usage: Usage | None = None
    timing: Timing | None = None
    error: ErrorInfo | None = None
    request_id: str | None = None
    model: str | None = None
    finish_reason: str | None = None

    @property
    def key(self) -> Key:
        """Which one it is.

        Example:
            >>> from playground_widget.compare import Cell
            >>> Cell(row=1, variant=0, sample=2).key
            Key(row=1, variant=0, sample=2)
        """
        return Key(self.row, self.variant, self.sample)

    @property
    def cost(self) -> float | None:
        """What it cost in US dollars, its judges included, or `None` if nothing of it is known.

        Example:
            >>> from playground_widget.compare import Cell, Score
            >>> scores = {"judge": Score(value=0.5, usage=Usage(cost=0.25))}
            >>> Cell(row=0, variant=0, sample=0, usage=Usage(cost=0.5), scores=scores).cost
            0.75
        """
        used = [self.usage, *(score.usage for score in self.scores.values())]
        known = [usage.cost for usage in used if usage is not None and usage.cost is not None]
        return sum(known) if known else None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, without what is not known and without what names it.

        Example:
            >>> from playground_widget.compare import Cell
            >>> Cell(row=0, variant=0, sample=0, output="Hello").to_dict()
            {'output': 'Hello', 'steps': [], 'scores': {}}
        """
        data = {n: v for n, v in _flat(self).items() if n not in {*Key._fields, "status"}}
        if self.error is not None:
            data["error"] = self.error.to_dict()
        data["scores"] = {name: score.to_dict() for name, score in self.scores.items()}
        data["steps"] = [step.to_dict() for step in self.steps]
        return data

    @classmethod
    def from_dict(cls, key: Key, status: CellStatus, data: Mapping[str, Any]) -> Cell:
        """Read what `to_dict` wrote.

        Args:
            key: Which one it is.
            status: How far it is.
            data: The JSON form.

        Example:
            >>> from playground_widget.compare import Cell, Key
            >>> Cell.from_dict(Key(0, 1, 0), "complete", {"output": "Hello"}).variant
            1
        """
        given = dict(data)
        for name, kind in (("usage", Usage), ("timing", Timing)):
            if name in given:
                given[name] = kind(**given[name])
        if "error" in given:
            given["error"] = ErrorInfo.from_dict(given["error"])
        given["steps"] = tuple(map(Step.from_dict, given.get("steps", ())))
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
        max_tool_rounds: How often results of calls are sent for one answer at most.

    Example:
        >>> pg = Playground("Be brief.", connection="demo", model="demo-fast")
        >>> plan = pg.compare(["Hello", "Goodbye"], samples=2).result().plan
        >>> [row.data for row in plan.rows], plan.samples, plan.candidates[0].system
        ([{'input': 'Hello'}, {'input': 'Goodbye'}], 2, 'Be brief.')
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
    max_tool_rounds: int = 20

    def places(self) -> list[Key]:
        """Return the cells in the order in which they are asked: row by row.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> pg.compare(["Hello"], samples=2).result().plan.places()
            [Key(row=0, variant=0, sample=0), Key(row=0, variant=0, sample=1)]
        """
        return [
            Key(row.index, variant, sample)
            for row in self.rows
            for sample in range(self.samples)
            for variant in range(len(self.candidates))
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, without keys of services.

        Example:
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> pg.compare(["Hello"]).result().plan.to_dict()["rows"]
            [{'input': 'Hello'}]
        """
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
            "max_tool_rounds": self.max_tool_rounds,
        }

    @classmethod
    def from_dict(
        cls,
        data: Mapping[str, Any],
        find: Callable[[Mapping[str, str]], Connection],
        tools: Iterable[Tool] = (),
    ) -> Plan:
        """Read what `to_dict` wrote.

        Args:
            data: The JSON.
            find: Returns a connection by its `name`, `base_url` and `api`.
            tools: Those that are known here; functions are not kept.

        Example:
            >>> from playground_widget.compare import Plan
            >>> pg = Playground(connection="demo", model="demo-fast")
            >>> plan = pg.compare(["Hello"]).result().plan
            >>> Plan.from_dict(plan.to_dict(), lambda where: pg.connection) == plan
            True
        """
        known = {tool.name: tool for tool in tools}
        made = [
            Candidate(
                name=each["name"],
                system=each["system"],
                model=each["model"],
                connection=find(each["connection"]),
                params=Params().changed(each["params"]),
                tools=tuple(Missing.found(told, known) for told in each.get("tools", ())),
            )
            for each in data["candidates"]
        ]
        rest = ("samples", "input", "seed", "max_concurrency", "max_cost", "max_tool_rounds")
        return cls(
            columns=tuple(data["columns"]),
            rows=tuple(Row(n, values) for n, values in enumerate(data["rows"])),
            candidates=tuple(made),
            messages=tuple(Message.from_dict(message) for message in data["messages"]),
            variables=data.get("variables", {}),
            **{name: data[name] for name in rest if name in data},
        )


def _flat(value: Any) -> dict[str, Any]:
    """Return the fields that are known, their values flat too."""
    found: dict[str, Any] = {}
    # The slots of a dataclass are its fields; thousands of cells are written so.
    for name in value.__slots__:
        item = getattr(value, name)
        if item is not None:
            found[name] = _flat(item) if isinstance(item, Usage | Timing) else item
    return found
