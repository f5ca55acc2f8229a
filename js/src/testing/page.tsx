// A view of the playground over a fake kernel, and hands to use it with.

import { render } from "preact";
import { vi } from "vitest";
import { App } from "../components/app.tsx";
import * as panels from "../components/panels/index.ts";
import type { Host } from "../host.ts";
import type { Request } from "../protocol.ts";
import { createStore, type Store } from "../store.ts";
import { FakeKernel, type FakeKernelOptions } from "./fake-kernel.ts";
import { stubLayout } from "./stub-layout.ts";

export interface PageOptions extends FakeKernelOptions {
  readonly insertCells?: Host["insertCells"];
  readonly openPage?: Host["openPage"];
  /** Of the widget, in CSS pixels. */
  readonly width?: number;
  /** How the modules come that are loaded when they are needed. */
  readonly module?: (name: string) => Promise<unknown>;
}

export class Page {
  readonly kernel: FakeKernel;
  readonly store: Store;
  readonly root = document.createElement("div");
  readonly #life = new AbortController();

  constructor({ insertCells, openPage, width, module, ...options }: PageOptions = {}) {
    stubLayout();
    const { root } = this;
    if (width !== undefined) {
      Object.defineProperty(root, "clientWidth", { value: width });
      vi.stubGlobal("ResizeObserver", NoticingSizes);
    }
    Element.prototype.scrollIntoView = () => undefined;
    root.className = "pgw";
    document.body.append(root);
    this.kernel = new FakeKernel(options);
    this.kernel.channel.module = module ?? moduleFromSource;
    const { signal } = this.#life;
    this.store = createStore(this.kernel.channel, signal);
    const host: Host = {
      kind: "page",
      root,
      signal,
      ...(insertCells ? { insertCells } : {}),
      ...(openPage ? { openPage } : {}),
    };
    render(<App store={this.store} host={host} />, root);
  }

  close(): void {
    render(null, this.root);
    this.#life.abort();
    this.root.remove();
  }

  /** The kernel answers, Preact renders and its effects run. */
  async settled(): Promise<void> {
    for (let i = 0; i < 4; i++) {
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    }
  }

  find<T extends HTMLElement = HTMLElement>(selector: string): T {
    const found = this.root.querySelector<T>(selector);
    if (!found) throw new Error(`There is no ${selector}`);
    return found;
  }

  texts(selector: string): string[] {
    return [...this.root.querySelectorAll(selector)].map((each) => each.textContent ?? "");
  }

  /** What can be clicked and has this name, or one that begins with it; in a dialog first. */
  control(name: string): HTMLElement {
    const inside = this.root.querySelectorAll<HTMLElement>("[aria-modal] :is(button, label)");
    const all = [...inside, ...this.root.querySelectorAll<HTMLElement>("button, label")];
    const named = (each: HTMLElement) => each.ariaLabel ?? each.textContent ?? "";
    const found =
      all.find((each) => named(each) === name) ?? all.find((each) => named(each).startsWith(name));
    if (!found) throw new Error(`There is nothing called ${name}`);
    return found;
  }

  async click(name: string): Promise<void> {
    this.control(name).click();
    await this.settled();
  }

  async press(key: string, more: KeyboardEventInit = {}): Promise<void> {
    const target = document.activeElement ?? document.body;
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
    const goesOn = target.dispatchEvent(event);
    if (goesOn && key === "Enter" && target instanceof HTMLButtonElement) target.click();
    await this.settled();
  }

  async type(selector: string, text: string): Promise<void> {
    const field = this.find<HTMLInputElement>(selector);
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await this.settled();
  }

  requests(type: Request["type"]): Request[] {
    return this.kernel.channel.requests(type);
  }
}

/** The panels as they are in the sources: they share everything with the view without more ado. */
export async function moduleFromSource(name: string): Promise<unknown> {
  if (name !== "panels") throw new Error(`There is no module ${name} here`);
  return { default: () => panels };
}

/** Tells a size once, as browsers do when they begin to observe. */
class NoticingSizes {
  readonly #notice: () => void;

  constructor(notice: () => void) {
    this.#notice = notice;
  }

  observe(): void {
    queueMicrotask(this.#notice);
  }

  unobserve(): void {}

  disconnect(): void {}
}
