// How to find one's way in the tree of a thread.

import type { Message, Thread } from "./model.ts";

interface Index {
  readonly byId: ReadonlyMap<string, Message>;
  readonly children: ReadonlyMap<string | null, readonly Message[]>;
}

// A thread never changes, so what was worked out for it stays true as long as it lives.
const indexes = new WeakMap<Thread, Index>();

function indexOf(thread: Thread): Index {
  const known = indexes.get(thread);
  if (known) return known;
  const byId = new Map<string, Message>();
  const children = new Map<string | null, Message[]>();
  for (const message of thread.messages) {
    byId.set(message.id, message);
    const siblings = children.get(message.parent);
    if (siblings) siblings.push(message);
    else children.set(message.parent, [message]);
  }
  const index = { byId, children };
  indexes.set(thread, index);
  return index;
}

export function find(thread: Thread, id: string): Message | undefined {
  return indexOf(thread).byId.get(id);
}

/** The messages from the first one to `head`, by default the thread's own. */
export function path(thread: Thread, head: string | null = thread.head): readonly Message[] {
  const { byId } = indexOf(thread);
  const found: Message[] = [];
  let at = head === null ? undefined : byId.get(head);
  while (at) {
    found.push(at);
    at = at.parent === null ? undefined : byId.get(at.parent);
  }
  return found.reverse();
}

/** All versions of a message, itself among them, oldest first. */
export function siblings(thread: Thread, id: string): readonly Message[] {
  const message = find(thread, id);
  return (message && indexOf(thread).children.get(message.parent)) ?? [];
}
