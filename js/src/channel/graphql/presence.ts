// Whether the server is there and knows who is asking, as the channel tells it: each change once.

import type { Away, ChannelStatus } from "../channel.ts";

export class Presence {
  readonly #tell: (status: ChannelStatus, away?: Away) => void;
  #status: ChannelStatus | undefined;
  #away: Away | undefined;
  /** Whether a login is wanted: events that still come over an old connection do not show. */
  #locked = false;

  constructor(tell: (status: ChannelStatus, away?: Away) => void) {
    this.#tell = tell;
  }

  get isSignedOut(): boolean {
    return this.#status === "signed-out";
  }

  /** The server has taken the connection. */
  connected(): void {
    this.#locked = false;
  }

  /** Events have come from it. */
  answers(): void {
    this.#away = undefined;
    if (!this.#locked) this.say("live");
  }

  /** There is no connection; the next try is at this `performance.now()`. */
  lose(next: number): void {
    this.wait(next);
    if (this.#status === "live" || this.#status === undefined) this.say("reconnecting");
  }

  /** The server is away, or still is; it is tried again then, or now. */
  wait(next: number | null): void {
    if (next === null && !this.#away) return;
    this.#away = { since: this.#away?.since ?? performance.now(), next };
    if (this.#status === "reconnecting") this.#tell("reconnecting", this.#away);
  }

  /** It does not know any more who is asking. */
  signOut(): void {
    this.#locked = true;
    this.say("signed-out");
  }

  /** It knows again who is asking. */
  signIn(status: "live" | "reconnecting"): void {
    this.#locked = false;
    this.say(status);
  }

  say(status: ChannelStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#tell(status, status === "reconnecting" ? this.#away : undefined);
  }
}
