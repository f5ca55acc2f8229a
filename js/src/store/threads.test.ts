import { expect, test } from "vitest";
import type { ThreadRow } from "../model.ts";
import type { RequestBody, ThreadPage } from "../protocol.ts";
import { ThreadList } from "./threads.ts";

function row(id: string, more: Partial<ThreadRow> = {}): ThreadRow {
  const updated = -Number(id);
  return {
    id,
    title: id,
    created: 0,
    updated,
    pinned: false,
    messages: 1,
    branches: 1,
    running: false,
    ...more,
  };
}

const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => row(String(from + i)));

type Asked = Extract<RequestBody, { type: "threads" }>;

/** A list over questions that a test answers by hand, oldest first. */
function asking() {
  const open: { asked: Asked; answer: (page: ThreadPage) => void }[] = [];
  const list = new ThreadList(
    (asked) => new Promise((answer) => open.push({ asked: asked as Asked, answer })),
  );
  const answer = async (threads: readonly ThreadRow[], after: string | null = null) => {
    const next = open.shift();
    next?.answer({ threads, after });
    await new Promise((resolve) => setTimeout(resolve));
    return next?.asked;
  };
  return { list, open, answer, ids: () => list.rows.value.map(({ id }) => id) };
}

test("the old rows stay until the new ones have come", async () => {
  const { list, answer, ids } = asking();
  void list.load("");
  await answer(rows(0, 2));
  void list.load("x");
  expect(ids()).toEqual(["0", "1"]);
  expect(list.search.value).toBe("");
  expect(await answer([row("1")])).toEqual({ type: "threads", search: "x" });
  expect(ids()).toEqual(["1"]);
  expect(list.search.value).toBe("x");
});

test("an answer that another question has overtaken changes nothing", async () => {
  const { list, open, answer, ids } = asking();
  void list.load("a");
  void list.load("ab");
  open.reverse();
  await answer([row("2")]);
  await answer(rows(0, 9));
  expect(ids()).toEqual(["2"]);
});

test("whoever asks for what is on its way waits for it, too", async () => {
  const { list, answer, ids } = asking();
  void list.load("a");
  const seen: string[][] = [];
  void list.load("a").then(() => seen.push(ids()));
  await new Promise((resolve) => setTimeout(resolve));
  expect(seen).toEqual([]);
  await answer([row("1")]);
  await answer([row("2")]);
  expect(seen).toEqual([["2"]]);
});

test("what was to be read again is not, once another question has come", async () => {
  const { list, answer, ids } = asking();
  void list.load("a");
  void list.load("a");
  void list.load("ab");
  await answer([row("1")]);
  expect(await answer([row("2")])).toMatchObject({ search: "ab" });
  expect(ids()).toEqual(["2"]);
  expect(await answer([])).toBeUndefined();
});

test("further pages come after what is there, each row once", async () => {
  const { list, answer, ids } = asking();
  void list.load("");
  await answer(rows(0, 2), "p2");
  void list.more();
  void list.more();
  expect(await answer([row("1"), row("2")], null)).toEqual({ type: "threads", after: "p2" });
  expect(ids()).toEqual(["0", "1", "2"]);
  void list.more();
  expect(await answer([])).toBeUndefined();
});

test("a reload reads what is shown again and does not make the list shorter", async () => {
  const { list, answer, ids } = asking();
  void list.load("");
  await answer(rows(0, 2), "p2");
  void list.more();
  await answer(rows(2, 4), "p3");
  void list.load("");
  await answer([row("9"), row("0")], "q2");
  expect(ids()).toEqual(["0", "1", "2", "3"]);
  await answer(rows(1, 3), "q3");
  expect(ids()).toEqual(["9", "0", "1", "2"]);
  void list.more();
  expect(await answer([])).toEqual({ type: "threads", after: "q3" });
});

test("of a list that was read far, a reload leaves the end as it is", async () => {
  const { list, answer, ids } = asking();
  void list.load("");
  await answer([row("0")], "1");
  for (let i = 1; i < 7; i++) {
    void list.more();
    await answer([row(String(i))], String(i + 1));
  }
  void list.load("");
  for (let i = 0; i < 4; i++) await answer([row(String(i), { title: "new" })], String(i + 1));
  expect(ids()).toEqual(["0", "1", "2", "3", "4", "5", "6"]);
  expect(list.rows.value[3]?.title).toBe("new");
  void list.more();
  expect(await answer([])).toEqual({ type: "threads", after: "7" });
});

test("wishes for a reload that come during one are one more reload", async () => {
  const { list, open, answer } = asking();
  void list.load("");
  for (let i = 0; i < 5; i++) void list.load("");
  expect(open).toHaveLength(1);
  await answer([]);
  expect(open).toHaveLength(1);
  await answer([]);
  expect(open).toHaveLength(0);
});

test("a row that is pinned here moves to the top at once", async () => {
  const { list, answer, ids } = asking();
  void list.load("");
  await answer(rows(0, 3));
  list.patch("2", { pinned: true });
  expect(ids()).toEqual(["2", "0", "1"]);
  list.patch("0", null);
  expect(ids()).toEqual(["2", "1"]);
});
