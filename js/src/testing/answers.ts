// What the fake kernel answers, by the words of the question.

import type { ErrorInfo } from "../model.ts";

/** An answer as it will be streamed. */
export interface Script {
  readonly reasoning?: string;
  readonly text: string;
  /** It fails with this once all of its text has come. */
  readonly error?: ErrorInfo;
  /** It waits this many seconds once, because of `error`, before anything comes. */
  readonly wait?: number;
  readonly finish_reason?: string;
  /** Why it does not fit its format. */
  readonly invalid?: string;
  /** Functions that it calls first; the text is the answer to their results. */
  readonly calls?: readonly ScriptedCall[];
}

/** A call of a function, and what comes of it. */
export interface ScriptedCall {
  readonly name: string;
  readonly arguments: string;
  readonly result: string;
  /** It takes this many seconds. */
  readonly time?: number;
  /** It waits for consent first. */
  readonly asks?: boolean;
  readonly error?: ErrorInfo;
}

const SAMPLE = `The penguins of the sample come from three islands. Here is what stands out:

| species | mean mass | count |
|---|---:|---:|
| Adelie | 3701 g | 152 |
| Chinstrap | 3733 g | 68 |
| Gentoo | 5076 g | 124 |

1. **Gentoo** are the heaviest, by more than a kilogram.
2. Adelie and Chinstrap differ by only 32 g, which is within one standard error 🐧.

The standard error of a mean is $\\sigma / \\sqrt{n}$, so a larger sample narrows it slowly.

\`\`\`python
import pandas as pd

penguins = pd.read_csv("penguins.csv")
penguins.groupby("species")["body_mass_g"].agg(["mean", "sem"])
\`\`\`

> Ask for "think", "long", "stream cut" or the name of an error to see other answers.
`;

const ERRORS: Readonly<Record<string, ErrorInfo>> = {
  rate_limited: {
    kind: "rate_limited",
    title: "OpenAI is limiting requests",
    detail: "Your message is kept.",
    actions: ["retry"],
    retry_after: 12,
    status: 429,
  },
  quota: {
    kind: "quota",
    title: "The OpenAI account has no credit left",
    detail: "Your message is kept; nothing was charged.",
    actions: ["retry", "use_demo"],
    status: 429,
  },
  key_refused: {
    kind: "key_refused",
    title: "OpenAI did not accept the key",
    detail: "It ends in …x7Qa and came from OPENAI_API_KEY. Your message is kept.",
    actions: ["change_key", "use_demo"],
    key_tail: "x7Qa",
    key_source: "OPENAI_API_KEY",
    status: 401,
  },
  context_too_long: {
    kind: "context_too_long",
    title: "This is 9,210 tokens more than gpt-4o-mini can read",
    detail: "Nothing was sent, and your message is kept.",
    actions: ["leave_out", "use_model"],
    tokens_over: 9210,
    limit: 128000,
    breakdown: [
      { label: "System prompt", tokens: 410 },
      { label: "Messages", tokens: 136800 },
    ],
    suggest_model: "gpt-4.1-mini",
    leave_out: 2,
  },
  connection: {
    kind: "connection",
    title: "OpenAI could not be reached",
    detail: "Your message is kept; nothing was charged.",
    actions: ["retry", "use_demo"],
  },
  dropped: {
    kind: "dropped",
    title: "The connection dropped after 34 tokens",
    detail: "The text above is kept.",
    actions: ["continue", "regenerate"],
  },
};

const CALLS: readonly ScriptedCall[] = [
  {
    name: "describe",
    arguments: '{"frame": "penguins", "by": "species"}',
    result: "species    count  mean_g\nAdelie       151  3700.7\nGentoo       123  5076.0",
  },
  {
    name: "run_sql",
    arguments: '{"query": "select species, avg(body_mass_g)\\nfrom penguins group by 1"}',
    result: "2 rows",
    asks: true,
  },
];

/** The answer to a question: a sample, or the state that it names. */
export function scripted(question: string): Script {
  const kind = Object.keys(ERRORS).find((name) => question.includes(name));
  const error = ERRORS[question.includes("stream cut") ? "dropped" : (kind ?? "")];
  if (error?.kind === "rate_limited") return { text: SAMPLE, error, wait: 12 };
  if (error) return { text: error.kind === "dropped" ? SAMPLE.slice(0, 140) : "", error };
  const calls = CALLS.filter(({ name }) => question.includes(name));
  if (calls.length > 0) return { text: SAMPLE, calls };
  if (question.includes("think")) {
    return { reasoning: "Three species. Compare their means, then their spread. ", text: SAMPLE };
  }
  return { text: question.includes("long") ? SAMPLE.repeat(40) : SAMPLE };
}
