// @vitest-environment jsdom
import { afterEach, expect, test } from "vitest";
import type { Thread } from "../model.ts";
import { firstSnapshot } from "../testing/first-snapshot.ts";
import { Page } from "../testing/page.tsx";
import { message } from "../testing/samples.ts";

let page: Page;

afterEach(() => page.close());

const prompts = ["Be brief", "Be brief and kind"].map((text, i) => ({ text, created: i }));

async function show(more: Partial<Thread>): Promise<void> {
  const thread = { ...firstSnapshot.thread, prompts, ...more };
  page = new Page({ snapshot: { ...firstSnapshot, thread } });
  await page.settled();
}

const menu = () => page.texts(".pgw-menu [role^=menuitem] .pgw-item__label");

test("the row says which version it is, in full when it is open", async () => {
  await show({ system: "Be brief and kind" });
  const button = () => page.find('[title="Versions of the system prompt"]');
  expect(button().textContent).toBe("v2");
  await page.click("Show the system prompt");
  expect(button().textContent).toBe("v2 of 2");
  expect(page.find(".pgw-msg--system .pgw-foot").textContent).toContain("5 tokens");
  expect(page.find(".pgw-msg--system .pgw-foot").textContent).toContain("saved as v2");
});

test("without versions there is nothing to choose", async () => {
  await show({ system: "Be brief", prompts: [] });
  expect(page.root.querySelector('[title="Versions of the system prompt"]')).toBe(null);
});

test("choosing a version makes it the system prompt", async () => {
  await show({ system: "Be brief and kind" });
  await page.click("v2");
  expect(menu()).toEqual(["v2", "v1", "Compare versions", "Run v1 and v2 side by side"]);
  await page.click("v1");
  expect(page.requests("set")).toMatchObject([{ system: "Be brief" }]);
  expect(page.store.thread.value.system).toBe("Be brief");
});

test("a text that no answer has used is a version to be, and what it changes can be seen", async () => {
  await show({ system: "Be kind" });
  expect(page.find('[title="Versions of the system prompt"]').textContent).toBe("v3, not used yet");
  await page.click("Show the system prompt");
  await page.click("Compare with v2");
  expect(page.find("[role=dialog]").ariaLabel).toBe("Compare versions");
  expect(page.texts(".pgw-diff del")).toEqual(["brief and "]);
  expect(page.find(".pgw-versions small").textContent).toBe("2 words removed");
  const [from] = page.root.querySelectorAll<HTMLSelectElement>(".pgw-versions select");
  if (!from) throw new Error("There is no choice");
  from.value = "1";
  from.dispatchEvent(new Event("change", { bubbles: true }));
  await page.settled();
  expect(page.texts(".pgw-diff ins")).toEqual(["kind"]);
  await page.click("Swap the two");
  expect(page.texts(".pgw-diff ins")).toEqual(["brief"]);
});

test("after the system prompt was taken away its versions can still be had", async () => {
  await show({ system: "" });
  await page.click("2 versions");
  await page.click("v1");
  expect(page.store.thread.value.system).toBe("Be brief");
});

test("versions part at any message, and a saved view says which one it shows", async () => {
  const roles = ["user", "assistant", "tool", "developer"] as const;
  const messages = roles.flatMap((role, i) => {
    const parent = i === 0 ? null : `${roles[i - 1]}1`;
    return [message(`${role}0`, { role, parent }), message(`${role}1`, { role, parent })];
  });
  await show({ messages, head: "developer1" });
  expect(page.texts(".pgw-branch > span")).toEqual(["2/2", "2/2", "2/2", "2/2"]);
  page.kernel.channel.takeStatus("saved");
  await page.settled();
  expect(page.texts(".pgw-foot")).toEqual(Array(4).fill("Version 2 of 2"));
});
