// What the store asks of a transport. It carries values of unknown type and knows no meaning.

import type { Thread } from "../model.ts";

/** What is at the other end of a channel. */
export type Peer = "kernel" | "server";

/**
 * `live`: the other end answers. `reconnecting`: it is away, and comes back as far as one knows.
 * `signed-out`: it does not know who is asking any more. `missing`: it has no such thread.
 * `lost`: it stopped. `saved`: none was there from the start.
 */
export type ChannelStatus = "live" | "reconnecting" | "signed-out" | "missing" | "lost" | "saved";

/** How long the other end has been away; times are those of `performance.now()`. */
export interface Away {
  readonly since: number;
  /** When it is tried again; `null` while it is. */
  readonly next: number | null;
}

/** What the store has, so that a channel can ask for what came since. */
export interface Position {
  /** The structure, without the text of growing answers. */
  readonly thread: Thread;
  readonly revision: number;
  /** How many code points there are of each part of the answers that grow. */
  readonly offsets: readonly {
    readonly message: string;
    readonly part: number;
    readonly offset: number;
  }[];
}

export interface ChannelListener {
  snapshot(data: unknown): void;
  batch(data: unknown): void;
  message(data: unknown, buffers: readonly DataView[]): void;
  status(status: ChannelStatus, away?: Away): void;
  /** What is here already, or undefined when only a snapshot helps. */
  position(): Position | undefined;
  /** A thread that was never stored goes on under another id: what is written in it stays. */
  renamed(from: string, to: string): void;
}

export interface Channel {
  readonly peer: Peer;
  /** Where to log in again, if one does. */
  readonly login?: string;
  /** The latest snapshot, or undefined until there is one. */
  snapshot(): unknown;
  /** Calls back with what arrives, in order, until the signal aborts; says `hello` to the peer. */
  listen(on: ChannelListener, signal: AbortSignal): void;
  send(request: object): void;
  /** Keeps a copy of the present for a notebook that is saved; nothing is sent. */
  keep?(snapshot: object): void;
  /** Loads a module from where the page came from; without it, its text is asked for. */
  module?(name: string): Promise<unknown>;
  /** Does not wait any longer to try again. */
  tryNow?(): void;
}
