// The comparison that a page shows: its subscription, which goes on by itself after a break.

import { dig } from "../model.ts";
import { cellEventsOf, comparisonOf } from "./convert-comparison.ts";
import { COMPARISON_EVENTS } from "./documents.ts";
import { Refused } from "./post.ts";
import type { Socket } from "./socket.ts";

type Result = Readonly<Record<string, unknown>>;

export class Comparing {
  readonly id: string;
  /** The whole of it, once; rejects where there is none. */
  readonly whole: Promise<Result>;
  readonly #life = new AbortController();
  #begun = false;

  /** @param tell is called with what comes after the whole of it, as the wire has it */
  constructor(id: string, socket: Socket, tell: (event: Result) => void) {
    this.id = id;
    this.whole = new Promise((resolve, reject) => {
      socket.subscribe(
        () => ({ query: COMPARISON_EVENTS, variables: { id } }),
        {
          next: (payload) => {
            const given = dig(payload, "data", "comparisonEvents", "events");
            const [first, ...rest] = Array.isArray(given) ? given : [];
            if (first === undefined) return;
            const begins = !this.#begun;
            if (begins) {
              this.#begun = true;
              resolve(comparisonOf(dig(first, "comparison")));
            }
            const events = (begins ? rest : [first, ...rest]).flatMap(cellEventsOf);
            // After whoever waits for the whole of it has it.
            if (events.length > 0) {
              void this.whole.then(() => tell({ type: "comparison", comparison: id, events }));
            }
          },
          ended: () =>
            reject(
              new Refused("not_found", "This comparison is not here", "It may have been deleted."),
            ),
        },
        this.#life.signal,
      );
    });
  }

  end(): void {
    this.#life.abort();
  }
}
