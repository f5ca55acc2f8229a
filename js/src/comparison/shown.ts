// The comparison that the settings name, as far as it has come to this page. Views of one store
// share it.

import { batch, effect, type ReadonlySignal, signal } from "@preact/signals";
import { type Compared, ProtocolError } from "../protocol.ts";
import { type ComparedReader, RequestError, type Store } from "../store.ts";
import type { ComparisonSnapshot } from "./model.ts";
import { parseComparison, parseComparisonEvents } from "./protocol.ts";
import { type Comparison, ComparisonReplica } from "./replica.ts";

export class ShownComparison implements ComparedReader {
  readonly #store: Store;
  readonly #shown = signal<ComparisonReplica | null>(null);
  readonly #error = signal("");
  #wanted: string | null = null;
  /** How many answers are on their way. */
  #asking = 0;

  constructor(store: Store) {
    this.#store = store;
    store.readCompared(this);
    effect(() => this.#follow(store.settings.value.comparison ?? null));
    // What was missing of the thread may be missing of the comparison, too.
    effect(() => {
      if (store.epoch.value > 0) this.#refresh();
    });
    effect(() => {
      if (store.status.value === "lost") this.#interrupt();
    });
  }

  get shown(): ReadonlySignal<Comparison | null> {
    return this.#shown;
  }

  /** Why the comparison that is wanted is not there. */
  get error(): ReadonlySignal<string> {
    return this.#error;
  }

  take(result: unknown): void {
    try {
      this.#adopt(parseComparison(result));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      // It would make no sense the next time either: it is not asked for again.
      console.warn(`playground_widget: ${error.message}`);
      this.#error.value = `The ${this.#store.peer}’s answer makes no sense`;
    }
  }

  fold(event: Compared): void {
    const known = this.#shown.peek();
    if (known?.id !== event.comparison) return;
    try {
      const { events } = parseComparisonEvents(event);
      if (batch(() => known.fold(events))) return;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      console.warn(`playground_widget: ${error.message}`);
    }
    this.#refresh();
  }

  announce(): void {
    this.#shown.peek()?.announce();
  }

  #adopt(snapshot: ComparisonSnapshot): void {
    if (snapshot.id !== this.#wanted) return;
    const known = this.#shown.peek();
    batch(() => {
      this.#error.value = "";
      if (known?.id === snapshot.id) known.adopt(snapshot);
      else this.#shown.value = new ComparisonReplica(snapshot);
    });
  }

  #follow(id: string | null): void {
    if (id === this.#wanted) return;
    this.#wanted = id;
    batch(() => {
      this.#error.value = "";
      if (this.#shown.peek()?.id !== id) this.#shown.value = null;
    });
    if (id !== null) void this.#ask(id);
  }

  /** Something may be missing here. */
  #refresh(): void {
    if (this.#wanted !== null && this.#asking === 0) void this.#ask(this.#wanted);
  }

  #interrupt(): void {
    batch(() => this.#shown.peek()?.interrupt());
  }

  /** Its answer goes to `take`. */
  async #ask(id: string): Promise<void> {
    this.#asking++;
    try {
      await this.#store.request({ type: "open_comparison", comparison: id });
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (id === this.#wanted) this.#error.value = error.message;
    } finally {
      this.#asking--;
    }
  }
}

const known = new WeakMap<Store, ShownComparison>();

/** Of a store: follows what its settings name from the first call on. */
export function shownComparison(store: Store): ShownComparison {
  const found = known.get(store) ?? new ShownComparison(store);
  known.set(store, found);
  return found;
}
