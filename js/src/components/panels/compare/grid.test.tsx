// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import type { CellStep, ComparisonSnapshot } from "../../../comparison/model.ts";
import { cell, comparison, variant } from "../../../testing/compared.ts";
import { firstSnapshot } from "../../../testing/first-snapshot.ts";
import { Page } from "../../../testing/page.tsx";
import { message } from "../../../testing/samples.ts";
import { frameCode } from "./frame-dialog.tsx";
import { gridMove } from "./grid-keys.ts";

let page: Page;

afterEach(() => page.close());

const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    index,
    data: { review: `Review ${index}`, expected: "good" },
  }));

const place = (row: number, of: number) => ({ row, variant: of, sample: 0 });

/** Three rows by two variants: two answers, one failed, the rest waiting. */
function reviews(more: Partial<ComparisonSnapshot> = {}): ComparisonSnapshot {
  const failed = {
    kind: "timeout",
    title: "Timed out after 30 s",
    detail: "",
    actions: [],
  } as const;
  return comparison({
    name: "reviews",
    status: "paused",
    columns: ["review", "expected"],
    input: "review",
    rows: rows(3),
    variants: [variant({ name: "Plain" }), variant({ name: "Pirate" })],
    scorers: [
      { name: "exact", kind: "exact" },
      { name: "polite", kind: "judge", prompt: "Is it polite?" },
    ],
    cells: [
      cell(place(0, 0), {
        output: "good",
        scores: { exact: { value: true }, polite: { value: 0.75, reason: "It says thank you." } },
        timing: { duration: 0.52 },
        cost: 0.0001,
        request_id: "req_1",
      }),
      cell(place(0, 1), { output: "arr", scores: { exact: { value: false } }, cost: 0 }),
      cell(place(1, 0), { status: "failed", error: failed }),
    ],
    progress: { total: 6, complete: 2, failed: 1, cancelled: 0, running: 0, cost: 0.031 },
    summary: [
      { variant: "Plain", measures: { exact: { mean: 0.844, low: 0.78, high: 0.9, n: 32 } } },
      { variant: "Pirate", measures: { exact: { mean: 0.677, n: 32 } }, duration: 0.22, cost: 0 },
    ],
    ...more,
  });
}

async function show(kept: ComparisonSnapshot = reviews()): Promise<void> {
  const settings = { ...firstSnapshot.settings, comparison: kept.id };
  const compared = () => ({ text: "good" });
  page = new Page({ snapshot: { ...firstSnapshot, settings }, comparisons: [kept], compared });
  await page.settled();
  await page.settled();
}

const at = (row: number, column: number) =>
  page.find(`td[data-row="${row}"][data-column="${column}"]`);

test("each cell says how far it is, what it says and how it was scored", async () => {
  await show();
  expect(at(0, 0).textContent).toBe("goodmatchpolite 0.750.5 s$0.0001");
  expect(at(0, 1).textContent).toBe("arrdiffersfree");
  expect(at(1, 0).textContent).toBe("Timed out after 30 sTry again");
  expect(at(1, 1).ariaLabel).toBe("Waiting");
  expect(page.texts("tbody th")[0]).toContain("Review 0");
});

test("a button that asks for all that failed says how many that are", async () => {
  const error = { kind: "timeout", title: "Timed out after 30 s", detail: "", actions: [] };
  const cells = [0, 1].map((column) => cell(place(0, column), { status: "failed", error }));
  const kept = reviews({ cells });
  await show({ ...kept, progress: { ...kept.progress, failed: 2 } });
  expect(at(0, 0).textContent).toContain("Try all 2 again");
});

test("the foot has the means, with the interval beside them and the best one marked", async () => {
  await show();
  const [first, second] = [...page.root.querySelectorAll<HTMLElement>("tfoot tr:first-child td")];
  expect(first?.textContent).toContain("84.4%");
  expect(first?.title).toBe("95% interval 78.0% to 90.0%, n = 32");
  expect(first?.querySelector(".pgw-progress--plain")).toBe(null);
  expect(second?.querySelector(".pgw-progress--plain")).toBeTruthy();
  expect(second?.textContent).toContain("0.22 s · free");
});

