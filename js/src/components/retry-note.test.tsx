// @vitest-environment jsdom
import { afterEach, expect, test } from "vitest";
import type { Retry } from "../model.ts";
import { Page } from "../testing/page.tsx";
import { snapshot, streaming } from "../testing/samples.ts";

let page: Page;

afterEach(() => page.close());

/** An answer that waits. */
async function waiting(retry: Omit<Retry, "error">, title: string, detail = ""): Promise<void> {
  const error = { kind: "rate_limited", title, detail, actions: [] };
  const answer = { ...streaming("a", null), retry: { ...retry, error } };
  page = new Page({ snapshot: snapshot(1, [answer]) });
  await page.settled();
}

const said = () => page.find(".pgw-note p").textContent;
const offered = () => page.texts(".pgw-note button");

test("a wait before one more attempt says which it will be", async () => {
  await waiting({ attempt: 2, attempts: 4, wait: 12 }, "OpenAI is limiting requests");
  expect(said()).toBe("Your message is kept. Trying again in 12 s (attempt 2 of 4).");
  expect(offered()).toEqual(["Try now", "Stop trying"]);
});

test("a wait for the limit that was set does not say that anything was asked", async () => {
  const detail = "Your message is kept, and goes before what comparisons ask.";
  await waiting({ attempt: 1, attempts: 4, wait: 12 }, "Asked as often as was set", detail);
  expect(said()).toBe(`${detail} It is sent in 12 s, when the rate limit allows it.`);
  expect(offered()).toEqual(["Send now", "Stop"]);
  await page.click("Send now");
  expect(page.requests("retry_now")).toHaveLength(1);
});
