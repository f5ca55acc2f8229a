// The threads in the memory of the fake kernel, of which one is open.

import { type Thread, type ThreadRow, textOf } from "../model.ts";
import type { Snapshot } from "../protocol.ts";
import { emptySettings, emptyThread, Replica } from "../store/replica.ts";
import type { FakeDesk } from "./fake-desk.ts";

/** A thread beside the open one; what is not said follows from its messages. */
export type FakeThread = Partial<ThreadRow> & {
  readonly id: string;
  readonly thread?: Partial<Thread>;
};

interface Held {
  readonly state: Replica;
  readonly listed: Partial<ThreadRow>;
  deleted: boolean;
}

const PAGE = 50;

/** All threads by their ids. */
export class HeldThreads {
  readonly #held = new Map<string, Held>();
  /** The one that is open at first. */
  readonly first: Replica;

  constructor(first: Snapshot, others: readonly FakeThread[]) {
    for (const { thread, ...listed } of others) {
      const { id, title = "" } = listed;
      const made = { ...emptyThread, model: "demo", ...thread, id, title };
      this.hold({ ...first, thread: made }, listed);
    }
    this.first = this.hold(first, this.#held.get(first.thread.id)?.listed ?? {});
  }

  get all(): readonly Held[] {
    return [...this.#held.values()];
  }

  hold(first: Snapshot, listed: Partial<ThreadRow>): Replica {
    const state = new Replica(emptyThread, emptySettings);
    state.adopt(first);
    this.#held.set(first.thread.id, { state, listed, deleted: false });
    return state;
  }

  /** Also one that was deleted. */
  find(id: string): Held | undefined {
    return this.#held.get(id);
  }

  put(id: string, held: Held): void {
    this.#held.set(id, held);
  }
}

export class FakeThreads {
  readonly #desk: FakeDesk;
  readonly #threads: HeldThreads;

  constructor(desk: FakeDesk, threads: HeldThreads) {
    this.#desk = desk;
    this.#threads = threads;
  }

  remove(id: string): void {
    this.held(id).deleted = true;
    if (id === this.#desk.state.thread.id) this.add({ title: "" }, true);
    this.#recount();
  }

  restore(id: string): void {
    const held = this.#threads.find(id);
    if (!held?.deleted) throw new Error("That thread was not deleted");
    held.deleted = false;
    this.#recount();
  }

  duplicate(id: string): string {
    const { id: _, ...copied } = this.held(id).state.present().thread;
    return this.add({ ...copied, title: `${copied.title}, copy` }, false);
  }

  held(id: string): Held {
    const held = this.#threads.find(id);
    if (!held || held.deleted) throw new Error(`There is no thread ${id}`);
    return held;
  }

  /** Adds a thread that is like the open one where nothing else is said. */
  add(thread: Partial<Thread>, open: boolean): string {
    const id = `t${this.#desk.newId()}-new`;
    const { system, model, params } = this.#desk.state.thread;
    const created = Date.now() / 1000;
    const made = { ...emptyThread, system, model, params, created, ...thread, id };
    const settings = { ...this.#desk.state.settings, running: null, queued: 0, undo: null };
    this.#threads.hold({ revision: 0, thread: made, settings }, { updated: created });
    if (open) this.open(id);
    this.#recount();
    return id;
  }

  open(id: string): void {
    const { connection, connections, models } = this.#desk.state.settings;
    this.#desk.state = this.held(id).state;
    this.#desk.channel.takeSnapshot(this.#desk.present());
    this.#desk.set({ connection, connections, models });
  }

  change(id: string, changes: { readonly title: string }): void {
    this.#desk.emit({ type: "changed", changes }, this.held(id).state);
    this.#recount();
  }

  list(id: string, listed: Partial<ThreadRow>): void {
    this.#threads.put(id, { ...this.held(id), listed: { ...this.held(id).listed, ...listed } });
    this.#recount();
  }

  #recount(): void {
    this.#desk.set({ threads: (this.#desk.state.settings.threads ?? 0) + 1 });
  }

  page(search: string, from: number): Record<string, unknown> {
    const found = this.#threads.all

      .filter(({ deleted }) => !deleted)
      .flatMap((held) => listedAs(held, search))
      .sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.updated - a.updated);
    const end = from + PAGE;
    return { threads: found.slice(from, end), after: end < found.length ? String(end) : null };
  }
}

/** The row of a thread, if the search finds it. */
function listedAs({ state, listed }: Held, search: string): readonly ThreadRow[] {
  const { id, title, created, messages } = state.thread;
  const row: ThreadRow = {
    updated: messages.at(-1)?.created ?? created,
    pinned: false,
    branches: Math.max(1, leaves(state.thread)),
    running: state.settings.running !== null,
    ...listed,
    id,
    title,
    created,
    messages: messages.length,
  };
  const wanted = search.toLowerCase();
  if (title.toLowerCase().includes(wanted)) return [row];
  for (const { content } of messages) {
    const text = content.map(textOf).join(" ");
    const at = text.toLowerCase().indexOf(wanted);
    if (at < 0) continue;
    const end = at + search.length;
    const snippet = [
      { text: `${at > 24 ? "…" : ""}${text.slice(Math.max(0, at - 24), at)}`, hit: false },
      { text: text.slice(at, end), hit: true },
      { text: text.slice(end, end + 60), hit: false },
    ];
    return [{ ...row, snippet }];
  }
  return [];
}

function leaves({ messages }: Thread): number {
  const parents = new Set(messages.map(({ parent }) => parent));
  return messages.filter(({ id }) => !parents.has(id)).length;
}
