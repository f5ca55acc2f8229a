// What a screen reader hears of an answer: its end, once, not each token.

import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Message } from "../model.ts";
import { plainText } from "./content.ts";
import { stoppedWords } from "./footer.tsx";
import { useView } from "./view.ts";

/** Characters that are read; the rest is there to be read in the log. */
const LENGTH = 400;

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
    if (message && message.status !== "streaming") view.announcement.value = announced(message);
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
      const text = plainText(message.content);
      return text.length > LENGTH ? `Answer: ${text.slice(0, LENGTH)}…` : `Answer: ${text}`;
    }
  }
}
