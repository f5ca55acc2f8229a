// @vitest-environment jsdom
import { render } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Host } from "../host.ts";
import type { Message, Settings, Thread } from "../model.ts";
import { createStore, type Store } from "../store.ts";
import { FakeChannel } from "../testing/fake-channel.ts";
import { moduleFromSource } from "../testing/page.tsx";
import { App } from "./app.tsx";

const settings: Settings = {
  connection: { name: "openai", label: "OpenAI", demo: false, status: "ready", key_tail: "x7Qa" },
  connections: [{ name: "openai", label: "OpenAI", demo: false }],
  offers: [],
  models: [{ id: "small" }, { id: "large" }],
  running: null,
  queued: 0,
  usage: { context: 10, window: 100, cost: null, input_tokens: 8, output_tokens: 2 },
  undo: null,
};

function message(id: string, role: Message["role"], text: string, more = {}): Message {
  const content = text === "" ? [] : [{ type: "text" as const, text }];
  return { id, parent: null, role, content, status: "complete", created: 1, ...more };
}

function threadOf(messages: readonly Message[]): Thread {
  return {
    id: "t",
    title: "Title",
    system: "",
    prompts: [],
    model: "small",
    params: {},
    created: 1,
    head: messages.at(-1)?.id ?? null,
    messages: messages.map((each, i) => ({ ...each, parent: messages[i - 1]?.id ?? null })),
  };
}

let channel: FakeChannel;
let store: Store;
let root: HTMLElement;
let life: AbortController;

/** Shows a thread, as a kernel that is there has sent it. */
function show(messages: readonly Message[], running: string | null = null) {
  channel = new FakeChannel({
    revision: 1,
    thread: threadOf(messages),
    settings: { ...settings, running },
  });
  channel.module = moduleFromSource;
  life = new AbortController();
  store = createStore(channel, life.signal);
  channel.takeStatus("live");
  root = document.createElement("div");
  root.className = "pgw";
  document.body.append(root);
  const host: Host = { kind: "page", root, signal: life.signal };
  render(<App store={store} host={host} />, root);
  return settled();
}

/** Preact renders and its effects run. */
async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }
}

const find = <T extends HTMLElement>(selector: string): T => {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`There is no ${selector}`);
  return found;
};
const row = (id: string) => find(`[data-id="${id}"]`);
const button = (name: string) => {
  const all = [...root.querySelectorAll("button")];
  const found = all.find((each) => (each.ariaLabel ?? each.textContent)?.startsWith(name));
  if (!found) throw new Error(`There is no button ${name}`);
  return found;
};
function press(target: HTMLElement, key: string, more: KeyboardEventInit = {}): void {
  target.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }),
  );
}
function type(field: HTMLTextAreaElement | HTMLInputElement, text: string): void {
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

beforeEach(() => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  Element.prototype.scrollIntoView = () => undefined;
});
afterEach(() => {
  render(null, root);
  life.abort();
  root.remove();
});

const TURN = [message("q", "user", "Why?"), message("a", "assistant", "Because.")];

test("Enter in the composer sends what is written, and empties it", async () => {
  await show(TURN);
  const field = find<HTMLTextAreaElement>(".pgw-composer textarea");
  type(field, "And then?");
  await settled();
  press(field, "Enter");
  await settled();
  expect(channel.requests("send")[0]).toMatchObject({
    content: [{ type: "text", text: "And then?" }],
    role: "user",
  });
  expect(field.value).toBe("");
});

test("a message that is refused comes back into the composer", async () => {
  await show(TURN);
  const field = find<HTMLTextAreaElement>(".pgw-composer textarea");
  type(field, "And then?");
  press(field, "Enter");
  await settled();
  const request = channel.requests("send")[0]?.request;
  const error = { kind: "busy", title: "Not now", detail: "" };
  channel.takeEvents({ type: "refused", request, error });
  await settled();
  expect(field.value).toBe("And then?");
  expect(find(".pgw-toast").textContent).toContain("Not now");
});

