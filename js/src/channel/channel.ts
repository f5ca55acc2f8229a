// What the store asks of a transport. It carries values of unknown type and knows no meaning.

/** `live`: a kernel answers. `lost`: it stopped. `saved`: none was there from the start. */
export type ChannelStatus = "live" | "lost" | "saved";

export interface ChannelListener {
  snapshot(data: unknown): void;
  batch(data: unknown): void;
  message(data: unknown, buffers: readonly DataView[]): void;
  status(status: ChannelStatus): void;
}

export interface Channel {
  /** The latest snapshot, or undefined until there is one. */
  snapshot(): unknown;
  /** Calls back with what arrives, in order, until the signal aborts; says `hello` to the kernel. */
  listen(on: ChannelListener, signal: AbortSignal): void;
  send(request: object): void;
  /** Keeps a copy of the present for a notebook that is saved; nothing is sent. */
  keep?(snapshot: object): void;
}
