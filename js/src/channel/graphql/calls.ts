// Queries and mutations that outlast a network that goes away: each is asked again once the server
// is back. A mutation has an id of its own, by which the server does it once however often it is
// asked; one that was restarted meanwhile does not remember, so that a person has to look.

import { dig } from "../dig.ts";
import { type MutationName, mutation, SERVER } from "./documents.ts";
import { post, Refused, SignedOut, Unreachable } from "./post.ts";
import type { Operation } from "./socket.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface Line {
  /** Whether the server is there, as far as one knows. */
  readonly up: boolean;
  /** The server does not know any more who is asking. */
  signedOut(): void;
}

/** How often something is asked that fails while the server seems to be there. */
const TRIES = 5;
/** Milliseconds; doubles. */
const PAUSE = 250;

export class Calls {
  readonly #url: string;
  readonly #line: Line;
  readonly #signal: AbortSignal;
  #server: Promise<string> | undefined;
  /** Aborts what is on its way when the server goes away: its answer would never come. */
  #way = new AbortController();
  #found: (() => void)[] = [];

  constructor(url: string, line: Line, signal: AbortSignal) {
    this.#url = url;
    this.#line = line;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#way.abort());
  }

  /** The server is away. */
  lost(): void {
    this.#way.abort();
    this.#way = new AbortController();
  }

  /** The server is back. */
  found(): void {
    // It may be another one.
    this.#server = undefined;
    for (const go of this.#found.splice(0)) go();
  }

  /** Asks the server for its name, without trying twice. */
  async probe(): Promise<string> {
    return String(dig(await this.#post({ query: SERVER, variables: {} }), "server", "id"));
  }

  /** Reading twice does no harm. */
  async query(query: string, variables: Fields = {}): Promise<Fields> {
    return this.#insist({ query, variables }, async () => undefined);
  }

  /** Returns the payload. */
  async mutate(name: MutationName, input: Fields): Promise<Fields> {
    this.#server ??= this.#name();
    const asked = await this.#server;
    const variables = { input: { ...input, clientMutationId: newId() } };
    const data = await this.#insist({ query: mutation(name), variables }, async () => {
      const now = await this.#name();
      this.#server = Promise.resolve(now);
      if (now !== asked) throw restarted();
    });
    const payload = (data[name] ?? {}) as Fields;
    const { kind, title, detail } = (payload.error ?? {}) as Fields;
    if (payload.error) throw new Refused(String(kind), String(title), String(detail));
    return payload;
  }

  async #name(): Promise<string> {
    try {
      return String(dig(await this.query(SERVER), "server", "id"));
    } catch (error) {
      this.#server = undefined;
      throw error;
    }
  }

  /** Asks until there is an answer; `again` may refuse to ask once more. */
  async #insist(operation: Operation, again: () => Promise<void>): Promise<Fields> {
    for (let tries = 0; ; tries++) {
      try {
        return await this.#post(operation);
      } catch (error) {
        if (!(error instanceof Unreachable) || this.#signal.aborted || tries >= TRIES) throw error;
      }
      if (this.#line.up) await pause(PAUSE * 2 ** tries);
      else {
        await new Promise<void>((go) => this.#found.push(go));
        tries = 0;
      }
      await again();
    }
  }

  async #post(operation: Operation): Promise<Fields> {
    try {
      return await post(this.#url, operation, this.#way.signal);
    } catch (error) {
      if (error instanceof SignedOut) this.#line.signedOut();
      throw error;
    }
  }
}

function restarted(): Refused {
  return new Refused(
    "restarted",
    "The server was restarted",
    "Look whether this was done, and do it again if not.",
  );
}

const pause = (time: number) => new Promise<void>((resolve) => setTimeout(resolve, time));

/** Nobody else's, and not to be guessed. (crypto.randomUUID is missing over plain http.) */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
