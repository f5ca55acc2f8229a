import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ProtocolError,
  parseAsset,
  parseBatch,
  parseClaim,
  parseEvent,
  parseExportCells,
  parseExportFile,
  parseImported,
  parseSnapshot,
  parseThreadId,
  parseThreads,
} from "./protocol.ts";
import { goldenFiles } from "./testing/golden.ts";
import { delta, message, snapshot, streaming } from "./testing/samples.ts";

/** Copies of a value with one place in it changed to anything. */
function damaged(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== "object" || value === null) return fc.jsonValue();
  const entries = Object.entries(value);
  if (entries.length === 0) return fc.jsonValue();
  const inside = fc.constantFrom(...entries).chain(([key, item]) =>
    damaged(item).map((bad) => {
      const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
        ? [...value]
        : { ...value };
      Object.assign(copy, { [key]: bad });
      return copy;
    }),
  );
  return fc.oneof({ weight: 1, arbitrary: fc.jsonValue() }, { weight: 4, arbitrary: inside });
}

/** Whether a parser takes a value or says that it makes no sense, and does nothing else. */
function takesOrRefuses(parse: (data: unknown) => unknown, data: unknown): void {
  try {
    parse(data);
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
  }
}

describe("what the kernel sends", () => {
  const files = goldenFiles();

  test.each(files)("is read as it is: $name", ({ snapshot, batches, expected }) => {
    expect(parseSnapshot(snapshot)).toEqual(snapshot);
    expect(parseSnapshot(expected)).toEqual(expected);
    for (const batch of batches) {
      expect(parseBatch(batch).map(parseEvent)).toEqual(batch.events);
    }
  });

  test("is refused with a ProtocolError when it is anything else", () => {
    for (const parse of [parseSnapshot, parseBatch, parseEvent, parseAsset]) {
      fc.assert(fc.property(fc.anything(), (data) => takesOrRefuses(parse, data)));
    }
  });

  test("is read or refused, and breaks nothing, when one place in it is wrong", () => {
    const snapshots = fc.constantFrom(...files).chain((file) => damaged(file.expected));
    fc.assert(
      fc.property(snapshots, (data) => takesOrRefuses(parseSnapshot, data)),
      { numRuns: 500 },
    );
    const events = fc.constantFrom(...files.flatMap((f) => f.batches.flatMap((b) => b.events)));
    fc.assert(
      fc.property(events.chain(damaged), (data) => takesOrRefuses(parseEvent, data)),
      { numRuns: 500 },
    );
  });
});

describe("a snapshot", () => {
  const refused: [string, unknown][] = [
    ["two messages of one id", snapshot(0, [message("a"), message("a")])],
    ["a message before its parent", snapshot(0, [message("b", { parent: "a" }), message("a")])],
    ["a message that is its own parent", snapshot(0, [message("a", { parent: "a" })])],
    ["a head that is not there", snapshot(0, [message("a")], { thread: { head: "b" } })],
    ["a negative revision", snapshot(-1)],
    ["half a revision", snapshot(0.5)],
    [
      "a picture that streams",
      snapshot(0, [{ ...streaming("a", null), content: [{ type: "image", url: "https://a" }] }]),
    ],
  ];

  test.each(refused)("with %s is refused", (_, data) => {
    expect(() => parseSnapshot(data)).toThrow(ProtocolError);
  });

  test("loses fields that have no meaning and optional ones that are null", () => {
    const given = snapshot(1, [message("a")]);
    const [first] = given.thread.messages;
    const data = {
      ...given,
      more: 1,
      thread: { ...given.thread, messages: [{ ...first, model: null, secret: "x" }] },
    };
    expect(parseSnapshot(data)).toEqual(given);
  });
});

describe("the settings", () => {
  const read = (more: object) => {
    const given = snapshot(1);
    return parseSnapshot({ ...given, settings: { ...given.settings, ...more } }).settings;
  };

  test("say where threads are kept, and which transcript stands beside the widget", () => {
    const more = { threads: 4, storage: { kind: "memory", error: null }, transcript: null };
    expect(read(more)).toMatchObject(more);
  });

  test("of an older widget say nothing of it", () => {
    for (const name of ["threads", "storage", "transcript"]) {
      expect(read({})).not.toHaveProperty(name);
    }
  });
});

describe("the result of a request", () => {
  const row = {
    id: "t1",
    title: "Penguins",
    created: 1,
    updated: 2,
    pinned: true,
    messages: 6,
    branches: 3,
    running: false,
  };
  const snippet = [
    { text: "heavy ", hit: false },
    { text: "Gentoo", hit: true },
  ];
  const cell = { type: "code", source: "1 + 1", metadata: { tags: ["a"] } };
  const file = { name: "a.md", media_type: "text/markdown", text: "# A" };
  const results: [string, (data: unknown) => unknown, object, unknown][] = [
    ["a page of threads", parseThreads, { threads: [{ ...row, snippet }], after: "c2" }, undefined],
    ["the id of a new thread", parseThreadId, { thread: "t2" }, "t2"],
    ["the ids of what was imported", parseImported, { threads: ["t2"] }, ["t2"]],
    ["cells with their metadata", parseExportCells, { cells: [cell] }, [cell]],
    ["a file", parseExportFile, file, file],
    ["a claim", parseClaim, { granted: true }, true],
  ];

  test.each(results)("is read as it is: %s", (_, parse, data, expected) => {
    expect(parse(data)).toEqual(expected ?? data);
  });

  test.each(results)("is read or refused when one place is wrong: %s", (_, parse, data) => {
    fc.assert(fc.property(damaged(data), (bad) => takesOrRefuses(parse, bad)));
  });
});

describe("an event", () => {
  test("can ask for cells", () => {
    const cell = { type: "markdown", source: "# A", metadata: {} };
    const event = { type: "insert", action: "a1", cells: [cell] };
    expect(parseEvent(event)).toEqual(event);
    expect(() => parseEvent({ ...event, cells: [{ type: "raw" }] })).toThrow(ProtocolError);
  });

  test("of an unknown type is refused", () => {
    expect(() => parseEvent({ type: "exploded", revision: 1 })).toThrow(ProtocolError);
    expect(() => parseEvent({ type: "constructor" })).toThrow(ProtocolError);
    expect(() => parseEvent({ type: "__proto__" })).toThrow(ProtocolError);
  });

  test("that ends an answer cannot leave it streaming", () => {
    const event = { type: "finished", revision: 1, message: "a", lengths: [] };
    expect(() => parseEvent({ ...event, final: { status: "streaming" } })).toThrow(ProtocolError);
  });

  test("with halves of surrogate pairs has U+FFFD in their place", () => {
    expect(parseEvent(delta("a", 0, "\ud83d"))).toEqual(delta("a", 0, "\ufffd"));
    expect(parseEvent(delta("a", 0, "🐧"))).toEqual(delta("a", 0, "🐧"));
  });

  test("leaves out error actions that this page has no button for", () => {
    const error = { kind: "server", title: "", detail: "", actions: ["fly", "retry"] };
    const final = { status: "failed", error };
    const event = { type: "finished", revision: 1, message: "a", lengths: [], final };
    expect(parseEvent(event)).toMatchObject({ final: { error: { actions: ["retry"] } } });
  });
});
