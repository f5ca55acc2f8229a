"""A playground meets a fault: what is seen, what is kept, and what was sent again."""

from __future__ import annotations

import json
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from playground_widget import Connection, Playground, RunError
from tests.faults.refusals import KEY
from tests.faults.streams import text_of

if TYPE_CHECKING:
    from playground_widget.conversation import Update
    from playground_widget.model import Message, Retry, Thread
    from playground_widget.request import Api
    from tests.faults.faults import Fault
    from tests.faults.place import Place

__all__ = ["LIMIT", "Meeting", "Row", "meet"]

LIMIT = 60.0
"""Seconds after which a run counts as hanging; none of them takes five."""


class Row(NamedTuple):
    """A row of the README's table, but for the name of the fault."""

    sees: str
    kept: str
    again: str


@dataclass(frozen=True)
class Meeting:
    """What came of a fault.

    Args:
        answer: As it was kept.
        error: What the caller got.
        waits: What was shown before each further attempt.
        requests: How many there were.
        reached: How many of them the service worked on.
        said: The text that the service had sent up to the fault, in its last answer.
        thread: The conversation after it, before the next prompt.
        next_answer: What was answered to the next prompt.
        shown: Everything that listeners heard, and all that can be asked for, as text.
        traced: The traceback that an uncaught error would show.
    """

    answer: Message
    error: RunError | None
    waits: list[Retry]
    requests: int
    reached: int
    said: str
    thread: Thread
    next_answer: Message
    shown: str
    traced: str

    @property
    def row(self) -> Row:
        """Return what the README says of it."""
        return Row(self._sees(), self._kept(), self._again())

    def _sees(self) -> str:
        answer = self.answer
        if answer.error is not None:
            return answer.error.title
        if not answer.text:
            return "The answer is empty"
        if answer.finish_reason not in {"stop", None}:
            return f"The answer, “{answer.finish_reason.replace('_', ' ')}” below it"
        return "The answer"

    def _kept(self) -> str:
        if self.answer.status == "complete":
            return "all"
        if self.answer.tool_calls:
            return "your message, the call so far"
        return "your message, the text so far" if self.answer.content else "your message"

    def _again(self) -> str:
        more = self.requests - 1
        times = {0: "no", 1: "once"}.get(more, f"{more} times")
        told = self.waits and all("retry_after" in wait.error.facts for wait in self.waits)
        return f"{times}, when it says" if told else times


def meet(fault: Fault, place: Place, api: Api) -> Meeting:
    """Have a playground meet a fault, and ask it something else afterwards.

    Raises:
        TimeoutError: It hangs.
    """
    plain = Connection("plain", place.plain.url(), KEY, api, label="OpenAI", timeout=fault.timeout)
    by_tls = Connection("tls", place.tls.url(), KEY, api, label="OpenAI", timeout=fault.timeout)
    proxy = place.tls if fault.by == "tls" else place.plain
    pg = Playground(
        connection=by_tls if fault.by == "tls" else plain,
        model=fault.model,
        store=":memory:",
        **fault.options,
    )
    heard: list[str] = []
    waits: list[Retry] = []

    def hear(update: Update) -> None:
        heard.append(repr(update))

    def hurry(thread: Thread) -> None:
        retry = thread.messages[thread.head].retry if thread.head else None
        if retry is not None and retry not in waits:
            waits.append(retry)
            pg._engine.post(pg._conversation.queue.hurry)

    pg._engine.call(pg._conversation.subscribe, hear)
    pg.on("thread", hurry)
    try:
        if fault.how is None:
            proxy.do()
            proxy.close()
        else:
            proxy.do(fault.how)
        error: RunError | None = None
        answer: Message | None
        try:
            answer = pg.start(fault.prompt).result(LIMIT)
        except RunError as failure:
            error, answer = failure, failure.message
        assert answer is not None
        exchanges, reached = list(proxy.exchanges), proxy.reached
        if fault.how is None:
            proxy.open()
        thread = pg.thread
        shown = _shown(pg, heard)
        traced = "".join(traceback.format_exception(error)) if error else ""
        if error is not None:
            # Its frames would hold the playground.
            error.__traceback__ = None
        # What the person would do about a certificate or a parameter.
        pg.connection, pg.model, pg.params, pg.tools = plain, "demo-echo", {}, []
        place.plain.do()
        next_answer = pg.start("And then? 😀 x").result(LIMIT)
    finally:
        pg.close()
    said = text_of(exchanges[-1].said) if exchanges else ""
    # Who never got as far as a request tried all the same.
    requests = len(exchanges) or len(waits) + 1
    return Meeting(
        answer, error, waits, requests, reached, said, thread, next_answer, shown, traced
    )


def _shown(pg: Playground, heard: list[str]) -> str:
    """Return as text all that somebody can see of a run."""
    wire = pg.wire()
    words = [*heard, json.dumps(pg.thread.to_dict(), ensure_ascii=False), repr(pg), repr(wire)]
    words += [repr(pg.connection), *map(str, wire.chunks), *map(str, pg.messages)]
    return "\n".join(words)
