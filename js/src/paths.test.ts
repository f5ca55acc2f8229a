import { describe, expect, test } from "vitest";
import type { Message, Thread } from "./model.ts";
import { path, siblings } from "./paths.ts";

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
});
