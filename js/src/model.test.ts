import { expect, test } from "vitest";
import { textOf } from "./model.ts";

test("the text of a tool call is its arguments, and a picture has none", () => {
  expect(textOf({ type: "tool_call", id: "c", name: "f", arguments: "{}" })).toBe("{}");
  expect(textOf({ type: "image", url: "https://example.org/a.png" })).toBe("");
  expect(textOf({ type: "refusal", text: "No." })).toBe("No.");
});
