// Comparisons as in the mock-ups, for the gallery.

import type { ComparedCell, ComparisonSnapshot, Variant } from "../src/comparison/model.ts";

const FIRST =
  "Gentoo penguins are the heaviest species in the data, with a mean body mass of 5,076 g.\n\nChinstrap and Adelie penguins are lighter, at 3,733 g and 3,701 g. The difference between Gentoo and the other two species is statistically significant.\n\nIt is important to note that two birds have no recorded weight.";
const SECOND =
  "Gentoo penguins are the heaviest species, at 5,076 g on average.\n\nChinstrap and Adelie weigh 3,733 g and 3,701 g. The 1.34 kg gap to Chinstrap is real: its 95% interval runs from 1.21 to 1.47 kg.\n\nTwo birds have no recorded weight.";
const THIRD =
  "Gentoo penguins are the heaviest penguins: 5,076 g.\n\nThe others weigh about 3.7 kg. The difference is statistically significant, because the standard deviations do not overlap.";

const SYSTEM = "You are a careful data analyst. Answer in English, in short sentences.";

const variant = (name: string, more: Partial<Variant> = {}): Variant => ({
  name,
  system: SYSTEM,
  model: "gpt-4.1-mini",
  connection: "OpenAI",
  params: { temperature: 0.3 },
  ...more,
});

const PLAIN = `${SYSTEM} Use plain words.`;
const VARIANTS = [
  variant("Baseline"),
  variant("Plain words", { system: PLAIN }),
  variant("Local", { system: PLAIN, model: "llama3.2:3b", connection: "Ollama" }),
];

function answer(
  place: readonly [row: number, variant: number, sample: number],
  output: string,
  [first, speed, tokens, cost]: readonly [number, number, number, number],
  more: Partial<ComparedCell> = {},
): ComparedCell {
  const [row, of, sample] = place;
  return {
    row,
    variant: of,
    sample,
    status: "complete",
    output,
    scores: {},
    usage: { input_tokens: 300, output_tokens: tokens, cost },
    timing: { first_token: first, duration: first + tokens / speed },
    request_id: `req_${row}${of}${sample}`,
    model: VARIANTS[of]?.model ?? "",
    finish_reason: "stop",
    cost,
    ...more,
  };
}

export function columnsComparison(more: Partial<ComparisonSnapshot> = {}): ComparisonSnapshot {
  const figures = [
    [0.42, 71, 83, 0.0003],
    [0.39, 74, 66, 0.00028],
    [0.21, 96, 49, 0],
  ] as const;
  const cells = [0, 1, 2].flatMap((sample) =>
    [FIRST, SECOND, THIRD].map((text, i) =>
      answer([0, i, sample], text, figures[i] ?? [0, 0, 0, 0]),
    ),
  );
  return {
    id: "columns",
    name: "Prompt versions",
    status: "complete",
    reason: null,
    columns: [],
    input: null,
    rows: [{ index: 0, data: {} }],
    variants: VARIANTS,
    samples: 3,
    scorers: [],
    messages: [
      {
        id: "asked",
        parent: null,
        role: "user",
        content: [{ type: "text", text: "Which species is heaviest, and is the gap real?" }],
        status: "complete",
        created: 1_760_000_000,
      },
    ],
    progress: { total: 9, complete: 9, failed: 0, cancelled: 0, running: 0, cost: 0.0017 },
    picks: [{ row: 0, variant: 1, sample: 0 }],
    blind: false,
    summary: [],
    win_rates: [],
    elsewhere: false,
    cells,
    ...more,
  };
}

const REVIEWS: readonly (readonly [review: string, expected: string])[] = [
  ["Arrived late, but the lamp is lovely and the light is warm.", "positive"],
  ["The switch broke in a week. Support sent a new one the same day.", "mixed"],
  ["Does what it says.", "positive"],
  ["Je l’ai rendue. Trop sombre pour lire.", "negative"],
  ["Not what I would call bright, not what I would call a lamp.", "negative"],
  ["Five stars for the box.", "negative"],
  ["Arrived with a dent, works fine, keeping it.", "mixed"],
  ["Best reading light I own.", "positive"],
];

