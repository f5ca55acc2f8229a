// Values that tests share.

import type { Message, Settings, Thread } from "../model.ts";
import type { Snapshot } from "../protocol.ts";
import { emptySettings, emptyThread } from "../store/replica.ts";

export function message(id: string, more: Partial<Message> = {}): Message {
  return {
    id,
    parent: null,
    role: "user",
    content: [{ type: "text", text: id }],
    status: "complete",
    created: 0,
    ...more,
  };
}

/** An answer that has begun and holds the text given. */
export function streaming(id: string, parent: string | null, text?: string): Message {
  const content = text === undefined ? [] : [{ type: "text" as const, text }];
  return message(id, { parent, role: "assistant", status: "streaming", content });
}

export function snapshot(
  revision: number,
  messages: readonly Message[] = [],
  more: { readonly thread?: Partial<Thread>; readonly settings?: Partial<Settings> } = {},
): Snapshot {
  const head = messages.at(-1)?.id ?? null;
  return {
    revision,
    thread: { ...emptyThread, id: "t", head, messages, ...more.thread },
    settings: { ...emptySettings, ...more.settings },
  };
}

/** A piece of an answer's first part. */
export function delta(message: string, offset: number, text: string, tokens = 0) {
  return { type: "text", message, part: 0, offset, text, kind: "text", tokens } as const;
}

export function finished(revision: number, message: string, ...lengths: number[]) {
  const final = { status: "complete" } as const;
  return { type: "finished", revision, message, lengths, final } as const;
}
