"""Threads of every kind, drawn by hypothesis, and one to look at."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from playground_widget.errors import ErrorInfo
from playground_widget.model import (
    ROLES,
    Image,
    Message,
    Params,
    Part,
    Prompt,
    Reasoning,
    Refusal,
    Table,
    Text,
    Thread,
    Timing,
    ToolCall,
    Usage,
)

# A whole thread takes a hundred times as long to draw as a message.
fewer = settings(max_examples=max(25, settings().max_examples // 5))

HOSTILE = [
    "</script><script>alert(1)</script>",
    "```python\nprint(1)\n```",
    '"""',
    "'''",
    "\\",
    "\\n",
    "$PATH `id` $(id)",
    "JSON\nJSON\n",
    "{{language}} {x}",
    "a\r\nb\rc\u2028d\u2029e\x85f\x0cg\x1bh",
    "!important \U0001f600 \u202e",
    "# heading\n\n**user**\n\n---\n<!-- ",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "   ",
    ">>> 1\n... 2\n%%bash\n!ls",
]

PROGRAM = "Try:\n\n```python\nx = 1\nprint('a')\n```\n\nor\n\n~~~py\ny = 2\n~~~\n"


def png(width: int = 2, height: int = 2) -> str:
    """Return a small picture in base64."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + b"\x10\x80\xf0" * width for _ in range(height))
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
    return base64.b64encode(file + chunk(b"IEND", b"")).decode()


letters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
texts = st.one_of(
    st.text(letters, max_size=30),
    st.lists(st.sampled_from([*HOSTILE, PROGRAM, "word", "\n", " "]), max_size=4).map("".join),
)
words = st.text(letters, min_size=1, max_size=8)
cells = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | texts
parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Text, texts),
    st.builds(Reasoning, texts),
    st.builds(Refusal, texts),
    st.builds(Image, media_type=st.just("image/png"), data=st.just(png()), name=st.none() | texts),
    st.builds(Image, url=st.just("https://example.org/a.png?x=1&y"), name=st.none() | texts),
    st.builds(
        Table,
        text=texts,
        columns=st.lists(texts, max_size=3).map(tuple),
        rows=st.lists(st.lists(cells, max_size=3).map(tuple), max_size=3).map(tuple),
        shape=st.tuples(st.integers(0, 9), st.integers(0, 9)),
        name=st.none() | texts,
    ),
    st.builds(ToolCall, id=words, name=texts, arguments=texts | st.just('{"a": [1, "b"]}')),
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(-9, 9) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
params = st.builds(
    Params,
    temperature=st.none() | st.floats(0, 2),
    max_tokens=st.none() | st.integers(1, 999),
    stop=st.none() | st.just(("x", "\n")),
    seed=st.none() | st.integers(-9, 9),
    reasoning_effort=st.none() | st.just("low"),
    logprobs=st.none() | st.integers(0, 20),
    response_format=st.none() | st.just({"type": "json_object"}),
    extra=st.none() | st.dictionaries(words, json_values, max_size=2),
)
errors = st.builds(
    ErrorInfo,
    kind=words,
    title=texts,
    detail=texts,
    actions=st.just(("retry",)),
    facts=st.just({"status": 429, "retry_after": 1.5}),
)
counts = st.none() | st.integers(0, 1000)
usages = st.builds(
    Usage,
    input_tokens=st.integers(0, 99),
    output_tokens=st.integers(0, 99),
    cached_tokens=counts,
    cost=st.none() | st.floats(0, 3),
)
timings = st.builds(Timing, duration=st.floats(0, 99), first_token=st.none() | st.floats(0, 9))
tools = st.lists(
    st.fixed_dictionaries({"name": words, "description": texts, "parameters": json_values}),
    max_size=2,
).map(tuple)
variables = st.dictionaries(st.sampled_from(["language", "b"]), texts, max_size=2)


@st.composite
def threads(draw: st.DrawFn, most: int = 6) -> Thread:
    """Draw a thread: a tree of messages, any of which may be the head."""
    made: list[Message] = []
    for at in range(draw(st.integers(0, most))):
        ids: list[str | None] = [None, *(m.id for m in made)]
        # Most messages follow the one before, as in life.
        parent = draw(st.sampled_from([*ids, *ids[-1:] * 4]))
        role: Any = draw(st.sampled_from(ROLES))
        answer = role == "assistant"
        made.append(
            Message(
                id=f"m{at}",
                parent=parent,
                role=role,
                content=tuple(draw(st.lists(parts, max_size=3))),
                status=draw(st.sampled_from(["complete", "cancelled", "interrupted", "failed"])),
                created=draw(st.floats(0, 1e10)),
                model=draw(st.none() | texts) if answer else None,
                connection=draw(st.none() | texts),
                params=draw(st.none() | params) if answer else None,
                prompt=draw(st.none() | st.integers(1, 3)),
                finish_reason=draw(st.none() | texts),
                usage=draw(st.none() | usages),
                timing=draw(st.none() | timings),
                error=draw(st.none() | errors),
                request_id=draw(st.none() | texts),
                tool_call_id=draw(st.none() | words) if role == "tool" else None,
                invalid=draw(st.none() | texts) if answer else None,
                reasked=draw(st.none() | st.sampled_from(["gone", *(m.id for m in made)])),
                continued=draw(st.none() | st.sampled_from(["gone", *(m.id for m in made)])),
                copy_of=draw(st.none() | texts),
                tokens=draw(counts),
                tools=draw(st.none() | tools) if answer else None,
                variables=draw(st.none() | variables) if answer else None,
            )
        )
    return Thread(
        id=draw(words),
        messages={m.id: m for m in made},
        head=draw(st.sampled_from([m.id for m in made])) if made else None,
        title=draw(texts),
        system=draw(texts),
        prompts=tuple(Prompt(text=text, created=1.0) for text in draw(st.lists(texts, max_size=3))),
        model=draw(texts),
        params=draw(params),
        created=draw(st.floats(0, 1e10)),
    )


def message(name: str, parent: str | None, role: Any, *content: Part | str, **more: Any) -> Message:
    """Return a message; texts are parts."""
    made = tuple(Text(part) if isinstance(part, str) else part for part in content)
    return Message(id=name, parent=parent, role=role, content=made, **more)


def penguins() -> Thread:
    """Return a thread with versions, a tool call and figures."""
    params = Params(temperature=0.3, max_tokens=800)
    asked: dict[str, Any] = {"model": "gpt-4.1-mini", "params": params, "prompt": 2}
    call = ToolCall(id="c1", name="describe", arguments='{"by": "species"}')
    usage = Usage(input_tokens=900, output_tokens=318, cost=0.0009)
    made = [
        message("u1", None, "user", "Which species is heaviest?"),
        message("a1", "u1", "assistant", call, finish_reason="tool_calls", **asked),
        message("t1", "a1", "tool", "species  mean_g\nGentoo   5076", tool_call_id="c1"),
        message("b1", "t1", "assistant", "Gentoo.", **asked),
        message(
            "b2",
            "t1",
            "assistant",
            "**Gentoo** is the heaviest.",
            usage=usage,
            timing=Timing(duration=4.9, first_token=0.42),
            finish_reason="stop",
            **asked,
        ),
        message("b3", "t1", "assistant", "Gentoo, by far.", **asked),
        message("u2", "b2", "user", "One sentence for the abstract."),
        message("e1", "u2", "assistant", "Gentoo penguins were heavier.", **asked),
    ]
    system = "You are a careful analyst. Answer in {{language}}."
    return Thread(
        id="t1",
        messages={m.id: m for m in made},
        head="e1",
        title="Penguin body mass",
        system=system,
        prompts=(Prompt(text="Be brief."), Prompt(text=system)),
        model="gpt-4.1-mini",
        params=params,
        created=1.5,
    )
