import { readFileSync } from "node:fs";
import { effect } from "@preact/signals";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Request } from "../protocol.ts";
import { createStore, type Store } from "../store.ts";
import { cell, comparison } from "../testing/compared.ts";
import { FakeChannel } from "../testing/fake-channel.ts";
import { snapshot } from "../testing/samples.ts";
import type { CellEvent, CellKey, ComparisonSnapshot } from "./model.ts";
import { parseComparison } from "./protocol.ts";
import { type ShownComparison, shownComparison } from "./shown.ts";

let life: AbortController;
let channel: FakeChannel;
let store: Store;
let compared: ShownComparison;

const A: CellKey = { row: 0, variant: 0, sample: 0 };
const B: CellKey = { row: 0, variant: 1, sample: 0 };

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  life = new AbortController();
  channel = new FakeChannel(snapshot(1, [], { settings: { comparison: "c1" } }));
  store = createStore(channel, life.signal);
  channel.takeStatus("live");
  compared = shownComparison(store);
});

afterEach(() => {
  life.abort();
  vi.useRealTimers();
});

const asked = () => channel.requests("open_comparison");

/** The answer to the latest request for a comparison. */
function answer(more: Partial<ComparisonSnapshot> = {}): object {
  const { request } = asked().at(-1) as Request;
  return { type: "done", request, result: { comparison: comparison(more) } };
}

const told = (...events: CellEvent[]) => ({ type: "comparison", comparison: "c1", events });

const started = (key: CellKey): CellEvent => ({ type: "cell_started", ...key });
const words = (key: CellKey, offset: number, text: string): CellEvent => ({
  type: "cell_text",
  ...key,
  offset,
  text,
});

function textOf(key: CellKey): string {
  const { cell: found, live } = compared.shown.value?.cell(key).value ?? {};
  return live?.parts[0]?.text ?? found?.output ?? "";
}

/** As after a moment in which the page has asked again. */
const settled = () => vi.advanceTimersByTimeAsync(0);

test("the comparison that the settings name is asked for, once, and shown", async () => {
  expect(asked()).toMatchObject([{ comparison: "c1" }]);
  expect(compared.shown.value).toBeNull();
  channel.takeEvents(answer({ cells: [cell(B, { output: "Hi" })] }));
  expect(compared.shown.value?.facts.value.name).toBe("Greetings");
  expect(compared.shown.value?.cell(A).value.cell.status).toBe("waiting");
  expect(textOf(B)).toBe("Hi");
  expect(asked()).toHaveLength(1);
});

test("what follows its answer in the same batch is folded into it", () => {
  channel.takeEvents(answer(), told(started(A), words(A, 0, "One")));
  expect(textOf(A)).toBe("One");
});

test("words are counted in code points, and what is known of them is dropped", () => {
  channel.takeEvents(answer({ cells: [cell(A, { status: "running", output: "🐧" })] }));
  channel.takeEvents(told(words(A, 0, "🐧 is"), words(A, 4, " here")));
  expect(textOf(A)).toBe("🐧 is here");
  expect(asked()).toHaveLength(1);
});

test("a word renders its own cell, and nothing else", () => {
  channel.takeEvents(answer(), told(started(A), started(B)));
  const shown = compared.shown.value;
  const renders = { A: 0, B: 0, facts: 0 };
  effect(() => {
    shown?.cell(A).value.live?.version.value;
    renders.A++;
  });
  effect(() => {
    shown?.cell(B).value.live?.version.value;
    renders.B++;
  });
  effect(() => {
    shown?.facts.value;
    renders.facts++;
  });
  channel.takeEvents(told(words(A, 0, "One"), words(A, 3, " two")));
  expect(renders).toEqual({ A: 2, B: 1, facts: 1 });
});

test("a gap asks for the whole again, which goes on where it was", async () => {
  channel.takeEvents(answer(), told(started(A), words(A, 0, "One")));
  await settled();
  channel.takeEvents(told(words(A, 9, "three")));
  expect(asked()).toHaveLength(2);
  const cells = [cell(A, { status: "running", output: "One two three" })];
  channel.takeEvents(answer({ cells }), told(words(A, 13, "!")));
  expect(textOf(A)).toBe("One two three!");
});

