// The list of all threads as far as this page has read it: pages of a search, put together.

import { type ReadonlySignal, signal } from "@preact/signals";
import type { ThreadRow } from "../model.ts";
import type { RequestBody, ThreadPage } from "../protocol.ts";

/** A reload reads this many pages again; what lies further back changes rarely. */
const FRESH = 4;

/** A search that is being read. */
interface Loading {
  readonly search: string;
  /** Whether it was asked for once more meanwhile. */
  again: boolean;
  done: Promise<void>;
}

/**
 * What is shown stays until what was asked for has come, and an answer that was overtaken by
 * another question changes nothing.
 */
export class ThreadList {
  readonly #ask: (body: RequestBody) => Promise<ThreadPage>;
  readonly #rows = signal<readonly ThreadRow[]>([]);
  readonly #search = signal<string | null>(null);
  #after: string | null = null;
  /** The latest question, by number. */
  #asked = 0;
  #loading: Loading | undefined;
  #reading: Promise<void> | undefined;

  constructor(ask: (body: RequestBody) => Promise<ThreadPage>) {
    this.#ask = ask;
  }

  get rows(): ReadonlySignal<readonly ThreadRow[]> {
    return this.#rows;
  }

  /** What the rows are the answer to; `null` before the first has come. */
  get search(): ReadonlySignal<string | null> {
    return this.#search;
  }

  /** Reads the list from its beginning; once more at its end if it is asked to meanwhile. */
  load(search: string): Promise<void> {
    if (this.#loading?.search === search) {
      this.#loading.again = true;
      return this.#loading.done;
    }
    const loading: Loading = { search, again: false, done: Promise.resolve() };
    this.#loading = loading;
    loading.done = this.#readAll(loading);
    return loading.done;
  }

  async #readAll(loading: Loading): Promise<void> {
    try {
      do {
        loading.again = false;
        await this.#read(loading.search);
      } while (loading.again && this.#loading === loading);
    } finally {
      if (this.#loading === loading) this.#loading = undefined;
    }
  }

  async #read(search: string): Promise<void> {
    const number = ++this.#asked;
    const known = search === this.#search.peek() ? this.#rows.peek() : [];
    const fresh: ThreadRow[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < FRESH; pages++) {
      const page: ThreadPage = await this.#ask(request(search, after));
      if (number !== this.#asked) return;
      fresh.push(...page.threads);
      after = page.after;
      if (after === null || fresh.length >= known.length) break;
    }
    const seen = new Set(fresh.map(({ id }) => id));
    const rest = after === null ? [] : known.filter(({ id }) => !seen.has(id));
    const goesOn = rest.length > 0 && known.length > fresh.length;
    this.#rows.value = goesOn ? [...fresh, ...rest] : fresh;
    if (!goesOn) this.#after = after;
    this.#search.value = search;
  }

  /** Reads the next page, if there is one and it is not being read already. */
  more(): Promise<void> {
    this.#reading ??= this.#next().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Changes a row here, before it was said so; `null` takes it out. */
  patch(id: string, change: Partial<ThreadRow> | null): void {
    const changed = this.#rows
      .peek()
      .flatMap((row) => (row.id !== id ? [row] : change ? [{ ...row, ...change }] : []));
    this.#rows.value = changed.sort(
      (a, b) => Number(b.pinned) - Number(a.pinned) || b.updated - a.updated,
    );
  }

  async #next(): Promise<void> {
    const search = this.#search.peek();
    const number = this.#asked;
    const after = this.#after;
    if (search === null || after === null) return;
    const page = await this.#ask(request(search, after));
    if (number !== this.#asked) return;
    this.#after = page.after;
    const seen = new Set(this.#rows.peek().map(({ id }) => id));
    this.#rows.value = [...this.#rows.peek(), ...page.threads.filter(({ id }) => !seen.has(id))];
  }
}

function request(search: string, after: string | null): RequestBody {
  return {
    type: "threads",
    ...(search === "" ? {} : { search }),
    ...(after === null ? {} : { after }),
  };
}
