"""A model that says how good an answer is, with its prompt in sight."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from playground_widget.compare._values import Score, Value
from playground_widget.errors import InputError
from playground_widget.model import Message, Params, Text
from playground_widget.provider import Connection
from playground_widget.template import names, rendered
from playground_widget.text import clean_text

__all__ = ["OUTPUT", "judge", "verdict"]

OUTPUT = "output"
"""The name that stands for the answer in a judge's prompt."""

INSTRUCTION = (
    'Answer with JSON alone: {"reason": why, in one sentence, "score": a number from 0, the worst, '
    "to 1, the best}."
)

_FORMAT = {
    "type": "json_schema",
    "json_schema": {
        "name": "verdict",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {
                "reason": {"type": "string"},
                "score": {"type": "number", "minimum": 0, "maximum": 1},
            },
            "required": ["reason", "score"],
            "additionalProperties": False,
        },
    },
}
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_REASON = 500


class judge:  # noqa: N801 - it is used as a function
    """Asks a model for a score from 0 to 1, and why.

    Args:
        prompt: What to judge by. `{{output}}` stands for the answer, `{{column}}` for a column
            of the inputs, and other names for the variables that the comparison began with; where
            it does not have the answer in it, that is the user message.
        model: The model to ask; by default the playground's.
        connection: Where, as `Playground(connection=...)` takes it; by default the playground's.

    Attributes:
        prompt: The system prompt as it is sent, its variables not yet filled in. It is kept with
            the comparison.

    Example:
        >>> judge("Is this polite?").prompt.splitlines()[0]
        'Is this polite?'
    """

    def __init__(self, prompt: str, model: str | None = None, connection: object = None) -> None:
        """Ask nothing yet."""
        given: object = prompt
        if not isinstance(given, str) or not given.strip():
            raise InputError("a judge needs a prompt that says what to judge by")
        self.name = "judge"
        self.prompt: str = f"{clean_text(prompt)}\n\n{INSTRUCTION}"
        self.model = model
        self.connection = connection

    @classmethod
    def of_whole(cls, prompt: str, model: str | None) -> judge:
        """Return a judge with a prompt that has been kept, instruction and all.

        Args:
            prompt: The `prompt` of a judge.
            model: The model to ask; `None` for the playground's.

        Example:
            >>> kept = judge("Is this polite?").prompt
            >>> judge.of_whole(kept, "demo").prompt == kept
            True
        """
        made = cls(prompt, model)
        made.prompt = prompt
        return made

    def bound(self, model: str, connection: Connection) -> judge:
        """Return this judge with what it left open.

        Args:
            model: The model to ask where it names none.
            connection: Where to ask where it names none.

        Example:
            >>> demo = Playground(connection="demo").connection
            >>> judge("Is this polite?").bound("demo-fast", demo).model
            'demo-fast'
        """
        made = judge.__new__(judge)
        made.name, made.prompt = self.name, self.prompt
        own = self.connection if isinstance(self.connection, Connection) else None
        # A model of one service means nothing to another.
        made.model, made.connection = self.model or model, own or connection
        return made

    def variables(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Return the names in its prompt that are neither columns nor the answer.

        Args:
            columns: The names of the inputs' columns.

        Example:
            >>> judge("Is {{output}} what {{who}} would say of {{review}}?").variables(["review"])
            ('who',)
        """
        known = {*columns, OUTPUT}
        return tuple(name for name in names(self.prompt) if name not in known)

    def body(self, output: str, values: Mapping[str, str]) -> dict[str, Any]:
        """Return the request for its verdict.

        Args:
            output: The answer.
            values: What other names in the prompt stand for.

        Returns:
            The body, in the API that its connection speaks.

        Example:
            >>> demo = Playground(connection="demo").connection
            >>> body = judge("Is this polite?").bound("demo-fast", demo).body("Thank you.", {})
            >>> body["messages"][-1]
            {'role': 'user', 'content': 'Thank you.'}
        """
        assert isinstance(self.connection, Connection)  # noqa: S101 - what `bound` made
        system = rendered(self.prompt, {**values, OUTPUT: output})
        shown = "Judge the answer above." if OUTPUT in names(self.prompt) else output
        message = Message(id=OUTPUT, parent=None, role="user", content=(Text(shown or "(empty)"),))
        params = Params(response_format=_FORMAT)
        return self.connection.request(system, [message], self.model or "", params)

    def to_dict(self) -> dict[str, Any]:
        """Return what is kept of it: all but keys.

        Example:
            >>> judge("Is this polite?", model="gpt-4.1").to_dict()["model"]
            'gpt-4.1'
        """
        where = self.connection.name if isinstance(self.connection, Connection) else None
        return {"kind": "judge", "prompt": self.prompt, "model": self.model, "connection": where}


def verdict(text: str) -> Score:
    """Return what a judge said; words around its JSON do no harm.

    Example:
        >>> verdict('Sure: {"reason": "Short", "score": 0.5}').value
        0.5
    """
    found = _OBJECT.search(text)
    try:
        said = json.loads(found[0]) if found else None
    except (ValueError, RecursionError):
        said = None
    value: Value = said.get("score") if isinstance(said, dict) else None
    is_score = isinstance(value, int | float) and 0 <= value <= 1
    if not isinstance(said, dict) or not is_score:
        shown = " ".join(text.split())[:80]
        return Score(error=f"the judge gave no score from 0 to 1: {shown!r}")
    return Score(value=value, reason=clean_text(str(said.get("reason") or ""))[:_REASON] or None)
