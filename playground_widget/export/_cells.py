"""A thread as notebook cells, in three styles, each of which can be read back.

Every cell has metadata under the name `playground_widget`:

    version     1
    style       transcript, code or openai
    thread      the id of the thread
    kind        what the cell is: title, system, message, setup, step, client, images, request,
                answer or branches
    fields      in the first cell: the thread without its messages, and their order
    messages    the messages that come with this cell, in the form of `Message.to_dict`
    message     the id of the message whose text is shown
    piece       if that text is cut into several cells: which one it is, from 0, and of how many
    hash        of the source as it was written, so that a change by hand is noticed
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

from playground_widget.errors import InputError
from playground_widget.export._asked import asked
from playground_widget.export._code import code_steps
from playground_widget.export._figures import (
    prompt_version,
    summary,
    title_of,
    version_words,
)
from playground_widget.export._markdown import cut_at_code
from playground_widget.export._openai import program
from playground_widget.export._text import body_of
from playground_widget.export._trim import trimmed, without
from playground_widget.export._values import KEY, VERSION, Cell, Options, Style, Target
from playground_widget.model import Message, Thread, path

__all__ = ["hash_of", "message_source", "pieces_of", "to_cells"]

_DEFAULT = Options()
_OPENAI = Target()


def to_cells(
    thread: Thread,
    style: Style = "transcript",
    options: Options = _DEFAULT,
    target: Target = _OPENAI,
) -> tuple[Cell, ...]:
    r"""Return a thread as notebook cells.

    Args:
        thread: The thread; its active path is what is shown.
        style: `transcript` has one markdown cell a message. `code` asks the same again through
            `Playground`. `openai` is the request of the last answer, made with the `openai`
            package.
        options: What is in them.
        target: Where requests of the styles `code` and `openai` go.

    Returns:
        The cells; `from_cells` makes a thread of them again.

    Raises:
        InputError: The style is unknown, or the target cannot be meant.

    Example:
        >>> [cell.source for cell in to_cells(Thread(id="t", title="Penguins"))]
        ['# Penguins\n\n0 messages']
    """
    makers = {"transcript": _transcript, "code": _code, "openai": _openai}
    if style not in makers:
        raise InputError(f"unknown style {str(style)[:40]!r}; known are {', '.join(makers)}")
    try:
        return makers[style](thread, options, target)
    except RecursionError:
        raise InputError("the parameters of this thread are nested too deeply") from None


class _Maker:
    """Makes the cells of one export; the first one carries the thread's own fields."""

    def __init__(self, thread: Thread, style: Style) -> None:
        self.cells: list[Cell] = []
        self._thread = thread
        self._style = style

    def add(
        self,
        kind: str,
        source: str,
        messages: Iterable[Message] = (),
        cell: Literal["code", "markdown"] = "markdown",
        **more: Any,
    ) -> None:
        data: dict[str, Any] = {"version": VERSION, "style": self._style, "kind": kind}
        data["thread"] = self._thread.id
        if not self.cells:
            fields = self._thread.to_dict()
            fields["order"] = [message["id"] for message in fields.pop("messages")]
            data["fields"] = fields
        if carried := [message.to_dict() for message in messages]:
            data["messages"] = carried
        data |= {**more, "hash": hash_of(source)}
        self.cells.append(Cell(type=cell, source=source, metadata={KEY: data}))


def hash_of(source: str) -> str:
    """Return a short hash of a source, the same however its lines end."""
    lines = "\n".join(re.split(r"\r\n|\r|\n", source.strip()))
    return hashlib.sha256(lines.encode("utf-8", "replace")).hexdigest()[:16]


# ------------------------------------------------------------------------- transcript


