// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { moduleFromSource, Page } from "../testing/page.tsx";

let page: Page;

afterEach(() => page.close());

test("panels that do not come are said in a toast, and can be tried again", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  let times = 0;
  const module = (name: string) => {
    if (name === "panels") times++;
    return times === 1 ? Promise.reject(new TypeError("Failed to fetch")) : moduleFromSource(name);
  };
  page = new Page({ module });
  await page.settled();

  await page.click("Export");
  expect(page.root.querySelector("[role=dialog]")).toBeNull();
  expect(page.texts(".pgw-toast")[0]).toContain("could not be loaded");

  await page.click("Try again");
  await vi.waitFor(() => page.find("[role=dialog][aria-label=Export]"));
  expect(times).toBe(2);

  // Once they are there, nobody asks for them again.
  await page.click("Close");
  await page.click("Export");
  page.find("[role=dialog][aria-label=Export]");
  expect(times).toBe(2);
});