const VERDICTS = [
  ["positive", "positive", "mixed"],
  ["mixed", "mixed. The product failed, the service did not.", "negative"],
  ["neutral", "positive", "positive"],
  ["negative", "negative", ""],
  ["negative", "It reads as a complaint about"],
] as const;

/** @param count how many rows; those beyond the mock-up's repeat it, and wait */
export function gridComparison(count = 48): ComparisonSnapshot {
  const rows = Array.from({ length: count }, (_, index) => {
    const [review, expected] = REVIEWS[index % REVIEWS.length] ?? ["", ""];
    return { index, data: { review, expected } };
  });
  const cells = VERDICTS.flatMap((verdicts, row) =>
    verdicts.map((output, i) => {
      const expected = rows[row]?.data.expected ?? "";
      const scores = { exact: { value: output.startsWith(expected) } };
      const cost = i === 2 ? 0 : 0.0001 * (1 + (output.length > 20 ? 1 : 0));
      const made = answer([row, i, 0], output, [0.2, 60, 18 - 6 * i, cost], { scores });
      if (output === "") return failed(made);
      return row === 4 && i === 1 ? running(made) : made;
    }),
  );
  const measure = (mean: number) => ({ mean, low: mean - 0.06, high: mean + 0.05, n: 32 });
  return columnsComparison({
    id: "grid",
    name: "reviews",
    status: "running",
    columns: ["review", "expected"],
    input: "review",
    rows,
    samples: 1,
    scorers: [{ name: "exact", kind: "exact" }],
    messages: [],
    progress: {
      total: 3 * count,
      complete: 97,
      failed: 1,
      cancelled: 0,
      running: 1,
      cost: 0.031,
      rate: 1.2,
      left: 40,
    },
    picks: [],
    summary: [
      { variant: "Baseline", measures: { exact: measure(0.844) }, duration: 0.52, cost: 0.013 },
      { variant: "Plain words", measures: { exact: measure(0.938) }, duration: 0.43, cost: 0.018 },
      { variant: "Local", measures: { exact: measure(0.677) }, duration: 0.22, cost: 0 },
    ],
    cells,
  });
}

/** Answers with calls of tools, in two samples: one of a wrong format, one declined. */
export function callsComparison(): ComparisonSnapshot {
  const grid = gridComparison(8);
  const call = { round: 0, name: "look_up", arguments: '{"query": "lamp 3", "most": 5}' };
  const steps = [
    { ...call, id: "c1", result: "3 reviews\nmean 4.2", duration: 0.038 },
    { ...call, id: "c2", result: "KeyError: 'lamp 4'", error: "look_up raised KeyError" },
  ];
  const report = '{"label": "positive", "stars": "five"}';
  const cells = grid.cells.map((cell) => {
    if (cell.row === 0 && cell.variant === 0) return { ...cell, steps };
    if (cell.row === 0 && cell.variant === 1) {
      const invalid = "at .stars: Input should be a valid integer";
      return { ...cell, output: report, invalid, steps };
    }
    if (cell.row === 0) return { ...cell, output: "I cannot judge this one.", refused: true };
    return cell;
  });
  const again = cells
    .filter(({ row }) => row < 3)
    .map((cell) => ({ ...cell, sample: 1, output: `${cell.output}, on second thoughts` }));
  return { ...grid, id: "calls", samples: 2, cells: [...cells, ...again] };
}

const failed = (cell: ComparedCell): ComparedCell => ({
  ...cell,
  status: "failed",
  scores: {},
  error: { kind: "timeout", title: "Timed out after 30 s", detail: "", actions: ["retry"] },
});

const running = (cell: ComparedCell): ComparedCell => ({ ...cell, status: "running", scores: {} });
