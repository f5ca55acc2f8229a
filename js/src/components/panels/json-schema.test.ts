import { expect, test } from "vitest";
import { schemaProblem } from "./json-schema.ts";

test.each([
  [[], "A schema is an object"],
  [true, "A schema is an object"],
  [{ type: "strin" }, 'type is "strin", which is no type'],
  [
    { type: "object", properties: { a: { type: ["string", "nul"] } } },
    'properties.a.type is "nul", which is no type',
  ],
  [{ properties: ["a"] }, "properties is not an object of schemas"],
  [{ properties: { a: 1 } }, "properties.a is not a schema"],
  [{ required: "a" }, "required is not a list of names"],
  [{ items: { enum: 1 } }, "items.enum is not a list"],
  [{ anyOf: [{}, { type: "x" }] }, 'anyOf[1].type is "x", which is no type'],
  [{ $defs: { a: { oneOf: {} } } }, "$defs.a.oneOf is not a list of schemas"],
])("%j: %s", (schema, problem) => {
  expect(schemaProblem(schema)).toBe(problem);
});

test("schemas that can be meant have no problem", () => {
  const schema = {
    type: "object",
    properties: {
      name: { type: "string", enum: ["a", "b"] },
      parts: { type: "array", items: { $ref: "#/$defs/part" } },
      maybe: { anyOf: [{ type: "number" }, { type: "null" }] },
    },
    required: ["name"],
    additionalProperties: false,
    $defs: { part: { type: ["object", "null"] } },
  };
  expect(schemaProblem(schema)).toBeUndefined();
  expect(schemaProblem({})).toBeUndefined();
});
