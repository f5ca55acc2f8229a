// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import type { Settings, Thread } from "../../model.ts";
import type { Request } from "../../protocol.ts";
import { firstSnapshot } from "../../testing/first-snapshot.ts";
import { Page, type PageOptions } from "../../testing/page.tsx";
import { modelWords } from "./parameters.tsx";

let page: Page;

afterEach(() => page.close());

interface Options extends PageOptions {
  readonly params?: Thread["params"];
  readonly settings?: Partial<Settings>;
}

async function open({ params = {}, settings = {}, ...options }: Options = {}): Promise<void> {
  const snapshot = {
    ...firstSnapshot,
    thread: { ...firstSnapshot.thread, params },
    settings: { ...firstSnapshot.settings, ...settings },
  };
  page = new Page({ snapshot, width: 1000, ...options });
  await page.settled();
  await page.click("Parameters");
}

const row = (name: string) => page.find(`[data-param=${name}]`);
const field = (name: string) => page.find<HTMLInputElement>(`[data-param=${name}] input`);
const sent = () => page.requests("set").map((request) => (request as { params?: unknown }).params);

async function type(name: string, text: string): Promise<void> {
  field(name).focus();
  await page.type(`[data-param=${name}] input`, text);
}

async function leave(name: string): Promise<void> {
  field(name).blur();
  await page.settled();
}

/** As if Python had set something. */
async function setElsewhere(params: Thread["params"]): Promise<void> {
  page.kernel.channel.send({ type: "set", params, request: "python" });
  await page.settled();
}

test("what is set has a way back, and what is not shows what the service uses", async () => {
  await open({ params: { temperature: 0.3, stop: ["\n\n", "END"] } });
  expect(field("temperature").value).toBe("0.3");
  expect(row("temperature").className).toContain("is-changed");
  expect(page.texts("[data-param=stop] .pgw-tokens > span")).toEqual(["\\n\\n", "END"]);
  expect(field("top_p").value).toBe("");
  expect(field("top_p").placeholder).toBe("1.00");
  expect(field("seed").placeholder).toBe("random");
  expect(row("top_p").className).not.toContain("is-changed");

  await page.click("Reset temperature");
  expect(sent()).toEqual([{ temperature: null }]);
  expect(row("temperature").className).not.toContain("is-changed");
  expect(page.store.thread.value.params).toEqual({ stop: ["\n\n", "END"] });

  await page.click("Reset all 1");
  expect(page.store.thread.value.params).toEqual({});
  expect(page.control("Reset all").textContent).toBe("Reset all");
});

test("what is typed is set when one leaves the field, at the latest", async () => {
  await open();
  await type("temperature", "0.");
  await type("temperature", "0.7");
  await leave("temperature");
  expect(sent().at(-1)).toEqual({ temperature: 0.7 });
  expect(page.store.thread.value.params).toEqual({ temperature: 0.7 });
});

test("what cannot be meant says what can, and is not sent", async () => {
  await open({ params: { temperature: 0.3 } });
  await type("temperature", "9");
  await leave("temperature");
  expect(row("temperature").textContent).toContain("0 to 2");
  expect(field("temperature").ariaInvalid).toBe("true");
  expect(field("temperature").value).toBe("9");
  expect(sent()).toEqual([]);
});

test("changes from elsewhere are followed, but not in the field that is being typed in", async () => {
  await open({ params: { temperature: 0.3, seed: 1 } });
  field("temperature").focus();
  await page.type("[data-param=temperature] input", "warm");
  await setElsewhere({ temperature: 1.5, seed: 2 });
  expect(field("temperature").value).toBe("warm");
  expect(field("seed").value).toBe("2");
});

test("the code is of what is shown, also where that was typed a moment ago", async () => {
  await open();
  await type("temperature", "0.7");
  await page.click("View code");
  expect(page.find(".pgw-codeview").textContent).toContain('"temperature": 0.7');
  expect(page.requests("code")).toMatchObject([{ message: null }]);
});

test("a slider is a range that arrows move", async () => {
  await open();
  const slider = page.find<HTMLInputElement>("[data-param=top_p] [type=range]");
  expect([slider.min, slider.max, slider.ariaLabel]).toEqual(["0", "1", "Top p"]);
  slider.value = "0.5";
  slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
  slider.dispatchEvent(new Event("change", { bubbles: true }));
  await page.settled();
  expect(sent()).toEqual([{ top_p: 0.5 }]);
  expect(field("top_p").value).toBe("0.5");
});

test("stop texts are typed with \\n, added by Enter and taken away by Backspace", async () => {
  await open();
  await type("stop", "\\n\\n");
  await page.press("Enter");
  await type("stop", "END");
  await page.press("Enter");
  expect(page.store.thread.value.params.stop).toEqual(["\n\n", "END"]);
  await page.press("Backspace");
  expect(page.store.thread.value.params.stop).toEqual(["\n\n"]);
  await page.click("Remove \\n\\n");
  expect(page.store.thread.value.params).toEqual({});
  expect(document.activeElement).toBe(field("stop"));
});

test("a schema is sent while it makes sense, and kept while it does not", async () => {
  const schema = { type: "object" };
  const json_schema = { name: "bird", strict: true, schema };
  await open({ params: { response_format: { type: "json_schema", json_schema } } });
  const area = "[data-param=response_format] textarea";
  await page.type(area, '{"type": "array"}');
  page.find(area).dispatchEvent(new FocusEvent("blur"));
  await page.settled();
  expect(sent()).toEqual([
    {
      response_format: {
        type: "json_schema",
        json_schema: { name: "bird", strict: true, schema: { type: "array" } },
      },
    },
  ]);

  await page.type(area, '{\n"type": "arra"}');
  expect(row("response_format").textContent).toContain('type is "arra", which is no type.');
  await page.type(area, '{\n"type"');
  expect(row("response_format").textContent).toContain("Line 2: a colon is missing.");
  expect(sent()).toHaveLength(1);

  // Also while the panel is closed.
  await page.click("Close parameters");
  await page.click("Parameters");
  expect(page.find<HTMLTextAreaElement>(area).value).toBe('{\n"type"');
});

