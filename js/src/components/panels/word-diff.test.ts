import fc from "fast-check";
import { expect, test } from "vitest";
import { type Run, wordDiff } from "./word-diff.ts";

const marked = (runs: readonly Run[]) =>
  runs
    .map(({ kind, text }) =>
      kind === "same" ? text : kind === "added" ? `+${text}+` : `-${text}-`,
    )
    .join("");
const side = (runs: readonly Run[], not: Run["kind"]) =>
  runs
    .filter(({ kind }) => kind !== not)
    .map(({ text }) => text)
    .join("");

test("changed words are marked, and what stays is not", () => {
  expect(marked(wordDiff("Answer in short sentences.", "Answer in long sentences!"))).toBe(
    "Answer in -short-+long+ sentences-.-+!+",
  );
  expect(marked(wordDiff("Show code.", "Show code. Say how sure you are."))).toBe(
    "Show code.+ Say how sure you are.+",
  );
});

test("words that change side by side read as one phrase", () => {
  expect(marked(wordDiff("be kind and brief", "be very short"))).toBe(
    "be -kind and brief-+very short+",
  );
});

test("a word that stays by chance between long changes is one of them, and paragraphs pair up", () => {
  const before = "The gap is significant.\n\nIt is important to note that two weigh nothing.";
  const after = "The gap runs from 1.21 on average to 1.47 kg.\n\nTwo weigh nothing.";
  expect(marked(wordDiff(before, after))).toBe(
    "The gap -is significant.-+runs from 1.21 on average to 1.47 kg.+\n\n" +
      "-It is important to note that two-+Two+ weigh nothing.",
  );
});

test("texts that are the same have no change, and nothing is one", () => {
  expect(wordDiff("a b", "a b")).toEqual([{ kind: "same", text: "a b" }]);
  expect(wordDiff("", "")).toEqual([]);
  expect(wordDiff("", "a")).toEqual([{ kind: "added", text: "a" }]);
});

test("both texts can be read off the changes, whatever they are", () => {
  const words = fc
    .array(fc.constantFrom("a", "b", "c", " ", "\n", ".", "é", "\u{1f427}", "\ud83d"), {
      maxLength: 40,
    })
    .map((some) => some.join(""));
  fc.assert(
    fc.property(words, words, (before, after) => {
      const runs = wordDiff(before, after);
      expect(side(runs, "added")).toBe(before);
      expect(side(runs, "removed")).toBe(after);
    }),
  );
});

/** The length of the longest common sequence, as textbooks reckon it. */
function common(a: readonly string[], b: readonly string[]): number {
  const row = new Array<number>(b.length + 1).fill(0);
  for (const each of a) {
    let corner = 0;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j] ?? 0;
      row[j] = each === b[j - 1] ? corner + 1 : Math.max(above, row[j - 1] ?? 0);
      corner = above;
    }
  }
  return row[b.length] ?? 0;
}

test("as many words stay as can", () => {
  const words = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });
  fc.assert(
    fc.property(words, words, (a, b) => {
      // By lines, since a space alone between two changes counts as changed.
      const pieces = (text: string) => text.match(/\w|\n/g) ?? [];
      const [before, after] = [a.join("\n"), b.join("\n")];
      const same = wordDiff(before, after).filter(({ kind }) => kind === "same");
      const kept = same.flatMap(({ text }) => pieces(text)).length;
      expect(kept).toBe(common(pieces(before), pieces(after)));
    }),
  );
});

test("of long texts with little in common, what stays by line is still found", () => {
  const lines = (seed: string) =>
    Array.from({ length: 400 }, (_, i) =>
      i % 100 === 0 ? `Kept ${i}` : `${seed}${i} ${seed}${i + 1} ${seed}${i + 2} ${seed}`,
    ).join("\n");
  const runs = wordDiff(lines("x"), lines("y"));
  expect(side(runs, "added")).toBe(lines("x"));
  expect(side(runs, "removed")).toBe(lines("y"));
  const kept = runs.filter(({ kind }) => kind === "same").map(({ text }) => text);
  for (const i of [0, 100, 200, 300]) expect(kept.join("")).toContain(`Kept ${i}`);
});

test("two very long texts that share nothing are one change", () => {
  const before = Array.from({ length: 20_000 }, (_, i) => `x${i}\n`).join("");
  const after = Array.from({ length: 20_000 }, (_, i) => `y${i}\n`).join("");
  expect(wordDiff(before, after).map(({ kind }) => kind)).toEqual(["removed", "added"]);
});
