import { expect, test } from "vitest";
import { atEnd, follows } from "./follow.ts";

const end = { top: 500, view: 500, all: 1000 };

test("near the end counts as the end", () => {
  expect(atEnd(end)).toBe(true);
  expect(atEnd({ ...end, top: 480 })).toBe(true);
  expect(atEnd({ ...end, top: 470 })).toBe(false);
});

test("scrolling up by hand ends the following, though text arrives at the same time", () => {
  expect(follows(true, end, { ...end, top: 300, all: 1200 }, true)).toBe(false);
});

test("text that arrives behind our own scrolling does not end the following", () => {
  expect(follows(true, end, { ...end, all: 1400 }, false)).toBe(true);
  expect(follows(true, end, { ...end, all: 1400 }, true)).toBe(true);
});

test("rows that turn out lower than guessed do not end the following", () => {
  expect(
    follows(true, { ...end, all: 4000, top: 3500 }, { ...end, top: 2000, all: 3800 }, false),
  ).toBe(true);
});

test("find in page leaves the end without a hand", () => {
  expect(follows(true, end, { ...end, top: 100 }, false)).toBe(false);
});

test("coming back to the end follows again, and being elsewhere does not", () => {
  expect(follows(false, { ...end, top: 100 }, end, true)).toBe(true);
  expect(follows(false, { ...end, top: 100 }, { ...end, top: 300 }, true)).toBe(false);
});
