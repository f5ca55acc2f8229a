import fc from "fast-check";
import { expect, test } from "vitest";
import type { Part } from "../model.ts";
import { callText, cellOf, codeCells, plainText, withText } from "./content.ts";

const text = (words: string): Part => ({ type: "text", text: words });
const image: Part = { type: "image", media_type: "image/png", data: "" };
const thought: Part = { type: "reasoning", text: "hm" };

test("an edit replaces the text where it stood and keeps what is not text", () => {
  expect(withText([thought, text("a"), image], "b")).toEqual([thought, text("b"), image]);
  expect(withText([text("a"), image, text("c")], "b")).toEqual([text("b"), image]);
  expect(withText([image], "b")).toEqual([image, text("b")]);
});

test("emptying the text of a message with a picture leaves the picture", () => {
  expect(withText([text("a"), image], "")).toEqual([image]);
  expect(withText([text("a")], "")).toEqual([text("")]);
});

test("what is shown for editing is what saving keeps", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (words) => {
      expect(plainText(withText([thought, text("old"), image], words))).toBe(words);
    }),
  );
});

test("a tool call reads like a call", () => {
  expect(callText("describe", '{"frame": "penguins", "n": 3}')).toBe(
    'describe(frame="penguins", n=3)',
  );
  expect(callText("ask", '{"words": "one two three"}', 8)).toBe('ask(words="one two…")');
  expect(callText("now", "")).toBe("now()");
  expect(callText("half", '{"a": ')).toBe('half({"a": )');
});

test("each fenced block of code becomes a cell, whatever stands around it", () => {
  const source = [
    "Words",
    "```python",
    "x = 1",
    "",
    "y = 2",
    "```",
    "~~~~",
    "```",
    "inner",
    "```",
    "~~~~",
    "````md",
    "```",
    "````",
    "```python",
    "never closed",
  ].join("\n");
  expect(codeCells(source)).toEqual([
    { type: "code", source: "x = 1\n\ny = 2" },
    { type: "code", source: "```\ninner\n```" },
    { type: "markdown", source: "````md\n```\n````" },
  ]);
});

test("code becomes a cell that runs it where the notebook can, else one that shows it", () => {
  expect(cellOf("1 + 1", "Python3")).toEqual({ type: "code", source: "1 + 1" });
  expect(cellOf("1 + 1", "")).toEqual({ type: "code", source: "1 + 1" });
  expect(cellOf("ls", "bash")).toEqual({ type: "code", source: "%%bash\nls" });
  expect(cellOf("x()", "js")).toEqual({ type: "code", source: "%%javascript\nx()" });
  expect(cellOf("SELECT 1", "sql")).toEqual({
    type: "markdown",
    source: "```sql\nSELECT 1\n```",
  });
  expect(cellOf("x", "constructor").type).toBe("markdown");
});
