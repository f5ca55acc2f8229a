import { expect, test } from "vitest";
import { parseComparison, parseComparisonEvents } from "../../comparison/protocol.ts";
import { ComparisonReplica } from "../../comparison/replica.ts";
import { Compared, Comparing } from "./comparing.ts";
import { cellEventsOf } from "./convert-comparison.ts";
import { COMPARISON_EVENTS, mutation } from "./documents.ts";
import { mutationFor } from "./requests.ts";
import type { Socket, SubscriptionListener } from "./socket.ts";

const progress = {
  status: "RUNNING",
  reason: null,
  total: 2,
  complete: 1,
  failed: 0,
  cancelled: 0,
  running: 1,
  cost: null,
  rate: 2.5,
  left: null,
};

const cell = (variant: number, more: object) => ({
  row: 0,
  variant,
  sample: 0,
  output: "Hi",
  scores: [{ name: "exact", value: true, error: null, reason: null }],
  usage: { inputTokens: 3, outputTokens: 2, cachedTokens: null, reasoningTokens: null, cost: 0.1 },
  timing: { duration: 1, firstToken: 0.5, reasoning: null },
  error: null,
  requestId: "req",
  model: "small",
  finishReason: "stop",
  cost: 0.1,
  ...more,
});

const whole = {
  __typename: "ComparisonSnapshot",
  comparison: {
    id: "c1",
    name: "Greetings",
    status: "RUNNING",
    reason: null,
    columns: ["input"],
    input: "input",
    rows: [{ index: 0, data: { input: "Hello" } }],
    variants: ["A", "B"].map((name) => ({
      name,
      system: "",
      model: "small",
      connection: "Demo",
      params: {},
      tools: [],
    })),
    samples: 1,
    scorers: [{ name: "exact", kind: "exact", prompt: null }],
    messages: [],
    progress,
    picks: [{ row: 0, variant: 0, sample: 0 }],
    blind: false,
    summary: [
      {
        variant: "A",
        measures: [{ name: "exact", mean: 1, low: 0.9, high: 1, n: 4 }],
        firstToken: 0.5,
        speed: 4,
        tokens: 5,
        cost: null,
        duration: 1,
      },
    ],
    winRates: [{ variant: "A", wins: 1, of: 1, rate: 1, low: 0.2, high: 1 }],
    elsewhere: false,
    cells: [cell(0, { status: "COMPLETE" }), cell(1, { status: "RUNNING", output: "Ah" })],
  },
};

/** A subscription that a test speaks for. */
function subscribed() {
  const ends: SubscriptionListener[] = [];
  const told: unknown[] = [];
  const socket = {
    subscribe: (_: unknown, on: SubscriptionListener) => ends.push(on),
  } as unknown as Socket;
  const comparing = new Comparing("c1", socket, {
    next: (event) => told.push(event),
    gone: () => told.push("gone"),
  });
  const next = (...events: object[]) => ends[0]?.next({ data: { comparisonEvents: { events } } });
  return { comparing, told, next, end: () => ends[0]?.ended([]) };
}

test("a comparison of the server is one of the widget's wire", async () => {
  const { comparing, next } = subscribed();
  next(whole);
  const read = parseComparison({ comparison: await comparing.whole });
  expect(read).toMatchObject({
    status: "running",
    progress: { running: 1, rate: 2.5 },
    summary: [{ variant: "A", first_token: 0.5, measures: { exact: { mean: 1, n: 4 } } }],
    win_rates: [{ wins: 1 }],
    cells: [
      { status: "complete", scores: { exact: { value: true } }, timing: { first_token: 0.5 } },
      { status: "running", output: "Ah" },
    ],
  });
});

test("what comes after the whole of it is passed on in order", async () => {
  const { comparing, told, next } = subscribed();
  const text = {
    __typename: "CellTextAdded",
    row: 0,
    variant: 1,
    sample: 0,
    offset: 2,
    text: "oy",
  };
  next(whole, text);
  next({ __typename: "CellFinished", cell: cell(1, { status: "COMPLETE", output: "Ahoy" }) });
  next({ __typename: "ComparisonRenamed", name: "Sailors" });
  await comparing.whole;
  await Promise.resolve();
  const events = told.flatMap((each) => parseComparisonEvents(each).events);
  expect(events).toMatchObject([
    { type: "cell_text", offset: 2, text: "oy" },
    { type: "cell_finished", cell: { status: "complete", output: "Ahoy", request_id: "req" } },
    { type: "renamed", name: "Sailors" },
  ]);
});

