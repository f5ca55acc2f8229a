// How likely a token was, in words and in steps that can be told apart.

export interface Step {
  /** Probabilities from here on. */
  readonly from: number;
  readonly words: string;
}

/** The most likely first; each has a tint of its own, the first one none. */
export const STEPS: readonly Step[] = [
  { from: 0.9, words: "90% or more" },
  { from: 0.6, words: "60% to 90%" },
  { from: 0.3, words: "30% to 60%" },
  { from: 0.1, words: "10% to 30%" },
  { from: 0, words: "under 10%" },
];

/** Which of the steps a log probability is on. */
export function stepOf(logprob: number): number {
  const probability = Math.exp(logprob);
  return Math.max(
    0,
    STEPS.findIndex(({ from }) => probability >= from),
  );
}

/** -0.105 → "90%", -4.6 → "1.0%", -20 → "<0.1%". */
export function percent(logprob: number): string {
  const share = 100 * Math.exp(logprob);
  if (share < 0.1) return "<0.1%";
  return share < 10 ? `${share.toFixed(1)}%` : `${Math.round(Math.min(share, 100))}%`;
}

/** A token as one reads it in a list: blanks and line ends show. */
export function visible(token: string): string {
  return token.replace(/\n/g, "⏎").replace(/\t/g, "⇥").replace(/^ | $/g, "␣") || "(empty)";
}
