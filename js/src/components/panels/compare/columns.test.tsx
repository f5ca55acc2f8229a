// @vitest-environment jsdom
import { afterEach, expect, test } from "vitest";
import type { Part } from "../../../model.ts";
import { cell, comparison, variant } from "../../../testing/compared.ts";
import { firstSnapshot } from "../../../testing/first-snapshot.ts";
import { Page, type PageOptions } from "../../../testing/page.tsx";
import { message } from "../../../testing/samples.ts";

let page: Page;

afterEach(() => page.close());

const thread = {
  ...firstSnapshot.thread,
  system: "Be brief",
  messages: [message("q", { content: [{ type: "text", text: "Which is heaviest?" }] })],
  head: "q",
};
const blank = { ...firstSnapshot, thread };

/** A view of the conversation, with its comparison in front. */
async function compare(options: PageOptions = {}): Promise<void> {
  page = new Page({ snapshot: blank, ...options });
  await page.settled();
  await page.click("Compare");
}

/** A view of a comparison that has ended: two answers in two samples each. */
async function ended(more: Parameters<typeof comparison>[0] = {}): Promise<void> {
  const place = (of: number, sample: number) => ({ row: 0, variant: of, sample });
  const usage = (tokens: number) => ({ input_tokens: 9, output_tokens: tokens });
  const kept = comparison({
    status: "complete",
    samples: 2,
    variants: [variant({ name: "Plain" }), variant({ name: "Pirate", model: "large" })],
    cells: [
      cell(place(0, 0), { output: "Hello there", usage: usage(2), cost: 0.2 }),
      cell(place(1, 0), { output: "Ahoy there", usage: usage(4), cost: 0 }),
      cell(place(0, 1), { output: "Hi" }),
      cell(place(1, 1), { output: "Arr" }),
    ],
    ...more,
  });
  const settings = { ...firstSnapshot.settings, comparison: kept.id };
  page = new Page({ snapshot: { ...blank, settings }, comparisons: [kept] });
  await page.settled();
  await page.settled();
}

const answers = () => page.texts(".pgw-col__body");
const names = () => page.texts(".pgw-col__name > span:nth-child(2)");

async function until(done: () => boolean): Promise<void> {
  while (!done()) await page.settled();
}

test("two variants of the next answer stand side by side before anything is asked", async () => {
  await compare();
  expect(names()).toEqual(["Baseline", "Variant B"]);
  expect(page.find(".pgw-prompt__text").textContent).toBe("Which is heaviest?");
  expect(answers()).toEqual(["Not asked yet", "Not asked yet"]);
  expect(page.requests("compare")).toEqual([]);
});

test("what a question has beside its text is named, and alone too", async () => {
  const image = { type: "image" as const, media_type: "image/png", data: "AAAA" };
  const table = {
    type: "table" as const,
    text: "| a |",
    columns: ["a"],
    rows: [[1]],
    shape: [1, 1] as const,
  };
  const asking = (content: readonly Part[]) => ({
    snapshot: { ...blank, thread: { ...thread, messages: [message("q", { content })] } },
  });
  await compare(asking([{ type: "text", text: "And these?" }, image, image, table]));
  expect(page.find(".pgw-prompt__text").textContent).toBe("And these? 2 images, 1 table");
  page.close();
  await compare(asking([image]));
  expect(page.find(".pgw-prompt__text").textContent).toBe("1 image");
  page.close();
  await compare({ snapshot: { ...blank, thread: { ...thread, messages: [], head: null } } });
  expect(page.find(".pgw-prompt__text").textContent).toContain("Nothing to answer yet");
});

test("what was interrupted says so above the columns, and is resumed there", async () => {
  await ended({ status: "interrupted" });
  const notice = page.find(".pgw-notice");
  expect(notice.textContent).toBe("What ran this has stopped. What came is kept.Resume");
  await page.click("Resume");
  expect(page.requests("steer")).toMatchObject([{ action: "resume" }]);
});

