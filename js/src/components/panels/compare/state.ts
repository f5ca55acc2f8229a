// What one view shows of a comparison: kept while the view is, so that a look at the conversation
// loses none of it.

import { type Signal, signal } from "@preact/signals";
import {
  begun,
  type CompareDraft,
  draftOf,
  firstDraft,
  requestOf,
  type VariantDraft,
} from "../../../comparison/draft.ts";
import type { ComparedCell, ComparisonFacts } from "../../../comparison/model.ts";
import { parseBegun } from "../../../comparison/protocol.ts";
import { type ShownComparison, shownComparison } from "../../../comparison/shown.ts";
import type { Message } from "../../../model.ts";
import type { View } from "../../view.ts";
import { GridDraft } from "./grid-draft.ts";

export class CompareState {
  readonly compared: ShownComparison;
  /** Null while nobody has chosen: what fits the comparison is shown. */
  readonly mode = signal<"columns" | "grid" | null>(null);
  /** The row whose answers stand in the columns. */
  readonly row = signal(0);
  /** Which sample is shown of each row and variant of each comparison. */
  readonly #samples = new Map<string, Signal<number>>();
  readonly together = signal(true);
  readonly changes = signal(true);
  /** The variant that is shown where there is room for one. */
  readonly tab = signal<string | null>(null);
  /** Whether a grid is being put together. */
  readonly composing = signal(false);
  /** The grid as far as it is put together. */
  readonly grid = signal(new GridDraft());
  /** Whether a comparison is about to begin. */
  #beginning = false;

  constructor(readonly view: View) {
    this.compared = shownComparison(view.store);
  }

  get draft(): Signal<CompareDraft | null> {
    return this.view.store.drafts.compare;
  }

  /** Makes the variants of what is shown, unless they are there. */
  settle(facts: ComparisonFacts | undefined): void {
    const { thread, settings, drafts } = this.view.store;
    const known = drafts.compare.peek();
    if (facts && known?.comparison !== facts.id) {
      drafts.compare.value = draftOf(facts, settings.peek());
      this.row.value = facts.rows[0]?.index ?? 0;
      this.mode.value = null;
      this.composing.value = false;
    } else if (!facts && !known) {
      drafts.compare.value = firstDraft(thread.peek(), settings.peek());
    }
  }

  /** What is shown: what was chosen, else what fits the comparison. */
  modeFor(facts: ComparisonFacts | undefined): "columns" | "grid" {
    return this.mode.value ?? (facts && facts.columns.length > 0 ? "grid" : "columns");
  }

  change(change: (draft: CompareDraft) => CompareDraft): void {
    const { draft } = this;
    if (draft.value) draft.value = change(draft.value);
  }

  /** The sample that is shown of a row and a variant, in the grid as in the columns. */
  sampleAt(row: number, variant: number): Signal<number> {
    const name = `${this.compared.shown.peek()?.id}/${row}/${variant}`;
    const known = this.#samples.get(name);
    if (known) return known;
    const made = signal(0);
    this.#samples.set(name, made);
    return made;
  }

  /** Its answer in the sample that it shows; undefined where it was not asked. */
  cellOf(variant: VariantDraft, row: number): ComparedCell | undefined {
    const comparison = this.compared.shown.value;
    if (variant.of === null || !comparison) return undefined;
    const sample = this.sampleAt(row, variant.of).value;
    const key = { row, variant: variant.of, sample };
    return comparison.cell(key).value.cell;
  }

  /** Asks all variants for the next answer of the conversation. */
  async run(): Promise<void> {
    const { view } = this;
    const draft = this.draft.peek();
    const running = this.compared.shown.peek()?.facts.peek().status === "running";
    if (!draft || !this.question() || running || this.#beginning || !view.live.peek()) return;
    const { variants, samples, blind } = draft;
    this.#beginning = true;
    try {
      const comparison = await view.ask(
        { type: "compare", variants: variants.map(requestOf), samples, blind },
        parseBegun,
      );
      if (comparison !== undefined) this.draft.value = begun(draft, comparison);
    } finally {
      this.#beginning = false;
    }
  }

  /** Whether the comparison that is shown asks about rows, and so not about the conversation. */
  showsRows(): boolean {
    return (this.compared.shown.value?.facts.value.columns.length ?? 0) > 0;
  }

  /** Puts another grid together, with the variants as they are. */
  compose(): void {
    this.mode.value = "grid";
    this.composing.value = true;
  }

  /** The message that would be answered, if there is one. */
  question(): Message | undefined {
    return this.view.store.path.value.filter(({ role }) => role === "user").at(-1);
  }

  /** Begins anew, with the variants as they are. */
  async close(): Promise<void> {
    const { draft } = this;
    if (!(await this.view.ask({ type: "close_comparison" })) || !draft.value) return;
    const variants = draft.value.variants.map((each) => ({ ...each, of: null }));
    draft.value = { ...draft.value, comparison: null, variants };
    this.mode.value = null;
  }
}

/** What a part of the view of a comparison is given. */
export interface PartProps {
  readonly state: CompareState;
  readonly draft: CompareDraft;
  /** Of the comparison that is shown; undefined before one is. */
  readonly facts: ComparisonFacts | undefined;
}

const states = new WeakMap<View, CompareState>();

export function compareState(view: View): CompareState {
  const known = states.get(view) ?? new CompareState(view);
  states.set(view, known);
  return known;
}
