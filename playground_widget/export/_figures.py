"""Figures and states of messages in words, the same as on the page (`js/src/components`)."""

from __future__ import annotations

import re

from playground_widget.model import Message, Table, Text, Thread

__all__ = [
    "count_bytes",
    "figures",
    "first_line",
    "host_of",
    "plural",
    "prompt_version",
    "short_cost",
    "slug",
    "state_words",
    "summary",
    "table_size",
    "thinking",
    "title_of",
    "version_words",
]

_THOUSAND = 1000
_MINUTE = 60


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: `1 message`, `1,024 tokens`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _trimmed(text: str) -> str:
    """Leave out zeros at the end, but keep two decimals."""
    return re.sub(r"(\.\d\d+?)0+$", r"\1", text)


def _dollars(cost: float) -> str:
    if cost == 0:
        return "$0"
    if cost < 0.00005:  # noqa: PLR2004 - below the last digit that is shown
        return "<$0.0001"
    digits = 4 if cost < 0.01 else 3 if cost < 1 else 2  # noqa: PLR2004
    return "$" + _trimmed(f"{cost:.{digits}f}")


def short_cost(cost: float) -> str:
    """Return the cost of a whole thread, where a tenth of a cent is fine enough."""
    if cost < 0.001:  # noqa: PLR2004
        return _dollars(cost)
    return "$" + _trimmed(f"{cost:.{3 if cost < 1 else 2}f}")


def _seconds(time: float) -> str:
    if time < 10:  # noqa: PLR2004
        return f"{time:.2f} s"
    return f"{time:.1f} s" if time < _MINUTE - 0.05 else _whole(time)


def thinking(time: float) -> str:
    """Return how long a model thought: `0.4 s`, `4 s`, `1 min 15 s`."""
    return f"{max(0.1, time):.1f} s" if time < 1 else _whole(time)


def _whole(time: float) -> str:
    total = round(time)
    return f"{total} s" if total < _MINUTE else f"{total // _MINUTE} min {total % _MINUTE} s"


def count_bytes(count: int) -> str:
    """Return a size: `214 B`, `84 KB`, `1.2 MB`."""
    if count < _THOUSAND:
        return f"{count} B"
    thousands = round(count / _THOUSAND)
    return f"{thousands} KB" if thousands < _THOUSAND else f"{count / _THOUSAND**2:.1f} MB"


def figures(message: Message) -> list[tuple[str, str]]:
    """Return what is known of an answer, each as the part that is set off and the rest."""
    found: list[tuple[str, str]] = []
    timing, usage = message.timing, message.usage
    if timing and timing.first_token is not None:
        found.append((_seconds(timing.first_token), " to first token"))
    if timing and usage and usage.output_tokens > 1:
        time = timing.duration - (timing.first_token or 0)
        if time > 1e-6:  # noqa: PLR2004 - below it, what is measured is the clock
            speed = usage.output_tokens / time
            shown = f"{speed:.1f}" if speed < 9.95 else f"{round(speed):,}"  # noqa: PLR2004
            found.append((shown, " tok/s"))
    if usage:
        found.append(("", plural(usage.output_tokens, "token")))
        if usage.cost is not None:
            found.append(("", _dollars(usage.cost)))
    # That an answer ended with its calls shows in the calls themselves.
    if message.finish_reason and message.finish_reason != "tool_calls":
        found.append(("", message.finish_reason.replace("_", " ")))
    return found


def version_words(thread: Thread) -> dict[str, str]:
    """Return `Version 2 of 3` for every message that has more than one version, by its id."""
    beside: dict[str | None, list[str]] = {}
    for message in thread.messages.values():
        beside.setdefault(message.parent, []).append(message.id)
    return {
        name: f"Version {at} of {len(ids)}"
        for ids in beside.values()
        if len(ids) > 1
        for at, name in enumerate(ids, 1)
    }


def state_words(message: Message) -> str:
    """Return how an answer ended, where that is not well; else nothing."""
    if message.status == "complete":
        return f"Does not fit its format: {message.invalid}." if message.invalid else ""
    if message.status == "failed":
        return (message.error.title if message.error else "The answer failed") + "."
    if message.status == "streaming":
        return "The answer was still being written."
    how = "Interrupted" if message.status == "interrupted" else "Stopped"
    if not any(isinstance(part, Text) and part.text for part in message.content):
        return f"{how} before the first token."
    count = message.usage.output_tokens if message.usage else message.tokens
    after = f" after {plural(count, 'token')}" if count else ""
    return f"{how}{after}. The text is kept."


def title_of(thread: Thread) -> str:
    """Return the title on one line, or a word for a thread without one."""
    return " ".join(thread.title.split()) or "Untitled"


def prompt_version(thread: Thread, message: Message | None = None) -> int | None:
    """Return the version of the system prompt, by default of the one that is in use now."""
    if message is not None and message.prompt is not None:
        return message.prompt
    if not thread.system:
        return None
    texts = [prompt.text for prompt in thread.prompts]
    known = [at + 1 for at, text in enumerate(texts) if text == thread.system]
    return known[-1] if known else len(texts) + 1


def summary(model: str, version: int | None, count: int) -> list[str]:
    """Return the words below a title: `gpt-4.1-mini`, `prompt v3`, `6 messages`."""
    found = [model] if model else []
    if version is not None:
        found.append(f"prompt v{version}")
    return [*found, plural(count, "message")]


def first_line(text: str, most: int) -> str:
    """Return the beginning of a text on one line, with `…` where something is left out."""
    head = " ".join(text[: 4 * most].split())
    if len(head) <= most and len(text) <= 4 * most:
        return head
    return head[: most - 1].rstrip() + "…"


def table_size(table: Table) -> str:
    """Return the size of a whole table in words."""
    rows, columns = table.shape
    return f"{plural(rows, 'row')} by {plural(columns, 'column')}"


def slug(title: str) -> str:
    """Return a file name for a title, without a suffix.

    Example:
        >>> slug("Penguin body mass: v2?")
        'penguin-body-mass-v2'
    """
    name = re.sub(r"[^\w]+", "-", title.lower()).strip("-_")[:60].strip("-_")
    return name or "thread"


def host_of(url: str) -> str:
    """Return the host of an http or https address, as far as it has one."""
    found = re.match(r"https?://(?:[^/?#@\s]*@)?([^/?#\s]+)", url, re.IGNORECASE)
    return found[1] if found else ""
