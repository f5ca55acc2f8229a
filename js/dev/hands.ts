// What somebody does in a state of the gallery once it is there, and what the kernel does then.

import type { Store } from "../src/store.ts";
import type { FakeChannel } from "../src/testing/fake-channel.ts";
import { ANSWER, WRITING } from "./samples.ts";

/** As if somebody had opened the field here. */
export async function focusField(): Promise<void> {
  await wait(100);
  document.querySelector<HTMLElement>(".pgw-log textarea")?.focus();
}

export const wait = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

export const click = async (selector: string) => {
  await wait(60);
  document.querySelector<HTMLElement>(selector)?.click();
};

/** Writes an answer token by token, about 70 a second. */
export async function stream(channel: FakeChannel, store: Store, endless: boolean): Promise<void> {
  const id = store.settings.value.running ?? "";
  const pieces = (endless ? ANSWER.repeat(20) : WRITING).match(/\S+\s*/g) ?? [];
  let offset = 0;
  await wait(510);
  for (const [i, piece] of pieces.entries()) {
    channel.takeEvents({
      type: "text",
      message: id,
      part: 0,
      offset,
      text: piece,
      kind: "text",
      tokens: i + 1,
    });
    offset += piece.length;
    await wait(14);
  }
}
