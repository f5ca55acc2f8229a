// The comparison that a page shows: its subscription, which goes on after a break.

import { dig } from "../dig.ts";
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

/** What follows one, from the moment it is asked for. */
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
  /** The cells that are being asked. */
  readonly #asked = new Map<string, Result>();

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
      this.#read(first);
    }
    const events = (begins ? rest : [first, ...rest]).flatMap((event) => this.#read(event));
    if (events.length === 0) return;
    // After whoever waits for the whole of it has it.
    void this.whole.then(() => this.#on.next({ type: "comparison", comparison: this.id, events }));
  }

  /** An event as the wire has it; of a snapshot also what it says by leaving it out. */
  #read(event: unknown): readonly Result[] {
    const events = cellEventsOf(event);
    const stopped: Result[] = [];
    if (dig(event, "__typename") === "ComparisonSnapshot") {
      const named = new Set(events.map(cellName));
      for (const [name, place] of this.#asked) {
        if (named.has(name)) continue;
        stopped.push({ type: "cell_finished", cell: { ...place, status: "waiting" } });
        this.#asked.delete(name);
      }
    }
    for (const each of events) {
      const { type, ...place } = each;
      if (type === "cell_started") this.#asked.set(cellName(each), place);
      if (type === "cell_finished") this.#asked.delete(cellName(each));
    }
    return [...stopped, ...events];
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

/** Which cell an event is about. */
function cellName(event: Result): string {
  const { row, variant, sample } = (event.cell ?? event) as Result;
  return `${row}/${variant}/${sample}`;
}

interface ComparedListener {
  next(event: Result): void;
  /** Another one is shown, or none. */
  shown(): void;
}

/** Which one is shown is the page's own to say. */
export class Compared {
  readonly #on: ComparedListener;
  #id: string | null = null;
  /** What follows the one that is shown, once that has been opened. */
  #comparing: Comparing | undefined;
  /** What was asked for last, until it is there. */
  #wanted: Comparing | undefined;

  constructor(on: ComparedListener) {
    this.#on = on;
  }

  get id(): string | null {
    return this.#id;
  }

  /** Gives the whole of one, and shows it; until it is there, the one before goes on. */
  async open(socket: Socket, id: string): Promise<Result> {
    if (this.#wanted?.id !== id) {
      this.#wanted?.end();
      this.#wanted = this.#follow(socket, id);
    }
    const comparing = this.#wanted;
    const whole = await comparing.whole.finally(() => {
      if (this.#wanted === comparing) this.#wanted = undefined;
    });
    if (this.#comparing !== comparing) this.#comparing?.end();
    this.#comparing = comparing;
    this.#show(id);
    return whole;
  }

  show(id: string | null): void {
    this.#wanted?.end();
    this.#show(id);
  }

  end(): void {
    this.#comparing?.end();
    this.#wanted?.end();
  }

  #show(id: string | null): void {
    if (id === this.#id) return;
    this.#id = id;
    if (this.#comparing?.id !== id) {
      this.#comparing?.end();
      this.#comparing = undefined;
    }
    this.#on.shown();
  }

  #follow(socket: Socket, id: string): Comparing {
    const comparing: Comparing = new Comparing(id, socket, {
      next: (event) => {
        if (this.#comparing === comparing) this.#on.next(event);
      },
      gone: () => {
        if (this.#comparing === comparing) this.#show(null);
      },
    });
    return comparing;
  }
}