test("a screen reader is told of all rows, the heads and the means among them", async () => {
  await show();
  const grid = page.find("[role=grid]");
  const told = [...grid.querySelectorAll("tr")].map((each) => Number(each.ariaRowIndex));
  expect(told).toEqual([1, 2, 3, 4, 5, 6]);
  expect(grid.ariaRowCount).toBe("6");
});

test("arrows move between the cells, one of which Tab goes to", async () => {
  await show();
  at(0, 0).focus();
  await page.press("ArrowRight");
  await page.press("ArrowDown");
  expect(document.activeElement).toBe(at(1, 1));
  expect(page.root.querySelectorAll('td[tabindex="0"]')).toHaveLength(1);
  expect(at(1, 1).tabIndex).toBe(0);
  await page.press("Home", { ctrlKey: true });
  expect(document.activeElement).toBe(at(0, 0));
});

test("Enter opens the cell with all of its answer, and the focus comes back to it", async () => {
  await show();
  at(0, 0).focus();
  await page.press("Enter");
  const dialog = page.find("[role=dialog]");
  expect(dialog.ariaLabel).toBe("Row 0, A Plain");
  for (const said of ["Review 0", "good", "It says thank you.", "Is it polite?", "req_1"]) {
    expect(dialog.textContent).toContain(said);
  }
  await page.press("Escape");
  expect(document.activeElement).toBe(at(0, 0));
});

const step = (more: Partial<CellStep>): CellStep => ({
  round: 0,
  id: "call_1",
  name: "look",
  arguments: '{"lamp": 3}',
  ...more,
});

test("the calls of an answer stand above it in its dialog, closed, each with its result", async () => {
  const steps = [
    step({ result: "warm light", duration: 0.038 }),
    step({ id: "call_2", name: "price", error: "KeyError: 'lamp'", result: "KeyError: 'lamp'" }),
  ];
  await show(reviews({ cells: [cell(place(0, 0), { output: "good", steps })] }));
  expect(at(0, 0).textContent).toContain("2 calls");
  at(0, 0).click();
  await page.settled();
  const heads = page.texts("[role=dialog] .pgw-fold__head");
  expect(heads[0]).toBe("look(lamp=3)38 msdone");
  expect(heads[1]).toContain("Result of look");
  expect(heads[2]).toBe("price(lamp=3)failed");
  expect(heads[3]).toContain("price failed");
  expect(page.texts("[role=dialog] .pgw-fold__body")).toEqual([]);
  await page.click("Result of look");
  await page.click("price failed");
  expect(page.texts("[role=dialog] .pgw-fold__body")).toEqual(["warm light", "KeyError: 'lamp'"]);
});

test("an answer of the wrong format says why, and one that was declined is no plain answer", async () => {
  const cells = [
    cell(place(0, 0), { output: "{}", invalid: "at .price: Field required" }),
    cell(place(0, 1), { output: "I cannot say.", refused: true }),
  ];
  await show(reviews({ cells, scorers: [] }));
  expect(at(0, 0).textContent).toBe("{}wrong format");
  expect(at(0, 1).textContent).toBe("I cannot say.declined");
  at(0, 0).click();
  await page.settled();
  expect(page.find("[role=dialog] .pgw-note").textContent).toContain("at .price: Field required");
  await page.click("Close");
  at(0, 1).click();
  await page.settled();
  expect(page.find("[role=dialog]").textContent).toContain("The model declined:I cannot say.");
});

test("a refused parameter is named, and asking the same again is not offered", async () => {
  const error = {
    kind: "param_refused",
    title: "small does not take top p",
    detail: "Nothing was charged.",
    actions: ["without", "retry"],
    param: "top_p",
  } as const;
  await show(reviews({ cells: [cell(place(0, 0), { status: "failed", error })] }));
  expect(at(0, 0).textContent).toBe("small does not take top p");
  at(0, 0).click();
  await page.settled();
  const note = page.find("[role=dialog] .pgw-note");
  expect(note.textContent).toContain("small does not take top p");
  expect(note.textContent).toContain("To ask without top p, reset it in the variant");
  expect(note.querySelector("button")).toBe(null);
});

