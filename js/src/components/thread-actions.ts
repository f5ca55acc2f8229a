// What can be done with a thread, for the list of them, the menu at the title and the keyboard.

import { parseImported, parseThreadId } from "../protocol.ts";
import { bytes, plural } from "./format.ts";
import type { View } from "./view.ts";

/** What is known of a thread wherever something is done with it. */
export interface ThreadName {
  readonly id: string;
  readonly title: string;
}

/** What a thread without a title is called. */
export const UNTITLED = "New thread";

const LONGEST = 40;

/** A title in quotes, as a toast has room for it. */
export function quoted(title: string): string {
  const shown = title || UNTITLED;
  return `“${shown.length > LONGEST ? `${shown.slice(0, LONGEST - 1).trimEnd()}…` : shown}”`;
}

export async function openThread(view: View, id: string): Promise<void> {
  if (id === view.open.value || (await view.ask({ type: "open_thread", thread: id }))) {
    leaveList(view);
  }
}

export async function newThread(view: View): Promise<void> {
  const made = await view.ask({ type: "new_thread" }, parseThreadId);
  if (made === undefined) return;
  leaveList(view);
  focusComposer(view);
}

/** A list that lies over the messages has served its purpose; one beside them keeps the focus. */
function leaveList(view: View): void {
  if (!view.covered.value) return;
  view.drawer.value = false;
  focusComposer(view);
}

/** @param wanted whether it still is, once the field can take the focus */
export function focusComposer(view: View, wanted = () => true): void {
  // A finger has not asked for its keyboard to cover half of the page.
  if (view.touch) return;
  requestAnimationFrame(() => {
    if (!wanted()) return;
    const field = view.host.root.querySelector<HTMLElement>(".pgw-chat > .pgw-composer textarea");
    field?.focus({ preventScroll: true });
  });
}

export async function renameThread(view: View, { id }: ThreadName, title: string): Promise<void> {
  view.threads.patch(id, { title });
  if (await view.ask({ type: "rename_thread", thread: id, title })) return;
  await reload(view);
}

export async function pinThread(view: View, { id }: ThreadName, pinned: boolean): Promise<void> {
  view.threads.patch(id, { pinned });
  if (await view.ask({ type: "pin_thread", thread: id, pinned })) return;
  await reload(view);
}

export async function duplicateThread(view: View, { id, title }: ThreadName): Promise<void> {
  const copy = await view.ask({ type: "duplicate_thread", thread: id }, parseThreadId);
  if (copy === undefined) return;
  view.toast.value = {
    text: `Duplicated ${quoted(title)}`,
    action: { label: "Open", run: () => void openThread(view, copy) },
    aside: true,
  };
}

/** Deletes without asking, since it can be taken back. */
export async function deleteThread(view: View, { id, title }: ThreadName): Promise<void> {
  const wasOpen = id === view.open.value;
  view.threads.patch(id, null);
  if (!(await view.ask({ type: "delete_thread", thread: id }))) {
    await reload(view);
    return;
  }
  const restore = async () => {
    if (!(await view.ask({ type: "restore_thread", thread: id }))) return;
    if (wasOpen) await view.ask({ type: "open_thread", thread: id });
  };
  view.toast.value = {
    text: `Deleted ${quoted(title)}`,
    action: { label: "Undo", run: () => void restore() },
    aside: true,
  };
}

/** What was changed here first did not come to be: shows what is. */
async function reload(view: View): Promise<void> {
  await view.threads.load(view.threads.search.peek() ?? "").catch(() => undefined);
}

// ------------------------------------------------------------------------------- import

/** Jupyter ends a connection that brings a message of over 10 MiB. */
const LARGEST = 8_000_000;

export async function importFile(view: View, file: File): Promise<void> {
  if (file.size > LARGEST) {
    view.toast.value = {
      text: `${file.name} has ${bytes(file.size)}, more than the ${bytes(LARGEST)} that a page can send. Read it from Python: Playground.from_json(path).`,
    };
    return;
  }
  const text = await file.text().catch(() => undefined);
  if (text === undefined) {
    view.toast.value = { text: `${file.name} cannot be read. Nothing was imported.` };
    return;
  }
  const request = { type: "import_threads", name: file.name, text } as const;
  const ids = await view.ask(request, parseImported);
  if (ids === undefined) return;
  const first = ids.length > 1 ? ". The first one is open." : "";
  view.toast.value = {
    text: `Imported ${plural(ids.length, "thread")} from ${file.name}${first}`,
    aside: true,
  };
}
