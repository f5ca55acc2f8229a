"""Threads as files: `.json` and `.ipynb`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from playground_widget.errors import InputError
from playground_widget.export._check import checked_version, thread_of
from playground_widget.export._foreign import chatgpt_thread, is_chatgpt, is_openai, openai_thread
from playground_widget.export._json import dumps, loads
from playground_widget.export._values import VERSION, Cell
from playground_widget.model import Thread

__all__ = ["FORMAT", "from_json", "notebook_text", "thread_text"]

FORMAT = "playground_widget.thread"
"""What the `format` of a JSON file says; `thread-schema.json` beside this file describes it."""


def thread_text(thread: Thread) -> str:
    """Return a thread as a JSON file."""
    return (
        dumps({"format": FORMAT, "version": VERSION, "thread": thread.to_dict()}, indent=2) + "\n"
    )


def from_json(text: str, new_id: Callable[[], str]) -> tuple[Thread, ...]:
    """Return the threads of a JSON file.

    It is one of: a file that `export(thread, "json")` made, whose ids stay; a list of such
    files' objects; `conversations.json` of a ChatGPT data export, with all branches; a list of
    messages as the OpenAI API takes them, or the body of a request with `messages`.

    Args:
        text: The content of the file.
        new_id: Makes ids for what comes without ids of ours.

    Returns:
        The threads, in the order of the file.

    Raises:
        InputError: It is none of these, or something in it cannot be read.

    Example:
        >>> [thread] = from_json('[{"role": "user", "content": "Hi"}]', iter("abc").__next__)
        >>> thread.messages["b"].text
        'Hi'
    """
    data = loads(text, "this file")
    try:
        return _threads(data, new_id)
    except RecursionError:
        raise InputError("this file is nested too deeply to be a conversation") from None


def _threads(data: Any, new_id: Callable[[], str]) -> tuple[Thread, ...]:
    if is_openai(data):
        return (openai_thread(data, new_id),)
    items = data if isinstance(data, list) else [data]
    if items and all(is_chatgpt(item) for item in items):
        return tuple(chatgpt_thread(item, new_id) for item in items)
    if items and all(isinstance(item, Mapping) and item.get("format") == FORMAT for item in items):
        for item in items:
            checked_version(item.get("version"), VERSION, "this file")
        return tuple(thread_of(item.get("thread")) for item in items)
    raise InputError(
        "this file holds no conversation: a thread exported as JSON, conversations.json of "
        "ChatGPT, or a list of messages as the OpenAI API takes them was expected. "
        "Nothing was changed."
    )


def notebook_text(cells: Sequence[Cell]) -> str:
    """Return cells as a notebook of nbformat 4.5."""
    made = []
    for at, cell in enumerate(cells):
        data: dict[str, Any] = {
            "cell_type": cell.type,
            # Ids are of our own making, so that the same thread gives the same file.
            "id": hashlib.sha256(f"{at} {cell.source}".encode("utf-8", "replace")).hexdigest()[:8]
            + f"-{at}",
            "metadata": dict(cell.metadata),
            "source": cell.source.splitlines(keepends=True),
        }
        if cell.type == "code":
            data |= {"execution_count": None, "outputs": []}
        made.append(data)
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = {
        "cells": made,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return dumps(notebook, indent=1) + "\n"
