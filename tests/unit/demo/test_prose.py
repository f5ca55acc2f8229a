"""The texts of the demo model, and which one answers what."""

from __future__ import annotations

import ast
import base64
import re
import struct
import textwrap
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from playground_widget.demo import _images, _prose
from playground_widget.demo._models import MODELS
from playground_widget.demo._request import Image

if TYPE_CHECKING:
    from tests.unit.demo.conftest import Caller

TEXTS = {
    file.name.removesuffix(".md"): file.read_text(encoding="utf-8")
    for file in files("playground_widget.demo").joinpath("texts").iterdir()
}
# What a playground has; the texts must not promise more.
PLAYGROUND = set(
    re.findall(
        r"\w+",
        """
        add asend branches close continue_ delete edit messages model on params regenerate select
        send start stop stream system title to_openai undo
        """,
    )
)
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480) + b"\x08\x06\0\0\0"


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_text_uses_names_that_a_playground_has(name: str) -> None:
    assert set(re.findall(r"\bpg\.(\w+)", TEXTS[name])) <= PLAYGROUND
    imported = re.findall(r"from playground_widget import ([\w, ]+)", TEXTS[name])
    known = {"Connection", "Playground", "PlaygroundError"}
    assert {one.strip() for names in imported for one in names.split(",")} <= known


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_the_python_in_a_text_is_python(name: str) -> None:
    for block in re.findall(r"^ *```python\n(.*?)^ *```", TEXTS[name], re.DOTALL | re.MULTILINE):
        ast.parse(textwrap.dedent(block))


@pytest.mark.parametrize("name", sorted(set(TEXTS) - {"thinking"}))
def test_every_opening_says_that_this_is_the_demo_model_and_a_small_program(name: str) -> None:
    openings = re.findall(r"<!-- opening -->\n(.*?)\n(?=<!--)", TEXTS[name], re.DOTALL)
    assert len(openings) > 2
    for opening in openings:
        assert "small program" in opening or "No language model" in opening
        assert "demo model" in opening


def test_every_model_that_a_text_names_exists() -> None:
    for text in TEXTS.values():
        assert set(re.findall(r"`(demo(?:-\w+)*)`", text)) <= set(MODELS)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Hello", "**In the next cell**"),
        ("Hello", "Hello, I am the demo model: a small program, not a language model"),
        ("what is this?", "**In the next cell**"),
        ("Show me some code", "```python"),
        ("How do I stream from Python?", "pg.stream("),
        ("Some maths, with an integral", "$$"),
        ("Give me JSON", "```json"),
        ("Summarise a table", "pg.add(penguins)"),
        ("a,b\n1,2\n3,5", "| b | 2 | 3.50 | 2 | 5 |"),
        ("Compare two prompts", "pg.branches"),
        ("Can I edit a message?", "pg.edit("),
        ("What about errors?", "demo-rate-limited"),
        ("Where do I put my key?", "OPENAI_API_KEY"),
        ("Show off your markdown", "- [x] "),
        ("A haiku, if you can", "> "),
        ("Thank you", "small program"),
        ("What is the capital of France?", "`What is the capital of France?`"),
    ],
)
def test_a_message_gets_the_text_it_asks_for(call: Caller, message: str, shown: str) -> None:
    assert shown in call.text(message)


@pytest.mark.parametrize("topic", sorted(_prose.TOPICS))
def test_every_topic_has_a_text(topic: str) -> None:
    assert topic in TEXTS


def test_a_table_of_an_earlier_message_is_read(call: Caller) -> None:
    messages = [
        {"role": "user", "content": "species,birds\nAdelie,151\nGentoo,123"},
        {"role": "user", "content": "What does the table say?"},
    ]
    assert "151, in row 1 (Adelie)" in call.text(messages)


