"""What a model writes is text: it runs nothing, asks nothing of any host, and links nowhere bad."""

from __future__ import annotations

import base64
from typing import Any

from playwright.sync_api import Dialog, Page, Request, Route, expect

from tests.browser.harness.notebook import NotebookPage, OpenNotebook
from tests.browser.playground import PlaygroundView, pace, python, show, shown

RUN = "window.pwned=1;alert('pwned')"
HOST = "evil.example"
IMAGE = f"http://{HOST}/pixel.png"

HOSTILE = f"""
<script>{RUN}</script> </script><script>{RUN}</script>

<img src=x onerror="{RUN}"> <img src=//{HOST}/raw.png srcset="//{HOST}/2x.png 2x">
<svg onload="{RUN}"><script>{RUN}</script><use href="//{HOST}/x.svg#a"/></svg>
<iframe src="//{HOST}/frame" srcdoc="<script>{RUN}</script>"></iframe>
<object data="//{HOST}/o"></object><embed src="//{HOST}/e"><base href="//{HOST}/">
<video src="//{HOST}/v" onerror="{RUN}" autoplay></video><audio src="//{HOST}/a"></audio>
<link rel="stylesheet" href="//{HOST}/s.css"><meta http-equiv="refresh" content="0;url=//{HOST}">
<style>@import "//{HOST}/i.css"; * {{ background: url(//{HOST}/bg.png) }}</style>

<form action="//{HOST}/form"><input name="key" autofocus onfocus="{RUN}"><button>go</button></form>
<div id="main" class="pgw-frame" style="position:fixed;inset:0" onmouseover="{RUN}">over</div>
<details open ontoggle="{RUN}"><summary>x</summary></details> <!--><script>{RUN}</script>-->
<math><mtext><mglyph><style><img src=x onerror="{RUN}"></style></mglyph></mtext></math>
<template><script>{RUN}</script></template><noscript><img src=x onerror="{RUN}"></noscript>

[a](javascript:{RUN}) [b](JaVaScRiPt:{RUN}) [c](&#106;avascript:{RUN}) [d](java&Tab;script:{RUN})
[e](javascript&colon;{RUN}) [f](&#1;javascript:{RUN}) [g](vbscript:x) [h](file:///etc/passwd)
[i](data:text/html,<script>{RUN}</script>) [j](data:text/html;base64,PHNjcmlwdD4=) [k](blob:x)
[l](//{HOST}/protocol) [m](/pwned) [n](?pwned) [o](#main) <javascript:{RUN}> <data:text/html,x>
[p]( javascript:{RUN}) [q](http://{HOST}/ "\\" onmouseover=\\"{RUN}") [r][ref] ![s][ref]
javascript:{RUN} www.{HOST}"onclick="{RUN} http://{HOST}/"onmouseover="{RUN}

[ref]: javascript:{RUN} "title"

![loaded only when it is asked for]({IMAGE} "\\" onload=\\"{RUN}")
![x](javascript:{RUN}) ![x](data:image/svg+xml,<svg/onload={RUN}>) [![x]({IMAGE})](javascript:{RUN})

# heading {{#main .pgw-frame onclick={RUN}}}

- [x] <input type=image src=//{HOST}/i onerror="{RUN}">

| a <script>{RUN}</script> | [b](javascript:{RUN}) |
|---|:---|
| <img src=x onerror={RUN}> | ![x]({IMAGE}) |

```html" onclick="{RUN}
<script>{RUN}</script>
```

```__proto__
constructor
```

$\\href{{javascript:{RUN}}}{{x}}$ $\\url{{javascript:{RUN}}}$ $\\includegraphics{{//{HOST}/t.png}}$
$\\htmlId{{main}}{{x}}$ $\\htmlData{{x=y}}{{z}}$
$\\htmlStyle{{background:url(//{HOST}/h.png)}}{{x}}$
$\\text{{</math><img src=x onerror={RUN}>}}$ $\\def\\x{{\\x\\x}}\\x$ $\\unicode{{x3c}}$

$$\\begin{{matrix}} <script>{RUN}</script> \\end{{matrix}}$$

__proto__ constructor toString <x-custom onclick="{RUN}">element</x-custom> &lt;script&gt;

<script
"""

