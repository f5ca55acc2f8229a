// @vitest-environment jsdom
import { expect, test } from "vitest";
import {
  button,
  channel,
  driveByHand,
  find,
  message,
  press,
  settings,
  settled,
  show,
  store,
  TURN,
  type,
} from "../testing/by-hand.tsx";

driveByHand();

test("Enter in the composer sends what is written, and empties it", async () => {
  await show(TURN);
  const field = find<HTMLTextAreaElement>(".pgw-composer textarea");
  type(field, "And then?");
  await settled();
  press(field, "Enter");
  await settled();
  expect(channel.requests("send")[0]).toMatchObject({
    content: [{ type: "text", text: "And then?" }],
    role: "user",
  });
  expect(field.value).toBe("");
});

test("a message that is refused comes back into the composer", async () => {
  await show(TURN);
  const field = find<HTMLTextAreaElement>(".pgw-composer textarea");
  type(field, "And then?");
  press(field, "Enter");
  await settled();
  const request = channel.requests("send")[0]?.request;
  const error = { kind: "busy", title: "Not now", detail: "" };
  channel.takeEvents({ type: "refused", request, error });
  await settled();
  expect(field.value).toBe("And then?");
  expect(find(".pgw-toast").textContent).toContain("Not now");
});

test("a message that is refused stands before what was written meanwhile", async () => {
  await show(TURN);
  const field = find<HTMLTextAreaElement>(".pgw-composer textarea");
  const image = { type: "image" as const, media_type: "image/png", data: "AAAA", name: "one.png" };
  store.drafts.images.value = [image];
  type(field, "And then?");
  press(field, "Enter");
  await settled();
  type(field, "Or what?");
  store.drafts.images.value = [{ ...image, name: "two.png" }];
  const request = channel.requests("send")[0]?.request;
  channel.takeEvents({ type: "refused", request, error: { kind: "x", title: "No", detail: "" } });
  await settled();
  expect(field.value).toBe("And then?\n\nOr what?");
  expect(store.drafts.images.value.map(({ name }) => name)).toEqual(["one.png", "two.png"]);
});

test("a message that had no connection is sent by one Enter once there is one", async () => {
  await show(TURN);
  const field = find<HTMLTextAreaElement>(".pgw-composer textarea");
  const written = [{ type: "text", text: "And then?" }];
  type(field, "And then?");
  press(field, "Enter");
  const [first] = channel.requests("send");
  const error = { kind: "setup", title: "OpenAI needs a key", detail: "" };
  channel.takeEvents({ type: "refused", request: first?.request, error });
  await settled();
  button("Connection: OpenAI").click();
  await settled();
  button("Change the key").click();
  await settled();
  type(find<HTMLInputElement>("input[name=api-key]"), "sk-secret");
  button("Use this key").click();
  const [connect] = channel.requests("connect");
  channel.takeEvents({ type: "done", request: connect?.request, result: {} });
  await settled();
  expect(find<HTMLTextAreaElement>(".pgw-composer textarea")).toBe(field);
  expect(field.value).toBe("And then?");
  press(field, "Enter");
  await settled();
  expect(channel.requests("send").map((each) => each.type === "send" && each.content)).toEqual([
    written,
    written,
  ]);
  expect(field.value).toBe("");
});

test("Escape in the composer stops a running answer", async () => {
  await show([...TURN, message("live", "assistant", "", { status: "streaming" })], "live");
  press(find(".pgw-composer textarea"), "Escape");
  expect(channel.requests("stop").length).toBe(1);
});

test("whoever sends by the button can write on", async () => {
  await show(TURN);
  const field = find<HTMLTextAreaElement>(".pgw-composer textarea");
  type(field, "And then?");
  await settled();
  button("Send").focus();
  button("Send").click();
  await settled();
  expect(document.activeElement).toBe(field);
});

test("whoever stops by the button can write on", async () => {
  await show([...TURN, message("live", "assistant", "", { status: "streaming" })], "live");
  button("Stop").focus();
  button("Stop").click();
  channel.takeEvents({ type: "settings", settings: { ...settings, running: null } });
  await settled();
  expect(document.activeElement).toBe(find(".pgw-composer textarea"));
});

test("an example is sent once however often it is pressed, and one can write on", async () => {
  await show([]);
  const example = button("See maths and code");
  example.focus();
  example.click();
  example.click();
  await settled();
  expect(channel.requests("send")).toHaveLength(1);
  expect(document.activeElement).toBe(find(".pgw-composer textarea"));
});

test("a server that is used from the first screen leaves the focus in the composer", async () => {
  await show([]);
  const offers = [{ name: "ollama", label: "Ollama", url: "http://localhost:11434/v1", models: 2 }];
  channel.takeEvents({ type: "settings", settings: { ...settings, offers } });
  await settled();
  button("Use it").focus();
  button("Use it").click();
  const request = channel.requests("connect")[0]?.request;
  channel.takeEvents({ type: "settings", settings }, { type: "done", request, result: {} });
  await settled();
  expect(document.activeElement).toBe(find(".pgw-composer textarea"));
});
