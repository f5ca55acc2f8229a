// Changes of parameters on their way: shown at once, sent after a short pause, the last one of each
// wins. What could not be sent stays as it was typed, to be sent again.

import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type { Params } from "../../model.ts";

/** Milliseconds without a change, after which what changed is sent. */
const PAUSE = 250;

interface Change {
  /** Undefined unsets. */
  readonly value: unknown;
}

export class ParamEdits {
  /** Why what is shown is not set. */
  readonly error: ReadonlySignal<string>;
  readonly #params: ReadonlySignal<Params>;
  readonly #send: (changes: Params) => Promise<void>;
  readonly #error = signal("");
  readonly #changes = signal<ReadonlyMap<string, Change>>(new Map());
  /** What no request has carried yet. */
  readonly #unsent = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Resolves once all that was sent is answered. */
  #sent: Promise<unknown> = Promise.resolve();

  /**
   * @param params as they are
   * @param send sets those that it names, null unsets; rejects with why it did not
   * @param of the key of the variant that has them, where it is not the conversation
   */
  constructor(
    params: ReadonlySignal<Params>,
    send: (changes: Params) => Promise<void>,
    readonly of = "",
  ) {
    this.#params = params;
    this.#send = send;
    this.error = this.#error;
  }

  /** The value as it will be, or undefined where it is left to the service. */
  value(name: string): unknown {
    const change = this.#changes.value.get(name);
    return change ? change.value : (this.#params.value[name] ?? undefined);
  }

  /** What is set, by name. */
  changed(): readonly string[] {
    const names = new Set([...Object.keys(this.#params.value), ...this.#changes.value.keys()]);
    return [...names].filter((name) => this.value(name) !== undefined);
  }

  set(name: string, value: unknown): void {
    this.#changes.value = new Map(this.#changes.value).set(name, { value });
    this.#unsent.add(name);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), PAUSE);
  }

  /** Unsets at once. */
  reset(...names: readonly string[]): void {
    for (const name of names) this.set(name, undefined);
    void this.flush();
  }

  /** Sends now what waits; what failed before is tried again. Resolves once all is answered. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#unsent.size > 0) {
      this.#sent = Promise.all([this.#sent, this.#carry([...this.#unsent])]);
    }
    await this.#sent;
  }

  async #carry(names: readonly string[]): Promise<void> {
    const sent = this.#changes.value;
    this.#unsent.clear();
    const wanted = names.map((name) => [name, sent.get(name)?.value ?? null] as const);
    let error = "";
    try {
      await this.#send(Object.fromEntries(wanted));
    } catch (reason) {
      error = reason instanceof Error ? reason.message : String(reason);
    }
    batch(() => {
      this.#error.value = error;
      const left = new Map(this.#changes.value);
      for (const name of names) {
        // Something newer is on its way already.
        if (left.get(name) !== sent.get(name)) continue;
        if (error === "") left.delete(name);
        else this.#unsent.add(name);
      }
      this.#changes.value = left;
    });
  }
}
