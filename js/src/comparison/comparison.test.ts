import fc from "fast-check";
import { expect, test } from "vitest";
import { emptySettings, emptyThread } from "../store/replica.ts";
import { cell, comparison, variant } from "../testing/compared.ts";
import { barsOf } from "./bars.ts";
import { blindOrder } from "./blind.ts";
import { chipsOf } from "./chips.ts";
import { added, begun, draftOf, firstDraft, isSame, removed, requestOf } from "./draft.ts";

const settings = {
  ...emptySettings,
  connection: { name: "openai", label: "OpenAI", demo: false, status: "ready" },
  connections: [{ name: "ollama", label: "Ollama", demo: false }],
} as const;

test("there are never fewer than two variants, nor more than four", () => {
  let draft = firstDraft(emptyThread, settings);
  expect(removed(draft, draft.variants[0]?.key ?? "").variants).toHaveLength(2);
  for (let i = 0; i < 5; i++) draft = added(draft);
  expect(draft.variants.map(({ name }) => name)).toEqual([
    "Baseline",
    "Variant B",
    "Variant C",
    "Variant D",
  ]);
});

test("what was asked is found again in a comparison, its connections by their labels", () => {
  const asked = variant({ connection: "Ollama", params: { top_p: 0.5, seed: 7 } });
  const draft = draftOf(comparison({ variants: [asked, variant()] }), settings);
  const [first] = draft.variants;
  expect(first && requestOf(first)).toMatchObject({ connection: "ollama" });
  expect(first && isSame(first, asked, settings)).toBe(true);
  expect(first && isSame({ ...first, params: { seed: 7, top_p: 0.5 } }, asked, settings)).toBe(
    true,
  );
  expect(first && isSame({ ...first, params: { seed: 8 } }, asked, settings)).toBe(false);
});

test("a comparison that begins asks each variant where it stands", () => {
  const draft = begun(added(firstDraft(emptyThread, settings)), "c9");
  expect(draft.comparison).toBe("c9");
  expect(draft.variants.map(({ of }) => of)).toEqual([0, 1, 2]);
});

test("chips name the model, the version of the prompt and what is set, and what differs", () => {
  const base = variant({ system: "one", params: { temperature: 0.3 } });
  const other = variant({ system: "two", model: "large", params: { stop: ["a", "b"] } });
  expect(chipsOf(other, base, ["one", "two"], false)).toEqual([
    { text: "large", differs: true },
    { text: "prompt v2", differs: true },
    { text: "temp default", differs: true },
    { text: "stop a b", differs: true },
  ]);
  expect(chipsOf(base, base, [], true)).toEqual([
    { text: "small", differs: false },
    { text: "Demo", differs: false },
    { text: "own prompt", differs: false },
    { text: "temp 0.3", differs: false },
  ]);
});

test("nothing is the best where all are equal, or where only one is known", () => {
  const at = (of: number) => ({ row: 0, variant: of, sample: 0 });
  const one = cell(at(0), { cost: 0.1, timing: { duration: 1, first_token: 0.5 } });
  const two = cell(at(1), { cost: 0.1 });
  const bars = barsOf([one, two, undefined], () => undefined, String);
  expect(bars.flat().some(({ best }) => best)).toBe(false);
  expect(bars[0]?.find(({ name }) => name === "cost")).toMatchObject({ share: 100, value: 0.1 });
  const near = cell(at(1), { cost: 0.100001 });
  const said = barsOf(
    [one, near],
    () => undefined,
    (_, value) => value.toFixed(2),
  );
  expect(said.flat().some(({ best }) => best)).toBe(false);
  expect(bars[2]?.every(({ value, share }) => value === undefined && share === 0)).toBe(true);
});

test("the order of hidden names is a permutation, and the same each time", () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(10_000), fc.integer({ min: 1, max: 4 }), (id, row, count) => {
      const order = blindOrder(id, row, count);
      expect(order.toSorted()).toEqual(Array.from({ length: count }, (_, i) => i));
      expect(blindOrder(id, row, count)).toEqual(order);
    }),
  );
});

test("each variant is in each place about as often, so that a place says nothing", () => {
  const counts = [0, 0, 0];
  for (let row = 0; row < 3000; row++) {
    const at = blindOrder("c1", row, 3).indexOf(0);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
});
