// @vitest-environment jsdom
import { expect, it, vi } from "vitest";
import { whenIdle } from "./idle.ts";

const here = window as unknown as Window & typeof globalThis;
const { signal } = new AbortController();

it("goes on with what waits after a job that failed", () => {
  vi.useFakeTimers();
  const done: string[] = [];
  whenIdle(here, signal, () => {
    throw new Error("a mistake");
  });
  whenIdle(here, signal, () => done.push("second"));
  expect(() => vi.runAllTimers()).toThrow("a mistake");
  vi.runAllTimers();
  whenIdle(here, signal, () => done.push("third"));
  vi.runAllTimers();
  expect(done).toEqual(["second", "third"]);
  vi.useRealTimers();
});
