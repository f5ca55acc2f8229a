// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeWidget } from "./testing/fake-widget.ts";
import { delta, finished, message, snapshot, streaming } from "./testing/samples.ts";
import { stubLayout } from "./testing/stub-layout.ts";
import playgroundWidget from "./widget.ts";

let life: AbortController;

beforeEach(() => {
  stubLayout();
  life = new AbortController();
});

afterEach(() => {
  life.abort();
  document.body.replaceChildren();
});

/** A widget as anywidget drives it: one model, of which views can be opened. */
function load(first: unknown) {
  const widget = new FakeWidget({ thread: first });
  const module = playgroundWidget();
  module.initialize({ model: widget.handle(), signal: life.signal });
  const open = () => {
    const el = document.body.appendChild(document.createElement("div"));
    const view = new AbortController();
    const signal = AbortSignal.any([life.signal, view.signal]);
    module.render({ model: widget.handle(), el, signal });
    return { el, close: () => view.abort() };
  };
  return { widget, open };
}

const shows = (el: HTMLElement, text: string) =>
  vi.waitFor(() => expect(el.textContent).toContain(text));

describe("the widget", () => {
  test("greets the kernel once, however many views there are", () => {
    const { widget, open } = load(snapshot(0));
    open();
    open();
    expect(widget.sent.filter(({ type }) => type === "hello")).toHaveLength(1);
  });

  test("shows the same in each view, from one subscription", async () => {
    const { widget, open } = load(snapshot(1, [message("q"), streaming("a", "q")]));
    const one = open();
    const listening = widget.listeners;
    const other = open();
    expect(widget.listeners).toBe(listening);
    widget.set("delta", { events: [delta("a", 0, "Penguins are birds.")] });
    for (const { el } of [one, other]) await shows(el, "Penguins are birds.");
    widget.set("delta", { events: [finished(2, "a", 19)] });
    await vi.waitFor(() => expect(widget.get("thread")).toMatchObject({ revision: 2 }));
    for (const { el } of [one, other]) await shows(el, "Penguins are birds.");
  });

  test("shares what is being written between its views", async () => {
    const { widget, open } = load(snapshot(1));
    widget.set("delta", { events: [] });
    const [one, other] = [open(), open()];
    const field = (el: HTMLElement) => el.querySelector("textarea");
    await vi.waitFor(() => expect(field(one.el)).not.toBeNull());
    const written = field(one.el);
    if (written) {
      written.value = "half a question";
      written.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
    await vi.waitFor(() => expect(field(other.el)?.value).toBe("half a question"));
  });

  test("leaves nothing behind when a view closes, and the others go on", async () => {
    const { widget, open } = load(snapshot(1, [streaming("a", null)]));
    const [one, other] = [open(), open()];
    one.close();
    expect(one.el.childNodes).toHaveLength(0);
    widget.set("delta", { events: [delta("a", 0, "still here")] });
    await shows(other.el, "still here");
    expect(one.el.childNodes).toHaveLength(0);
  });

  test("stops listening when the model goes away", () => {
    const { widget, open } = load(snapshot(1));
    const { el } = open();
    life.abort();
    expect(widget.listeners).toBe(0);
    expect(el.childNodes).toHaveLength(0);
  });
});
