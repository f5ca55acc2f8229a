// The list of all threads: when it may have changed, and pages of it.

import type { Calls } from "./calls.ts";
import { threadPageOf } from "./convert.ts";
import { THREADS, THREADS_CHANGED } from "./documents.ts";
import { pauseAfter, type Socket } from "./socket.ts";

const PAGE = 50;

export class ThreadList {
  /** One more each time it may have changed. */
  changes = 0;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  watch(socket: Socket, signal: AbortSignal): void {
    const again = () => {
      if (!signal.aborted) setTimeout(() => this.watch(socket, signal), pauseAfter(3));
    };
    const next = () => {
      this.changes++;
      this.#changed();
    };
    socket.subscribe(
      () => ({ query: THREADS_CHANGED, variables: {} }),
      { next, ended: again },
      signal,
    );
  }

  async page(
    calls: Calls,
    search?: string,
    after?: string,
  ): Promise<Readonly<Record<string, unknown>>> {
    const data = await calls.query(THREADS, { first: PAGE, search, after });
    return threadPageOf(data.threads);
  }
}
