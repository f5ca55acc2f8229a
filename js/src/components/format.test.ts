import { expect, test } from "vitest";
import {
  bytes,
  compact,
  counting,
  dollars,
  plural,
  rate,
  roughDollars,
  seconds,
  thinking,
} from "./format.ts";

test("token counts are short and keep one digit that matters", () => {
  expect(
    [0, 318, 999, 1000, 3100, 9949, 9960, 86_000, 137_000, 999_600, 1_047_576].map(compact),
  ).toEqual(["0", "318", "999", "1k", "3.1k", "9.9k", "10k", "86k", "137k", "1M", "1M"]);
});

test("costs of an answer show a hundredth of a cent, those of a thread a tenth", () => {
  expect([0, 0.00001, 0.0009, 0.0014, 0.081, 0.25, 1.5, 12].map(dollars)).toEqual([
    "$0",
    "<$0.0001",
    "$0.0009",
    "$0.0014",
    "$0.081",
    "$0.25",
    "$1.50",
    "$12.00",
  ]);
  expect([0, 0.0004, 0.0042, 0.0812, 0.06].map(roughDollars)).toEqual([
    "$0",
    "$0.0004",
    "$0.004",
    "$0.081",
    "$0.06",
  ]);
});

test("measured times are finer the shorter they are", () => {
  expect([0.4231, 4.5, 12.34, 59.96, 75].map(seconds)).toEqual([
    "0.42 s",
    "4.50 s",
    "12.3 s",
    "1 min 0 s",
    "1 min 15 s",
  ]);
});

test("counted times are whole seconds and never run ahead", () => {
  expect([-1, 0, 3.99, 59.9, 75.2].map(counting)).toEqual([
    "0 s",
    "0 s",
    "3 s",
    "59 s",
    "1 min 15 s",
  ]);
});

test("thinking shorter than a second is not rounded away", () => {
  expect([0.02, 0.44, 4.3].map(thinking)).toEqual(["0.1 s", "0.4 s", "4 s"]);
});

test("speeds are whole tokens per second unless slow", () => {
  expect([71.4, 9.96, 4.26].map(rate)).toEqual(["71", "10", "4.3"]);
});

test("one is singular, and thousands are grouped", () => {
  expect([plural(1, "token"), plural(0, "token"), plural(9210, "token")]).toEqual([
    "1 token",
    "0 tokens",
    "9,210 tokens",
  ]);
});

test("sizes are in decimal units", () => {
  expect([214, 84_000, 2_340_000].map(bytes)).toEqual(["214 B", "84 KB", "2.3 MB"]);
});
