"""The tree of a thread as text and as a picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given

from playground_widget.export import draw_svg, draw_text
from playground_widget.model import Message, Thread
from tests.unit.export.threads import fewer, message, penguins, threads

DRAWN = """\
Penguin body mass
├─ user: Which species is heaviest?
├─ assistant: describe(…)
└─ tool: species mean_g Gentoo 5076
   ├─ assistant: Gentoo.
   ├─ assistant: **Gentoo** is the heaviest. ◀
   │  ├─ user: One sentence for the abstract.
   │  └─ assistant: Gentoo penguins were heavier. ◀
   └─ assistant: Gentoo, by far."""


def test_the_tree_of_the_penguins() -> None:
    assert draw_text(penguins()) == DRAWN


@fewer
@given(threads(most=12))
def test_every_message_has_one_line_and_one_node(thread: Thread) -> None:
    lines = draw_text(thread).split("\n")
    assert len(lines) == len(thread.messages) + 1
    assert sum("─ " in line for line in lines[1:]) == len(thread.messages)
    # What XML 1.0 has no form for is not in the picture.
    root = ET.fromstring(draw_svg(thread))  # noqa: S314 - our own text
    nodes = list(root.iter("{http://www.w3.org/2000/svg}g"))
    assert len(nodes) == len(thread.messages)
    assert all(g.find("{http://www.w3.org/2000/svg}title") is not None for g in nodes)


def test_a_long_conversation_stays_on_one_level() -> None:
    assert draw_text(line(2000)).split("\n")[-1] == "└─ user: m1999 ◀"
    ET.fromstring(draw_svg(line(2000)))  # noqa: S314


def test_a_deep_tree_is_drawn_without_recursion() -> None:
    made: dict[str, Message] = {}
    for at in range(1000):
        parent = f"m{at - 1}" if at else None
        made[f"m{at}"] = message(f"m{at}", parent, "user", "x")
        made[f"s{at}"] = message(f"s{at}", parent, "user", "x")
    thread = Thread(id="t", messages=made, head="m999")
    assert len(draw_text(thread).split("\n")) == 2001
    ET.fromstring(draw_svg(thread))  # noqa: S314


def line(count: int) -> Thread:
    made: dict[str, Message] = {}
    for at in range(count):
        made[f"m{at}"] = message(f"m{at}", f"m{at - 1}" if at else None, "user", f"m{at}")
    return Thread(id="t", messages=made, head=f"m{count - 1}")
