// What scorers said, in a word each.

import type { Score, ScorerInfo, VariantSummary } from "./model.ts";

export interface Pill {
  readonly tone: "ok" | "error" | "warn" | "plain";
  readonly text: string;
}

/** By the kind of the scorer: what yes and no mean, and what their mean is called. */
const WORDS: Readonly<Record<string, readonly [yes: string, no: string, mean: string]>> = {
  exact: ["match", "differs", "Match rate"],
  regex: ["found", "not found", "Found"],
  fits_schema: ["fits", "does not fit", "Fits the schema"],
  judge: ["yes", "no", "Judge"],
};

export function pillOf({ name, kind }: ScorerInfo, { value, error }: Score): Pill {
  const [yes = name, no = `not ${name}`] = WORDS[kind] ?? [];
  if (error !== undefined || value === undefined) return { tone: "warn", text: `${name} failed` };
  if (value === true) return { tone: "ok", text: yes };
  if (value === false) return { tone: "error", text: no };
  const shown = typeof value === "number" ? String(Math.round(100 * value) / 100) : value;
  return { tone: "plain", text: `${name} ${shown}` };
}

export interface Mean {
  readonly variant: number;
  /** Undefined until there is one. */
  readonly text: string | undefined;
  /** Per cent of the bar. */
  readonly share: number;
  readonly best: boolean;
  /** The interval, in words. */
  readonly title: string;
}

/** What a scorer's mean is called. */
export function meanName({ name, kind }: ScorerInfo): string {
  const said = WORDS[kind]?.[2];
  return name === kind ? (said ?? name) : name;
}

/** The means of a scorer, one for each variant, on one scale. */
export function meansOf(
  { name, kind }: ScorerInfo,
  summary: readonly VariantSummary[],
  variants: readonly { readonly name: string }[],
): readonly Mean[] {
  const measures = variants.map(
    (each) => summary.find(({ variant }) => variant === each.name)?.measures[name],
  );
  const known = measures.flatMap((measure) => measure?.mean ?? []);
  // What says yes or no has shares of all; other scales are the scorer's own.
  const shares = kind in WORDS && known.every((mean) => mean >= 0 && mean <= 1);
  const most = shares ? 1 : Math.max(...known, 0);
  const text = (value: number) =>
    shares ? `${(100 * value).toFixed(1)}%` : String(Math.round(100 * value) / 100);
  const compares = new Set(known).size > 1;
  return measures.map((measure, variant) => {
    const { mean, low, high, n = 0 } = measure ?? {};
    if (mean === undefined) return { variant, text: undefined, share: 0, best: false, title: "" };
    const interval = low === undefined || high === undefined ? "" : `${text(low)} to ${text(high)}`;
    return {
      variant,
      text: text(mean),
      share: most > 0 ? Math.max(0, Math.min(100, (100 * mean) / most)) : 0,
      best: compares && mean === Math.max(...known),
      title: interval === "" ? `n = ${n}` : `95% interval ${interval}, n = ${n}`,
    };
  });
}