test("a pause that waits for what is being asked says so, and can be taken back", async () => {
  const cells = [cell(place(0, 0), { status: "running" })];
  const pausing = reviews({ status: "running", cells });
  await show({ ...pausing, progress: { ...pausing.progress, running: 1, pausing: true } });
  expect(page.find(".pgw-bar__far").textContent).toContain("pausing, 1 to end");
  await page.click("Resume");
  expect(page.requests("steer")).toMatchObject([{ action: "resume" }]);
});

/** Two answers of each variant to the first row. */
const sampled = () =>
  reviews({
    samples: 2,
    cells: [0, 1].flatMap((sample) => [
      cell(
        { row: 0, variant: 0, sample },
        { output: `answer ${sample + 1}`, request_id: `r${sample}` },
      ),
      cell({ row: 0, variant: 1, sample }, { output: `other ${sample + 1}` }),
    ]),
  });

test("a cell goes through its samples by itself, and the focus stays in the grid", async () => {
  await show(sampled());
  const next = () => at(0, 0).querySelector<HTMLButtonElement>("[aria-label='Next sample']");
  expect(at(0, 0).textContent).toContain("answer 1sample 1/2");
  next()?.click();
  await page.settled();
  expect(at(0, 0).textContent).toContain("answer 2sample 2/2");
  expect(at(0, 1).textContent).toContain("other 1");
  expect(next()?.disabled).toBe(true);
  expect(page.root.querySelector("[role=dialog]")).toBe(null);
  expect(document.activeElement).toBe(at(0, 0));
});

test("left and right go through the samples of an opened cell, and the cell and its column follow", async () => {
  await show(sampled());
  at(0, 0).focus();
  await page.press("Enter");
  await page.press("ArrowRight");
  const dialog = page.find("[role=dialog]");
  expect(dialog.textContent).toContain("answer 2");
  expect(dialog.textContent).toContain("r1");
  await page.press("ArrowRight");
  expect(dialog.textContent).toContain("sample 2/2");
  await page.press("ArrowLeft");
  expect(dialog.textContent).toContain("answer 1");
  await page.press("ArrowRight");
  await page.press("Escape");
  expect(at(0, 0).textContent).toContain("answer 2");
  await page.click("Columns");
  expect(page.texts(".pgw-col__body")[0]).toBe("answer 2");
});

test("a cell that waits in one sample shows the other", async () => {
  const kept = sampled();
  await show({ ...kept, cells: kept.cells.filter(({ sample }) => sample === 1) });
  expect(at(0, 0).ariaLabel).toBe("Waiting");
  at(0, 0).querySelector<HTMLButtonElement>("[aria-label='Next sample']")?.click();
  await page.settled();
  expect(at(0, 0).textContent).toContain("answer 2");
});

test("a click opens the cell that it is on, and Try again does not", async () => {
  await show();
  at(0, 1).click();
  await page.settled();
  expect(page.find("[role=dialog]").ariaLabel).toBe("Row 0, B Pirate");
  await page.click("Close");
  await page.click("Try again");
  expect(page.requests("steer")).toMatchObject([{ action: "retry_failed" }]);
  expect(page.root.querySelector("[role=dialog]")).toBe(null);
});

test("what was interrupted says so, and has the one button of the bar", async () => {
  await show(reviews({ status: "interrupted" }));
  expect(page.texts(".pgw-notice")).toEqual(["What ran this has stopped. What came is kept."]);
  expect(page.texts(".pgw-compare button").filter((text) => text === "Resume")).toHaveLength(1);
});

