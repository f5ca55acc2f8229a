// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import type { Message } from "../model.ts";
import { firstSnapshot } from "../testing/first-snapshot.ts";
import { Page, type PageOptions } from "../testing/page.tsx";
import { message } from "../testing/samples.ts";

let page: Page;

afterEach(() => page.close());

const SQL = '{"query": "select 1\\nfrom penguins"}';
const call = (id: string, name: string, json: string) =>
  ({ type: "tool_call", id, name, arguments: json }) as const;

const ASKED = message("u");
const CALLS = message("a", {
  role: "assistant",
  parent: "u",
  content: [call("c1", "describe", '{"frame": "penguins", "n": 3}'), call("c2", "run_sql", SQL)],
});
const result = (id: string, parent: string, more: Partial<Message> = {}) =>
  message(id, { role: "tool", parent, tool_call_id: "c1", ...more });

async function open(messages: readonly Message[], options: PageOptions = {}): Promise<void> {
  const head = messages.at(-1)?.id ?? null;
  const running = messages.some(({ status }) => status === "streaming") ? "a" : null;
  const settings = { ...firstSnapshot.settings, running };
  const thread = { ...firstSnapshot.thread, messages, head };
  page = new Page({ snapshot: { ...firstSnapshot, thread, settings }, ...options });
  await page.settled();
}

const heads = () => page.texts(".pgw-msg--assistant .pgw-fold__head");
const article = (id: string) => page.find(`article[data-id="${id}"]`);

test("a call says how long it took once there is a result, and nothing before", async () => {
  await open([ASKED, CALLS, result("r1", "a", { timing: { duration: 0.038 } })]);
  expect(heads()).toEqual([
    'describe(frame="penguins", n=3)38 msdone',
    'run_sql(query="select 1\\nfrom penguins")',
  ]);
});

test.each([
  ["tool_failed", "failed"],
  ["tool_timeout", "timed out"],
  ["tool_refused", "refused"],
  ["tool_unknown", "no such tool"],
  ["tool_arguments", "wrong arguments"],
])("a call that ended with %s says %s, and its result is marked", async (kind, words) => {
  const error = { kind, title: "It did not work", detail: "KeyError: mass", actions: [] };
  await open([ASKED, CALLS, result("r1", "a", { status: "failed", error })]);
  expect(heads()[0]).toContain(words);
  expect(article("r1").querySelector(".is-failed")?.textContent).toContain("It did not work");
  expect(article("r1").textContent).toContain("KeyError: mass");
});

test("a call that runs and its result say so", async () => {
  await open([ASKED, CALLS, result("r1", "a", { status: "streaming", content: [] })]);
  expect(heads()[0]).toContain("Running");
  expect(article("r1").querySelector(".pgw-live")?.textContent).toContain("Running");
});

test("the same id in an earlier turn is another call's", async () => {
  const later = { ...CALLS, id: "b", parent: "r1", content: [call("c1", "count", "{}")] };
  await open([ASKED, CALLS, result("r1", "a"), later, result("r2", "b")]);
  expect(article("r1").textContent).toContain("describe");
  expect(article("r2").textContent).toContain("count");
});

test("arguments are shown as indented JSON, a text alone as it is", async () => {
  await open([ASKED, CALLS]);
  for (const head of page.root.querySelectorAll<HTMLElement>(".pgw-fold__head")) head.click();
  await page.settled();
  expect(page.texts(".pgw-fold__body")).toEqual([
    '{\n  "frame": "penguins",\n  "n": 3\n}',
    "select 1\nfrom penguins",
  ]);
});

test("a short result is open, a long one closed with its size", async () => {
  const long = "line\n".repeat(200);
  const content = [{ type: "text" as const, text: long }];
  await open([
    ASKED,
    CALLS,
    result("r1", "a"),
    result("r2", "r1", { tool_call_id: "c2", content }),
  ]);
  expect(article("r1").querySelector(".pgw-fold__body")?.textContent).toBe("r1");
  expect(article("r2").querySelector(".pgw-fold__body")).toBeNull();
  expect(article("r2").textContent).toContain("200 lines, 1 KB");
});

