// @vitest-environment jsdom
import { expect, test } from "vitest";
import {
  channel,
  driveByHand,
  find,
  message,
  press,
  settled,
  show,
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

test("Escape in the composer stops a running answer", async () => {
  await show([...TURN, message("live", "assistant", "", { status: "streaming" })], "live");
  press(find(".pgw-composer textarea"), "Escape");
  expect(channel.requests("stop").length).toBe(1);
});