test("Escape in the composer stops a running answer", async () => {
  await show([...TURN, message("live", "assistant", "", { status: "streaming" })], "live");
  press(find(".pgw-composer textarea"), "Escape");
  expect(channel.requests("stop").length).toBe(1);
});

test("a delta changes its own message and nothing else in the page", async () => {
  await show([...TURN, message("live", "assistant", "Hel", { status: "streaming" })], "live");
  const touched = new Set<Node>();
  const watcher = new MutationObserver((changes) => {
    for (const change of changes) touched.add(change.target);
  });
  watcher.observe(root, { childList: true, characterData: true, attributes: true, subtree: true });
  const delta = { type: "text", message: "live", part: 0, offset: 3, text: "lo", kind: "text" };
  channel.takeEvents({ ...delta, tokens: 2 });
  await vi.waitFor(() => expect(row("live").textContent).toContain("Hello"));
  watcher.disconnect();
  expect(touched.size).toBeGreaterThan(0);
  for (const node of touched) expect(row("live").contains(node)).toBe(true);
});

test("the nodes of an answer stay when it ends", async () => {
  const streaming = message("live", "assistant", "One.\n\nTwo.\n\nThree", { status: "streaming" });
  await show([...TURN, streaming], "live");
  await vi.waitFor(() => expect(row("live").querySelectorAll("p").length).toBe(3));
  const first = row("live").querySelector("p");
  const final = { status: "complete", finish_reason: "stop" };
  channel.takeEvents(
    { type: "finished", revision: 2, message: "live", lengths: [17], final },
    { type: "settings", settings },
  );
  await settled();
  expect(row("live").querySelector("p")).toBe(first);
  expect(row("live").classList.contains("is-streaming")).toBe(false);
  expect(row("live").querySelector(".pgw-caret")).toBe(null);
});

test("while an answer is written the log is busy and silent; its end is announced once", async () => {
  await show([...TURN, message("live", "assistant", "Hello", { status: "streaming" })], "live");
  expect(find("[role=log]").getAttribute("aria-busy")).toBe("true");
  expect(find("[role=log]").getAttribute("aria-live")).toBe("off");
  const final = { status: "complete" };
  channel.takeEvents(
    { type: "finished", revision: 2, message: "live", lengths: [5], final },
    { type: "settings", settings },
  );
  await settled();
  expect(find(".pgw-sr[role=status]").textContent).toBe("Answer: Hello");
  expect(find("[role=log]").getAttribute("aria-busy")).toBe("false");
});

test("letters are commands on a message and letters in a field", async () => {
  await show(TURN);
  const field = find<HTMLTextAreaElement>(".pgw-composer textarea");
  field.focus();
  press(field, "r");
  expect(channel.requests("regenerate").length).toBe(0);
  row("a").focus();
  press(row("a"), "r");
  expect(channel.requests("regenerate")[0]).toMatchObject({ message: "a" });
});

test("two Ds delete, and the toast takes it back with its own token", async () => {
  await show(TURN);
  row("a").focus();
  press(row("a"), "d");
  press(row("a"), "d");
  const request = channel.requests("delete")[0];
  expect(request).toMatchObject({ messages: ["a"] });
  channel.takeEvents({ type: "done", request: request?.request, result: { undo: "u7" } });
  await settled();
  button("Undo").click();
  expect(channel.requests("undo")[0]).toMatchObject({ token: "u7" });
});

test("outside of the log Z takes back the delete that the toast offers", async () => {
  await show(TURN);
  row("a").focus();
  press(row("a"), "d");
  press(row("a"), "d");
  const request = channel.requests("delete")[0];
  channel.takeEvents({ type: "done", request: request?.request, result: { undo: "u7" } });
  await settled();
  press(button("Export"), "z", { ctrlKey: true });
  expect(channel.requests("undo")).toEqual([]);
  press(button("Export"), "z");
  expect(channel.requests("undo")[0]).toMatchObject({ token: "u7" });
});