test("a table that was returned is shown as one, above it what the model reads", async () => {
  const table = {
    type: "table" as const,
    text: "species\nGentoo\nAdelie",
    columns: ["species"],
    rows: [["Gentoo"], ["Adelie"]],
    shape: [2, 1] as const,
  };
  await open([ASKED, CALLS, result("r1", "a", { content: [table] })]);
  expect(article("r1").textContent).toContain("2 rows, 21 B");
  expect(article("r1").querySelector(".pgw-fold__body")).toBeNull();
  expect(article("r1").querySelectorAll("tbody tr")).toHaveLength(2);
});

// -------------------------------------------------------------------------------- consent

const asks = () => vi.waitFor(() => page.control("Run once"), { timeout: 5000 });
const ends = () => vi.waitFor(() => expect(page.kernel.running).toBe(false), { timeout: 5000 });

async function askFor(question: string): Promise<void> {
  page = new Page({ speed: 1e6 });
  await page.settled();
  page.find(".pgw-composer textarea").focus();
  await page.type(".pgw-composer textarea", question);
  await page.press("Enter");
  await asks();
  await page.settled();
}

test("a tool that asks is announced, shown with its arguments, and takes no focus", async () => {
  await askFor("run_sql");
  expect(document.activeElement).toBe(page.find(".pgw-composer textarea"));
  expect(page.find(".pgw-sr[role=status]").textContent).toContain("Waiting for you: run_sql(");
  expect(page.find(".pgw-fold").textContent).toContain("Waiting for you");
  expect(page.find(".pgw-fold__body").textContent).toContain("\nfrom penguins");
});

test.each([
  ["Run once", { type: "allow", always: false }],
  ["Always run in this thread", { type: "allow", always: true }],
  ["Refuse", { type: "deny" }],
] as const)("%s answers it, and the answer goes on", async (name, sent) => {
  await askFor("run_sql");
  const [waiting] = page.store.path.value.filter(({ consent }) => consent);
  await page.click(name);
  expect(page.requests(sent.type)[0]).toMatchObject({ ...sent, message: waiting?.id });
  await ends();
  await page.settled();
  const roles = page.store.path.value.map(({ role }) => role);
  expect(roles).toEqual(["user", "assistant", "tool", "assistant"]);
  expect(page.store.path.value[2]?.status).toBe(sent.type === "deny" ? "failed" : "complete");
  expect(page.store.path.value[2]?.consent).toBeUndefined();
});

test("who answers by key keeps the focus in the message", async () => {
  await askFor("run_sql");
  page.control("Refuse").focus();
  await page.press("Enter");
  expect(document.activeElement?.closest("article")?.className).toContain("pgw-msg--assistant");
  await ends();
});

test("Escape on it stops the run", async () => {
  await askFor("run_sql");
  page.control("Run once").focus();
  await page.press("Escape");
  expect(page.requests("stop")).toHaveLength(1);
  await ends();
  await page.settled();
  expect(heads()[0]).toContain("stopped");
});

test("Escape in the composer and Stop end it too", async () => {
  await askFor("run_sql");
  await page.press("Escape");
  await ends();
  expect(page.store.path.value.at(-1)?.status).toBe("cancelled");
});

// -------------------------------------------------------------------------------- results

test("a result can be edited and the answer asked for again, also the first of several", async () => {
  const answer = message("b", { role: "assistant", parent: "r2" });
  await open([ASKED, CALLS, result("r1", "a"), result("r2", "r1", { tool_call_id: "c2" }), answer]);
  article("r1").focus();
  await page.press("Enter");
  await page.type('textarea[name="edit"]', "4 rows");
  await page.click("Save and regenerate");
  expect(page.requests("edit")[0]).toMatchObject({ message: "r1", rerun: true });
});

test("R on the first of several results writes the answer to them again", async () => {
  const answer = message("b", { role: "assistant", parent: "r2" });
  await open([ASKED, CALLS, result("r1", "a"), result("r2", "r1", { tool_call_id: "c2" }), answer]);
  article("r1").focus();
  await page.press("r");
  expect(page.requests("regenerate")[0]).toMatchObject({ message: "b" });
});
