import fc from "fast-check";
import { expect, test } from "vitest";
import { readCsv } from "./csv.ts";

const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;

test("what was written as CSV is read as it was", () => {
  const field = fc.string().filter((text) => text !== "");
  const table = fc.array(fc.array(field, { minLength: 2, maxLength: 2 }), { minLength: 1 });
  fc.assert(
    fc.property(table, fc.constantFrom("\n", "\r\n"), (rows, end) => {
      const text = [["a", "b"], ...rows].map((row) => row.map(quoted).join(",")).join(end);
      expect(readCsv(text)).toEqual({ columns: ["a", "b"], rows });
    }),
  );
});

test("a mark of the encoding and empty lines are no part of it", () => {
  expect(readCsv("\ufeffname,age\n\nAda,36\n")).toEqual({
    columns: ["name", "age"],
    rows: [["Ada", "36"]],
  });
  expect(readCsv("")).toEqual({ columns: [], rows: [] });
});