test("the arrows move through the messages, which are one tab stop", async () => {
  await show(TURN);
  row("a").focus();
  press(row("a"), "ArrowUp");
  await settled();
  expect(document.activeElement).toBe(row("q"));
  expect([row("q").tabIndex, row("a").tabIndex]).toEqual([0, -1]);
});

test("Enter on a message edits it; saving and regenerating asks for both", async () => {
  await show(TURN);
  row("q").focus();
  press(row("q"), "Enter");
  await settled();
  const field = row("q").querySelector("textarea");
  expect(document.activeElement).toBe(field);
  expect(row("a").classList.contains("is-off")).toBe(true);
  if (!field) throw new Error("no field");
  type(field, "Why not?");
  await settled();
  press(field, "Enter", { ctrlKey: true });
  expect(channel.requests("edit")[0]).toMatchObject({
    message: "q",
    content: [{ type: "text", text: "Why not?" }],
    rerun: true,
  });
});

test("an edit that was opened in one view leaves the focus there, and is open in the other", async () => {
  await show(TURN);
  const other = document.createElement("div");
  document.body.append(other);
  render(<App store={store} host={{ kind: "page", root: other, signal: life.signal }} />, other);
  await settled();
  row("q").focus();
  press(row("q"), "Enter");
  await settled();
  expect(document.activeElement).toBe(row("q").querySelector("textarea"));
  expect(other.querySelector('[data-id="q"] textarea')).not.toBe(null);
  render(null, other);
  other.remove();
});

test("Escape closes an edit without a request, and the message has the focus again", async () => {
  await show(TURN);
  row("q").focus();
  press(row("q"), "Enter");
  await settled();
  const field = row("q").querySelector("textarea");
  if (!field) throw new Error("no field");
  press(field, "Escape");
  await settled();
  expect(row("q").querySelector("textarea")).toBe(null);
  expect(channel.requests("edit").length).toBe(0);
  expect(document.activeElement).toBe(row("q"));
});

test("Escape closes the top layer only, and the focus returns to its opener", async () => {
  await show(TURN);
  row("a").focus();
  await settled();
  const opener = row("a").querySelector<HTMLElement>('.pgw-actions [aria-label="More actions"]');
  opener?.click();
  await settled();
  const item = [...root.querySelectorAll<HTMLElement>("[role=menuitem]")].find((each) =>
    each.textContent?.startsWith("Change role"),
  );
  item?.click();
  await settled();
  expect(root.querySelectorAll("[role=menu]").length).toBe(2);
  press(document.activeElement as HTMLElement, "Escape");
  await settled();
  expect(root.querySelectorAll("[role=menu]").length).toBe(1);
  expect(document.activeElement).toBe(item);
  press(document.activeElement as HTMLElement, "Escape");
  await settled();
  expect(root.querySelectorAll("[role=menu]").length).toBe(0);
  expect(document.activeElement).toBe(opener);
});

test("a key is sent once and then stands nowhere in the page", async () => {
  await show(TURN);
  button("Connection").click();
  await settled();
  [...root.querySelectorAll<HTMLElement>("[role=menuitem]")]
    .find((each) => each.textContent?.startsWith("Change the key"))
    ?.click();
  await settled();
  const field = find<HTMLInputElement>("input[type=password]");
  type(field, "sk-secret-value");
  find<HTMLFormElement>("form").requestSubmit();
  await settled();
  const [request] = channel.requests("connect");
  expect(request).toMatchObject({ name: "openai", api_key: "sk-secret-value" });
  expect(field.value).toBe("");
  expect(root.outerHTML).not.toContain("secret");
  channel.takeEvents({ type: "done", request: request?.request, result: {} });
  await settled();
  expect(root.querySelector("[role=dialog]")).toBe(null);
});

test("of a long thread the last 200 messages are there, and earlier ones when asked for", async () => {
  const many = Array.from({ length: 230 }, (_, i) => message(`m${i}`, "user", `Number ${i}`));
  await show(many);
  const ids = () =>
    [...root.querySelectorAll<HTMLElement>("article")].map((each) => each.dataset.id);
  expect(ids().length).toBe(200);
  expect(ids()[0]).toBe("m30");
  button("Show earlier messages").click();
  await settled();
  expect(ids()).toEqual(["system", ...many.map(({ id }) => id)]);
}, 60_000);

