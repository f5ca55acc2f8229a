// A view on a channel that the test drives by hand: for what is asked of a kernel, and when.

import { render } from "preact";
import { afterEach, beforeEach, vi } from "vitest";
import { App } from "../components/app.tsx";
import type { Host } from "../host.ts";
import type { Message, Settings, Thread } from "../model.ts";
import { createStore, type Store } from "../store.ts";
import { FakeChannel } from "./fake-channel.ts";
import { moduleFromSource } from "./page.tsx";

export const settings: Settings = {
  connection: { name: "openai", label: "OpenAI", demo: false, status: "ready", key_tail: "x7Qa" },
  connections: [{ name: "openai", label: "OpenAI", demo: false }],
  offers: [],
  models: [{ id: "small" }, { id: "large" }],
  running: null,
  queued: 0,
  usage: { context: 10, window: 100, cost: null, input_tokens: 8, output_tokens: 2 },
  undo: null,
};

export function message(id: string, role: Message["role"], text: string, more = {}): Message {
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

// Of the test that runs: `show` makes them.
export let channel: FakeChannel;
export let store: Store;
export let root: HTMLElement;
export let life: AbortController;

/** Shows a thread, as a kernel that is there has sent it. */
export function show(messages: readonly Message[], running: string | null = null) {
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
export async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }
}

export const find = <T extends HTMLElement>(selector: string): T => {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`There is no ${selector}`);
  return found;
};
export const row = (id: string) => find(`[data-id="${id}"]`);
export const button = (name: string) => {
  const all = [...root.querySelectorAll("button")];
  const found = all.find((each) => (each.ariaLabel ?? each.textContent)?.startsWith(name));
  if (!found) throw new Error(`There is no button ${name}`);
  return found;
};
export function press(target: HTMLElement, key: string, more: KeyboardEventInit = {}): void {
  target.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }),
  );
}
export function type(field: HTMLTextAreaElement | HTMLInputElement, text: string): void {
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** For the tests of one file. */
export function driveByHand(): void {
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
}

/** A question and its answer. */
export const TURN = [message("q", "user", "Why?"), message("a", "assistant", "Because.")];
