// @vitest-environment jsdom
import { render } from "preact";
import { expect, test, vi } from "vitest";
import {
  button,
  channel,
  driveByHand,
  find,
  life,
  message,
  press,
  root,
  row,
  settings,
  settled,
  show,
  store,
  TURN,
  type,
} from "../testing/by-hand.tsx";
import { App } from "./app.tsx";

driveByHand();

test("a delta changes its own message and nothing else in the page", async () => {
  await show([...TURN, message("live", "assistant", "Hel", { status: "streaming" })], "live");
  const touched = new Set<Node>();
  const watcher = new MutationObserver((changes) => {
    for (const change of changes) touched.add(change.target);
  });
  watcher.observe(root, { childList: true, characterData: true, attributes: true, subtree: true });
  const delta = { type: "text", message: "live", part: 0, offset: 3, text: "lo", kind: "text" };
  channel.takeEvents({ ...delta, tokens: 2 });
  await vi.waitFor(() => expect(row("live").textContent).toContain("Hello"));
  watcher.disconnect();
  expect(touched.size).toBeGreaterThan(0);
  for (const node of touched) expect(row("live").contains(node)).toBe(true);
});

test("the nodes of an answer stay when it ends", async () => {
  const streaming = message("live", "assistant", "One.\n\nTwo.\n\nThree", { status: "streaming" });
  await show([...TURN, streaming], "live");
  await vi.waitFor(() => expect(row("live").querySelectorAll("p").length).toBe(3));
  const first = row("live").querySelector("p");
  const final = { status: "complete", finish_reason: "stop" };
  channel.takeEvents(
    { type: "finished", revision: 2, message: "live", lengths: [17], final },
    { type: "settings", settings },
  );
  await settled();
  expect(row("live").querySelector("p")).toBe(first);
  expect(row("live").classList.contains("is-streaming")).toBe(false);
  expect(row("live").querySelector(".pgw-caret")).toBe(null);
});

test("while an answer is written the log is busy and silent; its end is announced once", async () => {
  await show([...TURN, message("live", "assistant", "Hello", { status: "streaming" })], "live");
  expect(find("[role=log]").getAttribute("aria-busy")).toBe("true");
  expect(find("[role=log]").getAttribute("aria-live")).toBe("off");
  const final = { status: "complete" };
  channel.takeEvents(
    { type: "finished", revision: 2, message: "live", lengths: [5], final },
    { type: "settings", settings },
  );
  await settled();
  expect(find(".pgw-sr[role=status]").textContent).toBe("Answer: Hello");
  expect(find("[role=log]").getAttribute("aria-busy")).toBe("false");
});

test("letters are commands on a message and letters in a field", async () => {
  await show(TURN);
  const field = find<HTMLTextAreaElement>(".pgw-composer textarea");
  field.focus();
  press(field, "r");
  expect(channel.requests("regenerate").length).toBe(0);
  row("a").focus();
  press(row("a"), "r");
  expect(channel.requests("regenerate")[0]).toMatchObject({ message: "a" });
});

test("two Ds delete, and the toast takes it back with its own token", async () => {
  await show(TURN);
  row("a").focus();
  press(row("a"), "d");
  press(row("a"), "d");
  const request = channel.requests("delete")[0];
  expect(request).toMatchObject({ messages: ["a"] });
  channel.takeEvents({ type: "done", request: request?.request, result: { undo: "u7" } });
  await settled();
  button("Undo").click();
  expect(channel.requests("undo")[0]).toMatchObject({ token: "u7" });
});

test("outside of the log Z takes back the delete that the toast offers", async () => {
  await show(TURN);
  row("a").focus();
  press(row("a"), "d");
  press(row("a"), "d");
  const request = channel.requests("delete")[0];
  channel.takeEvents({ type: "done", request: request?.request, result: { undo: "u7" } });
  await settled();
  press(button("Export"), "z", { ctrlKey: true });
  expect(channel.requests("undo")).toEqual([]);
  press(button("Export"), "z");
  expect(channel.requests("undo")[0]).toMatchObject({ token: "u7" });
});

test("the arrows move through the messages, which are one tab stop", async () => {
  await show(TURN);
  row("a").focus();
  press(row("a"), "ArrowUp");
  await settled();
  expect(document.activeElement).toBe(row("q"));
  expect([row("q").tabIndex, row("a").tabIndex]).toEqual([0, -1]);
});

