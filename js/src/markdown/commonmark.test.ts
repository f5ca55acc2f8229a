// @vitest-environment jsdom
import { tests } from "commonmark-spec";
import { describe, expect, it } from "vitest";
import { toSpecHtml } from "./fixtures/html.ts";
import { commonMark, describeNodes, everything, inOneGo, inPieces } from "./fixtures/render.ts";

describe("CommonMark", { timeout: 120_000 }, () => {
  it("has all its 652 examples shown as specified", () => {
    expect(tests).toHaveLength(652);
    for (const { number, markdown, html } of tests) {
      const text = markdown.replaceAll("→", "\t");
      const shown = toSpecHtml(inOneGo(text, commonMark));
      expect.soft(shown, `example ${number}`).toBe(html.replaceAll("→", "\t"));
    }
  });

  it.each([1, 4, 7])("gives the same nodes %i code units at a time as in one go", (size) => {
    for (const { number, markdown } of tests) {
      const text = markdown.replaceAll("→", "\t");
      const whole = describeNodes(inOneGo(text));
      expect(describeNodes(inPieces(text, size)), `example ${number}`).toBe(whole);
      // With every open block long enough for a shortcut.
      expect(describeNodes(inPieces(text, size, everything, 1)), `example ${number}`).toBe(whole);
    }
  });

  it("is changed by maths and autolinks in these examples only", () => {
    const changed = (syntax: typeof everything) =>
      tests
        .filter(({ markdown }) => {
          const text = markdown.replaceAll("→", "\t");
          return describeNodes(inOneGo(text, syntax)) !== describeNodes(inOneGo(text, commonMark));
        })
        .map(({ number }) => number);
    expect(changed({ maths: true, autolinks: false })).toEqual([12]);
    expect(changed({ maths: false, autolinks: true })).toEqual([602, 608, 611, 612]);
  });
});
