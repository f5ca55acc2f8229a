// @vitest-environment jsdom
import { expect, test } from "vitest";
import {
  button,
  channel,
  driveByHand,
  find,
  message,
  row,
  settled,
  show,
  TURN,
  type,
} from "../testing/by-hand.tsx";

driveByHand();

test("a failed answer offers what its error says, the best first", async () => {
  const error = {
    kind: "context_too_long",
    title: "Too long",
    detail: "Nothing was sent.",
    actions: ["leave_out", "use_model"] as const,
    leave_out: 1,
    suggest_model: "large",
  };
  await show([
    ...TURN,
    message("q2", "user", "More"),
    message("f", "assistant", "", { status: "failed", error }),
  ]);
  const offered = [...row("f").querySelectorAll(".pgw-note button")];
  expect(offered.map((each) => each.textContent)).toEqual([
    "Leave out the oldest message",
    "Use large",
  ]);
  (offered[0] as HTMLElement).click();
  expect(channel.requests("delete")[0]).toMatchObject({ messages: ["q", "f"], rerun: true });
});

test("a changed key is tried at once with the message that the old one could not send", async () => {
  const error = {
    kind: "key_refused",
    title: "OpenAI did not accept the key",
    detail: "It ends in …x7Qa and came from this session.",
    actions: ["change_key"] as const,
    key_tail: "x7Qa",
    key_source: "this session",
  };
  await show([
    message("q", "user", "Hi"),
    message("f", "assistant", "", { status: "failed", error }),
  ]);
  const code = [...row("f").querySelectorAll(".pgw-note .pgw-mono")];
  expect(code.map((each) => each.textContent)).toEqual(["…x7Qa"]);
  row("f").querySelector<HTMLElement>(".pgw-note button")?.click();
  await settled();
  type(find<HTMLInputElement>("input[type=password]"), "sk-right");
  find<HTMLFormElement>("form").requestSubmit();
  await settled();
  const [request] = channel.requests("connect");
  expect(channel.requests("regenerate")).toEqual([]);
  channel.takeEvents({ type: "done", request: request?.request, result: {} });
  await settled();
  expect(channel.requests("regenerate")[0]).toMatchObject({ message: "f" });
});

test("a key that was given up while it was tried asks for nothing", async () => {
  const error = { kind: "key_refused", title: "No", detail: "", actions: ["change_key"] as const };
  const failed = message("a", "assistant", "", { status: "failed", error });
  await show([message("q", "user", "Why?"), failed]);
  button("Add a key").click();
  await settled();
  type(find<HTMLInputElement>("input[type=password]"), "sk-new");
  find<HTMLFormElement>("form").requestSubmit();
  await settled();
  button("Cancel").click();
  await settled();
  button("Parameters").click();
  button("Title").click();
  await settled();
  const request = channel.requests("connect")[0]?.request;
  channel.takeEvents({ type: "done", request, result: {} });
  await settled();
  expect(channel.requests("regenerate")).toEqual([]);
  expect(find("[role=menu]").ariaLabel).toBe("Thread");
});
