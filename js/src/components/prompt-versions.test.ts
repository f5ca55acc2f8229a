import { expect, test } from "vitest";
import { emptyThread } from "../store/replica.ts";
import { message } from "../testing/samples.ts";
import { comparedWith, promptVersions, versionName, versionNote } from "./prompt-versions.ts";

const NOW = new Date(2025, 10, 5, 14, 30);
const ago = (minutes: number) => NOW.getTime() / 1000 - 60 * minutes;

function thread(system: string, more = {}) {
  const prompts = ["Be brief", "Be kind"].map((text, i) => ({ text, created: ago(120 - 60 * i) }));
  return { ...emptyThread, prompts, system, ...more };
}

test("the present text is one of the versions, or a new one that no answer has used", () => {
  const names = (system: string) =>
    promptVersions(thread(system)).map((each) => [versionName(each), each.current]);
  expect(names("Be brief")).toEqual([
    ["v1", true],
    ["v2", false],
  ]);
  expect(names("Be both")).toEqual([
    ["v1", false],
    ["v2", false],
    ["v3, not used yet", true],
  ]);
});

test("without a system prompt now, the versions that were are still there", () => {
  expect(promptVersions(thread("")).map(({ current }) => current)).toEqual([false, false]);
  expect(promptVersions({ ...emptyThread, system: "First" })).toEqual([]);
});

test("an answer counts once, however many paths it is on", () => {
  const messages = [
    message("a", { prompt: 1 }),
    message("b", { prompt: 1, copy_of: "a" }),
    message("c", { prompt: 2 }),
    message("d", { prompt: 9 }),
  ];
  expect(promptVersions(thread("", { messages })).map(({ uses }) => uses)).toEqual([1, 1]);
});

test("the menu says when a version came, and what uses it", () => {
  const messages = [message("a", { prompt: 1 }), message("b", { prompt: 1 })];
  const notes = promptVersions(thread("Be kind", { messages })).map((each) =>
    versionNote(each, NOW),
  );
  expect(notes).toEqual(["12:30, used by 2 answers", "13:30, in use"]);
});

test("a version is compared with the one before it, and the first with the last", () => {
  const versions = promptVersions(thread("new"));
  const [v1, v2, v3] = versions;
  if (!v1 || !v2 || !v3) throw new Error("There are three");
  expect(comparedWith(versions, v3)).toBe(v2);
  expect(comparedWith(versions, v1)).toBe(v3);
  expect(comparedWith([v1], v1)).toBeUndefined();
});