test("run all asks each as it is, and shows the answers as they come", async () => {
  await compare({ compared: (_, { name }) => ({ text: `I am ${name}.` }), speed: 4000 });
  await page.click("Run all");
  await until(() => answers().every((text) => text.includes("I am")));
  expect(page.requests("compare")).toMatchObject([
    {
      samples: 1,
      variants: [
        { name: "Baseline", system: "Be brief", model: "demo", connection: "demo", params: {} },
        { name: "Variant B", system: "Be brief" },
      ],
    },
  ]);
  expect(answers()[0]).toContain("I am Baseline.");
});

test("Ctrl+Enter anywhere in it runs all", async () => {
  await compare();
  expect(page.control("Run all").title).toBe("Asks each variant “Which is heaviest?”");
  page.find(".pgw-col__body").focus();
  await page.press("Enter", { ctrlKey: true });
  expect(page.requests("compare")).toHaveLength(1);
});

test("a key that is held runs all once", async () => {
  await compare();
  page.find(".pgw-col__body").focus();
  const body = document.activeElement;
  const held = { key: "Enter", ctrlKey: true, bubbles: true, repeat: true };
  for (let i = 0; i < 3; i++) body?.dispatchEvent(new KeyboardEvent("keydown", held));
  await page.settled();
  expect(page.requests("compare")).toHaveLength(1);
});

test("a variant is added, changed and removed; what differs from A is marked", async () => {
  await compare();
  await page.click("Add variant");
  expect(names()).toEqual(["Baseline", "Variant B", "Variant C"]);
  await page.click("Edit variant C");
  await page.type(".pgw-variant [list]", "demo-slow");
  await page.type("[data-param=temperature] .pgw-input--num", "0.3");
  await page.click("Done");
  await page.settled();
  const chips = page.texts(".pgw-col:nth-child(3) .pgw-pill--diff");
  expect(chips).toEqual(["demo-slow", "temp 0.3"]);
  expect(page.texts(".pgw-col:nth-child(2) .pgw-pill--diff")).toEqual([]);
  await page.click("More about variant B");
  await page.click("Remove");
  expect(names()).toEqual(["Baseline", "Variant C"]);
});

test("what is half typed for one variant is not in another, nor in the conversation", async () => {
  await compare();
  const typed = () => page.find<HTMLTextAreaElement>("[data-param=extra] textarea").value;
  await page.click("Edit variant A");
  await page.type("[data-param=extra] textarea", '{"top_k":');
  await page.click("Done");
  await page.click("Edit variant B");
  expect(typed()).toBe("");
  await page.click("Done");
  await page.click("Edit variant A");
  expect(typed()).toBe('{"top_k":');
  await page.click("Done");
  await page.click("Parameters");
  expect(typed()).toBe("");
});

test("the focus stays in the comparison when the button that had it goes", async () => {
  await compare();
  const section = page.find(".pgw-compare");
  for (const count of [3, 4]) {
    page.control("Add variant").focus();
    await page.click("Add variant");
    expect(names()).toHaveLength(count);
    expect(section.contains(document.activeElement)).toBe(true);
  }
  await page.click("More about variant D");
  await page.click("Remove");
  expect(names()).toHaveLength(3);
  expect(section.contains(document.activeElement)).toBe(true);
});

test("a finished answer is shown as changes from A, or as it is", async () => {
  await ended();
  expect(names()).toEqual(["Plain", "Pirate"]);
  expect(page.texts(".pgw-col__body del")).toEqual(["Hello"]);
  expect(page.texts(".pgw-col__body ins")).toEqual(["Ahoy"]);
  await page.click("Show changes from A");
  expect(answers()).toEqual(["Hello there", "Ahoy there"]);
  expect(page.root.querySelector(".pgw-col__body del")).toBe(null);
});

test("each column goes through its samples by itself", async () => {
  await ended();
  await page.click("Show changes from A");
  await page.click("Next sample");
  expect(answers()).toEqual(["Hi", "Ahoy there"]);
});

