// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import type { ErrorInfo, Message } from "../../model.ts";
import type { Request } from "../../protocol.ts";
import { firstSnapshot } from "../../testing/first-snapshot.ts";
import { Page } from "../../testing/page.tsx";
import { message } from "../../testing/samples.ts";
import { parseWire, type Wire } from "./results.ts";
import { textOf } from "./wire-dialog.tsx";

let page: Page;

afterEach(() => page.close());

const timing = { duration: 2, first_token: 0.4 };

async function open(more: Partial<Message> = {}): Promise<void> {
  const answer = message("a", { parent: "q", role: "assistant", model: "demo", timing, ...more });
  const thread = { ...firstSnapshot.thread, messages: [message("q"), answer], head: "a" };
  page = new Page({ snapshot: { ...firstSnapshot, thread } });
  await page.settled();
}

async function choose(label: string): Promise<void> {
  page.find("[data-id=a] [aria-label='More actions']").click();
  await page.settled();
  await page.click(label);
}

/** The kernel says something else. */
function answer(type: Request["type"], result: object): void {
  const { channel } = page.kernel;
  const kernel = channel.onRequest;
  channel.onRequest = (request) => {
    if (request.type === type)
      channel.takeEvents({ type: "done", request: request.request, result });
    else kernel(request);
  };
}

const WIRE: Wire = {
  request: { url: "http://x/v1/chat/completions", method: "POST", body: { model: "demo" } },
  rebuilt: false,
  attempts: [],
  chunks: [],
  omitted: 0,
  recorded: false,
};

test("the code of an answer is shown in both languages, and copied", async () => {
  const copied: string[] = [];
  vi.stubGlobal("navigator", {
    clipboard: { writeText: async (text: string) => copied.push(text) },
  });
  await open();
  await choose("View code");
  expect(page.find(".pgw-codeview").textContent).toContain("from openai import OpenAI");
  await page.click("cURL");
  expect(page.requests("code")).toMatchObject([
    { language: "python", message: "a" },
    { language: "curl", message: "a" },
  ]);
  expect(page.find(".pgw-codeview pre").textContent).toContain("curl http");
  page.find(".pgw-codeview .pgw-btn--primary").click();
  await page.settled();
  expect(copied).toEqual([page.find(".pgw-codeview pre").textContent]);
});

test("the figures of an answer open what was sent for it, and get the focus back", async () => {
  await open();
  page.find(".pgw-figures").focus();
  page.find(".pgw-figures").click();
  await page.settled();
  const dialog = page.find("[role=dialog][aria-label='What was sent']");
  expect(dialog.textContent).toContain("POST");
  expect(dialog.textContent).toContain('"stream"');
  expect(dialog.textContent).not.toContain("rebuilt");

  await page.click("Attempts 2");
  expect(page.texts(".pgw-wire__attempts li")[0]).toContain("HTTP 429 request req_1");
  expect(page.texts(".pgw-wire__attempts li")[0]).toContain("Tried again after 2.00 s.");
  await page.click("Chunks 1");
  expect(page.texts(".pgw-wire__chunks li")).toEqual([
    '0.400{"choices":[{"index":0,"delta":{"content":"a"}}]}',
  ]);
  await page.press("Escape");
  expect(document.activeElement).toBe(page.find(".pgw-figures"));
});

test("a request that was not kept is said to be rebuilt", async () => {
  await open();
  answer("wire", { ...WIRE, rebuilt: true });
  await choose("What was sent");
  expect(page.find(".pgw-wire").textContent).toContain("rebuilt from what is stored");
  await page.click("Attempts 0");
  expect(page.find(".pgw-wire").textContent).toContain("not kept");
  await page.click("Chunks 0");
  expect(page.find(".pgw-wire").textContent).toContain("record=True");
});

test("of very many chunks some are shown, and more when they are asked for", async () => {
  await open();
  const chunks = Array.from({ length: 20_000 }, (_, i) => ({ at: i / 100, text: `chunk ${i}` }));
  answer("wire", { ...WIRE, chunks, omitted: 3 });
  await choose("What was sent");
  await page.click("Chunks 20,003");
  expect(page.texts(".pgw-wire__chunks li")).toHaveLength(200);
  await page.click("Show 200 more of 19,800");
  expect(page.texts(".pgw-wire__chunks li")).toHaveLength(400);
  expect(page.find(".pgw-wire").textContent).toContain("3 more chunks came and are not kept");
  expect(textOf({ ...WIRE, chunks }, "chunks").split("\n")).toHaveLength(20_001);
});

test("once all chunks are shown the focus is among them, and Escape closes", async () => {
  await open();
  const chunks = Array.from({ length: 250 }, (_, i) => ({ at: i / 100, text: `chunk ${i}` }));
  answer("wire", { ...WIRE, chunks });
  await choose("What was sent");
  await page.click("Chunks 250");
  page.control("Show 50 more of 50").focus();
  await page.click("Show 50 more of 50");
  expect(document.activeElement).toBe(page.find(".pgw-dialog__body"));
  await page.press("Escape");
  expect(page.root.querySelector("[role=dialog]")).toBeNull();
});

test("what makes no sense on the wire is refused with words", async () => {
  await open();
  answer("wire", { ...WIRE, chunks: [{ at: "soon", text: 1 }] });
  await choose("What was sent");
  expect(page.find(".pgw-wire [role=alert]").textContent).toContain("makes no sense");
  expect(() => parseWire({ ...WIRE, omitted: -1 })).toThrow();
  expect(parseWire({ ...WIRE, attempts: [{ at: 0 }] }).attempts[0]?.status).toBeNull();
});

test("an answer is shown as its tokens, and as it was by the same entry", async () => {
  await open({ has_logprobs: true, content: [{ type: "text", text: "Hello there" }] });
  await choose("Token probabilities");
  const tokens = page.texts("[data-token]");
  expect(tokens).toEqual(["Hell", "o th", "ere"]);
  expect(page.find("[data-token]").ariaLabel).toBe("Hell, 100%");
  expect(page.texts(".pgw-legend")[0]).toContain("under 10%");

  page.find("[data-token]").focus();
  await page.press("ArrowRight");
  expect(document.activeElement?.textContent).toBe("o th");
  await page.press("Enter");
  expect(page.find(".pgw-chances").textContent).toContain("…");
  await page.press("Escape");
  expect(document.activeElement?.textContent).toBe("o th");

  await choose("Rendered answer");
  expect(page.texts("[data-token]")).toEqual([]);
  expect(page.find("[data-id=a]").textContent).toContain("Hello there");
});

test("an answer without probabilities does not offer them", async () => {
  await open();
  page.find("[data-id=a] [aria-label='More actions']").click();
  await page.settled();
  const items = page.texts("[role=menuitem]");
  expect(items.some((item) => item.includes("What was sent"))).toBe(true);
  expect(items.some((item) => item.includes("Token probabilities"))).toBe(false);
});

test("a parameter that a model refused is left out and the answer asked for again", async () => {
  const error: ErrorInfo = {
    kind: "param_refused",
    title: "The model does not take top p",
    detail: "",
    actions: ["without", "retry"],
    param: "top_p",
  };
  await open({ status: "failed", error, content: [] });
  await page.click("Ask again without top p");
  expect(page.kernel.channel.sent.slice(-2)).toMatchObject([
    { type: "set", params: { top_p: null } },
    { type: "regenerate", message: "a" },
  ]);
});
