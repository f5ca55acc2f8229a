// Comparisons as GraphQL has them, as those of the widget's wire.

import {
  all,
  errorOf,
  fields,
  lower,
  maybe,
  messageOf,
  present,
  timingOf,
  usageOf,
} from "./convert.ts";

type Fields = Readonly<Record<string, unknown>>;

const listOf = (given: unknown): readonly Fields[] =>
  Array.isArray(given) ? given.map(fields) : [];

const byName = (given: unknown): Fields =>
  Object.fromEntries(listOf(given).map(({ name, ...rest }) => [String(name), present(rest)]));

export function cellOf(cell: Fields): Fields {
  return present({
    row: cell.row,
    variant: cell.variant,
    sample: cell.sample,
    status: lower(cell.status),
    output: cell.output,
    invalid: cell.invalid,
    refused: cell.refused,
    steps: listOf(cell.steps).map(present),
    scores: byName(cell.scores),
    usage: maybe(cell.usage, usageOf),
    timing: maybe(cell.timing, timingOf),
    error: maybe(cell.error, errorOf),
    request_id: cell.requestId,
    model: cell.model,
    finish_reason: cell.finishReason,
    cost: cell.cost,
  });
}

const summaryOf = ({ measures, firstToken, ...rest }: Fields): Fields => ({
  ...rest,
  measures: byName(measures),
  first_token: firstToken,
});

const progressOf = (progress: unknown): Fields => {
  const given = fields(progress);
  return { ...given, status: lower(given.status) };
};

/** The whole of one, as `open_comparison` answers it. */
export function comparisonOf(comparison: unknown): Fields {
  const { winRates, ...given } = fields(comparison);
  return {
    ...given,
    status: lower(given.status),
    messages: all(given.messages, messageOf),
    progress: progressOf(given.progress),
    summary: all(given.summary, summaryOf),
    cells: all(given.cells, cellOf),
    win_rates: winRates,
  };
}

/** A comparison in the list of all. */
export const comparisonRowOf = (row: Fields): Fields => ({ ...row, status: lower(row.status) });

const EVENTS: Readonly<Record<string, (event: Fields) => readonly Fields[]>> = {
  CellStarted: ({ row, variant, sample }) => [{ type: "cell_started", row, variant, sample }],
  CellTextAdded: ({ row, variant, sample, offset, text }) => [
    { type: "cell_text", row, variant, sample, offset, text },
  ],
  CellFinished: ({ cell }) => [{ type: "cell_finished", cell: cellOf(fields(cell)) }],
  ComparisonProgressed: ({ progress }) => [{ type: "progress", ...progressOf(progress) }],
  AnswersPicked: ({ picks, winRates }) => [{ type: "picked", picks, win_rates: winRates }],
  ComparisonSummarized: ({ summary }) => [{ type: "summary", summary: all(summary, summaryOf) }],
  ComparisonRenamed: ({ name }) => [{ type: "renamed", name }],
  // After a break: what it says anew of everything, as events.
  ComparisonSnapshot: ({ comparison }) => {
    const whole = comparisonOf(comparison);
    const { name, picks, win_rates, summary } = whole;
    return [
      ...listOf(whole.cells).flatMap(again),
      { type: "progress", ...fields(whole.progress) },
      { type: "picked", picks, win_rates },
      { type: "summary", summary },
      { type: "renamed", name },
    ];
  },
};

function again(cell: Fields): readonly Fields[] {
  if (cell.status !== "running") return [{ type: "cell_finished", cell }];
  const { row, variant, sample, output } = cell;
  const place = { row, variant, sample };
  return [
    { type: "cell_started", ...place },
    { type: "cell_text", ...place, offset: 0, text: output },
  ];
}

/** What an event of `comparisonEvents` is on the wire; one that is not known is nothing. */
export function cellEventsOf(event: unknown): readonly Fields[] {
  const given = fields(event);
  return EVENTS[String(given.__typename)]?.(given) ?? [];
}
