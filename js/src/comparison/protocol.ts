// What comparisons look like on the wire, as checks.

import {
  boolean,
  type Check,
  count,
  list,
  nullable,
  number,
  object,
  oneOf,
  record,
  string,
  variants,
} from "../protocol/check.ts";
import { errorInfo, message, params, timing, typed, usage } from "../protocol/values.ts";
import { wellFormed } from "../text.ts";
import {
  CELL_STATUSES,
  type CellEvent,
  type CellStep,
  COMPARISON_STATUSES,
  type ComparedCell,
  type ComparedRow,
  type ComparisonEvents,
  type ComparisonRow,
  type ComparisonSnapshot,
  type Measure,
  type Pick,
  type Progress,
  type Score,
  type Variant,
  type VariantRequest,
  type VariantSummary,
  type WinRate,
} from "./model.ts";

/** The text of an answer may be cut anywhere. */
const words: Check<string> = (value, at) => wellFormed(string(value, at));

/** An object with any names, and a value of one kind for each. */
function dictionary<T>(check: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value, at) =>
    Object.fromEntries(
      Object.entries(record(value, at)).map(([name, item]) => [name, check(item, `${at}.${name}`)]),
    );
}

const verdict: Check<string | number | boolean> = (value, at) =>
  typeof value === "boolean" || typeof value === "string" ? value : number(value, at);

const score: Check<Score> = object({}, { value: verdict, error: string, reason: string, usage });

const step: Check<CellStep> = object(
  { round: count, id: string, name: string, arguments: words },
  { result: words, error: string, duration: number },
);

const place = { row: count, variant: count, sample: count };

const anyCell = object(
  { ...place, status: oneOf(CELL_STATUSES) },
  {
    output: words,
    invalid: string,
    refused: boolean,
    steps: list(step),
    scores: dictionary(score),
    usage,
    timing,
    error: errorInfo,
    request_id: string,
    model: string,
    finish_reason: string,
    cost: number,
  },
);

const cell: Check<ComparedCell> = (value, at) => ({
  output: "",
  scores: {},
  ...anyCell(value, at),
});

const status = oneOf(COMPARISON_STATUSES);
const counts = { total: count, complete: count, failed: count, cancelled: count, running: count };
const pace = { cost: number, rate: number, left: number, pausing: boolean };
const progress: Check<Progress> = object(counts, pace);

const row: Check<ComparedRow> = object({ index: count, data: record });
const pick: Check<Pick> = object(place);
const measure: Check<Measure> = object({ n: count }, { mean: number, low: number, high: number });

const summary: Check<VariantSummary> = object(
  { variant: string, measures: dictionary(measure) },
  { first_token: number, speed: number, tokens: number, cost: number, duration: number },
);

const winRate: Check<WinRate> = object(
  { variant: string, wins: count, of: count },
  { rate: number, low: number, high: number },
);

const variant: Check<Variant> = object(
  { name: string, system: string, model: string, connection: string, params },
  { tools: list(string) },
);

const snapshot: Check<ComparisonSnapshot> = object({
  id: string,
  name: string,
  status,
  reason: nullable(string),
  columns: list(string),
  input: nullable(string),
  rows: list(row),
  variants: list(variant),
  samples: count,
  scorers: list(object({ name: string, kind: string }, { prompt: string })),
  messages: list(message),
  progress,
  picks: list(pick),
  blind: boolean,
  summary: list(summary),
  win_rates: list(winRate),
  elsewhere: boolean,
  cells: list(cell),
});

const cellEvent: Check<CellEvent> = variants({
  cell_started: object({ ...typed("cell_started"), ...place }),
  cell_text: object({ ...typed("cell_text"), ...place, offset: count, text: words }),
  cell_finished: object({ ...typed("cell_finished"), cell }),
  progress: object({ ...typed("progress"), ...counts, status, reason: nullable(string) }, pace),
  picked: object({ ...typed("picked"), picks: list(pick), win_rates: list(winRate) }),
  summary: object({ ...typed("summary"), summary: list(summary) }),
  renamed: object({ ...typed("renamed"), name: string }),
});

const comparisonEvents: Check<ComparisonEvents> = object({
  ...typed("comparison"),
  comparison: string,
  events: list(cellEvent),
});

/** Reads what has come of the comparison that is shown. */
export function parseComparisonEvents(data: unknown): ComparisonEvents {
  return comparisonEvents(data, "event");
}

const infos: Check<{ readonly comparisons: readonly ComparisonRow[] }> = object({
  comparisons: list(
    object(
      {
        id: string,
        name: string,
        status,
        created: number,
        rows: count,
        variants: count,
        done: count,
        cells: count,
      },
      { cost: number },
    ),
  ),
});

const opened = object({ comparison: snapshot });
const begun = object({ comparison: string });
const used = object({ message: string });
const promoted: Check<{ readonly variant: VariantRequest }> = object({
  variant: object(
    {},
    {
      name: string,
      system: string,
      model: string,
      connection: string,
      params,
      tools: list(string),
    },
  ),
});

/** Of `open_comparison`. */
export function parseComparison(data: unknown): ComparisonSnapshot {
  return opened(data, "result").comparison;
}

/** Of `compare`: the id of the comparison that has begun. */
export function parseBegun(data: unknown): string {
  return begun(data, "result").comparison;
}

/** Of `comparisons`. */
export function parseComparisons(data: unknown): readonly ComparisonRow[] {
  return infos(data, "result").comparisons;
}

/** Of `use_answer`: the message that the answer has become. */
export function parseUsed(data: unknown): string {
  return used(data, "result").message;
}

/** Of `promote`. */
export function parsePromoted(data: unknown): VariantRequest {
  return promoted(data, "result").variant;
}
