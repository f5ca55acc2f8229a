"""The playground fits where it is shown and who uses it: widths, touch, colours, keys, ears.

It is looked at on its own page, which loads faster than a notebook; the widget is the same there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import Axe
from tests.browser.conftest import PATIENCE, picture_if_failed
from tests.browser.page import Pages, thread_of
from tests.browser.playground import PlaygroundView, pace

WIDTHS = (360, 480, 640, 720, 960, 1180, 1600)
HEIGHT = 900

UPDATE = """
mutation Update($input: UpdateThreadInput!) {
  updateThread(input: $input) { revision error { title } }
}
"""

# What reaches out of the frame where nothing cuts it off, controls of the header that cover each
# other or are squeezed, and whatever cuts off a part of itself that nobody can scroll to.
LAYOUT = """
() => {
    const found = [];
    const frame = document.querySelector(".pgw-frame");
    const { left, right } = frame.getBoundingClientRect();
    const seen = element => element.checkVisibility() && element.getBoundingClientRect().width > 0;
    const name = element => `${element.className} "${element.textContent.slice(0, 20)}"`;
    const scrolls = element => {
        for (let at = element.parentElement; at && at !== frame; at = at.parentElement)
            if (getComputedStyle(at).overflowX !== "visible") return true;
        return false;
    };
    for (const element of frame.querySelectorAll("*:not(.pgw-sr)")) {
        if (!seen(element) || scrolls(element)) continue;
        const box = element.getBoundingClientRect();
        if (box.left < left - 1 || box.right > right + 1) found.push(`outside: ${name(element)}`);
    }
    const controls = [...frame.querySelectorAll(".pgw-head :is(button, input)")].filter(seen);
    const boxes = controls.map(control => control.getBoundingClientRect());
    controls.forEach((control, i) => {
        const least = control.matches(".pgw-head__title") ? 72 : 24;
        if (boxes[i].width < least) found.push(`squeezed: ${name(control)}`);
        for (let j = 0; j < i; j++)
            if (boxes[i].left < boxes[j].right - 1 && boxes[j].left < boxes[i].right - 1)
                found.push(`overlap: ${name(control)} and ${name(controls[j])}`);
    });
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
    return found;
}
"""

SMALL = """
() => [...document.querySelectorAll(".pgw :is(button, [role=tab], select):not(.pgw-sr *)")]
    .filter(each => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .map(each => [each, each.getBoundingClientRect()])
    .filter(([each, { width, height }]) => width > 0 && (width < 24 || height < 24)
        // In a sentence, where its line is what one can hit.
        && getComputedStyle(each).display !== "inline")
    .map(([each, { width, height }]) =>
        `${each.className} ${each.ariaLabel ?? each.textContent}: ${width} by ${height}`)
"""

ANIMATIONS = "() => document.getAnimations().filter(each => each.playState === 'running').length"

ARABIC = "مرحبا بالعالم. **غامق** و `code(x)`\n\n- أ\n- ب\n\nThen English.\n\n> اقتباس"


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """One server for all tests of this file."""
    context = browser.new_context(viewport={"width": 1280, "height": HEIGHT})
    context.set_default_timeout(PATIENCE)
    made = Pages(context, tmp_path_factory.mktemp("adapts"))
    yield made
    made.server.stop()
    context.close()


@pytest.fixture
def pages(server: Pages, request: pytest.FixtureRequest) -> Iterator[Pages]:
    """The server's pages, closed after each test; none of them has had an error."""
    errors: list[str] = []
    server.context.on("weberror", lambda error: errors.append(str(error.error)))
    yield server
    picture_if_failed(request.node, server.context.pages)
    for page in server.context.pages:
        page.close()
    assert errors == []


def opened(pages: Pages, path: str = "playground") -> PlaygroundView:
    """A page that is connected."""
    view = pages.open(path)
    expect(view.root.get_by_text("Reconnecting")).to_have_count(0)
    return view


def ask_slowly(pages: Pages, view: PlaygroundView, **changes: object) -> None:
    """Have the next answers of this thread written for as long as a test needs."""
    thread = thread_of(view.root.page)
    slowly = {"params": pace(tokens=100_000, rate=30, first_token=0), **changes}
    answer = pages.server.ask(UPDATE, {"input": {"threadId": thread, **slowly}})
    assert answer["updateThread"]["error"] is None


def resized(page: Page, width: int) -> None:
    """Make the page this wide, and wait until the playground knows."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.wait_for_function(
        "width => innerWidth === width && document.querySelector('.pgw').clientWidth === width",
        arg=width,
    )
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def style(of: Locator, name: str, pseudo: str | None = None) -> str:
    """A computed property of an element."""
    value: str = of.first.evaluate(
        "(element, [name, pseudo]) => getComputedStyle(element, pseudo)[name]", [name, pseudo]
    )
    return value


# Fonts differ from machine to machine, and people set letters wider; this far nothing may be lost:
# https://www.w3.org/WAI/WCAG22/Understanding/text-spacing
SPACED = ".pgw, .pgw * { letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"

ADD_STYLE = """
rules => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets.push(sheet);
}
"""


@pytest.mark.parametrize(
    ("theme", "rules"), [("light", ""), ("dark", SPACED)], ids=["light", "dark"]
)
def test_nothing_leaves_the_frame_at_any_width_and_axe_finds_nothing(
    pages: Pages, theme: str, rules: str
) -> None:
    view = opened(pages)
    page = view.root.page
    page.evaluate(ADD_STYLE, rules)
    page.emulate_media(reduced_motion="reduce", color_scheme="dark" if theme == "dark" else "light")
    expect(view.root).to_have_attribute("data-theme", theme)
    view.send("Show me a table, some code and a formula in a thread with quite a long title.")
    view.until_ended()
    axe = Axe(page)
    found: list[str] = []

    def look(screen: str) -> None:
        found.extend(f"{screen}, {width}: {what}" for what in page.evaluate(LAYOUT))
        if width in {360, 1180}:
            axe.look(f"{screen}, {width}")

    for width in WIDTHS:
        resized(page, width)
        look("conversation")
    view.button("Compare").click()
    expect(view.root.get_by_role("region", name="Variant A")).to_be_visible()
    for width in WIDTHS:
        resized(page, width)
        look("columns")
    view.button("Grid").click()
    for width in WIDTHS:
        resized(page, width)
        look("grid")
    view.button("Chat").click()
    page.keyboard.press("Control+.")
    expect(view.root.get_by_role("complementary", name="Parameters")).to_be_visible()
    for width in WIDTHS:
        resized(page, width)
        look("parameters")
    assert found + axe.found == []


def test_forced_colours_show_what_is_chosen_what_has_the_focus_and_what_is_alive(
    pages: Pages,
) -> None:
    view = opened(pages)
    page = view.root.page
    page.emulate_media(forced_colors="active", color_scheme="dark")
    view.send("Hello")
    view.until_ended()
    canvas = style(view.root.locator(".pgw-frame"), "backgroundColor")

    # The places where a background alone would say which one it is.
    views = view.root.get_by_role("group", name="View")
    on, off = views.locator("[aria-pressed=true]"), views.locator("[aria-pressed=false]")
    assert style(on, "backgroundColor") != style(off, "backgroundColor")
    assert style(on, "color") != style(on, "backgroundColor")
    thread = view.root.locator(".pgw-thread.is-current")
    assert style(thread, "outlineStyle") == "solid"
    assert style(view.root.locator(".pgw-dot"), "borderTopColor") != canvas

    view.composer.focus()
    box = view.root.locator(".pgw-composer .pgw-box")
    assert style(box, "outlineStyle") == "solid"
    view.messages("user").focus()
    page.keyboard.press("Home")
    assert style(view.root.locator("article:focus"), "outlineStyle") == "solid"
    assert style(view.root.locator(".pgw-msg.is-current"), "backgroundColor", "::before") != canvas

    ask_slowly(pages, view)
    view.send("Go on")
    view.until_writing()
    assert style(view.root.locator(".pgw-caret"), "backgroundColor") != canvas
    # The words of the button that matters most now are not of the colour of what is behind them.
    stop = view.button("Stop")
    assert style(stop, "color") != style(stop, "backgroundColor")
    stop.click()
    view.until_ended()

    view.button("Compare").click()
    switch = view.root.get_by_role("switch", name="Scroll together")
    looks: set[str] = set()
    for _ in range(2):
        before = switch.get_attribute("aria-checked") or ""
        switch.click()
        expect(switch).not_to_have_attribute("aria-checked", before)
        # Until its colour has changed.
        page.wait_for_function("() => document.getAnimations().length === 0")
        back = style(switch, "backgroundColor")
        assert style(switch, "backgroundColor", "::after") != back
        looks.add(back)
    assert len(looks) == 2


def test_with_reduced_motion_no_animation_runs_while_an_answer_is_written(pages: Pages) -> None:
    view = opened(pages)
    page = view.root.page
    view.send("Hello")
    view.until_ended()
    ask_slowly(pages, view)
    view.send("Go on")
    view.until_writing()
    page.wait_for_function(f"() => ({ANIMATIONS})() > 0")
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_function(f"() => ({ANIMATIONS})() === 0")
    view.button("Threads").click()
    view.button("Threads").click()
    page.keyboard.press("Control+.")
    view.button("More").click()
    expect(view.root.get_by_role("menu")).to_be_visible()
    expect(view.log).to_have_attribute("aria-busy", "true")
    assert page.evaluate(ANIMATIONS) == 0
    page.keyboard.press("Escape")
    view.button("Stop").click()
    view.until_ended()


def test_each_paragraph_has_the_direction_of_its_own_script(pages: Pages) -> None:
    view = opened(pages)
    view.composer.fill(ARABIC)
    assert style(view.composer, "direction") == "rtl"
    view.composer.press("Alt+Enter")
    text = view.messages("user").locator(".pgw-md")
    expect(text.locator("blockquote")).to_be_visible()
    assert style(text, "direction") == "rtl"
    sides: list[str] = text.locator("> p").evaluate_all(
        """
        paragraphs => paragraphs.map(paragraph => {
            const range = document.createRange();
            range.selectNodeContents(paragraph);
            const [line, box] = [range, paragraph].map(each => each.getBoundingClientRect());
            return Math.abs(line.left - box.left) < 2 ? "left" : "right";
        })
        """
    )
    assert sides == ["right", "left"]
    # Code is read from the left; marks and bars stand where the lines begin.
    assert style(text.locator("code"), "direction") == "ltr"
    assert style(text.locator("blockquote"), "borderRightStyle") == "solid"
    assert style(text.locator("ul"), "paddingRight") != "0px"
    view.composer.fill("English")
    assert style(view.composer, "direction") == "ltr"


def test_an_enter_that_ends_a_composition_sends_nothing(pages: Pages) -> None:
    view = opened(pages)
    view.composer.fill("にほん")
    view.composer.evaluate(
        """
        field => {
            const enter = how => field.dispatchEvent(new KeyboardEvent(
                "keydown", { key: "Enter", bubbles: true, cancelable: true, ...how }));
            field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
            enter({ isComposing: true });
            field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
            // Safari says that the composition is over, and then tells of the key that ended it.
            enter({ keyCode: 229 });
        }
        """
    )
    expect(view.composer).to_have_value("にほん")
    expect(view.messages("user")).to_have_count(0)
    view.composer.press("Enter")
    expect(view.messages("user")).to_have_count(1)


def test_on_a_touch_screen_everything_can_be_hit_and_messages_have_their_menu(
    browser: Browser, server: Pages
) -> None:
    context = browser.new_context(
        viewport={"width": 800, "height": HEIGHT}, has_touch=True, is_mobile=True
    )
    context.set_default_timeout(PATIENCE)
    pages = Pages.__new__(Pages)
    pages.__dict__.update(server.__dict__, context=context)
    try:
        view = opened(pages)
        page = view.root.page
        assert page.evaluate("matchMedia('(hover: none) and (pointer: coarse)').matches")
        view.composer.fill("Show me some code.")
        view.button("Send").tap()
        expect(view.messages()).to_have_count(1)
        view.until_ended()
        found: list[str] = page.evaluate(SMALL)
        for width in (360, 800):
            resized(page, width)
            for role in ("user", "assistant"):
                more = view.messages(role).get_by_role("button", name="More actions")
                expect(more.locator("visible=true")).to_have_count(1)
            found += page.evaluate(SMALL)
        view.messages("user").get_by_role("button", name="More actions").locator(
            "visible=true"
        ).tap()
        expect(view.root.get_by_role("menuitem", name="Edit")).to_be_visible()
        found += page.evaluate(SMALL)
        view.root.get_by_role("menuitem", name="Edit").tap()
        expect(view.root.get_by_role("textbox", name="Edit message")).to_be_visible()
        found += page.evaluate(SMALL)
        assert found == []
    finally:
        context.close()


def tab_to(target: Locator) -> None:
    """Press Tab until this has the focus."""
    for _ in range(80):
        if target.first.evaluate("element => element === document.activeElement"):
            return
        target.page.keyboard.press("Tab")
    pytest.fail(f"Tab never came to {target}")


def test_messages_and_what_opens_above_them_need_no_pointer(pages: Pages) -> None:
    view = opened(pages)
    page, press = view.root.page, view.root.page.keyboard.press
    focused = view.root.locator("article:focus")
    expect(view.composer).to_be_focused()
    page.keyboard.type("Two")
    press("Shift+Enter")
    page.keyboard.type("lines")
    press("Control+Enter")
    expect(view.messages()).to_have_count(1)
    view.until_ended()
    press("Escape")
    expect(focused).to_have_count(1)
    press("End")
    press("r")
    expect(view.root.get_by_role("group", name="Version 2 of 2")).to_be_visible()
    view.until_ended()
    press("?")
    expect(view.root.get_by_role("dialog", name="Keys")).to_be_visible()
    press("Escape")
    expect(focused).to_have_count(1)
    press("Control+.")
    panel = view.root.get_by_role("complementary", name="Parameters")
    expect(panel).to_be_visible()
    press("Control+.")
    expect(panel).to_have_count(0)
    press("Control+Shift+E")
    expect(view.root.get_by_role("dialog", name="Export")).to_be_visible()
    press("Escape")
    expect(view.button("Export")).to_be_focused()


def test_comparing_and_the_list_of_threads_need_no_pointer(pages: Pages) -> None:
    view = opened(pages)
    page, press = view.root.page, view.root.page.keyboard.press
    view.send("Two lines")
    view.until_ended()
    tab_to(view.button("Compare"))
    press("Enter")
    columns = [view.root.get_by_role("region", name=re.compile(f"^Variant {it}:")) for it in "AB"]
    bodies = [column.locator(".pgw-col__body") for column in columns]
    expect(bodies[1]).to_be_visible()
    tab_to(bodies[0])
    press("Control+Enter")
    for column in columns:
        expect(column.get_by_role("button", name="Pick")).to_be_enabled()
    press("ArrowRight")
    expect(bodies[1]).to_be_focused()
    press("w")
    expect(columns[1].get_by_role("button", name="Winner")).to_be_visible()

    tab_to(view.root.get_by_role("searchbox", name="Search threads"))
    press("ArrowDown")
    row = view.root.locator(".pgw-thread").first
    expect(row.locator(":focus")).to_have_count(1)
    press("/")
    expect(view.root.get_by_role("searchbox", name="Search threads")).to_be_focused()
    press("ArrowDown")
    press("F2")
    page.keyboard.type("Renamed by keys")
    press("Enter")
    expect(row).to_contain_text("Renamed by keys")
    tab_to(view.root.locator(".pgw-thread__open").first)
    press("Delete")
    expect(view.root.get_by_text("Renamed by keys")).to_have_count(0)


def test_a_screen_reader_hears_beginnings_ends_and_errors_and_a_name_for_each_control(
    pages: Pages,
) -> None:
    view = opened(pages)
    status = view.root.get_by_role("status").last
    view.send("Hello")
    view.until_ended()
    expect(status).to_have_text(re.compile("^Answer: .+"))
    assert view.log.get_attribute("aria-live") == "polite"

    ask_slowly(pages, view)
    view.send("Go on")
    view.until_writing()
    expect(status).to_have_text("The answer has begun.")
    # Each token would be read otherwise.
    expect(view.log).to_have_attribute("aria-busy", "true")
    assert view.log.get_attribute("aria-live") == "off"
    view.button("Stop").click()
    view.until_ended()
    expect(status).to_contain_text("Stopped")

    ask_slowly(pages, view, model="demo-cut")
    view.send("Once more")
    view.until_ended()
    alert = view.messages().last.get_by_role("alert")
    expect(alert).to_contain_text("dropped")
    expect(status).to_contain_text("dropped")

    heard = view.root.aria_snapshot()
    for line in ('log "Messages"', 'article "user message"', 'article "assistant message"'):
        assert f"- {line}" in heard
    controls = r"- '?(?:button|textbox|switch|link|combobox|checkbox|radio)\b"
    nameless = [line for line in heard.splitlines() if re.search(rf'{controls}(?! ")', line)]
    assert nameless == []
