// Subscriptions over one WebSocket: the client's side of graphql-transport-ws.
//
// The connection is made again whenever it ends, after a pause that doubles and is a little
// different for each page, so that a server that starts is not met by all of them at once. Each
// subscription is then made again too, from where its listener is by then.

export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface SubscriptionListener {
  next(data: unknown): void;
  /** It has ended: the server completed it, or could not carry it out. */
  ended(errors: readonly unknown[]): void;
}

export interface SocketListener {
  /** The server has taken the connection. */
  up(): void;
  /** There is none; the next try is at this `performance.now()`. */
  away(next: number): void;
  /** The next try has begun. */
  trying(): void;
}

/** Milliseconds, all of them. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 8000;
/** A connection that has held this long was a good one. */
const STABLE = 5000;
/** For the server to take a connection. */
const PATIENCE = 10_000;
/** Without a word for this long, the server is asked for one. */
const SILENCE = 20_000;
/** For that word to come. */
const ECHO = 10_000;
const QUICK_ECHO = 4000;

interface Subscription {
  readonly make: () => Operation;
  readonly on: SubscriptionListener;
}

export class Socket {
  readonly #url: string;
  readonly #on: SocketListener;
  readonly #subscriptions = new Map<string, Subscription>();
  #socket: WebSocket | undefined;
  /** When the server took this connection. */
  #since: number | undefined;
  #failures = 0;
  #ids = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(url: string, on: SocketListener, signal: AbortSignal) {
    this.#url = url;
    this.#on = on;
    signal.addEventListener("abort", () => {
      this.#ended = true;
      clearTimeout(this.#timer);
      this.#release()?.close(1000);
    });
  }

  get up(): boolean {
    return this.#since !== undefined;
  }

  connect(): void {
    clearTimeout(this.#timer);
    if (this.#ended) return;
    this.#on.trying();
    const socket = new WebSocket(this.#url, "graphql-transport-ws");
    this.#socket = socket;
    socket.onopen = () => this.#say({ type: "connection_init" });
    socket.onmessage = ({ data }) => this.#read(data);
    socket.onclose = () => this.#lose();
    this.#timer = setTimeout(() => this.#give(4504, "connection not acknowledged"), PATIENCE);
  }

  /** Until the signal aborts or it ends; `make` is asked again for each connection. */
  subscribe(make: () => Operation, on: SubscriptionListener, signal: AbortSignal): void {
    if (signal.aborted) return;
    const subscription = { make, on };
    this.#begin(subscription);
    signal.addEventListener("abort", () => {
      const id = this.#idOf(subscription);
      if (id === undefined) return;
      this.#subscriptions.delete(id);
      if (this.up) this.#say({ id, type: "complete" });
    });
  }

  /** Tries at once, or looks whether a connection that seems to be there really is. */
  hurry(): void {
    if (this.#ended) return;
    if (this.up) this.#ping(QUICK_ECHO);
    else if (!this.#socket) this.connect();
  }

  #begin(subscription: Subscription): void {
    const id = String(++this.#ids);
    this.#subscriptions.set(id, subscription);
    if (this.up) this.#say({ id, type: "subscribe", payload: subscription.make() });
  }

  #read(data: unknown): void {
    const message = parse(data);
    if (!message) {
      this.#give(4400, "not a message");
      return;
    }
    const { type, id, payload } = message;
    const subscription = typeof id === "string" ? this.#subscriptions.get(id) : undefined;
    this.#listen();
    switch (type) {
      case "connection_ack":
        this.#take();
        return;
      case "ping":
        this.#say({ type: "pong" });
        return;
      case "next":
        subscription?.on.next(payload);
        return;
      case "error":
      case "complete":
        if (!subscription) return;
        this.#subscriptions.delete(id as string);
        subscription.on.ended(Array.isArray(payload) ? payload : []);
        return;
    }
  }

  #take(): void {
    this.#since = performance.now();
    this.#on.up();
    const waiting = [...this.#subscriptions.values()];
    this.#subscriptions.clear();
    for (const subscription of waiting) this.#begin(subscription);
    this.#listen();
  }

  /** Waits for the next word, and asks for one where none comes. */
  #listen(): void {
    if (!this.up) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ping(ECHO), SILENCE);
  }

  #ping(patience: number): void {
    clearTimeout(this.#timer);
    this.#say({ type: "ping" });
    this.#timer = setTimeout(() => this.#give(4408, "no answer"), patience);
  }

  #say(message: object): void {
    // What cannot be sent is sent again: the end of this connection is about to be told.
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }

  /** Ends a connection that is no good; one that is dead may never tell that it has ended. */
  #give(code: number, reason: string): void {
    const socket = this.#release();
    this.#lose();
    socket?.close(code, reason);
  }

  #release(): WebSocket | undefined {
    const socket = this.#socket;
    if (socket) {
      socket.onopen = null;
      socket.onmessage = null;
      socket.onclose = null;
    }
    return socket;
  }

  #lose(): void {
    clearTimeout(this.#timer);
    const held = this.#since === undefined ? 0 : performance.now() - this.#since;
    this.#socket = undefined;
    this.#since = undefined;
    this.#failures = held >= STABLE ? 1 : this.#failures + 1;
    const pause = pauseAfter(this.#failures);
    this.#timer = setTimeout(() => this.connect(), pause);
    this.#on.away(performance.now() + pause);
  }

  #idOf(subscription: Subscription): string | undefined {
    for (const [id, each] of this.#subscriptions) if (each === subscription) return id;
    return undefined;
  }
}

/** The pause after so many failures one after the other: at least half of what it is at most. */
export function pauseAfter(failures: number, random: () => number = Math.random): number {
  const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(failures - 1, 10));
  return longest * (0.5 + random() / 2);
}

function parse(data: unknown): Record<string, unknown> | undefined {
  try {
    const message: unknown = typeof data === "string" ? JSON.parse(data) : undefined;
    return typeof message === "object" && message !== null
      ? (message as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