REFUSED = 2
"""Of its formulas: one without end, and one with a command that is not known."""

# Looks at what is in the page, and with an observer at everything that ever comes into it.
WATCH = """
() => {
    const elements = new Set(("article section header footer main div span p a b i em strong small "
        + "del code pre br hr button input textarea label ul ol li h1 h2 h3 h4 h5 h6 blockquote "
        + "table caption thead tbody tr th td svg path rect circle line polyline time kbd sup "
        + "math semantics mrow mi mo mn ms mtext mspace msup msub msubsup mfrac msqrt mroot "
        + "munder mover munderover mtable mtr mtd mstyle mpadded mphantom menclose merror "
        + "mmultiscripts mprescripts annotation form").split(" "));
    window.bad = [];
    const inspect = root => {
        for (const element of [root, ...root.querySelectorAll("*")]) {
            const name = element.localName;
            const inMarkdown = element.closest(".pgw-md") !== null;
            if (!elements.has(name)) window.bad.push(`<${name}>`);
            if (inMarkdown && ["img", "form", "textarea"].includes(name)) {
                window.bad.push(`<${name}> in markdown`);
            }
            for (const { name: attribute, value } of element.attributes) {
                const own = !inMarkdown;
                if (/^on/i.test(attribute)
                    || (attribute === "style" && !own && !element.closest("math"))
                    || (attribute === "id" && !own)
                    || /^(src|srcset|srcdoc|action|formaction|data|poster|background)$/i
                        .test(attribute)
                    || (/href$/i.test(attribute) && !/^(https?:\\/\\/|mailto:)/i.test(value))
                    || /url\\s*\\(/i.test(attribute === "style" ? value : "")) {
                    window.bad.push(`${name} ${attribute}=${value}`);
                }
            }
        }
    };
    for (const root of document.querySelectorAll(".pgw")) {
        inspect(root);
        new MutationObserver(records => {
            for (const { target, addedNodes } of records) {
                if (target instanceof Element) inspect(target);
                for (const node of addedNodes) if (node instanceof Element) inspect(node);
            }
        }).observe(root, { subtree: true, childList: true, attributes: true });
    }
}
"""


class Guard:
    """Notices what hostile text would do: run something, or ask something of a host."""

    def __init__(self, notebook: NotebookPage) -> None:
        self.page = notebook.page
        self.seen: list[str] = []
        self._own = notebook.server.url
        self.page.on("dialog", self._on_dialog)
        self.page.on("request", self._on_request)
        self.page.on("popup", lambda page: self.seen.append(f"popup {page.url}"))
        self.page.on("framenavigated", lambda frame: self._on_navigated(frame.url))

    def _on_dialog(self, dialog: Dialog) -> None:
        self.seen.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _on_request(self, request: Request) -> None:
        url = request.url
        own = url.startswith((self._own, "data:", "blob:")) and "pwned" not in url
        # A raw <img src=x> would ask beside the notebook's own address.
        if not own or url.rsplit("/", 1)[-1] == "x":
            self.seen.append(f"request {url}")

    def _on_navigated(self, url: str) -> None:
        if not url.startswith((self._own, "about:blank")):
            self.seen.append(f"navigated {url}")

    def assert_harmless(self) -> None:
        """Assert that nothing was run, asked or left in the page."""
        assert self.page.evaluate("() => window.pwned") is None
        bad: list[str] = self.page.evaluate("() => [...new Set(window.bad)]")
        assert bad == []
        assert self.page.evaluate("() => Object.keys(Object.prototype)") == []
        assert self.seen == []


def watch(page: Page) -> None:
    page.evaluate(WATCH)


def hover_everything(view: PlaygroundView) -> None:
    """Move the pointer and the focus over all of it, as handlers would want."""
    view.log.evaluate(
        """
        log => {
            for (const element of log.querySelectorAll(".pgw-md, .pgw-md *")) {
                for (const type of ["mouseover", "mouseenter", "focus", "toggle", "error", "load"])
                    element.dispatchEvent(new Event(type));
            }
        }
        """
    )


