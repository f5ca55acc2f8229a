"""An answer cut into tokens, with stop texts and the limit of length applied."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from playground_widget.demo import _tokens
from playground_widget.demo._answer import Answer, Finish, answer

if TYPE_CHECKING:
    from playground_widget.demo._models import Break
    from playground_widget.demo._request import Call, Request

__all__ = ["Plan", "Section", "plan"]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of an answer; `call` is the call whose arguments the tokens are."""

    kind: Literal["reasoning", "text", "refusal", "call"]
    tokens: list[str]
    call: Call | None = None

    @property
    def text(self) -> str:
        """The tokens joined."""
        return "".join(self.tokens)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is sent: the sections in order, why the answer ends, what goes wrong, and counts."""

    sections: tuple[Section, ...]
    finish: Finish
    breaks: Break | None
    input_tokens: int

    @property
    def output_tokens(self) -> int:
        """Tokens of answer, thinking included."""
        return sum(len(section.tokens) for section in self.sections)

    @property
    def reasoning_tokens(self) -> int:
        """Tokens of thinking."""
        return sum(len(part.tokens) for part in self.sections if part.kind == "reasoning")

    def text_of(self, kind: str) -> str:
        """Return the text of all sections of one kind."""
        return "".join(section.text for section in self.sections if section.kind == kind)


def plan(request: Request) -> Plan:
    """Return the plan of the answer to a request.

    Raises:
        ApiError: The request asks for a form that no answer can have.
    """
    whole = answer(request)
    sections, cut = _limited(_sections(_stopped(whole, request.stop)), request.limit)
    breaks = request.model.breaks
    if breaks and whole.continued:
        # Whoever asks to continue has met the break already.
        breaks = None
    elif breaks and breaks.after is not None and request.steering.break_after is not None:
        breaks = replace(breaks, after=request.steering.break_after)
    return Plan(sections, "length" if cut else whole.finish, breaks, request.input_tokens())


def _stopped(whole: Answer, stop: tuple[str, ...]) -> Answer:
    found = [at for text in stop if (at := whole.text.find(text)) >= 0]
    return replace(whole, text=whole.text[: min(found)], finish="stop") if found else whole


def _sections(whole: Answer) -> list[Section]:
    sections = []
    if whole.reasoning:
        sections.append(Section("reasoning", _tokens.split(whole.reasoning)))
    if whole.refusal:
        sections.append(Section("refusal", _tokens.split(whole.refusal)))
    elif not whole.calls:
        sections.append(Section("text", _tokens.split(whole.text)))
    calls = [Section("call", _tokens.split(call.arguments), call) for call in whole.calls]
    return sections + calls


def _limited(sections: list[Section], limit: int | None) -> tuple[tuple[Section, ...], bool]:
    """Return the sections up to `limit` tokens, and whether anything was left out."""
    kept: list[Section] = []
    left = limit
    for section in sections:
        if left is not None and len(section.tokens) > left:
            if left or not kept:
                kept.append(replace(section, tokens=section.tokens[:left]))
            return tuple(kept), True
        kept.append(section)
        left = None if left is None else left - len(section.tokens)
    return tuple(kept), False
