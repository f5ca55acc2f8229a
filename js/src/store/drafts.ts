// What a person is writing: kept with the model rather than a view, so that a second view or a
// scroll out of sight loses nothing; and by thread, so that a look at another one does not either.

import { type Signal, signal } from "@preact/signals";
import type { CompareDraft } from "../comparison/draft.ts";
import type { ImagePart, Role } from "../model.ts";

export interface Edit {
  readonly text: string;
  readonly role: Role;
}

/** A message that is being written between two others. */
export interface Insertion extends Edit {
  readonly at: "before" | "after";
  readonly message: string;
}

export interface Drafts {
  /** The composer's. */
  readonly text: Signal<string>;
  readonly role: Signal<Role>;
  readonly images: Signal<readonly ImagePart[]>;
  /** Open edits by message id; `system` is the key of the system prompt. */
  readonly edits: Signal<ReadonlyMap<string, Edit>>;
  readonly inserting: Signal<Insertion | null>;
  /** The variants that are compared; `null` until somebody looks at them. */
  readonly compare: Signal<CompareDraft | null>;
}

/** The drafts of each thread that was open in this page. */
export class DraftsByThread {
  readonly #known = new Map<string, Drafts>();

  of(thread: string): Drafts {
    // What was written before the first snapshot belongs to the thread that this brought.
    const drafts = this.#known.get(thread) ?? this.#known.get("") ?? createDrafts();
    this.#known.delete("");
    this.#known.set(thread, drafts);
    return drafts;
  }

  /** What is written in one thread stands in the other from now on. */
  move(from: string, to: string): void {
    const drafts = this.#known.get(from);
    this.#known.delete(from);
    if (drafts) this.#known.set(to, drafts);
  }
}

function createDrafts(): Drafts {
  return {
    text: signal(""),
    role: signal<Role>("user"),
    images: signal<readonly ImagePart[]>([]),
    edits: signal<ReadonlyMap<string, Edit>>(new Map()),
    inserting: signal<Insertion | null>(null),
    compare: signal<CompareDraft | null>(null),
  };
}
