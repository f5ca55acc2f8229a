import fc from "fast-check";
import { expect, test } from "vitest";
import { escaped, unescaped } from "./stop-text.ts";

test("a new line is shown and typed as \\n", () => {
  expect(escaped("\n\n")).toBe("\\n\\n");
  expect(unescaped("\\n")).toBe("\n");
  expect(unescaped("\\d")).toBe("\\d");
});

test("what is shown, typed again, is the same text on one line", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(unescaped(escaped(text))).toBe(text);
      expect(escaped(text)).not.toMatch(/[\n\r\t]/);
    }),
  );
});
