import { signal } from "@preact/signals";
import { beforeEach, expect, test, vi } from "vitest";
import type { Params } from "../../model.ts";
import { ParamEdits } from "./param-edits.ts";

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function setUp(start: Params = {}) {
  const params = signal<Params>(start);
  const sent: Params[] = [];
  const answers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const edits = new ParamEdits(params, (changes) => {
    sent.push(changes);
    return new Promise((resolve, reject) => answers.push({ resolve, reject }));
  });
  return { params, sent, answers, edits };
}

test("what changes in quick succession is sent once, as it was in the end", () => {
  const { sent, edits } = setUp();
  for (const value of [0.1, 0.2, 0.3]) {
    edits.set("temperature", value);
    vi.advanceTimersByTime(100);
  }
  edits.set("seed", 7);
  expect(sent).toEqual([]);
  expect(edits.value("temperature")).toBe(0.3);
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual([{ temperature: 0.3, seed: 7 }]);
});

test("a reset is sent at once, with what waited", () => {
  const { sent, edits } = setUp({ temperature: 1, seed: 1 });
  edits.set("top_p", 0.5);
  edits.reset("temperature", "seed");
  expect(sent).toEqual([{ top_p: 0.5, temperature: null, seed: null }]);
  expect(edits.changed()).toEqual(["top_p"]);
});

test("once it is set, what others set is followed", async () => {
  const { params, answers, edits } = setUp();
  edits.set("seed", 1);
  edits.flush();
  params.value = { seed: 1 };
  answers[0]?.resolve();
  await vi.runAllTimersAsync();
  params.value = { seed: 2 };
  expect(edits.value("seed")).toBe(2);
});

test("an answer to an older change does not take away a newer one", async () => {
  const { params, answers, edits } = setUp();
  edits.set("seed", 1);
  edits.flush();
  edits.set("seed", 2);
  params.value = { seed: 1 };
  answers[0]?.resolve();
  await Promise.resolve();
  expect(edits.value("seed")).toBe(2);
});

test("what was refused stays as it was typed, says why, and is sent again", async () => {
  const { sent, answers, edits } = setUp({ seed: 1 });
  edits.set("seed", 2);
  edits.flush();
  answers[0]?.reject(new Error("The disk is full"));
  await vi.runAllTimersAsync();
  expect(edits.error.value).toBe("The disk is full");
  expect(edits.value("seed")).toBe(2);
  edits.flush();
  expect(sent).toEqual([{ seed: 2 }, { seed: 2 }]);
  answers[1]?.resolve();
  await vi.runAllTimersAsync();
  expect(edits.error.value).toBe("");
});

test("whoever waits for all to be sent waits for what is on its way, too", async () => {
  const { answers, edits } = setUp();
  edits.set("seed", 1);
  vi.advanceTimersByTime(1000);
  let done = false;
  void edits.flush().then(() => {
    done = true;
  });
  await vi.runAllTimersAsync();
  expect(done).toBe(false);
  answers[0]?.resolve();
  await vi.runAllTimersAsync();
  expect(done).toBe(true);
});
