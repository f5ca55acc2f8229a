// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import {
  button,
  channel,
  driveByHand,
  find,
  root,
  settings,
  settled,
  show,
  TURN,
  type,
} from "../testing/by-hand.tsx";

driveByHand();

test.each(["lost", "missing"] as const)(
  "what was being written when the peer is %s can still be had",
  async (status) => {
    const copied: string[] = [];
    const writeText = async (text: string) => void copied.push(text);
    vi.stubGlobal("navigator", Object.create(navigator, { clipboard: { value: { writeText } } }));
    await show(TURN);
    type(find<HTMLTextAreaElement>(".pgw-composer textarea"), "half a question");
    channel.takeStatus(status);
    await settled();
    button("Copy what you wrote").click();
    await settled();
    expect(copied).toEqual(["half a question"]);
  },
);

test("where nothing was being written there is nothing to copy", async () => {
  await show(TURN);
  channel.takeStatus("lost");
  await settled();
  expect(find(".pgw-note--frame").textContent).toContain("The kernel stopped");
  expect(root.textContent).not.toContain("Copy what you wrote");
});

test.each([
  [{ kind: "file", error: null }, "The thread is saved: run the cell again"],
  [{ kind: "file", error: "The disk is full." }, "Copy what you want to keep."],
  [{ kind: "memory", error: null }, "Copy what you want to keep."],
] as const)(
  "a kernel that stopped says what is kept where threads are in %o",
  async (storage, words) => {
    await show(TURN);
    channel.takeEvents({ type: "settings", settings: { ...settings, storage } });
    channel.takeStatus("lost");
    await settled();
    expect(find(".pgw-note--frame").textContent).toContain(words);
  },
);
