import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  codePoints,
  dropCodePoints,
  estimateTokens,
  leaf,
  type Message,
  path,
  siblings,
  type Thread,
  textOf,
  wellFormed,
} from "./model.ts";

/** Any sequence of UTF-16 units, halves of pairs among them. */
const units = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff })))
  .map((codes) => String.fromCharCode(...codes));

test("tokens are estimated as the kernel estimates them", () => {
  expect(["", "abcd", "abcde", "über", "🐧🐧🐧"].map(estimateTokens)).toEqual([0, 1, 2, 2, 2]);
});

describe("code points", () => {
  test("are counted as iteration counts them, for any text", () => {
    fc.assert(fc.property(units, (text) => codePoints(text) === [...text].length));
  });

  test("are dropped from the front as iteration would drop them", () => {
    fc.assert(
      fc.property(units, fc.nat(20), (text, n) => {
        expect(dropCodePoints(text, n)).toBe([...text].slice(n).join(""));
      }),
    );
  });

  test("of well-formed text stay the same in number however it is cut", () => {
    fc.assert(
      fc.property(units, units, (a, b) => {
        const [first, second] = [wellFormed(a), wellFormed(b)];
        expect(codePoints(first + second)).toBe(codePoints(a) + codePoints(b));
        expect(wellFormed(first)).toBe(first);
      }),
    );
  });

  test("of whole pairs survive", () => {
    expect(wellFormed("🐧e\u0301")).toBe("🐧e\u0301");
    expect(wellFormed("a\ud83d")).toBe("a\ufffd");
  });
});

function message(id: string, parent: string | null): Message {
  return { id, parent, role: "user", content: [], status: "complete", created: 0 };
}

function thread(head: string | null, ...messages: Message[]): Thread {
  return {
    id: "t",
    title: "",
    system: "",
    prompts: [],
    model: "",
    params: {},
    created: 0,
    head,
    messages,
  };
}

const ids = (messages: readonly Message[]) => messages.map(({ id }) => id);

describe("the tree", () => {
  const tree = thread(
    "c1",
    message("a", null),
    message("b1", "a"),
    message("c1", "b1"),
    message("b2", "a"),
    message("c2", "b1"),
    message("d2", "c2"),
  );

  test("has an active path from the root to its head", () => {
    expect(ids(path(tree))).toEqual(["a", "b1", "c1"]);
    expect(ids(path(tree, "d2"))).toEqual(["a", "b1", "c2", "d2"]);
    expect(path(thread(null))).toEqual([]);
  });

  test("knows all versions of a message, oldest first", () => {
    expect(ids(siblings(tree, "b2"))).toEqual(["b1", "b2"]);
    expect(ids(siblings(tree, "a"))).toEqual(["a"]);
    expect(siblings(tree, "nobody")).toEqual([]);
  });

  test("leads from a message to the end of the newest path through it", () => {
    expect(leaf(tree, "b1")).toBe("d2");
    expect(leaf(tree, "c1")).toBe("c1");
    expect(leaf(tree, "a")).toBe("b2");
  });
});

test("the text of a tool call is its arguments, and a picture has none", () => {
  expect(textOf({ type: "tool_call", id: "c", name: "f", arguments: "{}" })).toBe("{}");
  expect(textOf({ type: "image", url: "https://example.org/a.png" })).toBe("");
  expect(textOf({ type: "refusal", text: "No." })).toBe("No.");
});
