// @vitest-environment jsdom

import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonTree } from "./tree.ts";

function drawn(...texts: readonly string[]): HTMLElement {
  const place = document.createElement("div");
  const tree = new JsonTree(place);
  for (const text of texts.slice(0, -1)) tree.grow(text);
  tree.end(texts.at(-1) ?? "");
  return place;
}

test("names, values and sizes are shown in their order", () => {
  const place = drawn('{"city": "Oslo", "days": [{"high": 21}, true], "note": null}');
  const lines = [...place.querySelectorAll(".pgw-tree__leaf, summary")].map((e) => e.textContent);
  expect(lines).toEqual([
    "3 fields",
    "city Oslo",
    "days 2 items",
    "0 1 field",
    "high 21",
    "1 true",
    "note null",
  ]);
});

test("it grows: what was there stays the same elements", () => {
  const place = document.createElement("div");
  const tree = new JsonTree(place);
  tree.grow('{"city": "Os');
  const city = place.querySelector(".pgw-tree__string");
  expect(city?.textContent).toBe("Os");
  tree.grow('{"city": "Oslo", "days": [1');
  expect(place.querySelector(".pgw-tree__string")).toBe(city);
  expect(city?.textContent).toBe("Oslo");
  tree.end('{"city": "Oslo", "days": [1, 2]}');
  expect(place.querySelector(".pgw-tree__string")).toBe(city);
  expect(place.querySelectorAll(".pgw-tree__number")).toHaveLength(2);
});

test("a text that a snapshot has corrected is drawn anew", () => {
  const place = document.createElement("div");
  const tree = new JsonTree(place);
  tree.grow('{"city": "Bergen"');
  tree.grow('{"city": "Oslo"');
  expect(place.querySelector(".pgw-tree__string")?.textContent).toBe("Oslo");
  tree.end('{"town": "Oslo"}');
  expect(place.querySelectorAll(".pgw-tree__leaf")).toHaveLength(1);
  expect(place.textContent).toContain("town");
});

test("grown in pieces and drawn at once are the same", () => {
  const json = fc.oneof(fc.json(), fc.string());
  fc.assert(
    fc.property(json, fc.array(fc.nat(500), { maxLength: 6 }), (text, cuts) => {
      const ends = cuts.map((at) => at % (text.length + 1)).sort((a, b) => a - b);
      const grown = drawn(...ends.map((end) => text.slice(0, end)), text);
      expect(grown.innerHTML).toBe(drawn(text).innerHTML);
    }),
  );
});

test("what is no JSON stands as it is, and what is cut off says so", () => {
  expect(drawn("Sorry, <b>no</b>").querySelector(".pgw-tree__rest")?.textContent).toBe(
    "Sorry, <b>no</b>",
  );
  expect(drawn('{"a": [1').textContent).toContain("It ends here, before its end.");
  expect(drawn('{"a": [1]}').textContent).not.toContain("It ends here");
});

test("markup in names and values stays text", () => {
  const place = drawn('{"<img src=x onerror=alert(1)>": "<script>alert(1)</script>"}');
  expect(place.querySelector("img, script")).toBeNull();
  expect(place.textContent).toContain("<script>alert(1)</script>");
});

test("a tree of any depth is drawn to a depth that a page can lay out", () => {
  const deep = 20_000;
  const place = drawn("[".repeat(deep) + "]".repeat(deep));
  expect(place.querySelectorAll("details").length).toBeLessThan(100);
  expect(place.textContent).toContain("[…]");
  expect(drawn(`${"[".repeat(100)}1${"]".repeat(100)}`).textContent).not.toContain("It ends");
});