test("bars share a scale, and the cheaper answer is marked but not the shorter one", async () => {
  await ended();
  const figures = [...page.root.querySelectorAll(".pgw-metrics")].map((each) => [
    ...each.querySelectorAll("b"),
  ]);
  const [first, second] = figures.map((each) => each.map(({ textContent }) => textContent));
  expect(first).toEqual(["–", "–", "2", "$0.20"]);
  expect(second).toEqual(["–", "–", "4", "free, the best"]);
});

test("left and right move between the columns, and W picks the answer", async () => {
  await ended();
  page.find(".pgw-col__body").focus();
  await page.press("ArrowRight");
  await page.press("w");
  expect(page.requests("pick")).toMatchObject([{ row: 0, variant: 1, sample: 0 }]);
  expect(page.find(".is-winner .pgw-pick").textContent).toBe("Winner");
  await page.press("w");
  expect(page.requests("pick").at(-1)).toMatchObject({ variant: null });
  expect(page.root.querySelector(".is-winner")).toBe(null);
});

test("hidden names and figures are shown once one is picked", async () => {
  await ended({ blind: true });
  expect(names()).toEqual(["Hidden", "Hidden"]);
  expect(page.root.querySelector(".pgw-metrics")).toBe(null);
  expect(page.root.querySelector(".pgw-pill")).toBe(null);
  expect(answers().toSorted()).toEqual(["Ahoy there", "Hello there"]);
  await page.click("Pick");
  expect(names()).toEqual(["Plain", "Pirate"]);
});

test("an answer becomes the next message, and the conversation is shown", async () => {
  await ended();
  await page.click("More about variant B");
  await page.click("Use as next message");
  expect(page.requests("use_answer")).toMatchObject([{ row: 0, variant: 1, sample: 0 }]);
  expect(page.texts("article .pgw-md").at(-1)).toBe("Ahoy there");
});

test("what failed says why and is tried again", async () => {
  const error = { kind: "timeout", title: "Timed out after 30 s", detail: "", actions: [] };
  const at = { row: 0, variant: 0, sample: 0 };
  await ended({ samples: 1, cells: [cell(at, { status: "failed", error })] });
  expect(page.find(".pgw-col .pgw-note h3").textContent).toBe("Timed out after 30 s");
  await page.click("Try again");
  expect(page.requests("steer")).toMatchObject([{ action: "retry_failed" }]);
});

test("a column shows calls, and what is wrong with an answer; calls not while names are hidden", async () => {
  const at = (of: number) => ({ row: 0, variant: of, sample: 0 });
  const steps = [{ round: 0, id: "c", name: "look", arguments: "{}", result: "a lamp" }];
  const cells = [
    cell(at(0), { output: "{}", invalid: "at .price: Field required", steps }),
    cell(at(1), { output: "I cannot say.", refused: true, steps }),
  ];
  await ended({ samples: 1, cells });
  expect(page.texts(".pgw-col:first-child .pgw-calls > summary")).toEqual(["1 call"]);
  expect(answers()[0]).toContain("look()");
  expect(answers()[0]).toContain("at .price: Field required");
  expect(answers()[1]).toContain("The model declined:");
  page.close();
  await ended({ samples: 1, cells, blind: true });
  expect(page.root.querySelector(".pgw-col .pgw-calls")).toBe(null);
  expect(answers().join()).toContain("at .price: Field required");
});

test("where there is room for one variant, tabs say which", async () => {
  page = new Page({ snapshot: blank, width: 360 });
  await page.settled();
  await page.click("More");
  await page.click("Compare");
  expect(names()).toEqual(["Baseline"]);
  await page.click("B Variant B");
  expect(names()).toEqual(["Variant B"]);
});

test("a page that shows a comparison shows it at once, and Chat shows the messages again", async () => {
  await ended();
  expect(page.find(".pgw-compare")).toBeTruthy();
  await page.click("Chat");
  expect(page.root.querySelector(".pgw-compare")).toBe(null);
  expect(page.texts("article .pgw-md")).toEqual(["Which is heaviest?"]);
});
