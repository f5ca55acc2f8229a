// A channel that a test drives by hand: it says what arrives, and sees what was sent.

import type {
  Away,
  Channel,
  ChannelListener,
  ChannelStatus,
  Peer,
  Position,
} from "../channel/channel.ts";
import type { Request } from "../protocol.ts";

export class FakeChannel implements Channel {
  peer: Peer = "kernel";
  /** Where modules come from, if not as assets. */
  module?: (name: string) => Promise<unknown>;
  /** How often somebody did not want to wait. */
  hurried = 0;
  /** The requests so far, oldest first. */
  readonly sent: Request[] = [];
  /** What was kept for a saved notebook, oldest first. */
  readonly kept: object[] = [];
  /** Is told each request as it is sent. */
  onRequest: (request: Request) => void = () => undefined;
  #snapshot: unknown;
  #listener: ChannelListener | undefined;

  constructor(snapshot?: unknown) {
    this.#snapshot = snapshot;
  }

  // ------------------------------------------------------------------ what the store calls

  snapshot(): unknown {
    return this.#snapshot;
  }

  listen(on: ChannelListener, signal: AbortSignal): void {
    this.#listener = on;
    signal.addEventListener("abort", () => {
      this.#listener = undefined;
    });
    this.send({ type: "hello", request: "hello" });
  }

  send(request: object): void {
    this.sent.push(request as Request);
    this.onRequest(request as Request);
  }

  tryNow(): void {
    this.hurried++;
  }

  keep(snapshot: object): void {
    this.kept.push(snapshot);
    this.#snapshot = snapshot;
  }

  // ------------------------------------------------------------------ what a test calls

  /** A snapshot arrives. */
  takeSnapshot(data: unknown): void {
    this.#snapshot = data;
    this.#listener?.snapshot(data);
  }

  /** The kernel's snapshot becomes this one, without a sound, as when it is equal to the last. */
  replaceSnapshot(data: unknown): void {
    this.#snapshot = data;
  }

  /** A batch of events arrives. */
  takeEvents(...events: unknown[]): void {
    this.takeBatch({ events });
  }

  takeBatch(data: unknown): void {
    this.#listener?.batch(data);
  }

  takeMessage(data: unknown, buffers: readonly DataView[] = []): void {
    this.#listener?.message(data, buffers);
  }

  takeStatus(status: ChannelStatus, away?: Away): void {
    this.#listener?.status(status, away);
  }

  /** What the store would ask to go on from. */
  position(): Position | undefined {
    return this.#listener?.position();
  }

  /** The thread goes on under another id. */
  takeRenamed(from: string, to: string): void {
    this.#listener?.renamed(from, to);
  }

  /** The requests of one type, oldest first. */
  requests(type: Request["type"]): Request[] {
    return this.sent.filter((request) => request.type === type);
  }
}
