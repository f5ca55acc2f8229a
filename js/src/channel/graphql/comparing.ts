// The comparison that a page shows: its subscription, which goes on after a break.

import { dig } from "../model.ts";
import { cellEventsOf, comparisonOf } from "./convert-comparison.ts";
import { COMPARISON_EVENTS } from "./documents.ts";
import { Refused } from "./post.ts";
import { pauseAfter, type Socket } from "./socket.ts";

type Result = Readonly<Record<string, unknown>>;

interface ComparingListener {
  /** What comes after the whole of it, as the wire has it. */
  next(event: Result): void;
  /** It is not there any more. */
  gone(): void;
}

export class Comparing {
  readonly id: string;
  /** The whole of it, once; rejects where there is none. */
  readonly whole: Promise<Result>;
  readonly #socket: Socket;
  readonly #on: ComparingListener;
  readonly #life = new AbortController();
  #settle: { resolve: (whole: Result) => void; reject: (error: Error) => void };
  #begun = false;
  /** Whether its subscription has ended, and nothing has come since. */
  #lost = false;

  constructor(id: string, socket: Socket, on: ComparingListener) {
    this.id = id;
    this.#socket = socket;
    this.#on = on;
    this.#settle = { resolve: () => undefined, reject: () => undefined };
    this.whole = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#subscribe();
  }

  /** Nobody wants it any more; whoever still waits for the whole of it is told. */
  end(): void {
    this.#life.abort();
    const title = "Something else was opened meanwhile";
    this.#settle.reject(new Refused("superseded", title, "This comparison was not opened."));
  }

  #subscribe(): void {
    this.#socket.subscribe(
      () => ({ query: COMPARISON_EVENTS, variables: { id: this.id } }),
      { next: (payload) => this.#next(payload), ended: () => this.#ended() },
      this.#life.signal,
    );
  }

  #next(payload: unknown): void {
    const given = dig(payload, "data", "comparisonEvents", "events");
    const [first, ...rest] = Array.isArray(given) ? given : [];
    if (first === undefined) return;
    this.#lost = false;
    const begins = !this.#begun;
    if (begins) {
      this.#begun = true;
      this.#settle.resolve(comparisonOf(dig(first, "comparison")));
    }
    const events = (begins ? rest : [first, ...rest]).flatMap(cellEventsOf);
    if (events.length === 0) return;
    // After whoever waits for the whole of it has it.
    void this.whole.then(() => this.#on.next({ type: "comparison", comparison: this.id, events }));
  }

  /** A server that stops ends it, and the next one has it again, unless it was deleted. */
  #ended(): void {
    if (!this.#begun) {
      const title = "This comparison is not here";
      this.#settle.reject(new Refused("not_found", title, "It may have been deleted."));
    } else if (this.#lost) this.#on.gone();
    else {
      this.#lost = true;
      const timer = setTimeout(() => this.#subscribe(), pauseAfter(1));
      this.#life.signal.addEventListener("abort", () => clearTimeout(timer));
    }
  }
}