test("a cell that ends has what was said of it, and one that is asked again begins anew", () => {
  channel.takeEvents(answer(), told(started(A), words(A, 0, "One")));
  const scores = { exact: { value: true } };
  channel.takeEvents(told({ type: "cell_finished", cell: cell(A, { output: "One", scores }) }));
  expect(compared.shown.value?.cell(A).value).toEqual({
    cell: cell(A, { output: "One", scores }),
  });
  channel.takeEvents(told(started(A), words(A, 0, "Two")));
  expect(textOf(A)).toBe("Two");
});

test("progress, picks and the summary change what stands beside the cells", () => {
  channel.takeEvents(answer());
  const counts = { total: 2, complete: 1, failed: 0, cancelled: 0, running: 1 };
  channel.takeEvents(
    told(
      { type: "progress", status: "paused", reason: "It cost enough", ...counts },
      { type: "picked", picks: [A], win_rates: [{ variant: "A", wins: 1, of: 1 }] },
      { type: "summary", summary: [{ variant: "A", measures: { exact: { mean: 0.5, n: 2 } } }] },
    ),
  );
  expect(compared.shown.value?.facts.value).toMatchObject({
    status: "paused",
    reason: "It cost enough",
    progress: counts,
    picks: [A],
    win_rates: [{ wins: 1 }],
    summary: [{ measures: { exact: { mean: 0.5 } } }],
  });
});

test("what makes no sense is said, and not asked for again", async () => {
  const { request } = asked()[0] as Request;
  channel.takeEvents({ type: "done", request, result: { comparison: { id: "c1" } } });
  await settled();
  expect(compared.shown.value).toBeNull();
  expect(compared.error.value).toBe("The kernel’s answer makes no sense");
  expect(asked()).toHaveLength(1);
});

test("one that is not there any more says why", async () => {
  const { request } = asked()[0] as Request;
  const error = { kind: "not_found", title: "There is no such comparison", detail: "" };
  channel.takeEvents({ type: "refused", request, error });
  await settled();
  expect(compared.error.value).toBe("There is no such comparison");
});

test("settings that name none close it, and another one takes its place", () => {
  channel.takeEvents(answer());
  const { settings } = snapshot(1, []);
  channel.takeEvents({ type: "settings", settings });
  expect(compared.shown.value).toBeNull();
  channel.takeEvents({ type: "settings", settings: { ...settings, comparison: "c2" } });
  channel.takeEvents(answer({ id: "c2", name: "Farewells" }));
  expect(compared.shown.value?.facts.value.name).toBe("Farewells");
  channel.takeEvents(told(started(A)));
  expect(compared.shown.value?.cell(A).value.cell.status).toBe("waiting");
});

test("a peer that stops leaves its cells waiting, and what had come as it was", () => {
  channel.takeEvents(answer({ cells: [cell(B, { output: "Hi" })] }), told(started(A)));
  channel.takeStatus("lost");
  expect(compared.shown.value?.facts.value.status).toBe("interrupted");
  expect(compared.shown.value?.cell(A).value.cell.status).toBe("waiting");
  expect(textOf(B)).toBe("Hi");
});

test("the golden run ends here as it does in Python", () => {
  const file = new URL("../../../tests/fixtures/comparison/run.json", import.meta.url);
  const { view, events, expected } = JSON.parse(readFileSync(file, "utf8"));
  const { request } = asked()[0] as Request;
  channel.takeEvents({ type: "done", request, result: { comparison: view } });
  for (const event of events) channel.takeEvents(told(event));
  const { cells, ...facts } = parseComparison({ comparison: expected });
  expect(compared.shown.value?.facts.value).toEqual(facts);
  expect(cells.map((each) => compared.shown.value?.cell(each).value.cell)).toEqual(cells);
  expect(asked()).toHaveLength(1);
});
