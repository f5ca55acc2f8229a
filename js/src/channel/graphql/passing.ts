// Events of the open thread, passed on to the store in their order.
//
// The server's settings know neither the list of threads nor which comparison a page shows: what
// this channel itself says of them is put in here.

import { dig } from "../dig.ts";
import { eventOf, snapshotOf } from "./convert.ts";

type Result = Readonly<Record<string, unknown>>;

interface PassingListener {
  snapshot(data: unknown): void;
  batch(data: unknown): void;
}

export class Passing {
  readonly #on: () => PassingListener;
  readonly #own: () => Result;
  #snapshot: unknown;
  #settings: Result | undefined;
  /** Requests for a snapshot, which it answers. */
  #asked: string[] = [];

  /** @param own what there is in the settings that the server does not know */
  constructor(on: () => PassingListener, own: () => Result) {
    this.#on = on;
    this.#own = own;
  }

  /** The latest one. */
  get snapshot(): unknown {
    return this.#snapshot;
  }

  /** The next snapshot answers this request. */
  snapshotFor(request: string): void {
    this.#asked.push(request);
  }

  /** Passes events on, and says what was among them. */
  pass(events: readonly unknown[]): { readonly snapshot: boolean; readonly deleted: boolean } {
    let between: Result[] = [];
    let snapshot = false;
    let deleted = false;
    const flush = () => {
      if (between.length > 0) this.#on().batch({ events: between });
      between = [];
    };
    for (const event of events) {
      const type = dig(event, "__typename");
      if (type === "ThreadSnapshot") {
        flush();
        snapshot = true;
        this.#take(snapshotOf(event));
      } else if (type === "ThreadDeleted") deleted = true;
      else if (type === "SettingsChanged") between.push(this.#completed(eventOf(event)));
      else between.push(eventOf(event));
    }
    flush();
    return { snapshot, deleted };
  }

  /** Tells one event that is not the server's. */
  tell(event: Result): void {
    this.#on().batch({ events: [event] });
  }

  /** Tells the settings anew, for what is in them of this channel's own. */
  resettle(): void {
    if (this.#settings) this.tell(this.#completed({ type: "settings", settings: this.#settings }));
  }

  #take(whole: Result): void {
    const { settings } = this.#completed({ settings: whole.settings });
    this.#snapshot = { ...whole, settings };
    this.#on().snapshot(this.#snapshot);
    for (const request of this.#asked.splice(0)) this.tell({ type: "done", request, result: {} });
  }

  #completed(event: Result): Result {
    this.#settings = { ...(event.settings as Result), ...this.#own() };
    return { ...event, settings: this.#settings };
  }
}
