import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codePoints, dropCodePoints, estimateTokens, wellFormed } from "./text.ts";

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