def begin(
    open_notebook: OpenNotebook, **options: Any
) -> tuple[NotebookPage, PlaygroundView, Guard]:
    notebook = open_notebook([show(model="demo-echo", **options)], own_page=True)
    guard = Guard(notebook)
    notebook.run(0)
    view = shown(notebook)
    watch(notebook.page)
    return notebook, view, guard


def settled(view: PlaygroundView) -> str:
    """Return the last answer's HTML once its formulas are shown, or refused and left as code."""
    text = view.messages().last.locator(".pgw-md")
    expect(text.locator(".pgw-math math").first).to_be_attached()
    expect(text.locator(".pgw-math > code")).to_have_count(REFUSED)
    return text.inner_html()


def test_a_hostile_answer_does_nothing_in_one_go_and_after_a_reload(
    open_notebook: OpenNotebook,
) -> None:
    notebook, view, guard = begin(open_notebook)
    notebook.execute(
        f"""
        text = {HOSTILE!r}
        pg.add(text, role="assistant")
        pg.add(text)
        pg.system = pg.title = text
        pg.add({{"role": "assistant", "content": text, "tool_calls": [
            {{"id": text, "type": "function", "function": {{"name": text, "arguments": text}}}}]}})
        pg.add({{"role": "tool", "tool_call_id": text, "content": text}})
        """.replace("\n        ", "\n")
    )
    expect(view.log.locator("article.pgw-msg--tool")).to_be_visible()
    settled(view)
    hover_everything(view)
    guard.assert_harmless()

    notebook.save()
    notebook.reload()
    view = shown(notebook)
    watch(notebook.page)
    settled(view)
    hover_everything(view)
    guard.assert_harmless()


def test_a_hostile_answer_does_nothing_while_it_streams(open_notebook: OpenNotebook) -> None:
    notebook, view, guard = begin(open_notebook)
    notebook.execute(f"pg.add({HOSTILE!r}, role='assistant')")
    at_once = settled(view)
    for count, rate in enumerate([None, 400], start=2):
        notebook.execute(f"pg.params = {pace(rate=rate, first_token=0)!r}")
        notebook.execute(f"run = pg.start({HOSTILE!r})")
        expect(view.messages()).to_have_count(count)
        view.until_ended()
        assert python(notebook, "run.result().text") == HOSTILE
        assert settled(view) == at_once
        hover_everything(view)
        guard.assert_harmless()


def test_a_picture_from_elsewhere_is_fetched_when_it_is_clicked_and_not_before(
    open_notebook: OpenNotebook,
) -> None:
    pixel = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==")
    notebook, view, guard = begin(open_notebook)
    asked: list[dict[str, str]] = []

    def answer(route: Route) -> None:
        asked.append(route.request.all_headers())
        route.fulfill(body=pixel, content_type="image/gif")

    notebook.page.route(f"http://{HOST}/**", answer)
    notebook.execute(f"pg.add('![a **cat**]({IMAGE})', role='assistant')")
    button = view.messages().get_by_role("button", name=HOST)
    expect(button).to_contain_text("a cat")
    guard.assert_harmless()
    assert asked == []
    button.click()
    expect(view.messages().get_by_role("img", name="a cat")).to_be_visible()
    assert guard.seen == [f"request {IMAGE}"]
    assert [headers.get("referer") for headers in asked] == [None]


def test_the_guard_notices_what_it_is_there_for(open_notebook: OpenNotebook) -> None:
    notebook, view, guard = begin(open_notebook)
    notebook.execute("pg.add('text', role='assistant')")
    text = view.messages().locator(".pgw-md")
    text.evaluate('node => { node.innerHTML = \'<a href="javascript:x" onclick="y">z</a>\'; }')
    with notebook.page.expect_request("**/x"):
        text.evaluate("node => { node.innerHTML += '<img src=x onerror=\"window.pwned=1\">'; }")
    notebook.page.wait_for_function("() => window.pwned === 1")
    bad = notebook.page.evaluate("() => window.bad.join()")
    assert all(found in bad for found in ("href=javascript:x", "onclick=y", "<img>", "onerror="))
    assert guard.seen == [f"request {notebook.page.url.rsplit('/', 1)[0]}/x"]
