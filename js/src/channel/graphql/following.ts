// One thread that is followed: its subscription, and from where it goes on after a break.

import type { Position } from "../channel.ts";
import { THREAD_EVENTS } from "./documents.ts";
import { Refused } from "./post.ts";
import { type Operation, pauseAfter, type Socket } from "./socket.ts";

export interface FollowingListener {
  next(payload: unknown): void;
  /** The subscription has ended, though nobody asked for that. */
  ended(): void;
}

export class Following {
  readonly thread: string;
  /** Resolves when its first events have come; rejects when there is no such thread. */
  readonly ready: Promise<void>;
  readonly #socket: Socket;
  readonly #position: () => Position | undefined;
  readonly #on: FollowingListener;
  #settle: { resolve: () => void; reject: (error: Error) => void };
  #life = new AbortController();
  #ended = false;
  #failures = 0;
  /** Whether only a snapshot helps. */
  #whole = true;
  /** Whether somebody is finding out why it ended. */
  looking = false;

  constructor(
    thread: string,
    socket: Socket,
    position: () => Position | undefined,
    on: FollowingListener,
  ) {
    this.thread = thread;
    this.#socket = socket;
    this.#position = position;
    this.#on = on;
    this.#settle = { resolve: () => undefined, reject: () => undefined };
    this.ready = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Whoever waits for it hears of it; nobody has to.
    this.ready.catch(() => undefined);
    this.#subscribe();
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Events have come. */
  came(snapshot: boolean): void {
    if (snapshot) this.#whole = false;
    this.#failures = 0;
    this.#settle.resolve();
  }

  /** Asks for a snapshot, unless one is on its way. */
  refresh(): void {
    if (this.#whole || this.#ended) return;
    this.#whole = true;
    this.#life.abort();
    this.#subscribe();
  }

  /** Subscribes once more after a pause. */
  retry(): void {
    if (this.#ended) return;
    const timer = setTimeout(() => this.#subscribe(), pauseAfter(++this.#failures));
    this.#life.signal.addEventListener("abort", () => clearTimeout(timer));
  }

  /** It is followed no more. */
  end(): void {
    this.#ended = true;
    this.#life.abort();
    this.#settle.resolve();
  }

  /** There is no such thread. */
  fail(): void {
    this.#settle.reject(
      new Refused("not_found", "This thread is not here", "It was deleted, or never kept."),
    );
    this.end();
  }

  #subscribe(): void {
    this.#life.abort();
    this.#life = new AbortController();
    const { signal } = this.#life;
    this.#socket.subscribe(
      () => this.#operation(),
      { next: (payload) => this.#on.next(payload), ended: () => this.#on.ended() },
      signal,
    );
  }

  #operation(): Operation {
    const at = this.#whole ? undefined : this.#position();
    if (at?.thread.id !== this.thread) this.#whole = true;
    return {
      query: THREAD_EVENTS,
      variables: { id: this.thread, ...(at && !this.#whole ? placeOf(at) : {}) },
    };
  }
}

function placeOf({ revision, offsets }: Position): Record<string, unknown> {
  return {
    revision,
    offsets: offsets.map(({ message, part, offset }) => ({ messageId: message, part, offset })),
  };
}
