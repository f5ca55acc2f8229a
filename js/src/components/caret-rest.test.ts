// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CaretRest } from "./caret-rest.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a caret rests once nothing has come for a while, and no longer when something does", () => {
  const element = document.createElement("div");
  const rest = new CaretRest(element, new AbortController().signal);
  const resting = () => element.classList.contains("is-resting");
  rest.moved();
  for (let delta = 0; delta < 100; delta++) {
    vi.advanceTimersByTime(33);
    rest.moved();
    expect(resting()).toBe(false);
  }
  vi.advanceTimersByTime(1000);
  expect(resting()).toBe(true);
  rest.moved();
  expect(resting()).toBe(false);
});

test("nothing is left to do for an element that has gone", () => {
  const life = new AbortController();
  const rest = new CaretRest(document.createElement("div"), life.signal);
  rest.moved();
  life.abort();
  rest.moved();
  expect(vi.getTimerCount()).toBe(0);
});
