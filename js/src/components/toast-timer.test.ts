import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ToastTimer } from "./toast-timer.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a toast goes after its time", () => {
  const done = vi.fn();
  new ToastTimer(8000, done);
  vi.advanceTimersByTime(7999);
  expect(done).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(done).toHaveBeenCalledOnce();
});

test("its time stands still while it is paused, and what was left runs on then", () => {
  const done = vi.fn();
  const timer = new ToastTimer(8000, done);
  vi.advanceTimersByTime(6000);
  timer.pause();
  timer.pause();
  vi.advanceTimersByTime(60_000);
  expect(done).not.toHaveBeenCalled();
  timer.resume();
  timer.resume();
  vi.advanceTimersByTime(1999);
  expect(done).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(done).toHaveBeenCalledOnce();
});

test("one that was ended never runs, even if somebody still leaves it", () => {
  const done = vi.fn();
  const timer = new ToastTimer(8000, done);
  timer.pause();
  timer.end();
  timer.resume();
  vi.advanceTimersByTime(60_000);
  expect(done).not.toHaveBeenCalled();
});
