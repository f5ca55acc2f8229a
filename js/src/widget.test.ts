// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeWidget } from "./testing/fake-widget.ts";
import { delta, finished, message, snapshot, streaming } from "./testing/samples.ts";
import { stubLayout } from "./testing/stub-layout.ts";
import playgroundWidget from "./widget.ts";

const VIEW = "application/vnd.jupyter.widget-view+json";

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
function load(first: unknown, manager?: unknown, attributes = {}) {
  const widget = new FakeWidget({ thread: first, ...attributes }, manager);
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

  test("inserts cells that the kernel asks for once, however many views there are", async () => {
    const insertCells = vi.fn();
    const shown = { outputs: [{ data: { [VIEW]: { model_id: "m" } } }] };
    const manager = {
      context: { model: { sharedModel: { cells: [shown], insertCells } } },
      has_model: () => true,
      get_model: async () => widget.handle(),
    };
    const { widget, open } = load(snapshot(1), manager);
    open();
    open();
    const cells = [{ type: "code", source: "1", metadata: { tags: ["a"] } }];
    widget.set("delta", { events: [{ type: "insert", action: "a1", cells }] });
    const claims = widget.sent.filter(({ type }) => type === "claim");
    expect(claims).toMatchObject([{ action: "a1" }]);
    const [{ request } = {}] = claims;
    widget.set("delta", { events: [{ type: "done", request, result: { granted: true } }] });
    await vi.waitFor(() => expect(insertCells).toHaveBeenCalledTimes(1));
    expect(insertCells).toHaveBeenCalledWith(1, [
      { cell_type: "code", source: "1", metadata: { tags: ["a"] } },
    ]);
  });

  test("hides the transcript that is saved beside it as long as a view is open", async () => {
    const transcript = document.body.appendChild(document.createElement("div"));
    transcript.dataset.pgwTranscript = "a1";
    const shows = () => getComputedStyle(transcript).display !== "none";
    const { open } = load(snapshot(1, [], { settings: { transcript: "a1" } }));
    const [one, other] = [open(), open()];
    one.close();
    expect(shows()).toBe(false);
    other.close();
    expect(shows()).toBe(true);
  });

  test("steps aside for the transcript where there is no kernel", async () => {
    const transcript = document.body.appendChild(document.createElement("div"));
    transcript.dataset.pgwTranscript = "a1";
    const saved = snapshot(1, [], { settings: { transcript: "a1" } });
    const { open } = load(saved, undefined, { layout: { comm_live: false } });
    const { el } = open();
    expect(getComputedStyle(transcript).display).not.toBe("none");
    expect(getComputedStyle(el.querySelector(".pgw") ?? el).display).toBe("none");
  });

  test("stops listening when the model goes away", () => {
    const { widget, open } = load(snapshot(1));
    const { el } = open();
    life.abort();
    expect(widget.listeners).toBe(0);
    expect(el.childNodes).toHaveLength(0);
  });
});
