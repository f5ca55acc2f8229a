import { expect, test } from "vitest";
import { readNumber } from "./numbers.ts";

const TWO = { min: -2, max: 2 };
const COUNT = { min: 1, max: Number.MAX_SAFE_INTEGER, whole: true };

test.each([
  ["", TWO, { value: undefined }],
  [" 0.3 ", TWO, { value: 0.3 }],
  ["0,3", TWO, { value: 0.3 }],
  ["−1", TWO, { value: -1 }],
  ["3", TWO, { problem: "−2 to 2" }],
  ["warm", TWO, { problem: "A number" }],
  ["800", COUNT, { value: 800 }],
  ["0", COUNT, { problem: "1 or more" }],
  ["1.5", COUNT, { problem: "A whole number" }],
  ["2,000", COUNT, { value: 2000 }],
  ["1,234,567", COUNT, { value: 1_234_567 }],
  ["4,09", COUNT, { problem: "A whole number" }],
  ["1e99", COUNT, { problem: "A whole number" }],
])("%j within %j", (text, rule, typed) => {
  expect(readNumber(text, rule)).toEqual(typed);
});
