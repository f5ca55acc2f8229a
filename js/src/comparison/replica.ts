// This page's copy of a comparison: one signal for each cell, so that a word that comes renders
// one cell, however many there are; and one for everything else.

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { GrowingAnswer, type Live } from "../store/live.ts";
import type {
  CellEvent,
  CellKey,
  ComparedCell,
  ComparisonFacts,
  ComparisonSnapshot,
} from "./model.ts";

/** A cell as it is now; `live` has the words of one that is being asked. */
export interface CellState {
  readonly cell: ComparedCell;
  readonly live?: Live;
}

/** What components see of a comparison. */
export interface Comparison {
  readonly id: string;
  readonly facts: ReadonlySignal<ComparisonFacts>;
  cell(key: CellKey): ReadonlySignal<CellState>;
}

const nameOf = ({ row, variant, sample }: CellKey) => `${row}/${variant}/${sample}`;

export class ComparisonReplica implements Comparison {
  readonly id: string;
  readonly #facts: Signal<ComparisonFacts>;
  readonly #cells = new Map<string, Signal<CellState>>();
  readonly #growing = new Map<string, GrowingAnswer>();
  readonly #touched = new Set<GrowingAnswer>();

  constructor(snapshot: ComparisonSnapshot) {
    this.id = snapshot.id;
    this.#facts = signal(snapshot);
    this.adopt(snapshot);
  }

  get facts(): ReadonlySignal<ComparisonFacts> {
    return this.#facts;
  }

  cell(key: CellKey): ReadonlySignal<CellState> {
    return this.#at(key);
  }

  /** Takes a snapshot of the same comparison as the truth. */
  adopt({ cells, ...facts }: ComparisonSnapshot): void {
    this.#facts.value = facts;
    const named = new Set(cells.map(nameOf));
    for (const [name, each] of this.#cells) {
      if (!named.has(name)) {
        this.#growing.delete(name);
        each.value = waiting(each.value.cell);
      }
    }
    for (const cell of cells) this.#put(cell);
    this.announce();
  }

  /** Folds events in; false where something before them is missing, so that only a snapshot helps. */
  fold(events: readonly CellEvent[]): boolean {
    return events.map((event) => this.#apply(event)).every((applied) => applied);
  }

  /** Tells the listeners of each cell that grew, once. */
  announce(): void {
    for (const answer of this.#touched) answer.announce();
    this.#touched.clear();
  }

  /** Nobody is left to go on with it: what was asked waits again, with nothing lost but its words. */
  interrupt(): void {
    for (const name of this.#growing.keys()) {
      const state = this.#cells.get(name);
      if (state) state.value = waiting(state.value.cell);
    }
    this.#growing.clear();
    const facts = this.#facts.peek();
    if (facts.status !== "running") return;
    const progress = { ...facts.progress, running: 0 };
    this.#facts.value = { ...facts, status: "interrupted", progress };
  }

  #apply(event: CellEvent): boolean {
    switch (event.type) {
      case "cell_started": {
        const { type: _, ...key } = event;
        this.#growing.delete(nameOf(key));
        this.#put({ ...empty(key), status: "running" });
        return true;
      }
      case "cell_text": {
        const answer = this.#growing.get(nameOf(event));
        if (!answer) return this.#at(event).peek().cell.status !== "waiting";
        const { offset, text } = event;
        const folded = answer.append({
          type: "text",
          message: "",
          part: 0,
          offset,
          text,
          kind: "text",
        });
        this.#touched.add(answer);
        return folded !== "gap";
      }
      case "cell_finished":
        this.#put(event.cell);
        return true;
      case "progress": {
        const { type: _, status, reason, ...progress } = event;
        this.#facts.value = { ...this.#facts.peek(), status, reason, progress };
        return true;
      }
      case "picked": {
        const { picks, win_rates } = event;
        this.#facts.value = { ...this.#facts.peek(), picks, win_rates };
        return true;
      }
      case "summary":
        this.#facts.value = { ...this.#facts.peek(), summary: event.summary };
        return true;
      case "renamed":
        this.#facts.value = { ...this.#facts.peek(), name: event.name };
        return true;
    }
  }

  #put(cell: ComparedCell): void {
    const name = nameOf(cell);
    const state = this.#at(cell);
    if (cell.status !== "running") {
      this.#growing.delete(name);
      state.value = { cell };
      return;
    }
    const content = cell.output === "" ? [] : [{ type: "text" as const, text: cell.output }];
    const known = this.#growing.get(name);
    known?.replace(content, 0);
    const live = known ?? new GrowingAnswer(content, 0);
    this.#growing.set(name, live);
    this.#touched.add(live);
    state.value = { cell, live };
  }

  #at(key: CellKey): Signal<CellState> {
    const name = nameOf(key);
    const known = this.#cells.get(name);
    if (known) return known;
    const made = signal(waiting(key));
    this.#cells.set(name, made);
    return made;
  }
}

function empty({ row, variant, sample }: CellKey): ComparedCell {
  return { row, variant, sample, status: "waiting", output: "", scores: {} };
}

const waiting = (key: CellKey): CellState => ({ cell: empty(key) });
