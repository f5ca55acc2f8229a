// Comparisons as the kernel sends them, for tests.

import type { CellKey, ComparedCell, ComparisonSnapshot, Variant } from "../comparison/model.ts";

export function variant(more: Partial<Variant> = {}): Variant {
  return { name: "A", system: "", model: "small", connection: "Demo", params: {}, ...more };
}

export function cell(
  { row, variant: of, sample }: CellKey,
  more: Partial<ComparedCell> = {},
): ComparedCell {
  return { row, variant: of, sample, status: "complete", output: "", scores: {}, ...more };
}

/** Two variants of the conversation as it is, or of rows if some are given. */
export function comparison(more: Partial<ComparisonSnapshot> = {}): ComparisonSnapshot {
  const variants = more.variants ?? [variant(), variant({ name: "B" })];
  const rows = more.rows ?? [{ index: 0, data: {} }];
  const total = rows.length * variants.length * (more.samples ?? 1);
  const counts = { complete: 0, failed: 0, cancelled: 0, running: 0 };
  return {
    id: "c1",
    name: "Greetings",
    status: "running",
    reason: null,
    columns: [],
    input: null,
    rows,
    variants,
    samples: 1,
    scorers: [],
    messages: [],
    progress: { total, ...counts },
    picks: [],
    blind: false,
    summary: [],
    win_rates: [],
    elsewhere: false,
    cells: [],
    ...more,
  };
}
