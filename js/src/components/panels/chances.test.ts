import { expect, test } from "vitest";
import { percent, STEPS, stepOf, visible } from "./chances.ts";

test("a token's step is that of its probability", () => {
  const steps = [1, 0.95, 0.7, 0.4, 0.2, 0.01, 0].map((p) => stepOf(Math.log(p)));
  expect(steps).toEqual([0, 0, 1, 2, 3, 4, 4]);
  expect(STEPS.at(-1)?.from).toBe(0);
});

test.each([
  [0, "100%"],
  [0.01, "100%"],
  [Math.log(0.9), "90%"],
  [Math.log(0.012), "1.2%"],
  [-20, "<0.1%"],
  [-9999, "<0.1%"],
])("a log probability of %d is %s", (logprob, words) => {
  expect(percent(logprob)).toBe(words);
});

test("what cannot be seen in a token is shown", () => {
  expect([" a", "\n\n", "", "a b"].map(visible)).toEqual(["␣a", "⏎⏎", "(empty)", "a b"]);
});
