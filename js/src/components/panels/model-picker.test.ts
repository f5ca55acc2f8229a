import { expect, test } from "vitest";
import { matching, modelNote } from "./model-picker.tsx";

const models = [{ id: "gpt-4.1-mini" }, { id: "gpt-4.1" }, { id: "o4-mini" }];
const ids = (query: string) => matching(models, query).map(({ id }) => id);

test("all words have to occur, in any order and case", () => {
  expect(ids("")).toEqual(["gpt-4.1-mini", "gpt-4.1", "o4-mini"]);
  expect(ids("MINI gpt")).toEqual(["gpt-4.1-mini", "MINI gpt"]);
});

test("a name that is not in the list can be used, one that is stands there once", () => {
  expect(ids("llama3.2:3b")).toEqual(["llama3.2:3b"]);
  expect(ids("gpt-4.1")).toEqual(["gpt-4.1-mini", "gpt-4.1"]);
});

test("the note says what a model reads and costs", () => {
  const known = { id: "m", context: 128_000, input_price: 0.4, output_price: 1.6 };
  expect(modelNote(known, false)).toBe("128k · $0.40 / $1.60");
  expect(modelNote({ id: "m", input_price: 0, output_price: 0 }, false)).toBe("free");
  expect(modelNote({ id: "m" }, true)).toBe("offline");
  expect(modelNote({ id: "m", note: "slow" }, true)).toBe("slow");
  expect(modelNote({ id: "m" }, false)).toBe("");
});