test("an answer's format is text unless it is said otherwise", async () => {
  await open();
  const option = (label: string) =>
    [...row("response_format").querySelectorAll("label")].find(
      (each) => each.textContent === label,
    ) as HTMLElement;
  option("JSON").click();
  await page.settled();
  option("Schema").click();
  await page.settled();
  option("Text").click();
  await page.settled();
  expect(sent()).toMatchObject([
    { response_format: { type: "json_object" } },
    { response_format: { type: "json_schema", json_schema: { schema: { type: "object" } } } },
    { response_format: null },
  ]);
});

test("parameters that do nothing here say so", async () => {
  const settings = { refused: ["temperature"], ignored: ["seed"] };
  await open({ params: { seed: 1 }, settings });
  expect(row("temperature").textContent).toContain("not used by this model");
  expect(row("seed").textContent).toContain("not in this API");
  expect(row("top_p").textContent).not.toContain("not ");
  await page.click("Reset seed");
  expect(sent()).toEqual([{ seed: null }]);
});

test("tools are switched, and how one is added is said where Python is", async () => {
  const tool = (name: string, confirm: boolean) => ({
    name,
    signature: `${name}(x)`,
    description: "Does it.\nAnd more.",
    parameters: {},
    confirm,
    enabled: true,
  });
  await open({ settings: { tools: [tool("look", false), tool("run", true)] } });
  expect(page.texts(".pgw-tool p")).toEqual(["Does it.", "Does it. Asks before each call."]);
  await page.click("run(x)");
  expect(page.requests("set_tool")).toMatchObject([{ name: "run", enabled: false }]);
  expect(page.control("run(x)").ariaChecked).toBe("false");

  await page.click("Add a function");
  expect(page.find("[role=dialog][aria-label='Add a function']").textContent).toContain("pg.tools");
  await page.press("Escape");
  expect(document.activeElement).toBe(page.control("Add a function"));
});

test("what was refused is kept, and can be sent again", async () => {
  await open();
  const { channel } = page.kernel;
  const kernel = channel.onRequest;
  channel.onRequest = ({ request }: Request) => {
    const error = { kind: "store", title: "The disk is full", detail: "Nothing changed." };
    channel.takeEvents({ type: "refused", request, error });
  };
  await type("seed", "7");
  await leave("seed");
  expect(page.find(".pgw-panel [role=alert]").textContent).toContain("The disk is full");
  expect(field("seed").value).toBe("7");
  channel.onRequest = kernel;
  await page.click("Try again");
  expect(page.store.thread.value.params).toEqual({ seed: 7 });
  expect(page.root.querySelector(".pgw-panel [role=alert]")).toBeNull();
});

test("what was being typed for one thread does not reach another", async () => {
  await open();
  const typed = type("seed", "7");
  // Before the pause after which it would be sent.
  page.kernel.channel.send({ type: "new_thread", request: "python" });
  await typed;
  await vi.waitFor(() => expect(page.store.thread.value.id).toContain("new"));
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(sent()).toEqual([]);
  expect(field("seed").value).toBe("");
});

test("nor does it in a page that was too busy to show the other thread at once", async () => {
  await open();
  const typed = type("seed", "7");
  page.kernel.channel.send({ type: "new_thread", request: "python" });
  const start = performance.now();
  while (performance.now() - start < 300);
  await typed;
  await page.settled();
  expect(page.store.thread.value.id).toContain("new");
  expect(sent()).toEqual([]);
});

test("Ctrl+. opens it beside wide messages; Escape closes it and returns to its button", async () => {
  page = new Page({ width: 1000 });
  await page.settled();
  page.find("textarea").focus();
  await page.press(".", { ctrlKey: true });
  expect(document.activeElement).toBe(page.find(".pgw-panel--dock"));
  expect(page.find(".pgw-chat").hasAttribute("inert")).toBe(false);

  // It is no layer there: Escape in the composer is the composer's.
  page.find("textarea").focus();
  await page.press("Escape");
  page.find(".pgw-panel").focus();
  await page.press("Escape");
  expect(page.root.querySelector(".pgw-panel")).toBeNull();
  expect(document.activeElement).toBe(page.control("Parameters"));
});

test("in a narrower widget it lies over the messages, which rest meanwhile", async () => {
  await open({ width: 640 });
  expect(page.root.querySelector(".pgw-panel--dock")).toBeNull();
  expect(page.find(".pgw-chat").hasAttribute("inert")).toBe(true);
  await page.click("Threads");
  expect(page.root.querySelector(".pgw-panel")).toBeNull();
  await page.click("Parameters");
  expect(page.root.querySelector(".pgw-drawer")).toBeNull();
  await page.press("Escape");
  expect(page.find(".pgw-chat").hasAttribute("inert")).toBe(false);
});

test.each([
  [
    { id: "m", context: 1_047_576, input_price: 0.4, output_price: 1.6 },
    false,
    "1M context · $0.40 / $1.60 per M",
  ],
  [{ id: "m", input_price: 0.4, output_price: 1.6 }, false, "$0.40 / $1.60 per M"],
  [{ id: "m", context: 8000 }, true, "8k context · offline"],
  [{ id: "m" }, false, ""],
])("%j is said as %s %s", (model, demo, words) => {
  expect(modelWords(model, demo)).toBe(words);
});
