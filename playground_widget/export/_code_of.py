"""One request as a program: what was asked for an answer, or what would be asked next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from playground_widget.errors import InputError
from playground_widget.export._asked import Asked, request_for
from playground_widget.export._curl import curl
from playground_widget.export._figures import summary, title_of
from playground_widget.export._openai import program
from playground_widget.export._python import as_file, comment
from playground_widget.export._values import Options, Target
from playground_widget.model import Message, Thread
from playground_widget.text import clean_text

__all__ = ["LANGUAGES", "Language", "code", "python_steps"]

Language = Literal["python", "curl"]

LANGUAGES: tuple[str, ...] = ("python", "curl")


def code(
    thread: Thread,
    answer: Message | None,
    language: Language,
    target: Target,
    body: Mapping[str, Any] | None = None,
) -> str:
    """Return a program that makes one request and prints its answer as it comes.

    Args:
        thread: The thread.
        answer: The answer whose request it is, or `None` for the one that would be made now.
        language: `python`, with the `openai` package, or `curl`.
        target: Where it goes. No key is part of it: it is read from the environment.
        body: The request as it was sent; by default it is made from the thread.

    Raises:
        InputError: There is nothing to ask yet, or the target cannot be meant.

    Example:
        >>> from playground_widget.model import Text
        >>> said = Message(id="u", parent=None, role="user", content=(Text("Hi"),))
        >>> thread = Thread(id="t", messages={"u": said}, head="u", model="gpt-4.1-mini")
        >>> "client.chat.completions.create(" in code(thread, None, "python", Target())
        True
    """
    try:
        found = request_for(thread, answer, Options(), target)
        if body is not None:
            found = replace(found, body=dict(body))
        elif not found.messages and not thread.system:
            raise InputError("There is nothing to ask yet: add a message first.")
        if language == "curl":
            return clean_text(curl(title_of(thread), found, target))
        return as_file(clean_text("\n\n".join(python_steps(thread, found, target)))) + "\n"
    except RecursionError:
        raise InputError("the parameters of this thread are nested too deeply") from None


def python_steps(thread: Thread, found: Asked, target: Target) -> list[str]:
    """Return the parts of a program in Python: its title, the client, pictures, the request."""
    count = len(found.messages) + (found.answer is not None)
    words = ", ".join(summary(found.model, found.prompt, count))
    steps = program(found, target)
    head = comment(f"{title_of(thread)}\n{words}")
    return [text for text in (head, steps.client, steps.images, steps.request) if text]