test("what is paused goes on, and its cells fill", async () => {
  await show();
  expect(page.find(".pgw-bar__far").textContent).toBe("3 of 6 · 1 failed · $0.031 · paused");
  await page.click("Resume");
  expect(page.requests("steer")).toMatchObject([{ action: "resume" }]);
  await vi.waitFor(() => expect(at(2, 1).textContent).toContain("good"));
});

test("a row far away is there once the keys reach it, and not before", async () => {
  vi.stubGlobal("IntersectionObserver", NeverSeen);
  await show(reviews({ rows: rows(1000) }));
  expect(page.root.querySelectorAll("tbody tr").length).toBeLessThan(100);
  at(0, 0).focus();
  await page.press("End", { ctrlKey: true });
  expect(document.activeElement).toBe(at(999, 1));
  expect(page.root.querySelectorAll("tbody tr").length).toBeLessThan(150);
});

test("the columns show the answers to one row, and go to the next", async () => {
  await show();
  await page.click("Columns");
  expect(page.find(".pgw-prompt__text").textContent).toBe("Review 0");
  await page.click("Next row");
  expect(page.find(".pgw-prompt__text").textContent).toBe("Review 1");
  expect(page.texts(".pgw-col__body")[0]).toContain("Timed out");
});

/** The same over a conversation with a message to answer. */
async function showOverChat(): Promise<void> {
  const kept = reviews({ id: "reviews" });
  const content = [{ type: "text", text: "Which is heaviest?" }] as const;
  const thread = { ...firstSnapshot.thread, messages: [message("q", { content })], head: "q" };
  const settings = { ...firstSnapshot.settings, comparison: kept.id };
  page = new Page({ snapshot: { ...firstSnapshot, thread, settings }, comparisons: [kept] });
  await page.settled();
  await page.settled();
}

test("above the answers to rows nothing asks about the conversation that does not say so", async () => {
  await showOverChat();
  at(0, 0).focus();
  await page.press("Enter", { ctrlKey: true });
  await page.click("Columns");
  page.find(".pgw-col__body").focus();
  await page.press("Enter", { ctrlKey: true });
  expect(page.requests("compare")).toEqual([]);
  expect(page.texts("button").join()).not.toContain("Run all");
  const ask = page.control("Ask the conversation");
  expect(ask.title).toContain("“Which is heaviest?”, not this row");
  ask.click();
  await page.settled();
  const [asked] = page.requests("compare");
  expect(asked).not.toHaveProperty("rows");
  expect(asked).not.toHaveProperty("csv");
  await vi.waitFor(() => expect(page.texts(".pgw-prompt__text")).toEqual(["Which is heaviest?"]));
});

test("from the columns of rows one more grid is put together, with its variants", async () => {
  await show();
  await page.click("Columns");
  await page.click("More about this comparison");
  await page.click("New grid");
  expect(page.find(".pgw-newgrid h3").textContent).toBe("Ask every row of a file");
});

test("a new name is shown at once", async () => {
  await show();
  await page.click("More about this comparison");
  await page.click("Rename");
  await page.type("[role=dialog] input", "lamps");
  page.find("[role=dialog] [type=submit]").click();
  await page.settled();
  await page.settled();
  expect(page.find(".pgw-bar__what .pgw-tag").textContent).toBe("lamps");
});

test("To DataFrame shows the code that gets the answers", async () => {
  await show();
  await page.click("To DataFrame");
  expect(page.find("[role=dialog]").textContent).toContain('pg.comparison("reviews").to_frame()');
  expect(frameCode('a "b"')).toBe('frame = pg.comparison("a \\"b\\"").to_frame()');
});

/** The form of a new grid, with a file of two rows chosen. */
async function compose(): Promise<string> {
  page = new Page({ compared: () => ({ text: "good" }) });
  await page.settled();
  await page.click("Compare");
  await page.click("Grid");
  const field = page.find<HTMLInputElement>("input[type=file][accept*=csv]");
  const text = 'review,expected\n"Late, but fine",good\nBroken,bad\n';
  const file = new File([text], "lamps.csv", { type: "text/csv" });
  file.text = async () => text;
  Object.defineProperty(field, "files", { value: [file] });
  field.dispatchEvent(new Event("change", { bubbles: true }));
  await page.settled();
  return text;
}