test("a saved transcript has no control that needs a kernel", async () => {
  await show(TURN);
  channel.takeStatus("saved");
  await settled();
  expect(root.querySelector("textarea, .pgw-actions, .pgw-head, .pgw-insert")).toBe(null);
  expect(root.textContent).toContain("Because.");
  expect(root.textContent).toContain("Saved transcript.");
});

test("the title is edited in place, from its menu", async () => {
  await show(TURN);
  button("Title").click();
  await settled();
  button("Rename").click();
  await settled();
  const field = find<HTMLInputElement>(".pgw-head .pgw-input");
  field.value = "Better";
  press(field, "Enter");
  await settled();
  expect(channel.requests("set")[0]).toMatchObject({ title: "Better" });
  expect(channel.requests("set").length).toBe(1);
});

test("the question mark shows the keys, but not while somebody types one", async () => {
  await show(TURN);
  press(find(".pgw-composer textarea"), "?");
  await settled();
  expect(root.querySelector("[role=dialog]")).toBe(null);
  row("a").focus();
  press(row("a"), "?");
  await settled();
  expect(find("[role=dialog]").ariaLabel).toBe("Keys");
});

test("a failed answer offers what its error says, the best first", async () => {
  const error = {
    kind: "context_too_long",
    title: "Too long",
    detail: "Nothing was sent.",
    actions: ["leave_out", "use_model"] as const,
    leave_out: 1,
    suggest_model: "large",
  };
  await show([
    ...TURN,
    message("q2", "user", "More"),
    message("f", "assistant", "", { status: "failed", error }),
  ]);
  const offered = [...row("f").querySelectorAll(".pgw-note button")];
  expect(offered.map((each) => each.textContent)).toEqual([
    "Leave out the oldest message",
    "Use large",
  ]);
  (offered[0] as HTMLElement).click();
  expect(channel.requests("delete")[0]).toMatchObject({ messages: ["q", "f"], rerun: true });
});

test("a changed key is tried at once with the message that the old one could not send", async () => {
  const error = {
    kind: "key_refused",
    title: "OpenAI did not accept the key",
    detail: "It ends in …x7Qa and came from this session.",
    actions: ["change_key"] as const,
    key_tail: "x7Qa",
    key_source: "this session",
  };
  await show([
    message("q", "user", "Hi"),
    message("f", "assistant", "", { status: "failed", error }),
  ]);
  const code = [...row("f").querySelectorAll(".pgw-note .pgw-mono")];
  expect(code.map((each) => each.textContent)).toEqual(["…x7Qa"]);
  row("f").querySelector<HTMLElement>(".pgw-note button")?.click();
  await settled();
  type(find<HTMLInputElement>("input[type=password]"), "sk-right");
  find<HTMLFormElement>("form").requestSubmit();
  await settled();
  const [request] = channel.requests("connect");
  expect(channel.requests("regenerate")).toEqual([]);
  channel.takeEvents({ type: "done", request: request?.request, result: {} });
  await settled();
  expect(channel.requests("regenerate")[0]).toMatchObject({ message: "f" });
});

test("a connection that lacks its key asks for it", async () => {
  await show(TURN);
  button("Connection").click();
  await settled();
  find<HTMLElement>("[role=menuitemradio]").click();
  await settled();
  const [request] = channel.requests("connect");
  const error = { kind: "setup", title: "OpenAI needs a key", detail: "" };
  channel.takeEvents({ type: "refused", request: request?.request, error });
  await settled();
  expect(find("[role=dialog]").getAttribute("aria-label")).toBe("Key for OpenAI");
  expect(root.querySelector(".pgw-toast")).toBe(null);
});

test("an answer without a word says that it is empty", async () => {
  await show([message("q", "user", "Hi"), message("a", "assistant", "")]);
  expect(row("a").textContent).toContain("The answer is empty.");
});
