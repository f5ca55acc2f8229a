// What a server keeps of a thread so that a page can go on where it was.

import { type Message, textOf } from "../model.ts";
import { parseSnapshot, type Snapshot, type Structural } from "../protocol.ts";
import { emptySettings, emptyThread, Replica } from "../store/replica.ts";
import { codePoints, dropCodePoints } from "../text.ts";
import { changeOf } from "./changes.ts";

export interface Offset {
  readonly messageId: string;
  readonly part: number;
  readonly offset: number;
}

export class Journal {
  readonly #state = new Replica(emptyThread, emptySettings);
  readonly #first: number;
  readonly #events: Structural[] = [];

  constructor(snapshot: unknown) {
    this.#state.adopt(parseSnapshot(snapshot));
    this.#first = this.#state.revision;
  }

  get revision(): number {
    return this.#state.revision;
  }

  present(): Snapshot {
    return this.#state.present();
  }

  /** Keeps an event of the wire, and says whether it was one that fits. */
  take(data: unknown): boolean {
    const event = changeOf(data);
    if (!event || this.#state.fold(event) !== "applied") return false;
    if ("revision" in event) this.#events.push(event);
    return true;
  }

  /** What is missing since a revision, or undefined where that is not known any more. */
  since(revision: number, offsets: readonly Offset[]): readonly object[] | undefined {
    if (revision < this.#first || revision > this.#state.revision) return undefined;
    const { thread, settings } = this.present();
    const messages = new Map(thread.messages.map((message) => [message.id, message]));
    const known = new Map<string, number[]>();
    for (const { messageId, part, offset } of offsets) {
      const lengths = known.get(messageId) ?? [];
      lengths[part] = offset;
      known.set(messageId, lengths);
    }
    const rest = (id: string) => {
      const message = messages.get(id);
      const lengths = known.get(id) ?? [];
      known.delete(id);
      return message ? textAfter(message, lengths) : [];
    };
    const missing = this.#events.filter((event) => event.revision > revision);
    const events = missing.flatMap((event) => {
      if (event.type === "finished") return [...rest(event.message), event];
      if (event.type === "started") {
        known.set(
          event.message.id,
          event.message.content.map((part) => codePoints(textOf(part))),
        );
      }
      return [event];
    });
    const growing = [...this.#state.growing.keys()].flatMap(rest);
    return [{ type: "settings", settings }, ...events, ...growing];
  }
}

function textAfter({ id, content, tokens = 0 }: Message, lengths: readonly number[]): object[] {
  // What did not grow as text comes with the end.
  if (content.some((part) => part.type === "table" || part.type === "image")) return [];
  return content.flatMap((part, i) => {
    const offset = lengths[i] ?? 0;
    const text = dropCodePoints(textOf(part), offset);
    if (text === "" && i < lengths.length) return [];
    const call = part.type === "tool_call" ? { id: part.id, name: part.name } : {};
    return [{ type: "text", message: id, part: i, offset, text, kind: part.type, tokens, ...call }];
  });
}