test("Enter on a message edits it; saving and regenerating asks for both", async () => {
  await show(TURN);
  row("q").focus();
  press(row("q"), "Enter");
  await settled();
  const field = row("q").querySelector("textarea");
  expect(document.activeElement).toBe(field);
  expect(row("a").classList.contains("is-off")).toBe(true);
  if (!field) throw new Error("no field");
  type(field, "Why not?");
  await settled();
  press(field, "Enter", { ctrlKey: true });
  expect(channel.requests("edit")[0]).toMatchObject({
    message: "q",
    content: [{ type: "text", text: "Why not?" }],
    rerun: true,
  });
});

test("an edit that is on its way is made once, and nothing is typed into it that would be lost", async () => {
  await show(TURN);
  row("q").focus();
  press(row("q"), "Enter");
  await settled();
  const field = find<HTMLTextAreaElement>("textarea[name=edit]");
  type(field, "Why not?");
  await settled();
  press(field, "Enter", { ctrlKey: true });
  press(field, "Enter", { ctrlKey: true });
  await settled();
  expect(channel.requests("edit")).toHaveLength(1);
  expect(field.readOnly).toBe(true);
  const request = channel.requests("edit")[0]?.request;
  channel.takeEvents({ type: "refused", request, error: { kind: "x", title: "No", detail: "" } });
  await settled();
  expect([field.readOnly, field.value]).toEqual([false, "Why not?"]);
});

test("a message is inserted once, however often Enter comes", async () => {
  await show(TURN);
  row("q").focus();
  press(row("q"), "b");
  await settled();
  const field = find<HTMLTextAreaElement>("textarea[name=insert]");
  type(field, "Between");
  await settled();
  press(field, "Enter");
  press(field, "Enter");
  await settled();
  expect(channel.requests("add")).toHaveLength(1);
  expect(field.readOnly).toBe(true);
});

test("a system prompt that is on its way takes no more letters", async () => {
  await show(TURN);
  button("Add a system prompt").click();
  await settled();
  const field = find<HTMLTextAreaElement>("textarea[name=system]");
  type(field, "Be brief");
  await settled();
  press(field, "s", { ctrlKey: true });
  press(field, "s", { ctrlKey: true });
  await settled();
  expect(channel.requests("set")).toHaveLength(1);
  expect(field.readOnly).toBe(true);
});

test("an edit that was opened in one view leaves the focus there, and is open in the other", async () => {
  await show(TURN);
  const other = document.createElement("div");
  document.body.append(other);
  render(<App store={store} host={{ kind: "page", root: other, signal: life.signal }} />, other);
  await settled();
  row("q").focus();
  press(row("q"), "Enter");
  await settled();
  expect(document.activeElement).toBe(row("q").querySelector("textarea"));
  expect(other.querySelector('[data-id="q"] textarea')).not.toBe(null);
  render(null, other);
  other.remove();
});

test("Escape closes an edit without a request, and the message has the focus again", async () => {
  await show(TURN);
  row("q").focus();
  press(row("q"), "Enter");
  await settled();
  const field = row("q").querySelector("textarea");
  if (!field) throw new Error("no field");
  press(field, "Escape");
  await settled();
  expect(row("q").querySelector("textarea")).toBe(null);
  expect(channel.requests("edit").length).toBe(0);
  expect(document.activeElement).toBe(row("q"));
});

test("of a long thread the last 200 messages are there, and earlier ones when asked for", async () => {
  const many = Array.from({ length: 230 }, (_, i) => message(`m${i}`, "user", `Number ${i}`));
  await show(many);
  const ids = () =>
    [...root.querySelectorAll<HTMLElement>("article")].map((each) => each.dataset.id);
  expect(ids().length).toBe(200);
  expect(ids()[0]).toBe("m30");
  button("Show earlier messages").click();
  await settled();
  expect(ids()).toEqual(["system", ...many.map(({ id }) => id)]);
}, 60_000);

test("the first of the messages that were there has the focus once all earlier ones are", async () => {
  const many = Array.from({ length: 250 }, (_, i) => message(`m${i}`, "user", `${i}`));
  await show(many);
  const earlier = button("Show earlier messages");
  earlier.focus();
  earlier.click();
  await settled();
  expect(document.activeElement).toBe(row("m50"));
});

test("an answer without a word says that it is empty", async () => {
  await show([message("q", "user", "Hi"), message("a", "assistant", "")]);
  expect(row("a").textContent).toContain("The answer is empty.");
});
