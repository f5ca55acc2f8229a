// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import type { NewCell } from "../../host.ts";
import { firstSnapshot } from "../../testing/first-snapshot.ts";
import { Page, type PageOptions } from "../../testing/page.tsx";
import { message } from "../../testing/samples.ts";
import { percentScript } from "./export-dialog.tsx";
import { shortened } from "./export-preview.tsx";

let page: Page;

afterEach(() => page.close());

const thread = {
  ...firstSnapshot.thread,
  title: "Birds",
  system: "Be brief",
  messages: [message("q"), message("a", { parent: "q", role: "assistant" })],
  head: "a",
};

async function open(options: PageOptions = {}): Promise<void> {
  page = new Page({ snapshot: { ...firstSnapshot, thread }, ...options });
  await page.settled();
  await page.click("Export");
}

/** A notebook that takes cells. */
function notebook() {
  const inserted: (readonly NewCell[])[] = [];
  const insertCells = async (cells: readonly NewCell[]) => void inserted.push(cells);
  return { inserted, insertCells };
}

/** What the browser was told to save. */
function saved(): { name: string; text: () => Promise<string> }[] {
  const found: { name: string; text: () => Promise<string> }[] = [];
  const blobs = new Map<string, Blob>();
  vi.stubGlobal(
    "URL",
    Object.assign(URL, {
      createObjectURL: (blob: Blob) => {
        blobs.set(`blob:${blobs.size}`, blob);
        return `blob:${blobs.size - 1}`;
      },
      revokeObjectURL: () => undefined,
    }),
  );
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    const blob = blobs.get(this.href);
    found.push({ name: this.download, text: async () => (await blob?.text()) ?? "" });
  });
  return found;
}

const primary = () => page.find(".pgw-dialog .pgw-btn--primary");

test("cells are previewed and inserted with their metadata; the dialog closes", async () => {
  const { inserted, insertCells } = notebook();
  await open({ insertCells });
  expect(page.root.querySelectorAll(".pgw-nbcell")).toHaveLength(4);
  expect(primary().textContent).toContain("Insert 4 cells");
  primary().click();
  await page.settled();
  expect(inserted[0]?.map(({ type, metadata }) => [type, metadata])).toEqual([
    ["markdown", {}],
    ["code", {}],
    ["code", {}],
    ["markdown", {}],
  ]);
  expect(page.root.querySelector("[role=dialog]")).toBe(null);
  expect(page.find(".pgw-toast").textContent).toContain("4 cells inserted");
});

test("where the notebook takes no cells none are offered", async () => {
  await open();
  expect(page.texts(".pgw-export__side label")).toEqual([
    "Notebook (.ipynb)",
    "Markdown",
    "JSON",
    "Web page (.html)",
    "Python script",
    "cURL",
  ]);
  expect(primary().textContent).toContain("Download notebook");
});

test("the options are those of the format, and the kernel hears of them", async () => {
  await open(notebook());
  await page.click("Transcript");
  await page.click("Code as cells");
  await page.click("Parameters");
  expect(page.requests("export").at(-1)).toMatchObject({
    format: "cells",
    style: "transcript",
    system: true,
    params: false,
    answers: true,
    branches: false,
    code_cells: true,
  });
  await page.click("cURL");
  expect(page.texts(".pgw-check")).toEqual(["System prompt", "Parameters"]);
  const asked = page.requests("export").at(-1);
  expect(asked).toMatchObject({ format: "curl", system: true, params: false });
  expect(asked).not.toHaveProperty("style");
});

test("Enter downloads the file that is chosen", async () => {
  const files = saved();
  await open();
  await page.click("Markdown");
  page.find<HTMLInputElement>("[data-first]").focus();
  await page.press("Enter");
  expect(files.map(({ name }) => name)).toEqual(["birds.md"]);
  expect(await files[0]?.text()).toContain("Be brief");
  expect(page.root.querySelector("[role=dialog]")).toBe(null);
});

test("a notebook is looked at as cells, and downloaded as a file", async () => {
  const files = saved();
  await open();
  expect(page.root.querySelectorAll(".pgw-nbcell")).toHaveLength(4);
  primary().click();
  await page.settled();
  expect(files.map(({ name }) => name)).toEqual(["birds.ipynb"]);
  expect(JSON.parse((await files[0]?.text()) ?? "")).toMatchObject({ nbformat: 4 });
});

test("what is inserted is the latest choice, though its preview has not come", async () => {
  const { inserted, insertCells } = notebook();
  await open({ insertCells });
  page.control("Answers").click();
  primary().click();
  await page.settled();
  expect(inserted[0]).toHaveLength(3);
});

test("what was left before it was ready is not inserted, and closes nothing else", async () => {
  const { inserted, insertCells } = notebook();
  await open({ insertCells });
  const { channel } = page.kernel;
  const { onRequest } = channel;
  let answer = () => {};
  channel.onRequest = (asked) => {
    if (asked.type === "export") answer = () => onRequest(asked);
    else onRequest(asked);
  };
  page.control("Answers").click();
  primary().click();
  await page.press("Escape");
  page.find(".pgw-log").focus();
  await page.press("?");
  answer();
  await page.settled();
  expect(inserted).toEqual([]);
  expect(page.find("[role=dialog]").ariaLabel).toBe("Keys");
});

test("two widgets of a page choose their formats each by itself", async () => {
  await open();
  const first = page;
  page = new Page({ snapshot: { ...firstSnapshot, thread } });
  await page.settled();
  await page.click("Export");
  const chosen = (of: Page) => of.texts(".pgw-export__side label:has(:checked)");
  await page.click("Markdown");
  expect([chosen(first), chosen(page)]).toEqual([["Notebook (.ipynb)"], ["Markdown"]]);
  first.close();
});

test("a refusal stands where the preview would", async () => {
  await open();
  page.kernel.channel.onRequest = ({ request }) => {
    const error = { kind: "bad_request", title: "There is nothing to export", detail: "" };
    page.kernel.channel.takeEvents({ type: "refused", request, error });
  };
  await page.click("JSON");
  expect(page.find(".pgw-preview [role=alert]").textContent).toBe("There is nothing to export");
});

test("Ctrl+Shift+E opens it, and Escape returns to its button", async () => {
  page = new Page();
  await page.settled();
  page.find(".pgw-composer textarea").focus();
  await page.press("E", { ctrlKey: true, shiftKey: true });
  expect(page.find("[role=dialog]").ariaLabel).toBe("Export");
  await page.press("Escape");
  expect(document.activeElement).toBe(page.control("Export"));
});

test("a long preview is cut, with the last cell", () => {
  const cell = (source: string) => ({ type: "code" as const, source, metadata: {} });
  const cells = ["aaaa", "bbbb", "cccc"].map(cell);
  expect(shortened(cells, 6)).toEqual({ cells: [cell("aaaa"), cell("bb")], cut: true });
  expect(shortened(cells, 12)).toEqual({ cells, cut: false });
});

test("copied cells are a text that editors read as cells", () => {
  const cells = [
    { type: "markdown", source: "# A\n\nb", metadata: {} },
    { type: "code", source: "1 + 1", metadata: {} },
  ] as const;
  expect(percentScript(cells)).toBe("# %% [markdown]\n# # A\n#\n# b\n\n# %%\n1 + 1\n");
});
