import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBatch, parseSnapshot } from "../../protocol.ts";
import { emptySettings, emptyThread, Replica } from "../../store/replica.ts";
import { changeOf } from "../../testing/changes.ts";
import { goldenFiles } from "../../testing/golden.ts";
import { eventForm, snapshotForm } from "../../testing/graphql-form.ts";
import { Journal } from "../../testing/journal.ts";
import { snapshot, streaming } from "../../testing/samples.ts";
import { eventOf, exportOf, snapshotOf, threadPageOf } from "./convert.ts";

/** As it looks after a server has sent it. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function adopt(wire: unknown): Replica {
  const replica = new Replica(emptyThread, emptySettings);
  replica.adopt(parseSnapshot(wire));
  return replica;
}

function fold(replica: Replica, wire: unknown): string {
  const change = changeOf(wire);
  return change ? replica.fold(change) : "known";
}

/** What GraphQL does not carry of settings: it belongs to the kernel's door. */
const shared = ({ settings, ...rest }: ReturnType<Replica["present"]>) => {
  const { threads: _, transcript: __, storage: ___, connections, ...others } = settings;
  const known = connections.map(({ note: ____, ...choice }) => choice);
  return { ...rest, settings: { ...others, connections: known } };
};

describe("what a server sends", () => {
  test.each(goldenFiles())("means the same as on the wire: $name", (golden) => {
    const [direct, converted] = [
      adopt(golden.snapshot),
      adopt(snapshotOf(sent(snapshotForm(golden.snapshot)))),
    ];
    expect(shared(converted.present())).toEqual(shared(direct.present()));
    for (const wire of golden.batches.flatMap(parseBatch)) {
      const form = eventForm(wire);
      if (!form) continue;
      expect(fold(converted, eventOf(sent(form)))).toBe(fold(direct, wire));
    }
    expect(shared(converted.present())).toEqual(shared(direct.present()));
  });

  test("of a tool that waits for a person means the same as on the wire", () => {
    const waiting = { ...streaming("r", null), role: "tool", consent: { wait: 600 } } as const;
    const replica = adopt(snapshotOf(sent(snapshotForm(snapshot(1, [waiting])))));
    expect(replica.thread.messages[0]?.consent).toEqual({ wait: 600 });
    for (const consent of [null, { wait: 20 }]) {
      const revision = replica.revision + 1;
      const wire = { type: "asking", revision, message: "r", consent };
      expect(fold(replica, eventOf(sent(eventForm(wire))))).toBe("applied");
      expect(replica.thread.messages[0]?.consent ?? null).toEqual(consent);
    }
  });

  test("has no null where the wire leaves things out", () => {
    const [{ snapshot } = {}] = goldenFiles();
    const { thread } = snapshotOf(snapshotForm(snapshot)) as {
      thread: { messages: Record<string, unknown>[] };
    };
    for (const { parent: _, ...message } of thread.messages) {
      expect(Object.values(message)).not.toContain(null);
    }
  });

  test("that is not known stays as it is, to be refused where all is read", () => {
    expect(eventOf({ __typename: "Later", a: 1 })).toEqual({ __typename: "Later", a: 1 });
    for (const nonsense of [null, 3, "x", []]) expect(eventOf(nonsense)).toBeTypeOf("object");
  });

  test("may be anything without an exception", () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom("AnswerStarted", "TextAdded"), (given, name) => {
        eventOf(given);
        eventOf({ __typename: name, message: given, changes: given });
        snapshotOf(given);
        threadPageOf(given);
      }),
    );
  });
});

describe("a stream that is cut anywhere", () => {
  const files = goldenFiles().map(({ snapshot, batches }) => ({
    snapshot,
    events: batches.flatMap(parseBatch).filter((wire) => eventForm(wire) !== undefined),
  }));

  test("and goes on from what is here is the stream that was never cut", () => {
    const file = fc.constantFrom(...files);
    const cuts = fc.array(fc.nat(40), { maxLength: 6 });
    fc.assert(
      fc.property(file, cuts, fc.nat(3), ({ snapshot, events }, places, ahead) => {
        const server = new Journal(snapshot);
        const page = adopt(snapshot);
        const cut = new Set(places.map((place) => place % (events.length + 1)));
        const resume = () => {
          const offsets = [...page.growing].flatMap(([messageId, { lengths }]) =>
            lengths.map((offset, part) => ({ messageId, part, offset })),
          );
          const missing = server.since(page.revision, offsets) ?? [];
          for (const wire of missing) fold(page, eventOf(sent(eventForm(wire))));
        };
        events.forEach((wire, i) => {
          // Some are on their way when the connection ends, and never arrive.
          if (cut.has(i)) resume();
          const fits = server.take(wire);
          const lost = places.some((place) => i < place && i + ahead >= place) || cut.has(i + 1);
          if (fits && !lost) fold(page, eventOf(sent(eventForm(wire))));
        });
        resume();
        expect(shared(page.present())).toEqual(shared(server.present()));
      }),
      { numRuns: 500 },
    );
  });
});

describe("a result", () => {
  test("of the list of threads is a page of rows", () => {
    const row = { id: "a", title: "A", created: 1, updated: 2, pinned: false, running: true };
    const node = { ...row, messageCount: 3, branchCount: 2, snippet: [] };
    const found = { ...node, id: "b", snippet: [{ text: "x", hit: true }] };
    const page = { hasNextPage: true, endCursor: "c" };
    expect(threadPageOf({ edges: [{ node }, { node: found }], pageInfo: page })).toEqual({
      threads: [
        { ...row, messages: 3, branches: 2 },
        { ...row, id: "b", messages: 3, branches: 2, snippet: [{ text: "x", hit: true }] },
      ],
      after: "c",
    });
    const last = { hasNextPage: false, endCursor: "c" };
    expect(threadPageOf({ edges: [], pageInfo: last })).toEqual({ threads: [], after: null });
  });

  test("of an export is a file or cells", () => {
    const file = { name: "a.md", mediaType: "text/markdown", text: "A" };
    expect(exportOf({ file, cells: null })).toEqual({
      name: "a.md",
      media_type: "text/markdown",
      text: "A",
    });
    const cells = [{ type: "code", source: "1", metadata: {} }];
    expect(exportOf({ file: null, cells })).toEqual({ cells });
  });
});
