"""The saved transcript and the page: what they show, and that nothing gets through them."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.errors import ErrorInfo
from playground_widget.export import Options, export, to_cells, transcript
from playground_widget.export._markdown import closed, to_html
from playground_widget.export._style import SAVED
from playground_widget.model import (
    Image,
    Message,
    Part,
    Reasoning,
    Table,
    Text,
    Thread,
    ToolCall,
)
from tests.unit.export.threads import HOSTILE, fewer, message, penguins, png, texts, threads

GO_ON = 'Playground(thread="Penguin body mass")'

TAGS = {
    *("div", "style", "p", "svg", "path", "rect", "circle", "span", "b", "i", "em", "code", "pre"),
    *("section", "details", "summary", "strong", "s", "a", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("ul", "ol", "li", "blockquote", "hr", "br", "table", "thead", "tbody", "tr", "th", "td"),
    "img",
}
PAGE_TAGS = TAGS | {"html", "head", "meta", "title", "body", "main"}
ATTRIBUTES = {
    *("class", "data-pgw-transcript", "viewbox", "aria-hidden", "d", "x", "y", "width", "height"),
    *("rx", "cx", "cy", "r", "href", "title", "rel", "align", "start", "alt", "src"),
}
ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt&#58;alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](vbscript:x) [b](file:///etc/passwd) [c](/lab) [d](#x) [e](http:lab)",
    "![x](https://evil.example/p.png?secret)",
    "![x](javascript:alert(1))",
    '![x"onload="alert(1)](https://evil.example/")',
    '[x](https://a.example/"onclick="alert(1) "t\\"onclick=")',
    '<javascript:alert(1)> <https://ok.example/"onclick=>',
    '```"><script>alert(1)</script>\n</code></pre><script>\n```',
    "| <b> |\n|---|\n| </td><script> |",
    "<style>*{display:none}</style><details open ontoggle=alert(1)>",
    "</div></section></div><form action=x><input name=id>",
    "<!-- --><![CDATA[ <svg onload=alert(1)> ]]>",
    "&lt;script&gt; &#60;script&#62;",
]


class Seen(HTMLParser):
    """The elements and attributes of a text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in {"br", "hr", "img", "meta", "rect", "circle", "path"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data


def check(text: str, tags: set[str] = TAGS) -> Seen:
    seen = Seen(text)
    assert not seen.open
    for tag, attributes in seen.elements:
        assert tag in tags, tag
        if tag in PAGE_TAGS - TAGS:
            continue
        assert set(attributes) <= ATTRIBUTES, attributes
        for name, value in attributes.items():
            if name == "href":
                assert re.match(r"https?://|mailto:", value or "", re.IGNORECASE)
                assert attributes["rel"] == "noopener noreferrer nofollow"
            if name == "src":
                assert re.fullmatch(
                    r"data:image/(png|jpeg|gif|webp);base64,[\w+/=]+", value or "", re.ASCII
                )
            if name == "class":
                assert all(word.startswith("pgw-") for word in (value or "").split())
    assert sum(tag == "style" for tag, _ in seen.elements) <= 2
    return seen


def shown(thread: Thread) -> Seen:
    return check(transcript(thread, go_on=GO_ON, anchor="a1")["text/html"])


def said(*content: Part | str, role: str = "assistant", **more: Any) -> Thread:
    made = message("m", None, role, *content, **more)
    return Thread(id="t", messages={"m": made}, head="m", title="T")


# ----------------------------------------------------------------------------- hostile


@fewer
@given(threads(), texts)
def test_nothing_of_a_thread_becomes_markup(thread: Thread, anchor: str) -> None:
    bundle = transcript(thread, go_on=anchor, anchor=anchor)
    seen = check(bundle["text/html"])
    assert seen.elements[0][0] == "div"
    assert seen.elements[0][1]["data-pgw-transcript"] == anchor
    for options in (Options(branches=True), Options(answers=False, system=False)):
        check(export(thread, "html", options=options).text, PAGE_TAGS)


@pytest.mark.parametrize("attack", [*ATTACKS, *HOSTILE])
@pytest.mark.parametrize("role", ["user", "assistant", "tool", "system"])
def test_attacks_are_words(attack: str, role: str) -> None:
    call = ToolCall(id="c", name=attack, arguments=attack)
    table = Table(text=attack, columns=(attack,), rows=((attack,),), shape=(1, 1), name=attack)
    picture = Image(url=f"https://x.example/{attack}", name=attack)
    error = ErrorInfo(kind="x", title=attack, detail=attack)
    thread = said(
        *(attack, Reasoning(attack), call, table, picture),
        role=role,
        status="failed",
        error=error,
        finish_reason=attack,
    )
    seen = shown(replace(thread, system=attack, title=attack, model=attack))
    assert not any(tag == "img" for tag, _ in seen.elements)
    check(export(thread, "html").text, PAGE_TAGS)


@given(st.lists(st.sampled_from([*ATTACKS, *HOSTILE, "*", "`", "[", "](", "> ", "\n", "1. "])))
def test_markdown_of_attacks_is_sound(pieces: list[str]) -> None:
    check(to_html("".join(pieces)))


def test_pictures_of_other_kinds_are_named_only() -> None:
    svg = Image(media_type="image/svg+xml", data="PHN2Zz4=", name="x")
    odd = Image(media_type="image/png", data='" onerror="alert(1)', name="y")
    seen = shown(said(svg, odd))
    assert not any(tag == "img" for tag, _ in seen.elements)
    assert "[x]" in seen.words
    assert "[y]" in seen.words


def test_links_of_the_web_stay_links() -> None:
    seen = check(to_html("[a](https://x.example/?a=1&b) <mailto:a@b.example>"))
    assert [a["href"] for tag, a in seen.elements if tag == "a"] == [
        "https://x.example/?a=1&b",
        "mailto:a@b.example",
    ]


def test_an_image_names_its_host_and_is_not_loaded() -> None:
    assert check(to_html("![a *cat*](https://x.example/p.png)")).words.strip() == (
        "[image at x.example: a cat]"
    )


@pytest.mark.parametrize("text", ["> " * 150 + "deep", "- " * 150 + "deep", "*" * 999 + "deep"])
def test_nothing_is_left_out_however_deep(text: str) -> None:
    assert "deep" in check(to_html(text)).words


def test_the_style_sheet_reaches_nothing_outside() -> None:
    rules = re.sub(r"@(media|container)[^{]*\{", "", SAVED)
    for selectors in re.findall(r"([^{}]+)\{[^{}]*\}", rules):
        # A comma inside of :where(...) parts no selectors.
        flat = re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", selectors))
        for selector in filter(str.strip, flat.split(",")):
            assert selector.strip().startswith(".pgw-saved.pgw-saved.pgw-saved"), selector
    assert "url(" not in SAVED
    assert "@import" not in SAVED
    assert "<" not in SAVED


@pytest.mark.parametrize("text", ["```\nx", "~~~~\nx\n~~~", "<!-- x", "<script>\nx", "a\n\n<?php"])
def test_a_block_left_open_is_closed(text: str) -> None:
    assert closed(text) != text
    assert closed(closed(text)) == closed(text)


# ------------------------------------------------------------------------------- words


def test_the_words_of_a_transcript() -> None:
    seen = shown(penguins())
    words = html.unescape(" ".join(seen.words.split()))
    assert f"Saved transcript. Go on with {GO_ON}" in words
    assert "gpt-4.1-mini · prompt v2 · 6 messages · $0.0009" in words
    assert (
        "Version 2 of 3 · 0.42 s to first token · 71 tok/s · 318 tokens · $0.0009 · stop" in words
    )
    assert 'describe(by="species")' in words
    assert "Result of describe 2 lines, 29 B" in words
    assert words.count("assistant") == 3


@pytest.mark.parametrize(
    ("status", "more", "words"),
    [
        ("cancelled", {"tokens": 12}, "Stopped after 12 tokens. The text is kept."),
        ("interrupted", {}, "Interrupted. The text is kept."),
        (
            "failed",
            {"error": ErrorInfo(kind="dropped", title="The connection dropped", detail="Kept.")},
            "The connection dropped. Kept.",
        ),
        ("streaming", {}, "The answer was still being written."),
    ],
)
def test_how_an_answer_ended_is_said(status: str, more: dict[str, Any], words: str) -> None:
    thread = said("So far", status=status, **more)
    bundle = transcript(thread, go_on=GO_ON, anchor="a")
    assert words in " ".join(Seen(bundle["text/html"]).words.split())
    first, _, _ = words.partition(".")
    assert first in bundle["text/markdown"]
    assert first in bundle["text/plain"]


def test_how_an_answer_ended_is_no_part_of_its_last_block() -> None:
    thread = said("Try:\n\n```python\nx = 1", status="cancelled", tokens=12)
    ended = "x = 1\n```\n\n*Stopped after 12 tokens. The text is kept.*"
    assert ended in transcript(thread, go_on=GO_ON, anchor="a")["text/markdown"]
    assert ended in export(thread, "md").text
    assert to_cells(thread)[-1].source.endswith(ended)


def test_results_are_named_by_the_call_before_them() -> None:
    made: list[Message] = []
    for at, name in enumerate(("look", "count")):
        # Some services number the calls of each answer from nought again.
        call = ToolCall(id="call_0", name=name, arguments="{}")
        made.append(message(f"a{at}", made[-1].id if made else None, "assistant", call))
        made.append(message(f"t{at}", f"a{at}", "tool", "42", tool_call_id="call_0"))
    thread = Thread(id="t", messages={m.id: m for m in made}, head="t1")
    words = " ".join(shown(thread).words.split())
    assert words.index("Result of look") < words.index("Result of count")


def test_an_empty_thread_leaves_an_empty_element() -> None:
    assert transcript(Thread(id="t"), go_on=GO_ON, anchor='a"1') == {
        "text/html": '<div class="pgw-saved" data-pgw-transcript="a&quot;1"></div>',
        "text/markdown": "",
        "text/plain": "",
    }


def test_markdown_and_plain_text_say_how_to_go_on() -> None:
    bundle = transcript(penguins(), go_on=GO_ON, anchor="a")
    assert f"`{GO_ON}`" in bundle["text/markdown"]
    assert GO_ON in bundle["text/plain"]
    assert "user:\nWhich species is heaviest?" in bundle["text/plain"]


def test_a_picture_of_the_thread_is_shown() -> None:
    picture = Image(media_type="image/png", data=png(), name="a<b")
    seen = shown(said("Look", picture, role="user"))
    [attributes] = [a for tag, a in seen.elements if tag == "img"]
    assert attributes["alt"] == "a<b"


def test_what_a_person_reads_is_in_the_page() -> None:
    seen = Seen(export(penguins(), "html", options=Options(branches=True)).text)
    for words in ("Penguin body mass", "Gentoo, by far.", "Other versions", "Version 3 of 3"):
        assert words in seen.words


def test_a_long_transcript_shows_the_end_and_says_what_is_before_it() -> None:
    thread = Thread(id="t", title="Long")
    for i in range(250):
        parent = thread.head
        message = Message(id=f"m{i}", parent=parent, role="user", content=(Text(f"word{i} here"),))
        thread = thread.with_messages([message], message.id)
    for text in transcript(thread, go_on="Playground()", anchor="a").values():
        assert "50 earlier messages are in the thread." in text
        assert "word49 here" not in text
        assert "word50 here" in text
        assert "250 messages" in text


def test_why_an_answer_does_not_fit_its_format_is_shown_as_text() -> None:
    reason = 'at .words["<b>*x*"]: <script> is none'
    said = message("u", None, "user", "Say a word.")
    answer = message("a", "u", "assistant", '{"words": {}}', invalid=reason)
    thread = Thread(id="t", head="a", messages={"u": said, "a": answer})
    shown = html.unescape(transcript(thread, go_on=GO_ON, anchor="a")["text/html"])
    assert f"Does not fit its format: {reason}." in shown
    text = export(thread, "md").text
    assert "Does not fit its format" in text
    assert "<script> is none" not in to_html(text)
