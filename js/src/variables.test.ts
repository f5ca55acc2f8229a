import fc from "fast-check";
import { describe, expect, it } from "vitest";
import golden from "../../tests/fixtures/variables.json" with { type: "json" };
import { names, pieces, rendered } from "./variables.ts";

describe("variables in text", () => {
  it.each(golden.cases)("are the ones that Python finds in $text", (given) => {
    expect(names(given.text)).toEqual(given.names);
    expect(rendered(given.text, golden.values)).toBe(given.rendered);
  });

  it("are cut out of a text without losing any of it", () => {
    const part = fc.constantFrom("{{", "}}", "{", "}", "\\", "\\frac", " ", "name", "b.c", "\n");
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string({ maxLength: 3 }))), (parts) => {
        const text = parts.join("");
        expect(
          pieces(text)
            .map((piece) => piece.text)
            .join(""),
        ).toBe(text);
      }),
    );
  });

  it("are not looked for in values", () => {
    expect(rendered("{{a}}", { a: "{{a}}" })).toBe("{{a}}");
  });
});
