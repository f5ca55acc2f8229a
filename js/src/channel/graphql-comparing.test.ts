import { describe, expect, test } from "vitest";
import type { CellKey } from "../comparison/model.ts";
import { parseBegun, parseComparisons, parseUsed } from "../comparison/protocol.ts";
import { type ShownComparison, shownComparison } from "../comparison/shown.ts";
import type { RequestBody, Store } from "../store.ts";
import { cell, comparison, variant } from "../testing/compared.ts";
import type { FakeKernelOptions } from "../testing/fake-kernel.ts";
import { FakeServer } from "../testing/fake-server.ts";
import { pages, passing } from "../testing/graphql-pages.ts";
import { message, snapshot } from "../testing/samples.ts";

const graphql = pages();

const at = (of: number): CellKey => ({ row: 0, variant: of, sample: 0 });
const kept = comparison({
  id: "kept",
  status: "paused",
  variants: [variant(), variant({ name: "B" })],
  cells: [
    cell(at(0), {
      output: "Ahoy",
      scores: { exact: { value: true } },
      timing: { first_token: 0.2, duration: 1 },
      steps: [{ round: 0, id: "c", name: "look", arguments: "{}", result: "a ship" }],
    }),
  ],
  scorers: [{ name: "exact", kind: "exact" }],
});

interface Page {
  readonly server: FakeServer;
  readonly store: Store;
  readonly compared: ShownComparison;
  /** Waits for the answer. */
  ask(body: RequestBody): Promise<unknown>;
}

async function open(more: FakeKernelOptions = {}): Promise<Page> {
  const content = [{ type: "text", text: "Who are you?" }] as const;
  const start = snapshot(5, [message("u", { content })]);
  const compared = () => ({ text: "0123456789".repeat(20) });
  const server = new FakeServer({ snapshot: start, comparisons: [kept], compared, ...more });
  const store = graphql.open({ thread: "t" });
  const shown = shownComparison(store);
  await passing();
  const ask = async (body: RequestBody) => {
    const asked = store.request(body).catch((error: unknown) => error);
    await passing();
    return asked;
  };
  return { server, store, compared: shown, ask };
}

const begin: RequestBody = { type: "compare", variants: [{ name: "A" }, { name: "B" }] };

function words({ compared }: Page, of: number): string {
  const state = compared.shown.value?.cell(at(of)).value;
  return state?.live?.parts.map(({ text }) => text).join("") ?? state?.cell.output ?? "";
}

