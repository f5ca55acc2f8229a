// What a screen reader hears of an answer: its end, once, not each token.

import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Message } from "../model.ts";
import { callOf, callText, plainText } from "./content.ts";
import { stoppedWords } from "./footer.tsx";
import { useView } from "./view.ts";

/** Characters that are read; the rest is there to be read in the log. */
const LENGTH = 400;
/** Of a text among the arguments of a call. */
const MOST = 40;

export function Announcer(): JSX.Element {
  const view = useView();
  const before = useRef<string | null>(null);
  useSignalEffect(() => {
    const running = view.running.value;
    const ended = before.current;
    before.current = running;
    if (running !== null && running !== ended) view.announcement.value = "The answer has begun.";
    if (ended === null || running === ended) return;
    const message = view.store.path.peek().find(({ id }) => id === ended);
    if (message && message.role !== "tool" && message.status !== "streaming")
      view.announcement.value = announced(message);
  });
  // A tool that waits for a person says so once; the focus is not taken.
  const asked = useRef(new Set<string>());
  useSignalEffect(() => {
    const path = view.store.path.value;
    for (const message of path) {
      const waits = message.status === "streaming" && message.consent !== undefined;
      if (!waits) asked.current.delete(message.id);
      else if (!asked.current.has(message.id)) {
        asked.current.add(message.id);
        const call = callOf(path, message);
        const name = call ? callText(call.name, call.arguments, MOST) : "A tool";
        view.announcement.value = `Waiting for you: ${name}. Run once, always, or refuse.`;
      }
    }
  });
  return (
    <div class="pgw-sr" role="status" aria-live="polite">
      {view.announcement.value}
    </div>
  );
}

export function announced(message: Message): string {
  switch (message.status) {
    case "failed":
      return message.error?.title ?? "The answer failed.";
    case "cancelled":
    case "interrupted":
      return stoppedWords(message);
    default: {
      if (message.invalid !== undefined) {
        return `The answer does not fit its format: ${message.invalid}`;
      }
      const text = plainText(message.content);
      return text.length > LENGTH ? `Answer: ${text.slice(0, LENGTH)}…` : `Answer: ${text}`;
    }
  }
}