test("a grid is made of a file, with scorers for its answers", async () => {
  const text = await compose();
  expect(page.find(".pgw-newgrid small").textContent).toBe("2 rows, 2 columns: review, expected");
  await page.click("It is what a column says");
  await page.type(".pgw-newgrid textarea", "Is it polite?");
  await page.click("Run 2 rows × 2 variants");
  expect(page.requests("compare")).toMatchObject([
    {
      csv: text,
      input: "review",
      name: "lamps",
      scorers: [
        { kind: "exact", column: "expected", case: false },
        { kind: "judge", prompt: "Is it polite?" },
      ],
    },
  ]);
  await vi.waitFor(() => expect(page.texts("td")).not.toEqual([]));
});

test("a look at the columns or the chat loses nothing of a grid that is put together", async () => {
  await compose();
  await page.type("textarea[placeholder^='None. Such as']", "Is it polite?");
  for (const there of [
    ["Columns", "Grid"],
    ["Chat", "Compare"],
  ]) {
    for (const name of there) await page.click(name);
    const judge = page.find<HTMLTextAreaElement>("textarea[placeholder^='None. Such as']");
    expect([there, judge.value]).toEqual([there, "Is it polite?"]);
    expect(page.find(".pgw-newgrid__file").textContent).toBe("lamps.csv");
  }
});

test("a file that cannot be read says so", async () => {
  await show();
  await page.click("More about this comparison");
  await page.click("New grid");
  const field = page.find<HTMLInputElement>("input[type=file][accept*=csv]");
  const file = new File(["a\n1"], "gone.csv", { type: "text/csv" });
  file.text = () => Promise.reject(new DOMException("It is gone", "NotFoundError"));
  Object.defineProperty(field, "files", { value: [file] });
  field.dispatchEvent(new Event("change", { bubbles: true }));
  await page.settled();
  expect(page.find(".pgw-newgrid [role=alert]").textContent).toContain("gone.csv");
});

test("answers are scored by a JSON schema, which has to be one before anything runs", async () => {
  await compose();
  await page.click("It fits a JSON schema");
  await page.type(".pgw-newgrid .pgw-json textarea", '{"type": "objct"}');
  expect(page.find(".pgw-field__problem").textContent).toContain('"objct", which is no type');
  await page.click("Run 2 rows × 2 variants");
  expect(page.requests("compare")).toEqual([]);
  expect(page.find(".pgw-newgrid [role=alert]").textContent).toContain("JSON schema");
  await page.type(".pgw-newgrid .pgw-json textarea", "");
  await page.click("Run 2 rows × 2 variants");
  expect(page.requests("compare")).toEqual([]);
  await page.type(".pgw-newgrid .pgw-json textarea", '{"type": "object"}');
  await page.click("Run 2 rows × 2 variants");
  expect(page.requests("compare")).toMatchObject([
    { scorers: [{ kind: "fits_schema", schema: { type: "object" } }] },
  ]);
});

test("keys that are not the grid's are left alone, and none leads out of it", () => {
  const press = (key: string, more = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...more,
  });
  const from = { row: 0, column: 1 };
  expect(gridMove(press("a"), from, 9, 2)).toBeUndefined();
  expect(gridMove(press("ArrowUp"), from, 9, 2)).toEqual(from);
  expect(gridMove(press("ArrowRight"), from, 9, 2)).toEqual(from);
  expect(gridMove(press("PageDown"), from, 9, 2)).toEqual({ row: 8, column: 1 });
  expect(gridMove(press("End", { ctrlKey: true }), from, 9, 2)).toEqual({ row: 8, column: 1 });
  expect(gridMove(press("ArrowDown", { altKey: true }), from, 9, 2)).toBeUndefined();
});

/** A window in which nothing comes near. */
class NeverSeen {
  observe(): void {}

  unobserve(): void {}

  disconnect(): void {}
}