test("calls, a wrong format and a declined answer come with their cell", () => {
  const call = { round: 0, id: "c", name: "look", arguments: "{}" };
  const steps = [
    { ...call, result: "a lamp", error: null, duration: 0.1 },
    { ...call, result: null, error: "refused", duration: null },
  ];
  const given = cell(0, { status: "complete", steps, invalid: "no JSON", refused: true });
  const events = cellEventsOf({ __typename: "CellFinished", cell: given });
  const read = parseComparisonEvents({ type: "comparison", comparison: "c1", events });
  expect(read.events).toMatchObject([
    {
      cell: {
        invalid: "no JSON",
        refused: true,
        steps: [
          { ...call, result: "a lamp", duration: 0.1 },
          { ...call, error: "refused" },
        ],
      },
    },
  ]);
  for (const name of ["steps {", "invalid", "refused"]) expect(COMPARISON_EVENTS).toContain(name);
});

test("after a break the whole of it is said as events", () => {
  const events = cellEventsOf(whole);
  const given = { type: "comparison", comparison: "c1", events };
  expect(parseComparisonEvents(given).events.map(({ type }) => type)).toEqual([
    "cell_finished",
    "cell_started",
    "cell_text",
    "progress",
    "picked",
    "summary",
    "renamed",
  ]);
});

test("what was being asked by a server that has stopped waits again after the break", async () => {
  const { comparing, told, next } = subscribed();
  next(whole);
  next({ __typename: "CellStarted", row: 1, variant: 0, sample: 0 });
  const cells = [cell(0, { status: "COMPLETE" })];
  next({ ...whole, comparison: { ...whole.comparison, status: "INTERRUPTED", cells } });
  const shown = new ComparisonReplica(parseComparison({ comparison: await comparing.whole }));
  await Promise.resolve();
  for (const each of told) expect(shown.fold(parseComparisonEvents(each).events)).toBe(true);
  const statuses = [0, 1].map((variant) => shown.cell({ row: 0, variant, sample: 0 }).value);
  expect(statuses.map(({ cell: { status }, live }) => [status, live])).toEqual([
    ["complete", undefined],
    ["waiting", undefined],
  ]);
  expect(shown.cell({ row: 1, variant: 0, sample: 0 }).value.cell.status).toBe("waiting");
});

test("one that is not there rejects", async () => {
  const { comparing, end } = subscribed();
  end();
  await expect(comparing.whole).rejects.toMatchObject({ kind: "not_found" });
});

test("what is asked for the moment another one comes is still to be had, or given up", async () => {
  const listeners: SubscriptionListener[] = [];
  const signals: AbortSignal[] = [];
  const socket = {
    subscribe: (_: unknown, on: SubscriptionListener, signal: AbortSignal) => {
      listeners.push(on);
      signals.push(signal);
    },
  } as unknown as Socket;
  const compared = new Compared({ next: () => undefined, shown: () => undefined });
  const first = compared.open(socket, "c1");
  listeners[0]?.next({ data: { comparisonEvents: { events: [whole] } } });
  const second = compared.open(socket, "c2");
  await first;
  compared.show(null);
  await expect(second).rejects.toMatchObject({ kind: "superseded" });
  expect(signals[1]?.aborted).toBe(true);
});

test("each request about comparisons is a mutation with the names of the schema", () => {
  const asked = mutationFor(
    { type: "compare", variants: [{ name: "A" }], max_cost: 1, samples: 2 },
    "t",
  );
  expect(asked).toMatchObject({
    name: "startComparison",
    input: { threadId: "t", variants: [{ name: "A" }], maxCost: 1, samples: 2 },
  });
  expect(asked?.result({ comparisonId: "c1" })).toEqual({ comparison: "c1" });
  const steered = mutationFor({ type: "steer", comparison: "c1", action: "retry_failed" }, "t");
  expect(steered?.input).toEqual({ comparisonId: "c1", action: "RETRY_FAILED" });
  expect(mutation("useAnswer")).toContain("revision messageId");
});
