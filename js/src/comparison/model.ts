// What a comparison is made of, as the wire carries it: variants, each of which is asked all rows.

import type { ErrorInfo, Message, Params, Timing, Usage } from "../model.ts";

/** `interrupted`: the process that ran it has ended. */
export const COMPARISON_STATUSES = [
  "running",
  "paused",
  "complete",
  "cancelled",
  "interrupted",
] as const;
export type ComparisonStatus = (typeof COMPARISON_STATUSES)[number];

export const CELL_STATUSES = ["waiting", "running", "complete", "failed", "cancelled"] as const;
export type CellStatus = (typeof CELL_STATUSES)[number];

/** One way of asking. */
export interface Variant {
  readonly name: string;
  readonly system: string;
  readonly model: string;
  /** The label of the connection. */
  readonly connection: string;
  readonly params: Params;
  readonly tools?: readonly string[];
}

/** Which cell: row, variant and sample, each counted from 0. */
export interface CellKey {
  readonly row: number;
  readonly variant: number;
  readonly sample: number;
}

/** What a scorer said of an answer. */
export interface Score {
  /** Missing where it failed. */
  readonly value?: string | number | boolean;
  readonly error?: string;
  readonly reason?: string;
  readonly usage?: Usage;
}

/** A call of a tool on the way to an answer. */
export interface CellStep {
  /** Which of the requests for the answer it came from. */
  readonly round: number;
  readonly id: string;
  readonly name: string;
  /** JSON as the model wrote it. */
  readonly arguments: string;
  /** What the model was told; missing where it was not called. */
  readonly result?: string;
  /** Why the call came to nothing. */
  readonly error?: string;
  /** Seconds. */
  readonly duration?: number;
}

/** One answer: of a variant, to a row. */
export interface ComparedCell extends CellKey {
  readonly status: CellStatus;
  readonly output: string;
  /** Why an answer that came whole does not fit the format it was asked for in. */
  readonly invalid?: string;
  /** Whether the model declined to answer. */
  readonly refused?: boolean;
  readonly steps?: readonly CellStep[];
  readonly scores: Readonly<Record<string, Score>>;
  readonly usage?: Usage;
  readonly timing?: Timing;
  readonly error?: ErrorInfo;
  readonly request_id?: string;
  readonly model?: string;
  readonly finish_reason?: string;
  /** US dollars, what judges took included; missing where nothing of it is known. */
  readonly cost?: number;
}

/** How far it is; counts are of cells. */
export interface Progress {
  readonly total: number;
  readonly complete: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly running: number;
  readonly cost?: number;
  /** Cells a second. */
  readonly rate?: number;
  /** Seconds. */
  readonly left?: number;
  /** It begins nothing more, and what is being asked goes on to its end. */
  readonly pausing?: boolean;
}

