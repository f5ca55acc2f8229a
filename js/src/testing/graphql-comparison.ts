// Comparisons of the widget's wire as GraphQL answers: the whole of one, and what happens in it.

import {
  errorForm,
  type Fields,
  fields,
  list,
  maybe,
  messageForm,
  or,
  timingForm,
  upper,
  usageForm,
} from "./graphql-form.ts";

/** What is missing is null, as it is when all fields are asked for. */
const filled = (names: string, given: Fields): Fields =>
  Object.fromEntries(names.split(" ").map((name) => [name, or(given[name])]));

const named = (given: unknown, names: string) =>
  Object.entries(fields(given)).map(([name, value]) => ({ name, ...filled(names, fields(value)) }));

const cellForm = (cell: Fields): Fields => ({
  ...filled("row variant sample output invalid refused model cost", cell),
  status: upper(cell.status),
  steps: list(cell.steps).map((step) =>
    filled("round id name arguments result error duration", step),
  ),
  scores: named(cell.scores, "value error reason"),
  requestId: or(cell.request_id),
  finishReason: or(cell.finish_reason),
  usage: maybe(cell.usage, usageForm),
  timing: maybe(cell.timing, timingForm),
  error: maybe(cell.error, errorForm),
});

const progressForm = (given: Fields): Fields => ({
  ...filled("reason total complete failed cancelled running cost rate left", given),
  status: upper(given.status),
  pausing: given.pausing === true,
});

const summaryForm = (line: Fields): Fields => ({
  ...filled("variant speed tokens cost duration", line),
  firstToken: or(line.first_token),
  measures: named(line.measures, "mean low high n"),
});

const winRateForm = (rate: Fields) => filled("variant wins of rate low high", rate);

/** The event that every subscription begins with. */
export function wholeForm(comparison: unknown): Fields {
  const given = fields(comparison);
  const { status, reason, picks } = given;
  const whole = {
    ...filled("id name reason columns input samples blind elsewhere rows", given),
    status: upper(status),
    variants: list(given.variants).map((each) =>
      filled("name system model connection params tools", each),
    ),
    scorers: list(given.scorers).map((each) => filled("name kind prompt", each)),
    messages: list(given.messages).map(messageForm),
    progress: progressForm({ ...fields(given.progress), status, reason }),
    picks,
    summary: list(given.summary).map(summaryForm),
    winRates: list(given.win_rates).map(winRateForm),
    cells: list(given.cells).map(cellForm),
  };
  return { __typename: "ComparisonSnapshot", comparison: whole };
}

/** An event of `comparisonEvents`. */
export function cellEventForm(event: Fields): Fields {
  const { type, ...given } = event;
  switch (type) {
    case "cell_started":
      return { __typename: "CellStarted", ...given };
    case "cell_text":
      return { __typename: "CellTextAdded", ...given };
    case "cell_finished":
      return { __typename: "CellFinished", cell: cellForm(fields(given.cell)) };
    case "progress":
      return { __typename: "ComparisonProgressed", progress: progressForm(given) };
    case "picked": {
      const winRates = list(given.win_rates).map(winRateForm);
      return { __typename: "AnswersPicked", picks: given.picks, winRates };
    }
    case "summary": {
      const summary = list(given.summary).map(summaryForm);
      return { __typename: "ComparisonSummarized", summary };
    }
    default:
      throw new Error(`There is no form of ${type}`);
  }
}

/** One in the list of all. */
export const comparisonRowForm = (row: Fields): Fields => ({ ...row, status: upper(row.status) });
