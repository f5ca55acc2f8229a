// This page's copy of the conversation, and the one reducer that keeps it in step.
//
// Structural events carry the next revision; text says where it belongs. What is known already is
// dropped, and what does not follow from what is known is a gap: the copy stays as it was and a
// snapshot has to be asked for. `playground_widget.events` does the same in Python, and both are
// held to the files in tests/fixtures/protocol.

import { type Message, type Part, type Settings, type Thread, textOf } from "../model.ts";
import { find } from "../paths.ts";
import {
  type Change,
  changedSettings,
  type Delta,
  type Snapshot,
  type Structural,
} from "../protocol.ts";
import { codePoints } from "../text.ts";
import { GrowingAnswer } from "./live.ts";

export type Outcome = "applied" | "known" | "gap";

export class Replica {
  #revision = 0;
  #thread: Thread;
  #settings: Settings;
  readonly #growing = new Map<string, GrowingAnswer>();
  readonly #touched = new Set<GrowingAnswer>();

  constructor(thread: Thread, settings: Settings) {
    this.#thread = thread;
    this.#settings = settings;
  }

  get revision(): number {
    return this.#revision;
  }

  /** The structure; a streaming message holds what it started with. */
  get thread(): Thread {
    return this.#thread;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** The answers that are growing, by message. */
  get growing(): ReadonlyMap<string, GrowingAnswer> {
    return this.#growing;
  }

  fold(event: Change): Outcome {
    switch (event.type) {
      case "text":
        return this.#grow(event);
      case "settings":
        this.#settings = event.settings;
        return "applied";
      case "settings_changed":
        this.#settings = changedSettings(this.#settings, event.changes);
        return "applied";
      default: {
        if (event.revision <= this.#revision) return this.#has(event) ? "known" : "gap";
        if (event.revision > this.#revision + 1 || !this.#restructure(event)) return "gap";
        this.#revision = event.revision;
        return "applied";
      }
    }
  }

  /** Takes a snapshot as the truth, unless it is older than what is here. */
  adopt(snapshot: Snapshot): boolean {
    if (this.#isOlder(snapshot)) return false;
    const streaming = snapshot.thread.messages.filter(({ status }) => status === "streaming");
    const ended = new Set(this.#growing.keys());
    for (const { id, content, tokens = 0 } of streaming) {
      ended.delete(id);
      this.#begin(id, content, tokens);
    }
    for (const id of ended) this.#end(id);
    this.#revision = snapshot.revision;
    this.#thread = snapshot.thread;
    this.#settings = snapshot.settings;
    return true;
  }

  /** Ends what was growing: nobody is left to go on with it. */
  interrupt(): void {
    const ended = this.present().thread.messages.filter(({ id }) => this.#growing.has(id));
    this.#put(
      ended.map(({ retry: _, tokens: __, consent: ___, ...rest }) => ({
        ...rest,
        status: "interrupted",
      })),
    );
    this.#settings = { ...this.#settings, running: null, queued: 0 };
  }

  /** Everything as it is now, the text of growing answers included. */
  present(): Snapshot {
    const messages = this.#thread.messages.map((message) => {
      const answer = this.#growing.get(message.id);
      return answer ? { ...message, content: answer.freeze(), tokens: answer.tokens } : message;
    });
    return {
      revision: this.#revision,
      thread: { ...this.#thread, messages },
      settings: this.#settings,
    };
  }

  /** Tells the listeners of each answer that changed, once. */
  announce(): void {
    for (const answer of this.#touched) answer.announce();
    this.#touched.clear();
  }

  #grow(delta: Delta): Outcome {
    const answer = this.#growing.get(delta.message);
    if (!answer) return this.#isKnown(delta) ? "known" : "gap";
    const folded = answer.append(delta);
    if (folded === "gap") return "gap";
    this.#touched.add(answer);
    return folded === "dropped" ? "known" : "applied";
  }

  /** Whether the messages of a known revision are here: else something of another thread came in. */
  #has(event: Structural): boolean {
    const brought =
      event.type === "added" ? event.messages : event.type === "started" ? [event.message] : [];
    return brought.every(({ id }) => find(this.#thread, id) !== undefined);
  }

  /** Whether a delta for an answer that does not grow (any more) says nothing new. */
  #isKnown({ message, part, offset, text }: Delta): boolean {
    const known = find(this.#thread, message)?.content[part];
    return known !== undefined && offset + codePoints(text) <= codePoints(textOf(known));
  }

  /** Applies a structural event, or says that it does not follow from what is here. */
  #restructure(event: Structural): boolean {
    switch (event.type) {
      case "added":
        return this.#add(event.messages, event.head);
      case "started":
        return this.#add([event.message], event.head);
      case "retrying": {
        const message = find(this.#thread, event.message);
        if (!message) return false;
        const { retry: _, ...rest } = message;
        this.#put([event.retry ? { ...rest, retry: event.retry } : rest]);
        return true;
      }
      case "asking": {
        const message = find(this.#thread, event.message);
        if (!message) return false;
        const { consent: _, ...rest } = message;
        this.#put([event.consent ? { ...rest, consent: event.consent } : rest]);
        return true;
      }
      case "finished": {
        const message = find(this.#thread, event.message);
        const answer = this.#growing.get(event.message);
        if (!message || !answer) return false;
        // What did not grow as text, such as the table that a tool returned, comes with the end.
        const { content = answer.freeze() } = event.final;
        if (!event.final.content && !isSame(answer.lengths, event.lengths)) return false;
        const { retry: _, tokens: __, consent: ___, ...rest } = message;
        this.#put([{ ...rest, ...event.final, content }]);
        return true;
      }
      case "selected":
        return this.#select(event.head);
      case "changed":
        this.#thread = { ...this.#thread, ...event.changes };
        return true;
    }
  }

  #add(messages: readonly Message[], head: string | null): boolean {
    const added = new Set<string>();
    for (const { id, parent } of messages) {
      const known = find(this.#thread, id);
      if (known && known.parent !== parent) return false;
      if (parent !== null && !added.has(parent) && !find(this.#thread, parent)) return false;
      added.add(id);
    }
    if (head !== null && !added.has(head) && !find(this.#thread, head)) return false;
    this.#put(messages);
    return this.#select(head);
  }

  #select(head: string | null): boolean {
    if (head !== null && !find(this.#thread, head)) return false;
    this.#thread = { ...this.#thread, head };
    return true;
  }

  /** Puts messages into the tree, each in the place of the one with its id if there is one. */
  #put(messages: readonly Message[]): void {
    const added = new Map(messages.map((message) => [message.id, message]));
    const kept = this.#thread.messages.map((old) => {
      const put = added.get(old.id);
      added.delete(old.id);
      return put ?? old;
    });
    this.#thread = { ...this.#thread, messages: [...kept, ...added.values()] };
    for (const { id, status, content, tokens = 0 } of messages) {
      if (status !== "streaming") this.#end(id);
      else if (!this.#growing.has(id)) this.#begin(id, content, tokens);
    }
  }

  /** An answer grows from here; one that did already goes on for the same listeners. */
  #begin(id: string, content: readonly Part[], tokens: number): void {
    const known = this.#growing.get(id);
    if (known) known.replace(content, tokens);
    const answer = known ?? new GrowingAnswer(content, tokens);
    this.#growing.set(id, answer);
    this.#touched.add(answer);
  }

  #end(id: string): void {
    const answer = this.#growing.get(id);
    if (answer) this.#touched.add(answer);
    this.#growing.delete(id);
  }

  /** Revisions order snapshots of one thread; between two of them, text only grows. */
  #isOlder({ revision, thread }: Snapshot): boolean {
    if (thread.id !== this.#thread.id || revision > this.#revision) return false;
    if (revision < this.#revision) return true;
    return [...this.#growing].some(([id, answer]) => {
      const content = find(thread, id)?.content ?? [];
      return answer.lengths.some((length, i) => length > codePoints(textOf(content[i] ?? nothing)));
    });
  }
}

const nothing: Part = { type: "text", text: "" };

function isSame(some: readonly number[], others: readonly number[]): boolean {
  return some.length === others.length && some.every((length, i) => length === others[i]);
}

/** What there is before the first snapshot. */
export const emptyThread: Thread = {
  id: "",
  title: "",
  system: "",
  prompts: [],
  model: "",
  params: {},
  created: 0,
  head: null,
  messages: [],
};

export const emptySettings: Settings = {
  connection: { name: "", label: "", demo: false, status: "offline" },
  connections: [],
  offers: [],
  models: [],
  running: null,
  queued: 0,
  usage: { context: null, window: null, cost: null, input_tokens: 0, output_tokens: 0 },
  undo: null,
};
