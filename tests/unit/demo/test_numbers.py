from __future__ import annotations

import ast
import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from playground_widget.demo import _numbers


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_a_longer_walk_begins_with_the_shorter(one: int, other: int) -> None:
    short, long = sorted((one, other))
    assert _numbers.walk(long).startswith(_numbers.walk(short))
    assert len(_numbers.walk(long)) >= long


@given(st.integers(2, 3_000))
def test_what_is_said_of_a_number_is_true(number: int) -> None:
    text = _numbers.section(number)
    prime = all(number % one for one in range(2, number))
    assert (f"**{number} is prime**" in text) == prime
    binary = re.search(r"In binary it is `([01]+)`, which has (\d+)", text)
    assert binary
    assert int(binary[1], 2) == number
    assert binary[1].count("1") == int(binary[2])
    for one, other in re.findall(r"- (\d+) · (\d+) = ", text):
        assert int(one) * int(other) == number
    for power, value in re.findall(r"\| (\d) \| ([\d,]+) \|", text):
        assert number ** int(power) == int(value.replace(",", ""))


def test_it_has_every_kind_of_block_and_of_character() -> None:
    text = _numbers.walk(20_000)
    for sign in ("\n## ", "\n|", "\n- ", "\n  - ", "\n1. ", "\n> ", "$$", "```python", "- [x] "):
        assert sign in text
    kinds = {unicodedata.category(char) for char in text}
    assert {"Mn", "Me", "Cf", "So", "Nd", "Lo", "Sk"} <= kinds
    assert any(ord(char) > 0xFFFF for char in text)


def test_its_python_is_python_and_prints_what_it_says() -> None:
    blocks = re.findall(r"```python\n(.*?)```", _numbers.walk(60_000), re.DOTALL)
    assert len(blocks) > 3
    for block in blocks:
        number = int(block.split()[2])
        told = ast.literal_eval(block.partition("# ")[2].strip())
        assert told == [one for one in range(1, number + 1) if number % one == 0]
