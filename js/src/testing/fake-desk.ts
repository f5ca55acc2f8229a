// What all that the fake kernel does works on: the open thread, and the channel that hears of it.

import type { Message, Part } from "../model.ts";
import { find, path } from "../paths.ts";
import type { Change, Snapshot, Structural } from "../protocol.ts";
import type { Replica } from "../store/replica.ts";
import { FakeChannel } from "./fake-channel.ts";

/** A structural event before it has its revision. */
export type Unnumbered = Structural extends infer E
  ? E extends E
    ? Omit<E, "revision">
    : never
  : never;

export class FakeDesk {
  readonly channel: FakeChannel;
  /** Of the open thread. */
  state: Replica;
  #ids = 0;

  constructor(state: Replica) {
    this.state = state;
    this.channel = new FakeChannel(this.present());
  }

  /** Everything as the kernel has it now. */
  present(): Snapshot {
    return this.state.present();
  }

  /** Tells one thing from another. */
  newId(): number {
    return ++this.#ids;
  }

  get head(): string | null {
    return this.state.thread.head;
  }

  find(id: string): Message {
    const message = find(this.state.thread, id);
    if (!message) throw new Error(`There is no message ${id}`);
    return message;
  }

  message(role: Message["role"], content: readonly Part[], parent: string | null): Message {
    const created = Date.now() / 1000;
    return { id: `f${this.newId()}`, parent, role, content, status: "complete", created };
  }

  /** What follows a message on the active path, the message itself among it if asked for. */
  after(id: string, inclusive = false): readonly Message[] {
    const active = path(this.state.thread);
    const at = active.findIndex((message) => message.id === id);
    if (at < 0) throw new Error(`Message ${id} is not on the active path`);
    return active.slice(inclusive ? at : at + 1);
  }

  emit(event: Unnumbered, state = this.state): void {
    this.tell({ ...event, revision: state.revision + 1 } as Structural, state);
  }

  set(changes: Partial<Snapshot["settings"]>, state = this.state): void {
    this.tell({ type: "settings", settings: { ...state.settings, ...changes } }, state);
  }

  /** An event of a thread that is not open is nobody's to hear. */
  tell(event: Change, state = this.state): void {
    if (state.fold(event) !== "applied") throw new Error(`A ${event.type} does not fit`);
    if (state !== this.state) return;
    this.channel.takeEvents(event);
    this.channel.replaceSnapshot(this.present());
  }
}
