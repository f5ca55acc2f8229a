// @vitest-environment jsdom
import { afterEach, expect, test } from "vitest";
import { comparison } from "../../../testing/compared.ts";
import { firstSnapshot } from "../../../testing/first-snapshot.ts";
import { Page, type PageOptions } from "../../../testing/page.tsx";
import { message } from "../../../testing/samples.ts";

let page: Page;

afterEach(() => page.close());

const thread = {
  ...firstSnapshot.thread,
  system: "Be kind",
  prompts: [
    { text: "Be brief", created: 1 },
    { text: "Be kind", created: 2 },
  ],
  messages: [
    message("q"),
    message("a", { parent: "q", role: "assistant", model: "demo-slow", prompt: 1 }),
  ],
  head: "a",
};

async function open(options: PageOptions = {}): Promise<void> {
  page = new Page({ snapshot: { ...firstSnapshot, thread }, ...options });
  await page.settled();
}

const names = () => page.texts(".pgw-col__name > span:nth-child(2)");
const chips = (at: number) => page.texts(`.pgw-col:nth-child(${at}) .pgw-pill`);

test("two versions of the prompt are put side by side, and nothing is asked yet", async () => {
  await open();
  page.find(".pgw-foot--split .pgw-btn, [title='Versions of the system prompt']").click();
  await page.settled();
  await page.click("Run v1 and v2 side by side");
  expect(names()).toEqual(["Prompt v1", "Prompt v2"]);
  expect([chips(1), chips(2)]).toEqual([
    ["demo", "prompt v1"],
    ["demo", "prompt v2"],
  ]);
  expect(page.requests("compare")).toEqual([]);
});

test("an answer is promoted to a column that asks as it was asked", async () => {
  await open();
  await page.click("More actions");
  page.root.querySelectorAll<HTMLElement>("article")[1]?.focus();
  await page.settled();
  page.find("article[data-id=a] [aria-label='More actions']").click();
  await page.settled();
  await page.click("Promote to a column");
  expect(names()).toEqual(["Baseline", "Variant B", "Variant C"]);
  expect(chips(3)).toEqual(["demo-slow", "prompt v1"]);
});

test("a page promotes an answer as it was asked, not as the next one would be", async () => {
  const other = { name: "other", label: "Another one", demo: false };
  const asked = {
    parent: "q",
    role: "assistant",
    model: "large",
    connection: "Another one",
  } as const;
  const { connections } = firstSnapshot.settings;
  page = new Page({
    snapshot: {
      ...firstSnapshot,
      thread: { ...thread, params: { seed: 1 }, messages: [message("q"), message("a", asked)] },
      settings: { ...firstSnapshot.settings, connections: [...connections, other] },
    },
  });
  page.kernel.channel.peer = "server";
  await page.settled();
  page.find("article[data-id=a] [aria-label='More actions']").click();
  await page.settled();
  await page.click("Promote to a column");
  expect(page.requests("promote")).toEqual([]);
  expect(page.store.drafts.compare.value?.variants[2]).toMatchObject({
    model: "large",
    system: "",
    params: {},
    connection: "other",
  });
});

test("comparisons stand below the threads: they open, get names, and go when that is meant", async () => {
  await open({ comparisons: [comparison({ id: "x", name: "Greetings", status: "complete" })] });
  await page.click("Threads");
  await page.click("Comparisons");
  const listed = () => page.texts(".pgw-comparisons .pgw-thread__open > span");
  expect(listed()).toEqual(["Greetings"]);

  await page.click("More about “Greetings”");
  await page.click("Rename");
  await page.type("[role=dialog] input", "Hellos");
  page.find("[role=dialog] [type=submit]").click();
  await page.settled();
  expect(listed()).toEqual(["Hellos"]);

  await page.click("Hellos");
  expect(page.find(".pgw-compare")).toBeTruthy();
  await page.click("Threads");
  await page.click("Comparisons");
  await page.click("More about “Hellos”");
  await page.click("Delete");
  expect(page.requests("delete_comparison")).toEqual([]);
  page.find("[role=dialog] .pgw-btn--danger").click();
  await page.settled();
  expect(listed()).toEqual([]);
});