def _transcript(thread: Thread, options: Options, target: Target) -> tuple[Cell, ...]:
    del target
    whole = thread
    thread = trimmed(thread, options)
    if not options.answers:
        thread = without(thread, "assistant", "tool")
    line = path(thread)
    make = _Maker(thread, "transcript")
    make.add("title", _heading(thread, thread.model, prompt_version(thread), len(line)))
    if thread.system:
        make.add("system", f"**system** (v{prompt_version(thread)})\n\n{thread.system}")
    for message in line:
        _add_message(make, message, message_source(message), options)
    shown = {message.id for message in line}
    others = [message for message in thread.messages.values() if message.id not in shown]
    if others:
        make.add("branches", "## Other versions")
    versions = version_words(whole)
    for message in others:
        words = versions.get(message.id, "").lower()
        _add_message(make, message, message_source(message, words), options)
    return tuple(make.cells)


def message_source(message: Message, words: str = "") -> str:
    """Return what the cell of a message shows: who speaks, and what they say."""
    head = f"**{message.role}**{f' ({words})' if words else ''}"
    body = body_of(message)
    return f"{head}\n\n{body}" if body.strip() else head


def _add_message(make: _Maker, message: Message, source: str, options: Options) -> None:
    pieces = pieces_of(message, source) if options.code_cells else []
    if len(pieces) < 2:  # noqa: PLR2004 - nothing is cut
        make.add("message", source, [message], message=message.id)
        return
    carried: Sequence[Message] = [message]
    for at, (kind, visible, _, _) in enumerate(pieces):
        if visible.strip():
            place = [at, len(pieces)]
            make.add("message", visible, carried, kind, message=message.id, piece=place)
            carried = ()


def pieces_of(
    message: Message, source: str
) -> list[tuple[Literal["code", "markdown"], str, str, str]]:
    """Cut an answer at its Python blocks: kind, what is shown, and what stands around it."""
    if message.role != "assistant":
        return [("markdown", source, "", "")]
    return cut_at_code(source)


def _heading(thread: Thread, model: str, version: int | None, count: int) -> str:
    title = re.sub(r"([\\`*_\[\]<>#])", r"\\\1", title_of(thread))
    return f"# {title}\n\n" + ", ".join(summary(model, version, count))


# ----------------------------------------------------------------------------- openai


def _openai(thread: Thread, options: Options, target: Target) -> tuple[Cell, ...]:
    found = asked(thread, options, target)
    kept = trimmed(thread, options)
    count = len(path(kept))
    answer = found.answer
    if answer is not None and not options.answers:
        kept = _dropped(kept, answer)
    make = _Maker(kept, "openai")
    make.add("title", _heading(thread, found.model, found.prompt, count))
    steps = program(found, target)
    make.add("client", steps.client, cell="code")
    if steps.images:
        make.add("images", steps.images, cell="code")
    shown = kept.messages.get(answer.id) if answer and options.answers else None
    make.add(
        "request", steps.request, [m for m in kept.messages.values() if m is not shown], "code"
    )
    if shown is not None:
        text = body_of(shown) or "*The answer is empty.*"
        make.add("answer", text, [shown], message=shown.id)
    return tuple(make.cells)


def _dropped(thread: Thread, last: Message) -> Thread:
    """Return the thread without the last answer, unless another branch goes on from it."""
    kept = {m.id: m for m in thread.messages.values() if m.id != last.id}
    if any(m.parent == last.id for m in kept.values()):
        return thread
    return replace(thread, messages=kept, head=last.parent)


# ------------------------------------------------------------------------------- code


def _code(thread: Thread, options: Options, target: Target) -> tuple[Cell, ...]:
    kept = trimmed(thread, options)
    if not options.answers:
        kept = without(kept, "assistant", "tool")
    line = path(thread)
    make = _Maker(kept, "code")
    make.add("title", _heading(kept, kept.model, prompt_version(kept), len(line)))
    left = dict(kept.messages)
    for step in code_steps(thread, options, target):
        carried = [left.pop(m.id) for m in step.messages if m.id in left]
        if step.answer is None:
            make.add(step.kind, step.source, carried, "code")
        else:
            make.add(step.kind, step.source, carried, message=step.answer.id)
    if left:
        make.add("branches", "*Other versions are kept in the metadata here.*", left.values())
    return tuple(make.cells)