describe("a comparison on a page", () => {
  test("is opened with all that is known of it", async () => {
    const page = await open();
    expect(await page.ask({ type: "open_comparison", comparison: "kept" })).toMatchObject({
      comparison: { id: "kept" },
    });
    expect(page.store.settings.value.comparison).toBe("kept");
    expect(page.compared.shown.value?.facts.value).toMatchObject({ id: "kept", status: "paused" });
    const { cells } = kept;
    expect(page.compared.shown.value?.cell(at(0)).value.cell).toEqual(cells[0]);
  });

  test("begins, and its answers come as they are written", async () => {
    const page = await open();
    const id = parseBegun(await page.ask(begin));
    await passing();
    expect(page.store.settings.value.comparison).toBe(id);
    const first = words(page, 1);
    await passing();
    expect(words(page, 1).length).toBeGreaterThan(first.length);
    await passing(3000);
    expect(page.compared.shown.value?.facts.value).toMatchObject({
      status: "complete",
      progress: { complete: 2 },
    });
    expect(words(page, 1)).toBe("0123456789".repeat(20));
  });

  test("goes on after a break with what came meanwhile", async () => {
    const page = await open();
    await page.ask(begin);
    await passing();
    page.server.goAway();
    await passing(200);
    const before = words(page, 0);
    page.server.comeBack();
    await passing(6000);
    expect(before.length).toBeLessThan(200);
    expect(words(page, 0)).toBe("0123456789".repeat(20));
    expect(page.compared.shown.value?.facts.value.status).toBe("complete");
  });

  test("goes on where a server that stops has ended it", async () => {
    const page = await open();
    await page.ask(begin);
    await passing();
    page.server.endComparison(page.store.settings.value.comparison ?? "");
    await passing(6000);
    expect(words(page, 0)).toBe("0123456789".repeat(20));
  });

  test("is shown no more once it is nowhere", async () => {
    const page = await open();
    await page.ask({ type: "open_comparison", comparison: "kept" });
    page.server.kernel.comparisons.carryOut({ type: "delete_comparison", comparison: "kept" });
    page.server.endComparison("kept");
    await passing(2000);
    expect(page.store.settings.value.comparison ?? null).toBe(null);
    expect(page.compared.shown.value).toBe(null);
  });

  test("that is not there is refused, and what was shown stays", async () => {
    const page = await open();
    await page.ask({ type: "open_comparison", comparison: "kept" });
    expect(await page.ask({ type: "open_comparison", comparison: "nowhere" })).toMatchObject({
      kind: "not_found",
    });
    expect(page.store.settings.value.comparison).toBe("kept");
    await page.ask({ type: "pick", comparison: "kept", row: 0, variant: 0 });
    expect(page.compared.shown.value?.facts.value.picks).toHaveLength(1);
  });

  test("that is asked for last is shown, and who asked for another hears so", async () => {
    const page = await open({ comparisons: [kept, { ...kept, id: "other" }] });
    const first = page.ask({ type: "open_comparison", comparison: "other" });
    await page.ask({ type: "open_comparison", comparison: "kept" });
    expect(await first).toMatchObject({ kind: "superseded" });
    expect(page.compared.shown.value?.id).toBe("kept");
  });

  test("is opened once for all who ask for it at the same time", async () => {
    const page = await open();
    const body: RequestBody = { type: "open_comparison", comparison: "kept" };
    const both = [page.store.request(body), page.store.request(body)];
    await passing();
    expect(await Promise.all(both)).toMatchObject([
      { comparison: { id: "kept" } },
      { comparison: { id: "kept" } },
    ]);
  });

  test("is closed without a word to the server but the end of its subscription", async () => {
    const page = await open();
    const { subscribers } = page.server;
    await page.ask({ type: "open_comparison", comparison: "kept" });
    expect(page.server.subscribers).toBe(subscribers + 1);
    await page.ask({ type: "close_comparison" });
    expect(page.server.subscribers).toBe(subscribers);
    expect(page.compared.shown.value).toBe(null);
  });

  test("is listed, renamed and deleted", async () => {
    const page = await open();
    await page.ask({ type: "rename_comparison", comparison: "kept", name: "Sailors" });
    expect(parseComparisons(await page.ask({ type: "comparisons", search: "sail" }))).toMatchObject(
      [{ id: "kept", name: "Sailors", status: "paused" }],
    );
    await page.ask({ type: "open_comparison", comparison: "kept" });
    await page.ask({ type: "delete_comparison", comparison: "kept" });
    expect(page.compared.shown.value).toBe(null);
    expect(parseComparisons(await page.ask({ type: "comparisons" }))).toEqual([]);
  });

  test("is picked from, steered and used, and tells of it", async () => {
    const page = await open();
    await page.ask({ type: "open_comparison", comparison: "kept" });
    await page.ask({ type: "pick", comparison: "kept", row: 0, variant: 0 });
    const facts = () => page.compared.shown.value?.facts.value;
    expect(facts()?.picks).toEqual([at(0)]);
    await page.ask({ type: "pick", comparison: "kept", row: 0, variant: null });
    expect(facts()?.picks).toEqual([]);
    const used = await page.ask({ type: "use_answer", comparison: "kept", ...at(0) });
    expect(page.store.thread.value.head).toBe(parseUsed(used));
    await page.ask({ type: "steer", comparison: "kept", action: "resume" });
    await passing(3000);
    expect(facts()?.status).toBe("complete");
    expect(words(page, 1)).toBe("0123456789".repeat(20));
  });
});