export interface ComparedRow {
  readonly index: number;
  /** By column. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** The answer of a row that somebody picked. */
export interface Pick {
  readonly row: number;
  readonly variant: number;
  readonly sample: number;
}

/** The mean of a score, with the interval that it lies in. */
export interface Measure {
  readonly mean?: number;
  readonly low?: number;
  readonly high?: number;
  readonly n: number;
}

/** What all cells of a variant come to. */
export interface VariantSummary {
  /** Its name. */
  readonly variant: string;
  readonly measures: Readonly<Record<string, Measure>>;
  /** Seconds, on average. */
  readonly first_token?: number;
  /** Tokens a second. */
  readonly speed?: number;
  readonly tokens?: number;
  readonly cost?: number;
  readonly duration?: number;
}

/** How often a variant was picked without its name in sight. */
export interface WinRate {
  /** Its name. */
  readonly variant: string;
  readonly wins: number;
  readonly of: number;
  readonly rate?: number;
  readonly low?: number;
  readonly high?: number;
}

export interface ScorerInfo {
  readonly name: string;
  readonly kind: string;
  /** Of a judge. */
  readonly prompt?: string;
}

/** Everything but the cells. */
export interface ComparisonFacts {
  readonly id: string;
  readonly name: string;
  readonly status: ComparisonStatus;
  /** Why it was paused, where nobody asked for that. */
  readonly reason: string | null;
  /** Of the rows; none where the conversation is asked about as it is. */
  readonly columns: readonly string[];
  /** The column that is the user message. */
  readonly input: string | null;
  readonly rows: readonly ComparedRow[];
  readonly variants: readonly Variant[];
  readonly samples: number;
  readonly scorers: readonly ScorerInfo[];
  /** The conversation that is asked about. */
  readonly messages: readonly Message[];
  readonly progress: Progress;
  readonly picks: readonly Pick[];
  /** Whether the names of the variants are hidden until one is picked. */
  readonly blind: boolean;
  readonly summary: readonly VariantSummary[];
  readonly win_rates: readonly WinRate[];
  /** Whether another process runs it. */
  readonly elsewhere: boolean;
}

/** A comparison at one moment; waiting cells are left out. */
export interface ComparisonSnapshot extends ComparisonFacts {
  readonly cells: readonly ComparedCell[];
}

/** A comparison in the list of all. */
export interface ComparisonRow {
  readonly id: string;
  readonly name: string;
  readonly status: ComparisonStatus;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly rows: number;
  readonly variants: number;
  readonly done: number;
  readonly cells: number;
  readonly cost?: number;
}

// ------------------------------------------------------------------------------- requests

/** A variant as it is asked for; what is missing is as in the conversation. */
export interface VariantRequest {
  readonly name?: string;
  readonly system?: string;
  readonly model?: string;
  /** The name of a known connection. */
  readonly connection?: string;
  readonly params?: Params;
  readonly tools?: readonly string[];
}

export type ScorerRequest =
  | { readonly kind: "exact"; readonly column: string; readonly case?: boolean }
  | { readonly kind: "regex"; readonly pattern: string }
  | { readonly kind: "fits_schema"; readonly schema: unknown }
  | { readonly kind: "judge"; readonly prompt: string; readonly model?: string };

export interface CompareRequest {
  readonly type: "compare";
  readonly variants: readonly VariantRequest[];
  /** Of inputs; without any, and without a file, the conversation is asked about as it is. */
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
  /** The text of a CSV file, instead of rows. */
  readonly csv?: string;
  /** The column that is the user message. */
  readonly input?: string;
  readonly samples?: number;
  readonly max_concurrency?: number;
  /** US dollars. */
  readonly max_cost?: number;
  readonly scorers?: readonly ScorerRequest[];
  readonly name?: string;
  readonly blind?: boolean;
}

export type SteerAction = "pause" | "resume" | "cancel" | "retry_failed";

export type ComparisonRequest =
  | CompareRequest
  | { readonly type: "open_comparison" | "delete_comparison"; readonly comparison: string }
  | { readonly type: "close_comparison" }
  | { readonly type: "comparisons"; readonly search?: string }
  | {
      readonly type: "steer";
      readonly comparison: string;
      readonly action: SteerAction;
      readonly max_cost?: number;
    }
  /** Without a variant, what was picked there is not picked any more. */
  | {
      readonly type: "pick";
      readonly comparison: string;
      readonly row: number;
      readonly variant: number | null;
      readonly sample?: number;
    }
  | { readonly type: "rename_comparison"; readonly comparison: string; readonly name: string }
  | ({ readonly type: "use_answer"; readonly comparison: string } & CellKey)
  | { readonly type: "promote"; readonly message: string }
  | {
      readonly type: "export_comparison";
      readonly comparison: string;
      readonly format: "csv" | "html" | "cells";
    };

// --------------------------------------------------------------------------------- events

export type CellEvent =
  | ({ readonly type: "cell_started" } & CellKey)
  /** `offset` is in code points. */
  | ({ readonly type: "cell_text"; readonly offset: number; readonly text: string } & CellKey)
  | { readonly type: "cell_finished"; readonly cell: ComparedCell }
  | ({
      readonly type: "progress";
      readonly status: ComparisonStatus;
      readonly reason: string | null;
    } & Progress)
  | {
      readonly type: "picked";
      readonly picks: readonly Pick[];
      readonly win_rates: readonly WinRate[];
    }
  | { readonly type: "summary"; readonly summary: readonly VariantSummary[] }
  | { readonly type: "renamed"; readonly name: string };

/** Of the comparison that is shown. */
export interface ComparisonEvents {
  readonly type: "comparison";
  readonly comparison: string;
  readonly events: readonly CellEvent[];
}
