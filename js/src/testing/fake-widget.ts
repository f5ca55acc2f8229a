// A widget model as a notebook keeps it, with what the front-end relies on: a new handle for each
// view, a change event only for a value that differs, and none of it after a handle has ended.

import { isDeepStrictEqual } from "node:util";
import type { AnyModel } from "../channel/model.ts";

type Callback = (...args: unknown[]) => void;

export class FakeWidget {
  /** What was sent to the kernel. */
  readonly sent: Record<string, unknown>[] = [];
  /** The bytes that were sent beside it. */
  readonly bytes: Uint8Array[] = [];
  readonly manager: unknown;
  /** Stands for a comm whose kernel went away. */
  disposed = false;
  readonly #attributes: Map<string, unknown>;
  readonly #callbacks = new Map<string, Set<Callback>>();

  constructor(attributes: Record<string, unknown> = {}, manager: unknown = undefined) {
    this.#attributes = new Map(Object.entries(attributes));
    this.manager = manager;
  }

  /** What anywidget gives to `initialize` and to each view. */
  handle(): AnyModel {
    return {
      get: (name) => this.get(name),
      set: (name, value) => this.set(name, value),
      send: (content, _callbacks, buffers = []) => {
        if (this.disposed) throw new Error("Comm is disposed");
        this.sent.push(content as Record<string, unknown>);
        this.bytes.push(...buffers);
      },
      on: (event, callback) => {
        const known = this.#callbacks.get(event) ?? new Set();
        this.#callbacks.set(event, known.add(callback));
      },
      off: (event, callback) => void this.#callbacks.get(event)?.delete(callback),
      widget_manager: this.manager,
    };
  }

  get(name: string): unknown {
    return this.#attributes.get(name);
  }

  /** A trait arrives from the kernel, or is set in the browser. */
  set(name: string, value: unknown): void {
    if (isDeepStrictEqual(this.get(name), value)) return;
    this.#attributes.set(name, value);
    this.trigger(`change:${name}`);
  }

  trigger(event: string, ...args: unknown[]): void {
    for (const callback of [...(this.#callbacks.get(event) ?? [])]) callback(...args);
  }

  /** How many callbacks are registered. */
  get listeners(): number {
    return [...this.#callbacks.values()].reduce((sum, { size }) => sum + size, 0);
  }
}

/** An event of the host, in Lumino's manner. */
export class FakeSignal {
  readonly slots = new Set<(sender: unknown, value: unknown) => void>();

  connect(slot: (sender: unknown, value: unknown) => void): void {
    this.slots.add(slot);
  }

  disconnect(slot: (sender: unknown, value: unknown) => void): void {
    this.slots.delete(slot);
  }

  emit(value: unknown): void {
    for (const slot of this.slots) slot(this, value);
  }
}
