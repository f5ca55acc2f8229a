// What can be done with a message, for the toolbar, the menu and the keyboard alike.

import type { NewCell } from "../host.ts";
import type { Message, Role } from "../model.ts";
import { copyAndTell } from "./clipboard.ts";
import { codeCells, copyText, plainText } from "./content.ts";
import type { View } from "./view.ts";

export async function copyMessage(view: View, message: Message): Promise<void> {
  await copyAndTell(view, copyText(message));
}

// ------------------------------------------------------------------------------ editing

export function canEdit(message: Message): boolean {
  return message.status !== "streaming";
}

export function startEdit(view: View, message: Message): void {
  const { edits } = view.store.drafts;
  if (!canEdit(message) || edits.value.has(message.id)) return;
  const draft = { text: plainText(message.content), role: message.role };
  view.opened = message.id;
  edits.value = new Map(edits.value).set(message.id, draft);
  view.current.value = message.id;
}

export function startSystemEdit(view: View): void {
  const { edits } = view.store.drafts;
  if (edits.value.has("system")) return;
  const draft = { text: view.store.thread.value.system, role: "system" as const };
  view.opened = "system";
  edits.value = new Map(edits.value).set("system", draft);
  view.current.value = "system";
}

/** Closes an edit; what was typed in it is gone. */
export function endEdit(view: View, id: string): void {
  const { edits } = view.store.drafts;
  const left = new Map(edits.value);
  left.delete(id);
  edits.value = left;
}

export function startInsert(view: View, message: Message, at: "before" | "after"): void {
  const role: Role = (message.role === "user") === (at === "after") ? "assistant" : "user";
  view.opened = "insert";
  view.store.drafts.inserting.value = { at, message: message.id, text: "", role };
}

export function changeRole(view: View, message: Message, role: Role): void {
  if (role === message.role) return;
  void view.ask({ type: "edit", message: message.id, role, rerun: false });
}

// ----------------------------------------------------------------------- runs and branches

/**
 * The answer that Regenerate on a message makes anew: itself, or the one that follows it.
 * `null` means that there is none yet and one is asked for; undefined, that it makes no sense.
 */
export function answerTo(message: Message, path: readonly Message[]): Message | null | undefined {
  if (message.role === "assistant") return message.status === "streaming" ? undefined : message;
  // Several tools may have been called at once: the answer follows the last result.
  const after = path.slice(path.findIndex(({ id }) => id === message.id) + 1);
  const next = message.role === "tool" ? after.find(({ role }) => role !== "tool") : after[0];
  if (!next) return null;
  return next.role === "assistant" && next.status !== "streaming" ? next : undefined;
}

export function regenerate(view: View, message: Message): void {
  const answer = answerTo(message, view.store.path.value);
  if (answer === undefined) return;
  view.toEnd.value++;
  void view.ask(answer ? { type: "regenerate", message: answer.id } : { type: "run" });
}

export function continueAnswer(view: View, message: Message): void {
  void view.ask({ type: "continue", message: message.id });
}

/** Asks for an answer again that does not fit its format, and tells the model why. */
export function reask(view: View, message: Message): void {
  view.toEnd.value++;
  void view.ask({ type: "reask", message: message.id });
}

/** Goes to the version `step` after this one, if there is one. */
export function otherVersion(view: View, message: Message, step: -1 | 1): void {
  const versions = view.store.versions(message.id);
  const other = versions[versions.indexOf(message.id) + step];
  if (other === undefined) return;
  if (view.current.value === message.id) view.current.value = other;
  void view.ask({ type: "select", message: other });
}

// ----------------------------------------------------------------------- delete and undo

export async function deleteMessage(view: View, message: Message): Promise<void> {
  if (message.status === "streaming") return;
  const result = await view.ask({ type: "delete", messages: [message.id] });
  if (!result) return;
  const token = typeof result.undo === "string" ? { token: result.undo } : {};
  view.toast.value = {
    text: "Message deleted",
    action: { label: "Undo", run: () => void view.ask({ type: "undo", ...token }) },
  };
}

export function undo(view: View): void {
  if (view.store.settings.value.undo === null) {
    view.toast.value = { text: "There is nothing to undo" };
    return;
  }
  void view.ask({ type: "undo" });
}

// --------------------------------------------------------------------------------- cells

export function cellsOf(message: Message): readonly NewCell[] {
  return codeCells(plainText(message.content));
}

export async function insertCells(view: View, cells: readonly NewCell[]): Promise<void> {
  if (!view.host.insertCells || cells.length === 0) return;
  try {
    await view.host.insertCells([...cells]);
    view.toast.value = {
      text: cells.length === 1 ? "Cell inserted" : `${cells.length} cells inserted`,
    };
  } catch {
    view.toast.value = { text: "The notebook did not take the cells. Copy them instead." };
  }
}
