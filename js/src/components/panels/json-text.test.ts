import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonPieces, jsonProblem, pretty, problemWords } from "./json-text.ts";

test.each([
  ['{\n  "a": 1\n  "b": 2\n}', "Line 3: a comma or } is missing."],
  ["{\n  a: 1\n}", "Line 2: a name in double quotes is missing."],
  ['{"a" 1}', "Line 1: a colon is missing."],
  ['{"a": }', "Line 1: a value is missing."],
  ["[1, 2", "Line 1: a comma or ] is missing."],
  ["{} {}", "Line 1: nothing may follow here."],
  ["", "Line 1: a value is missing."],
  ['{"a": "b\n"}', "Line 1: this text in quotes does not end, or has a wrong \\."],
])("%j says where it goes wrong", (text, words) => {
  const problem = jsonProblem(text);
  expect(problem && problemWords(problem)).toBe(words);
});

test("JSON has no problem, and the reader finds one exactly where JSON.parse does", () => {
  const mutated = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", '"', "}", "]", "x", "\n", "1"))
    .map(([json, at, put]) => {
      const i = at % (json.length + 1);
      return `${json.slice(0, i)}${put}${json.slice(i + (put === "" ? 1 : 0))}`;
    });
  fc.assert(
    fc.property(mutated, (text) => {
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      const problem = jsonProblem(text);
      expect(problem === undefined).toBe(valid);
      expect(problem?.message).not.toBe("this is not JSON");
    }),
  );
});

test("whatever is typed, its pieces are the whole text", () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      expect(
        jsonPieces(text)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(text);
    }),
  );
});

test("names, texts and numbers are told apart", () => {
  const kinds = jsonPieces('{"type": "object", "n": 1}').filter(({ kind }) => kind !== "plain");
  expect(kinds).toEqual([
    { text: '"type"', kind: "name" },
    { text: '"object"', kind: "string" },
    { text: '"n"', kind: "name" },
    { text: "1", kind: "number" },
  ]);
});

test("what is written for people is the same value, with what is short on one line", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(pretty(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(pretty({ type: "object", properties: { a: { type: "string" } } })).toBe(
    '{\n  "type": "object",\n  "properties": {\n    "a": {"type": "string"}\n  }\n}',
  );
});
