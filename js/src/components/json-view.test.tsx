// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Message } from "../model.ts";
import { firstSnapshot } from "../testing/first-snapshot.ts";
import { Page } from "../testing/page.tsx";
import { delta, finished, message } from "../testing/samples.ts";
import { JsonTree } from "../tree/tree.ts";
import { announced } from "./announcer.tsx";

let page: Page;
const assets = Symbol.for("playground_widget.assets");

beforeEach(() => {
  // jsdom imports no blobs: the module is there as if it had been loaded.
  const loaded = new Map([["tree module", Promise.resolve({ JsonTree })]]);
  Object.assign(globalThis, { [assets]: loaded });
});

afterEach(() => {
  page.close();
  Object.assign(globalThis, { [assets]: undefined });
});

const JSON_OBJECT = { response_format: { type: "json_object" } };
const answer = (text: string, more: Partial<Message> = {}) =>
  message("a", {
    role: "assistant",
    parent: "u",
    params: JSON_OBJECT,
    content: [{ type: "text", text }],
    ...more,
  });

async function open(shown: Message): Promise<void> {
  const running = shown.status === "streaming" ? "a" : null;
  const settings = { ...firstSnapshot.settings, running };
  const thread = { ...firstSnapshot.thread, messages: [message("u"), shown], head: "a" };
  page = new Page({ snapshot: { revision: 1, thread, settings } });
  await page.settled();
}

test("an answer that was asked for as JSON is a tree, and its text when that is chosen", async () => {
  await open(answer('{"city": "Oslo"}'));
  expect(page.texts(".pgw-tree__leaf")).toEqual(["city Oslo"]);
  expect(page.control("Tree").ariaPressed).toBe("true");
  await page.click("JSON");
  expect(page.root.querySelector(".pgw-tree")).toBeNull();
  expect(page.find(".pgw-json pre").textContent).toContain('{"city": "Oslo"}');
  await page.click("Tree");
  expect(page.texts(".pgw-tree__leaf")).toEqual(["city Oslo"]);
});

test("other answers are not, JSON or not", async () => {
  await open(answer('{"city": "Oslo"}', { params: { response_format: { type: "text" } } }));
  expect(page.root.querySelector(".pgw-json")).toBeNull();
});

test("the tree grows with the answer, and its elements stay when it ends", async () => {
  await open(answer('{"city": "Os', { status: "streaming" }));
  const city = page.find(".pgw-tree__string");
  expect(city.textContent).toBe("Os");
  page.kernel.channel.takeEvents(delta("a", 12, 'lo", "high": 2'));
  await page.settled();
  expect(city.textContent).toBe("Oslo");
  page.kernel.channel.takeEvents(delta("a", 26, "1}"), finished(2, "a", 28));
  await page.settled();
  expect(page.find(".pgw-tree__string")).toBe(city);
  expect(page.texts(".pgw-tree__number")).toEqual(["21"]);
  expect(page.root.textContent).not.toContain("It ends here");
});

test("where the tree can't be loaded the text is shown", async () => {
  const failed = Promise.reject(new Error("no"));
  failed.catch(() => undefined);
  Object.assign(globalThis, { [assets]: new Map([["tree module", failed]]) });
  await open(answer('{"city": "Oslo"}'));
  expect(page.find(".pgw-json pre").textContent).toContain("Oslo");
});

test("what does not fit says why, and asks again with the reason", async () => {
  await open(answer('{"city": 1}', { invalid: "at .city: <b>1</b> is no text" }));
  expect(page.find(".pgw-note").textContent).toContain("at .city: <b>1</b> is no text");
  await page.click("Ask again with the reason");
  expect(page.requests("reask")[0]).toMatchObject({ message: "a" });
  await page.settled();
  expect(page.store.thread.value.messages.at(-1)).toMatchObject({ reasked: "a", parent: "u" });
});

test("Regenerate beside it asks again without", async () => {
  await open(answer("{", { invalid: "this is not JSON" }));
  const buttons = page.root.querySelectorAll<HTMLElement>(".pgw-note button");
  buttons[1]?.click();
  await page.settled();
  expect(page.requests("regenerate")[0]).toMatchObject({ message: "a" });
});

test("a screen reader hears that it does not fit, and why", () => {
  expect(announced(answer("{", { invalid: "this is not JSON" }))).toBe(
    "The answer does not fit its format: this is not JSON",
  );
});