def test_an_image_is_described_by_what_can_be_known_of_it(call: Caller) -> None:
    url = "data:image/png;base64," + base64.b64encode(PNG).decode()
    parts = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": url}},
        {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}},
    ]
    text = call.text([{"role": "user", "content": parts}])
    assert f"- a PNG of 640 by 480 pixels, {len(PNG)} bytes" in text
    assert "`example.org`" in text


def test_an_address_that_is_none_is_an_address(call: Caller) -> None:
    image = {"type": "image_url", "image_url": {"url": "https://[/a.png"}}
    text = call.text([{"role": "user", "content": [{"type": "text", "text": "Look"}, image]}])
    assert "- an image by its address, which I do not fetch" in text


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (PNG, (640, 480)),
        (b"GIF89a" + struct.pack("<HH", 12, 7), (12, 7)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 9, 5), (5, 9)),
        (b"\xff\xd8\xff\xe0\x00\x00", None),
        (b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f" + struct.pack("<I", 4 | 6 << 14), (5, 7)),
        (b"\xff\xd8" + b"\xff" * 5, None),
        (b"", None),
        (b"BM123456", None),
    ],
)
def test_the_size_of_an_image_is_read_from_its_header(
    data: bytes, size: tuple[int, int] | None
) -> None:
    shown = f"{size[0]} by {size[1]} pixels" if size else "no picture size"
    assert shown in _images.describe(Image("image/png", data))


def asked(system: str, message: str = "Hello") -> list[dict[str, str]]:
    return [{"role": "system", "content": system}, {"role": "user", "content": message}]


@pytest.mark.parametrize(
    ("system", "said"),
    [
        ("You are a careful analyst.", "“You are a careful analyst.”"),
        ("Answer in German.", "Du hast mich im System-Prompt gebeten"),
        ("Please reply in Danish", "Du har i systemprompten bedt mig"),
        ("Talk like a pirate", "Arr. You asked me, in the system prompt, to talk like a pirate."),
        ("Be brief.", "You asked me, in the system prompt, to be brief. "),
        ("Answer in English, in short sentences", "to be brief and to answer in English."),
        ("Use *bold*", "Use \\*bold\\*"),
    ],
)
def test_the_answer_says_what_the_system_prompt_asked(call: Caller, system: str, said: str) -> None:
    assert said in call.text(asked(system))
    assert said not in call.text("Hello")
    assert said in call.respond(instructions=system).json["output"][0]["content"][0]["text"]


def test_a_system_prompt_shortens_the_answer(call: Caller) -> None:
    full = call.text("Hello")
    assert len(call.text(asked("Be brief."))) < len(full) / 3
    one = call.text(asked("Answer in one sentence."))
    assert one.startswith("You asked me, in the system prompt, for one sentence: ")
    assert len(re.findall(r"[.!?](?:\s|$)", one)) == 1
    assert len(call.text("Hello, in one sentence")) < len(full) / 3


def test_a_short_answer_about_a_table_still_says_something_of_it(call: Caller) -> None:
    text = call.text(asked("Be brief.", "species,birds\nAdelie,151\nGentoo,123"))
    assert "2 rows and 2 columns" in text


def test_the_same_request_gets_the_same_answer(call: Caller) -> None:
    for options in ({}, {"seed": 4}, {"temperature": 0}, {"demo": {"variant": 2}}):
        assert call.text("Hello", **options) == call.text("Hello", **options)


def test_seed_temperature_and_variant_choose_other_words(call: Caller) -> None:
    assert len({call.text("Hello", seed=seed) for seed in range(4)}) == 4
    assert len({call.text("Hello", demo={"variant": number}) for number in range(4)}) == 4
    assert call.text("Hello", temperature=0) != call.text("Hello")
    cold = [call.text("Hello", temperature=0, seed=seed) for seed in (1, 2)]
    assert cold[0] == cold[1]


def test_a_message_said_twice_is_answered_in_other_words(call: Caller) -> None:
    first = call.text("Hello")
    messages = [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": first},
        {"role": "user", "content": "Hello"},
    ]
    assert call.text(messages) != first
